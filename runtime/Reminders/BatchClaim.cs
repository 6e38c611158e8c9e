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
    public bool IsStart => AfterGrain == 0 && AfterContract == 0;

    public static ShardPlace Start(short shard) => new(shard, 0, 0);
}

/// <summary>How much a claim takes.</summary>
/// <param name="Lines">About so many deliveries.</param>
/// <param name="Together">Messages to contracts, at most.</param>
internal readonly record struct ClaimSize(int Lines, int Together);

/// <summary>What one transaction has claimed.</summary>
/// <param name="Told">Messages to contracts, unpacked; their deliveries are among the others.</param>
/// <param name="Next">Where the next claim begins.</param>
internal sealed record Batch<TMessage>(IReadOnlyList<Delivery<TMessage>> Deliveries, IReadOnlyList<ToldMessage> Told, ShardPlace Next)
{
    public bool IsEmpty => Deliveries.Count == 0 && Told.Count == 0;

    /// <summary>Deliveries that were not told to a contract.</summary>
    public IReadOnlyList<Delivery<TMessage>> Alone => [.. Deliveries.Where(delivery => delivery.MessageId is not null || delivery.Reminders.Count > 0)];

    /// <summary>How many messages to contracts.</summary>
    public int Messages => Told.Select(told => told.Id).Distinct().Count();

    /// <summary>Messages that no line had to hear.</summary>
    public int ToNobody => Told.Count(told => told.Line is null);
}

/// <summary>Claims due messages and reminders of one kind of grain, and says what becomes of those that were told together.</summary>
internal sealed class BatchClaim<TMessage>(GrainKind kind, Func<StoredMessage, TMessage> fromMessage, IReadOnlyDictionary<string, TMessage> reminders)
{
    /// <summary>Lines of a contract, as a rule: a batch takes this many fewer messages to contracts than to lines.</summary>
    private const int LinesPerContract = 10;

    private readonly string[] names = [.. reminders.Keys];

    public async Task<Batch<TMessage>> Claim(NpgsqlConnection connection, ShardPlace from, ClaimSize most, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Reminders/claim_messages").With((short)kind).With(from.Shard).With(from.AfterGrain).With(most.Lines);
        batch.Add("Reminders/claim_told").With(from.Shard).With(from.AfterContract).With(Math.Clamp(most.Lines / LinesPerContract, 1, most.Together));
        batch.Add("Reminders/claim_reminders").With((short)kind).With(from.Shard).With(names).With(most.Lines);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var messages = await reader.Rows(StoredMessage.FromRow, cancellation);
        var told = await reader.NextRows(ToldMessage.FromRow, cancellation);
        var due = await reader.NextRows(DueReminder.FromRow, cancellation);
        var alone = messages.Select(FromRow).ToList();
        var together = told.Where(message => message.Line is not null).Select(message => FromRow(message.ForLine(message.Line!.Value)) with { MessageId = null });
        return new(
            [.. alone, .. together.Except(alone.Select(delivery => delivery with { MessageId = null })).Distinct(), .. due.Select(FromRow)],
            told,
            new(from.Shard, messages.Count > 0 ? messages[^1].Grain : 0, told.Count > 0 ? told[^1].Contract : 0));
    }

    /// <summary>Those of the deliveries that are still there for the taking.</summary>
    public async Task<IReadOnlyList<Delivery<TMessage>>> ClaimAgain(NpgsqlConnection connection, IReadOnlyList<Delivery<TMessage>> deliveries, CancellationToken cancellation)
    {
        List<(long Grain, string Name)> due = [.. deliveries.SelectMany(delivery => delivery.Reminders, (delivery, name) => (delivery.Grain, name))];
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Reminders/claim_these_messages").With(deliveries.Select(delivery => delivery.MessageId).OfType<long>().ToArray());
        batch.Add("Reminders/claim_these_reminders").With((short)kind).Column(due, reminder => reminder.Grain).Column(due, reminder => reminder.Name);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var messages = (await reader.Rows(row => row.GetInt64(0), cancellation)).ToHashSet();
        var still = (await reader.NextRows(row => (Grain: row.GetInt64(0), Name: row.GetString(1)), cancellation)).ToHashSet();
        return [.. deliveries.Where(delivery => delivery.MessageId is { } id ? messages.Contains(id) : delivery.Reminders.All(name => still.Contains((delivery.Grain, name))))];
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

    /// <summary>Turns the next message to a contract into messages to its lines.</summary>
    /// <returns>How many lines.</returns>
    public async Task<int> Unpack(NpgsqlConnection connection, ShardPlace from, CancellationToken cancellation)
    {
        List<ToldMessage> told;
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add("Reminders/claim_told").With(from.Shard).With(from.AfterContract).With(1);
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            told = await reader.Rows(ToldMessage.FromRow, cancellation);
        }

        await Replace(connection, from.Shard, told, _ => 0, cancellation);
        return told.Count;
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
