using System.Runtime.ExceptionServices;
using Npgsql;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Runtime.Turns;

/// <summary>Writes what grains decided: all of them in one round trip, or in parts, so that one that the database refuses is undone by itself.</summary>
internal sealed class TurnWriter<TState, TMessage>(GrainTable<TState> table)
    where TState : class
{
    /// <summary>Grains of a part at first. Fewer cost more statements for each, more undo more when one is refused: even at one refusal in a thousand.</summary>
    private const int Together = 100;

    /// <summary>A part that was refused is written again in so many: three more rounds find one grain of a hundred.</summary>
    private const int Smaller = 8;

    /// <summary>All or nothing.</summary>
    public async Task Write(NpgsqlConnection connection, Decisions<TState, TMessage> decisions, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        var part = new Part(decisions.Turns);
        Add(batch, part, decisions);
        if (batch.BatchCommands.Count == 0) return;
        await batch.ExecuteNonQueryAsync(cancellation);
        Check(part);
    }

    /// <summary>Writes all that the database takes; whoever it refuses is said to have broken.</summary>
    /// <returns>How many parts with several grains were refused.</returns>
    /// <exception cref="PostgresException">A fault that was no part's own. What was written cannot be told from what was undone: the transaction must end.</exception>
    public async Task<int> WriteApart(NpgsqlConnection connection, Rounds rounds, Decisions<TState, TMessage> decisions, CancellationToken cancellation)
    {
        var refusals = 0;
        var next = decisions.Turns.Where(turn => turn.Delivery.FailedBefore).Select(turn => new Part([turn]))
            .Concat(decisions.Turns.Where(turn => !turn.Delivery.FailedBefore).Chunk(Together).Select(some => new Part(some))).ToList();
        while (next.Count > 0)
        {
            var refused = await Round(connection, rounds, next, decisions, cancellation);
            foreach (var (part, fault) in refused.Where(refusal => refusal.Part.Turns.Count == 1)) decisions.Results[part.Turns[0].Delivery] = TurnResult.Broke.By(fault);
            next = [.. refused.Where(refusal => refusal.Part.Turns.Count > 1).SelectMany(refusal => Cut(refusal.Part))];
            refusals += refused.Count(refusal => refusal.Part.Turns.Count > 1);
        }

        return refusals;
    }

    private static IEnumerable<Part> Cut(Part part) =>
        part.Turns.Chunk((part.Turns.Count + Smaller - 1) / Smaller).Select(some => new Part(some));

    /// <summary>Writes each part behind a savepoint of its own, all in one round trip: what follows a refused part is written all the same.</summary>
    private async Task<List<Refusal>> Round(
        NpgsqlConnection connection, Rounds rounds, List<Part> parts, Decisions<TState, TMessage> decisions, CancellationToken cancellation)
    {
        try
        {
            await using var batch = new NpgsqlBatch(connection);
            rounds.Begin(batch);
            batch.Add("Turns/mark_part");
            foreach (var part in parts) AddApart(batch, part, decisions);
            var refusals = Refusals(await Rounds.Faults(batch, cancellation), parts);
            foreach (var part in parts.Except(refusals.Select(refusal => refusal.Part))) Check(part);
            return refusals;
        }
        catch (Exception fault) when (Transient.IsOfGrain(fault) && fault is not PostgresException)
        {
            // not a refusal of one statement: a part that could not be put into words, or a version that was not the one read
            await rounds.Undo(cancellation);
            if (parts.Count == 1) return [new(parts[0], fault)];
        }

        var found = new List<Refusal>();
        foreach (var part in parts) found.AddRange(await Round(connection, rounds, [part], decisions, cancellation));
        return found;
    }

    /// <summary>
    /// A part between two error barriers. Written well, it is kept and a new savepoint stands for the next part: going back to that undoes nothing. Refused,
    /// all up to the first barrier is skipped, and going back to the savepoint before the part undoes it. The statements about savepoints belong to no part: one
    /// of them that fails ends the transaction.
    /// </summary>
    private void AddApart(NpgsqlBatch batch, Part part, Decisions<TState, TMessage> decisions)
    {
        var first = batch.BatchCommands.Count;
        Add(batch, part, decisions);
        for (var i = first; i < batch.BatchCommands.Count; i++) part.Commands.Add(batch.BatchCommands[i]);
        batch.Add("Turns/keep_part");
        batch.Add("Turns/mark_part").AppendErrorBarrier = true;
        batch.Add("Turns/undo_part").AppendErrorBarrier = true;
    }

    /// <summary>Whose statement each fault was. One that passes, and one that is nobody's, is thrown: it says nothing about a part.</summary>
    private static List<Refusal> Refusals(IReadOnlyList<PostgresException> faults, List<Part> parts)
    {
        var refusals = new List<Refusal>();
        foreach (var fault in faults)
        {
            var part = parts.Find(part => fault.BatchCommand is { } command && part.Commands.Contains(command));
            if (part is null || Transient.Is(fault) || fault.SqlState == PostgresErrorCodes.InFailedSqlTransaction) ExceptionDispatchInfo.Throw(fault);
            refusals.Add(new(part, fault));
        }

        return refusals;
    }

    private void Add(NpgsqlBatch batch, Part part, Decisions<TState, TMessage> decisions)
    {
        var effects = new EffectWriter(table.Kind, decisions.Msps);
        foreach (var turn in part.Turns) effects.Add(new(turn.Row.Id, turn.Row.Msp, turn.Row.Version, turn.Row.Shard, turn.Turn), turn.Decision.Effects);
        decisions.Work |= effects.Work;
        var changes = part.Turns.Where(turn => turn.Changes).Select(turn => new GrainChange<TState>(turn.Row, turn.Decision.State)).ToList();
        part.Changes = changes.Count;
        part.Save = changes.Count > 0 ? table.Save(batch, changes) : null;
        var messages = part.Turns.Select(turn => turn.Delivery.MessageId).OfType<long>().ToArray();
        if (messages.Length > 0) batch.Add("Reminders/delete_messages").With(messages);
        Forget(batch, part, effects);
        effects.Write(batch);
    }

    /// <summary>A refusal answers a message, but a reminder that was refused is still owed; one that the turn sets anew keeps its night when only its time moves.</summary>
    private void Forget(NpgsqlBatch batch, Part part, EffectWriter effects)
    {
        var dropped = part.Turns.Where(turn => turn.Decision.Verdict is Verdict.Accepted)
            .SelectMany(turn => turn.Delivery.Reminders, (turn, name) => (Grain: turn.Row.Id, Name: name))
            .Where(reminder => !effects.Reminds(reminder.Grain, reminder.Name)).ToList();
        if (dropped.Count == 0) return;
        batch.Add("Effects/forget")
            .Column(dropped, _ => (short)table.Kind)
            .Column(dropped, reminder => reminder.Grain)
            .Column(dropped, reminder => reminder.Name);
    }

    private void Check(Part part)
    {
        if (part.Save is { } save && save.RecordsAffected != part.Changes)
            throw new InvalidOperationException($"{part.Changes} {table.Kind} grains changed but {save.RecordsAffected} were written: a version was not the one read.");
    }

    /// <summary>Grains that are written together.</summary>
    private sealed class Part(IReadOnlyList<DecidedTurn<TState, TMessage>> turns)
    {
        public IReadOnlyList<DecidedTurn<TState, TMessage>> Turns => turns;

        /// <summary>Its statements, by reference.</summary>
        public HashSet<NpgsqlBatchCommand> Commands { get; } = new(ReferenceEqualityComparer.Instance);

        /// <summary>The statement that must touch every changed row.</summary>
        public NpgsqlBatchCommand? Save { get; set; }

        public int Changes { get; set; }
    }

    private readonly record struct Refusal(Part Part, Exception Fault);
}
