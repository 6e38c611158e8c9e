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

    internal static async Task Mark<TMessage>(NpgsqlConnection connection, GrainKind kind, Delivery<TMessage> delivery, string reason, CancellationToken cancellation)
    {
        var kept = reason.Length > ReasonMax ? reason[..ReasonMax] : reason;
        await using var batch = new NpgsqlBatch(connection);
        if (delivery.MessageId is { } id) batch.Add("Reminders/fail_messages").With(new[] { id }).With(kept).With(AttemptsMax).With(RetrySeconds);
        if (delivery.Reminders.Count > 0)
        {
            batch.Add("Reminders/fail_reminders").With((short)kind)
                .Column(delivery.Reminders, _ => delivery.Grain).Column(delivery.Reminders, name => name)
                .With(kept).With(AttemptsMax).With(RetrySeconds);
        }

        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancellation);
    }

    internal static async Task MarkBroken<TMessage>(
        NpgsqlConnection connection, GrainKind kind, IReadOnlyList<Delivery<TMessage>> deliveries, TurnBatch turns, CancellationToken cancellation)
    {
        foreach (var (delivery, result) in deliveries.Zip(turns.Results))
        {
            if (ReasonOf(delivery, result) is { } reason) await Mark(connection, kind, delivery, reason, cancellation);
        }
    }

    /// <summary>A decision that threw, or a reminder that was refused: neither may be asked again at once, and neither may be forgotten.</summary>
    private static string? ReasonOf<TMessage>(Delivery<TMessage> delivery, TurnResult result) => result switch
    {
        TurnResult.Broke broke => broke.Reason,
        TurnResult.Taken { Verdict: Verdict.Refused refused } when delivery.Reminders.Count > 0 => $"{refused.Code}: {refused.Sentence}",
        _ => null,
    };
}
