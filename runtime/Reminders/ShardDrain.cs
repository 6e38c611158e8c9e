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
    private readonly BatchClaim<TMessage> claims = new(engine.Kind, fromMessage, reminders);
    private readonly BatchSize size = new(clock);
    private readonly Wariness wariness = new();

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
        var (started, taken, tries, sweep) = (clock.GetTimestamp(), 0, 0, new Sweep(ShardPlace.Start(shard)));
        while (clock.GetElapsedTime(started) < BatchSize.Slice)
        {
            var wary = wariness.Is;
            try
            {
                var at = sweep;
                taken += await size.Timed(async most =>
                {
                    (var moved, var full, sweep) = await TakeBatch(at, most, wary, cancellation);
                    return (moved, full);
                });
                tries = 0;
                if (sweep.IsOver) return taken;
            }
            catch (Exception fault) when (Transient.Is(fault) && ++tries < Transient.TriesMax)
            {
                await Task.Delay(Transient.After(tries), clock, cancellation);
            }
            catch (Exception fault) when (Transient.IsOfGrain(fault) && !wary)
            {
                // nothing of the batch was written; the next try finds out whose fault it was
                wariness.Refused();
            }
        }

        return taken;
    }

    /// <param name="wary">Whether it is written in parts, of which the database may refuse some, or together or not at all.</param>
    /// <returns>How many deliveries moved, whether there are more, and how far the sweep is with it.</returns>
    private async Task<(int Moved, bool Full, Sweep Then)> TakeBatch(Sweep sweep, int most, bool wary, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var batch = await claims.Claim(connection, sweep.From, most, cancellation);
        if (batch.IsEmpty) return (0, false, sweep.After(moved: 0, held: 0, batch.Next));
        var turns = wary || batch.Deliveries.Any(delivery => delivery.FailedBefore)
            ? await engine.RunApart(connection, batch.Deliveries, "silo", cancellation)
            : await engine.Run(connection, batch.Deliveries, wait: false, null, "silo", cancellation);
        await Failing.MarkBroken(connection, engine.Kind, batch.Deliveries, turns, cancellation);
        await claims.Settle(connection, sweep.From.Shard, batch, turns, cancellation);
        await Commit(transaction, turns, began, cancellation);
        if (turns.PartsRefused > 0) wariness.Refused();
        else wariness.Taken();
        var held = turns.Results.Count(result => result is TurnResult.Busy);
        var moved = turns.Results.Count - held + batch.ToNobody;
        return (moved, batch.Next is not null, sweep.After(moved, held, batch.Next));
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
