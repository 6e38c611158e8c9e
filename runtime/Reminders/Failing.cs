using Npgsql;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Reminders;

/// <summary>What happens to a grain that fails by itself: another attempt later, and after the last one it is parked with the reason.</summary>
public static class Failing
{
    /// <summary>A grain that fails this often, alone, is parked.</summary>
    public const int AttemptsMax = 5;

    /// <summary>Seconds until the second attempt; doubled each time, an hour at most.</summary>
    public const double RetrySeconds = 30;

    /// <summary>Characters of the reason that are kept.</summary>
    public const int ReasonMax = 500;

    internal static Task Mark<TMessage>(NpgsqlConnection connection, GrainKind kind, Delivery<TMessage> delivery, string reason, CancellationToken cancellation) =>
        Mark(connection, kind, [(delivery, reason)], cancellation);

    internal static Task MarkBroken<TMessage>(
        NpgsqlConnection connection, GrainKind kind, IReadOnlyList<Delivery<TMessage>> deliveries, TurnBatch turns, CancellationToken cancellation) =>
        Mark(connection, kind, [.. deliveries.Zip(turns.Results, (delivery, result) => (delivery, ReasonOf(delivery, result)!)).Where(failure => failure.Item2 is not null)], cancellation);

    private static async Task Mark<TMessage>(NpgsqlConnection connection, GrainKind kind, IReadOnlyList<(Delivery<TMessage> Delivery, string Reason)> failures, CancellationToken cancellation)
    {
        var messages = failures.Where(failure => failure.Delivery.MessageId is not null).ToList();
        var reminders = failures.SelectMany(failure => failure.Delivery.Reminders, (failure, name) => (failure.Delivery.Grain, Name: name, failure.Reason)).ToList();
        await using var batch = new NpgsqlBatch(connection);
        if (messages.Count > 0)
        {
            batch.Add("Reminders/fail_messages")
                .Column(messages, failure => failure.Delivery.MessageId!.Value).Column(messages, failure => Kept(failure.Reason))
                .With(AttemptsMax).With(RetrySeconds);
        }

        if (reminders.Count > 0)
        {
            batch.Add("Reminders/fail_reminders").With((short)kind)
                .Column(reminders, reminder => reminder.Grain).Column(reminders, reminder => reminder.Name).Column(reminders, reminder => Kept(reminder.Reason))
                .With(AttemptsMax).With(RetrySeconds);
        }

        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static string Kept(string reason) => reason.Length > ReasonMax ? reason[..ReasonMax] : reason;

    /// <summary>A grain that broke, or a reminder that was refused: neither may be asked again at once, and neither may be forgotten.</summary>
    private static string? ReasonOf<TMessage>(Delivery<TMessage> delivery, TurnResult result) => result switch
    {
        TurnResult.Broke broke => broke.Reason,
        TurnResult.Taken { Verdict: Verdict.Refused refused } when delivery.Reminders.Count > 0 => $"{refused.Code}: {refused.Sentence}",
        _ => null,
    };
}
