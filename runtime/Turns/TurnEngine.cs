using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Runtime.Turns;

/// <summary>Runs turns of one kind of grain: lock, load, decide, write, commit. A single turn is a batch of one.</summary>
/// <remarks>
/// A turn is one transaction. If the process dies anywhere in it, nothing happened. If the connection dies during the commit nobody knows,
/// and the deliveries tell: a stored message or reminder that is still there was not taken.
/// </remarks>
public sealed class TurnEngine<TState, TMessage>(NpgsqlDataSource database, IGrain<TState, TMessage> grain, GrainTable<TState> table, WorkSignal signal) : IGrainDoor<TMessage>
    where TState : class
{
    /// <summary>The kind of grain.</summary>
    public GrainKind Kind => table.Kind;

    /// <inheritdoc/>
    public async Task<TurnResult> Ask(MspId msp, long id, TMessage message, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
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
        var firsts = deliveries.DistinctBy(delivery => delivery.Grain).OrderBy(delivery => delivery.Grain).ToList();
        var (at, msps, rows) = await Load(connection, firsts, wait, cancellation);
        var decided = new Decisions(table.Kind, msps);
        var results = new Dictionary<Delivery<TMessage>, TurnResult>(ReferenceEqualityComparer.Instance);
        var turns = new Dictionary<long, Turn>();
        foreach (var delivery in firsts)
        {
            if (!rows.TryGetValue(delivery.Grain, out var row)) results[delivery] = wait ? new TurnResult.Unknown() : new TurnResult.Busy();
            else if (owner is { } msp && row.Msp != msp.Value) results[delivery] = new TurnResult.Unknown();
            else results[delivery] = Decide(row, delivery, TurnOf(row.Msp), decided);
        }

        await Write(connection, decided, cancellation);
        return new([.. deliveries.Select(delivery => results.GetValueOrDefault(delivery) ?? new TurnResult.Busy())], decided.Changes.Count, decided.Effects.Work);

        Turn TurnOf(long msp) => turns.TryGetValue(msp, out var turn) ? turn : turns[msp] = msps[msp].TurnAt(at, actor);
    }

    private TurnResult Decide(GrainRow<TState> row, Delivery<TMessage> delivery, Turn turn, Decisions decided)
    {
        try
        {
            var decision = grain.Decide(row.State, delivery.Message, turn);
            // entries are numbered by the version of the turn that wrote them, so that one which writes any makes a new version
            if (!decision.State.Equals(row.State) || decision.Effects.Any(effect => effect is Effect.AddLedgerEntry)) decided.Changes.Add(new(row, decision.State));
            decided.Effects.Add(new(row.Id, row.Msp, row.Version, row.Shard, turn), decision.Effects);
            if (delivery.MessageId is { } message) decided.Messages.Add(message);
            // a refusal answers a message, but a reminder that was refused is still owed
            if (decision.Verdict is Verdict.Accepted) decided.Reminders.AddRange(delivery.Reminders.Select(name => (row.Id, name)));
            return new TurnResult.Taken(decision.Verdict);
        }
        catch (Exception mistake) when (mistake is not OutOfMemoryException)
        {
            return new TurnResult.Broke($"{mistake.GetType().Name}: {mistake.Message}");
        }
    }

    private async Task<(DateTimeOffset At, Dictionary<long, MspSettings> Msps, Dictionary<long, GrainRow<TState>> Rows)> Load(
        NpgsqlConnection connection, List<Delivery<TMessage>> deliveries, bool wait, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        MspSettings.Ask(batch);
        table.Load(batch, [.. deliveries.Select(delivery => delivery.Grain)], [.. deliveries.Select(delivery => delivery.Since)], wait);
        RestOfLoad<TState> complete;
        DateTimeOffset at;
        Dictionary<long, MspSettings> msps;
        await using (var reader = await batch.ExecuteReaderAsync(cancellation))
        {
            (at, msps) = await MspSettings.Read(reader, cancellation);
            await reader.NextResultAsync(cancellation);
            complete = await table.Read(reader, cancellation);
        }

        return (at, msps, (await complete(connection, cancellation)).ToDictionary(row => row.Id));
    }

    private async Task Write(NpgsqlConnection connection, Decisions decided, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        var save = decided.Changes.Count > 0 ? table.Save(batch, decided.Changes) : null;
        if (decided.Messages.Count > 0) batch.Add("Reminders/delete_messages").With(decided.Messages.ToArray());
        // one that the turn sets anew stays where it is: it keeps its night when only its time moves
        var dropped = decided.Reminders.Where(reminder => !decided.Effects.Reminds(reminder.Grain, reminder.Name)).ToList();
        if (dropped.Count > 0)
        {
            batch.Add("Effects/forget")
                .Column(dropped, _ => (short)table.Kind)
                .Column(dropped, reminder => reminder.Grain)
                .Column(dropped, reminder => reminder.Name);
        }

        decided.Effects.Write(batch);
        if (batch.BatchCommands.Count == 0) return;
        await batch.ExecuteNonQueryAsync(cancellation);
        if (save is not null && save.RecordsAffected != decided.Changes.Count)
            throw new InvalidOperationException($"{decided.Changes.Count} {table.Kind} grains changed but {save.RecordsAffected} were written: a version was not the one read.");
    }

    private sealed class Decisions(GrainKind kind, IReadOnlyDictionary<long, MspSettings> msps)
    {
        public List<GrainChange<TState>> Changes { get; } = [];

        public List<long> Messages { get; } = [];

        public List<(long Grain, string Name)> Reminders { get; } = [];

        public EffectWriter Effects { get; } = new(kind, msps);
    }
}

/// <summary>A batch that ran: one result per delivery, in the order given, and what its commit leaves behind.</summary>
/// <param name="Changed">How many grains have another state now.</param>
public sealed record TurnBatch(IReadOnlyList<TurnResult> Results, int Changed, WorkKinds Work);
