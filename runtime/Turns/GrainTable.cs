using Npgsql;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Runtime.Turns;

/// <summary>How one kind of grain lives in its tables: lock and load by set, save by set.</summary>
/// <typeparam name="TState">The grain's state.</typeparam>
public abstract class GrainTable<TState>
    where TState : class
{
    /// <summary>The kind of grain.</summary>
    public abstract GrainKind Kind { get; }

    /// <summary>Adds the statements that lock and load; the first one locks, in key order.</summary>
    /// <param name="since">For each id the first day its message is about; null for now.</param>
    /// <param name="wait">Whether to wait for rows that somebody else holds, or to leave them out.</param>
    internal abstract void Load(NpgsqlBatch batch, long[] ids, DateOnly?[] since, bool wait);

    /// <summary>Reads what <see cref="Load"/> asked for, in the same order, and says how to go on from there.</summary>
    internal abstract Task<RestOfLoad<TState>> Read(NpgsqlDataReader reader, CancellationToken cancellation);

    /// <summary>Adds the statements that save; returns the one that must touch every changed row, or the version was not the one read.</summary>
    internal abstract NpgsqlBatchCommand Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<TState>> changes);

    /// <summary>Adds a lock statement, waiting or not.</summary>
    private protected static void Lock(NpgsqlBatch batch, string table, long[] ids, bool wait) =>
        batch.Add(wait ? $"Tables/{table}_lock_wait" : $"Tables/{table}_lock").With(ids);
}

/// <summary>A locked grain.</summary>
/// <param name="Id">Its key.</param>
/// <param name="Msp">Who owns it.</param>
/// <param name="Version">Written by the last turn; compared on every write.</param>
/// <param name="Shard">Where its work is claimed, 0 to 63.</param>
public sealed record GrainRow<TState>(long Id, long Msp, int Version, short Shard, TState State)
{
    /// <summary>A grain whose shard follows from its own key.</summary>
    public GrainRow(long id, long msp, int version, TState state)
        : this(id, msp, version, Turns.Shard.Of(id), state)
    {
    }
}

/// <summary>A grain before and after its turn.</summary>
public sealed record GrainChange<TState>(GrainRow<TState> Before, TState After);

/// <summary>Loads what can only be asked for once the locked rows are known, and gives the complete rows.</summary>
internal delegate Task<IReadOnlyList<GrainRow<TState>>> RestOfLoad<TState>(NpgsqlConnection connection, CancellationToken cancellation);

/// <summary>How a load ends for most kinds of grain.</summary>
internal static class RestOfLoad
{
    /// <summary>Nothing is missing.</summary>
    public static RestOfLoad<TState> None<TState>(IReadOnlyList<GrainRow<TState>> rows) => (_, _) => Task.FromResult(rows);
}
