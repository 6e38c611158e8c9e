using Npgsql;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Reminders;

/// <summary>Drains what is due for one kind of grain, shard by shard.</summary>
public interface IShardDrain
{
    /// <summary>The shards that have something due, in order.</summary>
    Task<IReadOnlyList<short>> DueShards(CancellationToken cancellation);

    /// <summary>Takes batches of the shard until nothing is due, nothing moves any more, or the slice of time is over.</summary>
    /// <returns>How many deliveries moved: taken, or put off because their grain failed.</returns>
    Task<int> Drain(short shard, CancellationToken cancellation);
}

/// <summary>Drains stored messages and due reminders as batched turns. Any number of silos may drain the same shard: rows are claimed by lock.</summary>
/// <param name="fromMessage">What a stored message says to the grain.</param>
/// <param name="reminders">What each reminder says to the grain; reminders not named here are somebody else's.</param>
public sealed class ShardDrain<TState, TMessage>(
    NpgsqlDataSource database,
    TurnEngine<TState, TMessage> engine,
    Func<StoredMessage, TMessage> fromMessage,
    IReadOnlyDictionary<string, TMessage> reminders,
    WorkSignal signal,
    TimeProvider clock) : IShardDrain
    where TState : class
{
    private readonly string[] names = [.. reminders.Keys];
    private readonly BatchSize size = new(clock);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<short>> DueShards(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SqlText.Load("Reminders/due_shards"));
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)engine.Kind });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.Rows(row => (short)row.GetInt32(0), cancellation);
    }

    /// <inheritdoc/>
    public async Task<int> Drain(short shard, CancellationToken cancellation)
    {
        var (started, taken, tries) = (clock.GetTimestamp(), 0, 0);
        while (clock.GetElapsedTime(started) < BatchSize.Slice)
        {
            IReadOnlyList<Delivery<TMessage>> claimed = [];
            try
            {
                var done = await size.Timed(most => TakeBatch(shard, most, deliveries => claimed = deliveries, cancellation));
                taken += done;
                tries = 0;
                if (done == 0) return taken;
            }
            catch (Exception fault) when (Transient.Is(fault) && ++tries < Transient.TriesMax)
            {
                await Task.Delay(Transient.After(tries), clock, cancellation);
            }
            catch (Exception fault) when (!Transient.Is(fault) && fault is not OperationCanceledException && claimed.Count > 0)
            {
                taken += await TakeAlone(claimed, cancellation);
            }
        }

        return taken;
    }

    private async Task<int> TakeBatch(short shard, int most, Action<IReadOnlyList<Delivery<TMessage>>> claimed, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var deliveries = await Claim(connection, shard, most, cancellation);
        claimed(deliveries);
        if (deliveries.Count == 0) return 0;
        var batch = await engine.Run(connection, deliveries, wait: false, null, "silo", cancellation);
        await Failing.MarkBroken(connection, engine.Kind, deliveries, batch, cancellation);
        await transaction.CommitAsync(cancellation);
        signal.Raise(batch.Work);
        return batch.Results.Count(result => result is not TurnResult.Busy);
    }

    private async Task<List<Delivery<TMessage>>> Claim(NpgsqlConnection connection, short shard, int most, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Reminders/claim_messages").With((short)engine.Kind).With(shard).With(most);
        batch.Add("Reminders/claim_reminders").With((short)engine.Kind).With(shard).With(names).With(most);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var messages = await reader.Rows(StoredMessage.FromRow, cancellation);
        var due = await reader.NextRows(DueReminder.FromRow, cancellation);
        return [.. messages.Select(FromRow), .. due.Select(FromRow)];
    }

    private Delivery<TMessage> FromRow(StoredMessage message) => new(message.Grain, fromMessage(message), message.Id, []);

    private Delivery<TMessage> FromRow(DueReminder reminder) => new(reminder.Grain, reminders[reminder.Name], null, [reminder.Name]);

    /// <summary>A batch that the database refused is run again grain by grain, each in its own transaction, so that one cannot stop the others.</summary>
    private async Task<int> TakeAlone(IReadOnlyList<Delivery<TMessage>> deliveries, CancellationToken cancellation)
    {
        var taken = 0;
        foreach (var delivery in deliveries)
        {
            try
            {
                if (await TakeOne(delivery, cancellation)) taken++;
            }
            catch (Exception fault) when (!Transient.Is(fault) && fault is not OperationCanceledException)
            {
                await using var connection = await database.OpenConnectionAsync(cancellation);
                await Failing.Mark(connection, engine.Kind, delivery, $"{fault.GetType().Name}: {fault.Message}", cancellation);
            }
        }

        return taken;
    }

    private async Task<bool> TakeOne(Delivery<TMessage> delivery, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await StillDue(connection, delivery, cancellation)) return false;
        var batch = await engine.Run(connection, [delivery], wait: false, null, "silo", cancellation);
        await Failing.MarkBroken(connection, engine.Kind, [delivery], batch, cancellation);
        await transaction.CommitAsync(cancellation);
        signal.Raise(batch.Work);
        return batch.Results[0] is TurnResult.Taken;
    }

    private async Task<bool> StillDue(NpgsqlConnection connection, Delivery<TMessage> delivery, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (delivery.MessageId is { } id) batch.Add("Reminders/claim_message").With(id);
        else batch.Add("Reminders/claim_reminder").With((short)engine.Kind).With(delivery.Grain).With(delivery.Reminders[0]);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation);
    }
}
