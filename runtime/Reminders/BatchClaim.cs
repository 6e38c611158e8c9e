using Npgsql;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Reminders;

/// <summary>Where a drain stands in its shard.</summary>
/// <param name="AfterGrain">Messages to grains behind this one come next.</param>
/// <param name="AfterContract">Messages to contracts behind this one come next.</param>
internal readonly record struct ShardPlace(short Shard, long AfterGrain, long AfterContract)
{
    public static ShardPlace Start(short shard) => new(shard, 0, 0);
}

/// <summary>What one transaction has claimed.</summary>
/// <param name="Told">Messages to contracts, unpacked; their deliveries are among the others.</param>
/// <param name="Next">Where the next claim begins; null when nothing behind this one is due.</param>
internal sealed record Batch<TMessage>(IReadOnlyList<Delivery<TMessage>> Deliveries, IReadOnlyList<ToldMessage> Told, ShardPlace? Next)
{
    public bool IsEmpty => Deliveries.Count == 0 && Told.Count == 0;

    /// <summary>Messages that no line had to hear.</summary>
    public int ToNobody => Told.Count(told => told.Line is null);
}

/// <summary>Claims due messages and reminders of one kind of grain, and says what becomes of those that were told together.</summary>
internal sealed class BatchClaim<TMessage>(GrainKind kind, Func<StoredMessage, TMessage> fromMessage, IReadOnlyDictionary<string, TMessage> reminders)
{
    /// <summary>Lines of a contract, as a rule: a batch takes this many fewer messages to contracts than to lines.</summary>
    private const int LinesPerContract = 10;

    private readonly string[] names = [.. reminders.Keys];

    public async Task<Batch<TMessage>> Claim(NpgsqlConnection connection, ShardPlace from, int most, CancellationToken cancellation)
    {
        var mostTold = Math.Max(1, most / LinesPerContract);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Reminders/claim_messages").With((short)kind).With(from.Shard).With(from.AfterGrain).With(most);
        batch.Add("Reminders/claim_told").With(from.Shard).With(from.AfterContract).With(mostTold);
        batch.Add("Reminders/claim_reminders").With((short)kind).With(from.Shard).With(names).With(most);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var messages = await reader.Rows(row => (Message: StoredMessage.FromRow(row), FailedBefore: row.GetBoolean(5)), cancellation);
        var told = await reader.NextRows(ToldMessage.FromRow, cancellation);
        var due = await reader.NextRows(row => (Reminder: DueReminder.FromRow(row), FailedBefore: row.GetBoolean(3)), cancellation);
        var alone = messages.Select(row => FromRow(row.Message) with { FailedBefore = row.FailedBefore }).ToList();
        var together = told.Where(message => message.Line is not null).Select(message => FromRow(message.ForLine(message.Line!.Value)) with { MessageId = null });
        return new(
            [.. alone, .. together.Except(alone.Select(delivery => delivery with { MessageId = null, FailedBefore = false })).Distinct(), .. due.Select(row => FromRow(row.Reminder) with { FailedBefore = row.FailedBefore })],
            told,
            messages.Count < most && told.DistinctBy(message => message.Id).Count() < mostTold && due.Count < most
                ? null
                : new(from.Shard, messages.Count > 0 ? messages[^1].Message.Grain : from.AfterGrain, told.Count > 0 ? told[^1].Contract : from.AfterContract));
    }

    /// <summary>What was told to contracts is done with; a line that was held by somebody, or failed, hears it again by itself.</summary>
    public async Task Settle(NpgsqlConnection connection, short shard, Batch<TMessage> batch, TurnBatch turns, CancellationToken cancellation)
    {
        if (batch.Told.Count == 0) return;
        var again = batch.Deliveries.Zip(turns.Results)
            .Where(pair => pair.First is { MessageId: null, Reminders.Count: 0 } && pair.Second is TurnResult.Busy or TurnResult.Broke)
            .ToDictionary(pair => (pair.First.Grain, pair.First.Message), pair => pair.Second is TurnResult.Broke);
        await Replace(
            connection, shard, batch.Told,
            told => again.TryGetValue((told.Line!.Value, fromMessage(told.ForLine(told.Line.Value))), out var broke) ? (broke ? 1 : 0) : null,
            cancellation);
    }

    private async Task Replace(NpgsqlConnection connection, short shard, IReadOnlyList<ToldMessage> told, Func<ToldMessage, int?> attempt, CancellationToken cancellation)
    {
        var alone = told.Where(message => message.Line is not null).Select(message => (Message: message, Attempt: attempt(message))).Where(message => message.Attempt is not null)
            .DistinctBy(message => (message.Message.Line, message.Message.Kind, message.Message.Night, message.Message.Cause)).ToList();
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Reminders/delete_messages").With(told.Select(message => message.Id).Distinct().ToArray());
        if (alone.Count > 0)
        {
            batch.Add("Reminders/tell_alone").With((short)kind).With(shard)
                .Column(alone, row => row.Message.Line!.Value)
                .Column(alone, row => row.Message.Msp)
                .Column(alone, row => row.Message.Kind)
                .Column(alone, row => row.Message.Night)
                .Column(alone, row => (short)row.Message.Cause)
                .Column(alone, row => (short)row.Attempt!.Value)
                .Column(alone, row => row.Attempt > 0 ? Failing.RetrySeconds : 0);
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private Delivery<TMessage> FromRow(StoredMessage message) => new(message.Grain, fromMessage(message), message.Id, []);

    private Delivery<TMessage> FromRow(DueReminder reminder) => new(reminder.Grain, reminders[reminder.Name], null, [reminder.Name]);
}
