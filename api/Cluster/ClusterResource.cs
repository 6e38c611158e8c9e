using Npgsql;
using UsageBilling.Api.Resources;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Cluster;

/// <summary>Who works, and what waits. Silos work for every msp of the hub; what waits is the caller's alone.</summary>
/// <param name="At">The database's instant, by which everything here is due or not.</param>
/// <param name="CountedMax">Where counting ends: a number as large as this means that many, or more.</param>
internal sealed record ClusterResource(
    DateTimeOffset At, IReadOnlyList<SiloResource> Silos, IReadOnlyList<ShardResource> Shards, IReadOnlyList<QueueResource> Queues, int CountedMax);

/// <summary>A silo as the cluster has seen it.</summary>
/// <param name="Name">The machine's name and the instant at which the silo was started.</param>
/// <param name="CheckedInAt">When it last said that it lives.</param>
/// <param name="CheckInSeconds">How often it says so.</param>
/// <param name="State"><c>alive</c>, or <c>missed</c>: it has missed two check-ins, and others do its work. A stopped one is forgotten when another one checks in.</param>
/// <param name="Pokes">What it was poked to do and is doing now: <c>shard-07</c>, <c>hands</c> (reads, intents, runs, jobs, tickets) or <c>janitor</c>.</param>
internal sealed record SiloResource(string Name, DateTimeOffset CheckedInAt, double CheckInSeconds, string State, IReadOnlyList<string> Pokes)
{
    internal static SiloResource FromRow(NpgsqlDataReader row) => new(
        row.GetString(0), row.Instant(1), row.GetDouble(2), row.GetBoolean(3) ? "alive" : "missed", row.GetFieldValue<string[]>(4));
}

/// <summary>A shard in which messages of the msp wait; any silo may take them.</summary>
/// <param name="Silo">Which one was poked to drain it and is at it now; null when nobody was: a silo also drains what it hears of itself.</param>
internal sealed record ShardResource(int Shard, long Due, long Waiting, long Parked, DateTimeOffset? OldestDueAt, string? Silo)
{
    internal static ShardResource FromRow(NpgsqlDataReader row) => new(row.GetInt16(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.MaybeInstant(4), null);

    internal ShardResource On(IEnumerable<SiloResource> silos) => this with { Silo = silos.FirstOrDefault(silo => silo.Pokes.Contains($"shard-{Shard:00}"))?.Name };
}

/// <summary>How much of one kind waits.</summary>
/// <param name="Queue"><c>messages</c>, <c>reminders</c>, <c>intents</c>, <c>tickets</c> or <c>runs</c>.</param>
/// <param name="Grain">Whom it is for, of messages and reminders.</param>
/// <param name="Kind">Of a message, reminder or run; the state of an intent or of what is sent about a ticket.</param>
/// <param name="Due">To be done now, or being done.</param>
/// <param name="Waiting">For later.</param>
/// <param name="Parked">For a person.</param>
/// <param name="OldestDueAt">Since when the oldest is due; null when none is.</param>
internal sealed record QueueResource(string Queue, string? Grain, string Kind, long Due, long Waiting, long Parked, DateTimeOffset? OldestDueAt)
{
    internal static QueueResource FromRow(NpgsqlDataReader row) => new(
        row.GetString(0), row.IsDBNull(1) ? null : Words.Of((GrainKind)row.GetInt16(1)), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.MaybeInstant(6));
}
