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
    EngineMeter meter,
    TimeProvider clock) : IShardDrain
    where TState : class
{
    /// <summary>Messages to contracts that are claimed together at most; fewer after one of them was refused by the database, to find out which.</summary>
    private const int TogetherMax = 1_000;

    private readonly BatchClaim<TMessage> claims = new(engine.Kind, fromMessage, reminders);
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
        var (started, taken, tries, at, together) = (clock.GetTimestamp(), 0, 0, ShardPlace.Start(shard), TogetherMax);
        while (clock.GetElapsedTime(started) < BatchSize.Slice)
        {
            Batch<TMessage>? claimed = null;
            try
            {
                var (from, contracts) = (at, together);
                var done = await size.Timed(most => TakeBatch(from, new(most, contracts), batch => claimed = batch, cancellation));
                together = Math.Min(TogetherMax, together * 2);
                taken += done;
                tries = 0;
                if (done == 0 && at.IsStart) return taken;
                // at the end of the shard it begins anew, for what was said meanwhile; an empty round from the beginning is the end
                at = claimed!.Next;
            }
            catch (Exception fault) when (Transient.Is(fault) && ++tries < Transient.TriesMax)
            {
                await Task.Delay(Transient.After(tries), clock, cancellation);
            }
            catch (Exception fault) when (!Transient.Is(fault) && fault is not OperationCanceledException && claimed is { IsEmpty: false })
            {
                if (claimed.Alone is { Count: > 0 } alone) taken += await TakePart(alone, cancellation);
                else if (claimed.Messages > 1) together = claimed.Messages / 2;
                else taken += await Unpack(at, cancellation);
            }
        }

        return taken;
    }

    private async Task<int> TakeBatch(ShardPlace from, ClaimSize most, Action<Batch<TMessage>> claimed, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var batch = await claims.Claim(connection, from, most, cancellation);
        claimed(batch);
        if (batch.IsEmpty) return 0;
        var turns = await engine.Run(connection, batch.Deliveries, wait: false, null, "silo", cancellation);
        await Failing.MarkBroken(connection, engine.Kind, batch.Deliveries, turns, cancellation);
        await claims.Settle(connection, from.Shard, batch, turns, cancellation);
        await Commit(transaction, turns, began, cancellation);
        return turns.Results.Count(result => result is not TurnResult.Busy) + batch.ToNobody;
    }

    /// <summary>Something in one contract is refused by the database: its lines are told alone, so that the one can be found.</summary>
    private async Task<int> Unpack(ShardPlace from, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var unpacked = await claims.Unpack(connection, from, cancellation);
        await transaction.CommitAsync(cancellation);
        return unpacked;
    }

    /// <summary>A batch that the database refused is run again in halves, down to the one delivery that is refused alone and put off.</summary>
    private async Task<int> TakeParts(IReadOnlyList<Delivery<TMessage>> deliveries, Exception fault, CancellationToken cancellation)
    {
        if (deliveries.Count == 1)
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await Failing.Mark(connection, engine.Kind, deliveries[0], $"{fault.GetType().Name}: {fault.Message}", cancellation);
            return 1;
        }

        var half = deliveries.Count / 2;
        return await TakePart([.. deliveries.Take(half)], cancellation) + await TakePart([.. deliveries.Skip(half)], cancellation);
    }

    private async Task<int> TakePart(IReadOnlyList<Delivery<TMessage>> deliveries, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            var still = await claims.ClaimAgain(connection, deliveries, cancellation);
            if (still.Count == 0) return 0;
            var turns = await engine.Run(connection, still, wait: false, null, "silo", cancellation);
            await Failing.MarkBroken(connection, engine.Kind, still, turns, cancellation);
            await Commit(transaction, turns, began, cancellation);
            return turns.Results.Count(result => result is not TurnResult.Busy);
        }
        catch (Exception fault) when (!Transient.Is(fault) && fault is not OperationCanceledException)
        {
            return await TakeParts(deliveries, fault, cancellation);
        }
    }

    private async Task Commit(NpgsqlTransaction transaction, TurnBatch turns, long began, CancellationToken cancellation)
    {
        try
        {
            await transaction.CommitAsync(cancellation);
        }
        catch (Exception fault) when (Transient.Is(fault))
        {
            meter.UnknownCommit(engine.Kind);
            throw;
        }

        meter.Committed(engine.Kind, turns.Results, clock.GetElapsedTime(began));
        signal.Raise(turns.Work);
    }
}
