using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Telemetry;

namespace UsageBilling.Runtime.Turns;

/// <summary>Runs turns of one kind of grain: lock, load, decide, write, commit. A single turn is a batch of one.</summary>
/// <remarks>
/// A turn is one transaction. If the process dies anywhere in it, nothing happened. If the connection dies during the commit nobody knows,
/// and the deliveries tell: a stored message or reminder that is still there was not taken.
/// </remarks>
public sealed class TurnEngine<TState, TMessage>(NpgsqlDataSource database, IGrain<TState, TMessage> grain, GrainTable<TState> table, WorkSignal signal) : IGrainDoor<TMessage>
    where TState : class
{
    private readonly TurnWriter<TState, TMessage> writer = new(table);

    /// <summary>The kind of grain.</summary>
    public GrainKind Kind => table.Kind;

    /// <inheritdoc/>
    public async Task<TurnResult> Ask(MspId msp, long id, TMessage message, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await connection.PlanOnce(cancellation);
            var batch = await Run(connection, [Delivery.Direct(id, message)], wait: true, msp, actor, cancellation);
            if (batch.Results[0] is TurnResult.Broke broke) throw new InvalidOperationException(broke.Reason);
            await transaction.CommitAsync(cancellation);
            signal.Raise(batch.Work);
            return batch.Results[0];
        }
        catch (PostgresException held) when (held.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return new TurnResult.Busy();
        }
    }

    /// <summary>Runs one batch inside the caller's transaction; the caller commits and then raises <see cref="TurnBatch.Work"/>.</summary>
    /// <param name="deliveries">At most one per grain is taken; a further one for the same grain answers <see cref="TurnResult.Busy"/> and stays due.</param>
    /// <param name="wait">Whether to wait for grains that somebody else holds.</param>
    /// <param name="owner">When given, grains of another msp are unknown.</param>
    /// <exception cref="InvalidOperationException">A grain's version was not the one read: somebody wrote without the lock.</exception>
    public async Task<TurnBatch> Run(
        NpgsqlConnection connection, IReadOnlyList<Delivery<TMessage>> deliveries, bool wait, MspId? owner, string actor, CancellationToken cancellation)
    {
        using var span = Traces.Turns(Kind, deliveries.Count);
        var decisions = new Decisions<TState, TMessage>();
        await Decide(connection, Firsts(deliveries), new(wait, owner, actor, Rounds: null), decisions, cancellation);
        await writer.Write(connection, decisions, cancellation);
        return decisions.Of(deliveries, partsRefused: 0);
    }

    /// <summary>
    /// As <see cref="Run"/> for a silo's deliveries, but a grain that cannot be loaded, or that the database refuses to write, answers
    /// <see cref="TurnResult.Broke"/>: all that it decided is undone, and the others are written. Costs more statements.
    /// </summary>
    internal async Task<TurnBatch> RunApart(NpgsqlConnection connection, IReadOnlyList<Delivery<TMessage>> deliveries, string actor, CancellationToken cancellation)
    {
        using var span = Traces.Turns(Kind, deliveries.Count);
        var (decisions, rounds) = (new Decisions<TState, TMessage>(), new Rounds(connection));
        await rounds.Do("Turns/mark_batch", cancellation);
        await DecideApart(connection, Firsts(deliveries), new(Wait: false, null, actor, rounds), rounds, decisions, cancellation);
        var refused = await writer.WriteApart(connection, rounds, decisions, cancellation);
        await rounds.Do("Turns/keep_batch", cancellation);
        return decisions.Of(deliveries, refused);
    }

    private static List<Delivery<TMessage>> Firsts(IReadOnlyList<Delivery<TMessage>> deliveries) =>
        [.. deliveries.DistinctBy(delivery => delivery.Grain).OrderBy(delivery => delivery.Grain)];

    /// <summary>Halves what cannot be loaded, down to the one grain; the rows of the others stay locked.</summary>
    private async Task DecideApart(
        NpgsqlConnection connection, List<Delivery<TMessage>> firsts, Way way, Rounds rounds, Decisions<TState, TMessage> decisions, CancellationToken cancellation)
    {
        try
        {
            await Decide(connection, firsts, way, decisions, cancellation);
            return;
        }
        catch (Exception fault) when (Transient.IsOfGrain(fault))
        {
            await rounds.Undo(cancellation);
            if (firsts.Count == 1)
            {
                decisions.Results[firsts[0]] = TurnResult.Broke.By(fault);
                return;
            }
        }

        var half = firsts.Count / 2;
        await DecideApart(connection, firsts[..half], way, rounds, decisions, cancellation);
        await DecideApart(connection, firsts[half..], way, rounds, decisions, cancellation);
    }

    private async Task Decide(NpgsqlConnection connection, List<Delivery<TMessage>> firsts, Way way, Decisions<TState, TMessage> decisions, CancellationToken cancellation)
    {
        var (at, msps, rows) = await Load(connection, firsts, way, cancellation);
        decisions.Msps = msps;
        var turns = new Dictionary<long, Turn>();
        foreach (var delivery in firsts)
        {
            if (!rows.TryGetValue(delivery.Grain, out var row)) decisions.Results[delivery] = way.Wait ? new TurnResult.Unknown() : new TurnResult.Busy();
            else if (way.Owner is { } msp && row.Msp != msp.Value) decisions.Results[delivery] = new TurnResult.Unknown();
            else Decide(row, delivery, TurnOf(row.Msp), decisions);
        }

        Turn TurnOf(long msp) => turns.TryGetValue(msp, out var turn) ? turn : turns[msp] = msps[msp].TurnAt(at, way.Actor);
    }

    private void Decide(GrainRow<TState> row, Delivery<TMessage> delivery, Turn turn, Decisions<TState, TMessage> decisions)
    {
        try
        {
            var decision = grain.Decide(row.State, delivery.Message, turn);
            // entries are numbered by the version of the turn that wrote them, so that one which writes any makes a new version
            var changes = !decision.State.Equals(row.State) || decision.Effects.Any(effect => effect is Effect.AddLedgerEntry);
            decisions.Turns.Add(new(row, delivery, decision, turn, changes));
            decisions.Results[delivery] = new TurnResult.Taken(decision.Verdict);
        }
        catch (Exception mistake) when (mistake is not OutOfMemoryException)
        {
            decisions.Results[delivery] = TurnResult.Broke.By(mistake);
        }
    }

    private async Task<(DateTimeOffset At, Dictionary<long, MspSettings> Msps, Dictionary<long, GrainRow<TState>> Rows)> Load(
        NpgsqlConnection connection, List<Delivery<TMessage>> deliveries, Way way, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        way.Rounds?.Begin(batch);
        if (way.Owner is { } msp) batch.About(msp);
        MspSettings.Ask(batch);
        table.Load(batch, [.. deliveries.Select(delivery => delivery.Grain)], [.. deliveries.Select(delivery => delivery.Since)], way.Wait);
        RestOfLoad<TState> complete;
        DateTimeOffset at;
        Dictionary<long, MspSettings> msps;
        await using (var reader = await batch.ExecuteReaderAsync(cancellation))
        {
            if (way.Owner is not null) await reader.NextResultAsync(cancellation);
            (at, msps) = await MspSettings.Read(reader, cancellation);
            await reader.NextResultAsync(cancellation);
            complete = await table.Read(reader, cancellation);
        }

        return (at, msps, (await complete(connection, cancellation)).ToDictionary(row => row.Id));
    }

    /// <summary>How a batch is run.</summary>
    /// <param name="Rounds">Of a batch that is written apart.</param>
    private readonly record struct Way(bool Wait, MspId? Owner, string Actor, Rounds? Rounds);
}

/// <summary>A batch that ran: one result per delivery, in the order given, and what its commit leaves behind.</summary>
/// <param name="Changed">How many grains have another state now.</param>
/// <param name="PartsRefused">How often grains that were written together were undone together, because the database refused one of them.</param>
public sealed record TurnBatch(IReadOnlyList<TurnResult> Results, int Changed, WorkKinds Work, int PartsRefused);
