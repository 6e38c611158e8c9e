using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Feeds;

/// <summary>A snapshot that a feed was sent and that waits to be handed to its tenants.</summary>
/// <param name="Complete">Whether it names every tenant that there is.</param>
/// <param name="TakenThrough">The last tenant that has its part; they are taken in the order of their ids.</param>
public sealed record WaitingSnapshot(long Id, long Integration, long Msp, DateOnly AsOf, bool Complete, DateTimeOffset FedAt, long TakenThrough)
{
    internal static WaitingSnapshot FromRow(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.Date(3), row.GetBoolean(4), row.Instant(5), row.GetInt64(6));
}

/// <summary>A tenant that a snapshot is about.</summary>
/// <param name="Counts">What it says of it; empty when it lacks the tenant.</param>
public sealed record ToldTenant(long Id, string Product, string RemoteId, Sequence<ToldCount> Counts);

/// <summary>One count of a snapshot.</summary>
public sealed record ToldCount(string Metric, decimal Units);

/// <summary>The silo's side of feeds: what was told waits in rows, and is handed over so that every tenant gets its part once.</summary>
public sealed class FeedStore(NpgsqlDataSource database, TurnEngine<ProductTenantState, ProductTenantMessage> tenants, WorkSignal signal, TimeProvider clock)
{
    /// <summary>Tenants that get their part in one transaction.</summary>
    public const int BatchTenants = 500;

    /// <summary>The snapshot of the feed that is next; null when none waits.</summary>
    public async Task<WaitingSnapshot?> Next(long integration, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return (await connection.Rows("Feeds/waiting", command => command.With(integration), WaitingSnapshot.FromRow, cancellation)).FirstOrDefault();
    }

    /// <summary>The tenants that have not got their part, in the order of their ids.</summary>
    public async Task<IReadOnlyList<ToldTenant>> Told(WaitingSnapshot snapshot, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.Rows(
            "Feeds/told",
            command => command.With(snapshot.Id),
            row => (Id: row.GetInt64(0), Product: row.GetString(1), RemoteId: row.GetString(2), Count: row.IsDBNull(3) ? null : new ToldCount(row.GetString(3), row.GetDecimal(4))),
            cancellation);
        return [.. rows.GroupBy(row => (row.Id, row.Product, row.RemoteId)).Select(tenant => new ToldTenant(
            tenant.Key.Id, tenant.Key.Product, tenant.Key.RemoteId, Sequence.From(tenant.Select(row => row.Count).OfType<ToldCount>())))];
    }

    /// <summary>Hands each tenant its part, and says so in the same commit: what dies in between is taken up there.</summary>
    /// <returns>The tenants that could not take it, each with the reason. They are not asked again: nothing is on record of them, which is on record when the night is over.</returns>
    public async Task<IReadOnlyList<(long Tenant, string Reason)>> HandOver(
        WaitingSnapshot snapshot, IReadOnlyList<(ToldTenant Tenant, ProductTenantMessage.Fed Message)> told, CancellationToken cancellation)
    {
        var (broken, through) = (new List<(long, string)>(), snapshot.TakenThrough);
        foreach (var chunk in told.Chunk(BatchTenants))
        {
            broken.AddRange(await HandOver(snapshot.Id, through, chunk, cancellation));
            through = chunk[^1].Tenant.Id;
        }

        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.Do("Feeds/taken", command => command.With(snapshot.Id), cancellation);
        return broken;
    }

    /// <summary>Nights that are over and of which a due tenant was told nothing.</summary>
    /// <param name="night">The night that has begun.</param>
    public async Task<ILookup<long, UnfedNight>> Unfed(long integration, DateOnly night, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.Rows(
            "Feeds/unfed", command => command.With(integration).With(night), row => (Tenant: row.GetInt64(0), Night: new UnfedNight(row.GetString(1), row.Date(2))), cancellation);
        return rows.ToLookup(row => row.Tenant, row => row.Night);
    }

    private async Task<IReadOnlyList<(long, string)>> HandOver(
        long snapshot, long after, (ToldTenant Tenant, ProductTenantMessage.Fed Message)[] told, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryHandOver(snapshot, after, told, cancellation);
            }
            catch (Exception fault) when (Transient.Is(fault) && tries < Transient.TriesMax)
            {
                await Task.Delay(Transient.After(tries), clock, cancellation);
            }
            catch (Exception fault) when (!Transient.Is(fault) && fault is not OperationCanceledException and not SnapshotElsewhereException)
            {
                return told.Length == 1 ? await PassOver(snapshot, after, told[0].Tenant.Id, fault, cancellation) : await EachAlone(snapshot, after, told, cancellation);
            }
        }
    }

    private async Task<IReadOnlyList<(long, string)>> EachAlone(
        long snapshot, long after, (ToldTenant Tenant, ProductTenantMessage.Fed Message)[] told, CancellationToken cancellation)
    {
        var broken = new List<(long, string)>();
        foreach (var one in told)
        {
            broken.AddRange(await HandOver(snapshot, after, [one], cancellation));
            after = one.Tenant.Id;
        }

        return broken;
    }

    /// <summary>The database refuses this tenant even alone: the others go on.</summary>
    private async Task<IReadOnlyList<(long, string)>> PassOver(long snapshot, long after, long tenant, Exception fault, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await Take(connection, snapshot, after, tenant, cancellation);
        return [(tenant, $"{fault.GetType().Name}: {fault.Message}")];
    }

    private async Task<IReadOnlyList<(long, string)>> TryHandOver(
        long snapshot, long after, (ToldTenant Tenant, ProductTenantMessage.Fed Message)[] told, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Take(connection, snapshot, after, told[^1].Tenant.Id, cancellation);
        List<Delivery<ProductTenantMessage>> deliveries = [.. told.Select(one => Delivery.Direct<ProductTenantMessage>(one.Tenant.Id, one.Message))];
        var batch = await tenants.Run(connection, deliveries, wait: true, null, "silo", cancellation);
        await transaction.CommitAsync(cancellation);
        signal.Raise(batch.Work);
        return [.. deliveries.Zip(batch.Results, (delivery, result) => (delivery.Grain, (result as TurnResult.Broke)?.Reason ?? "")).Where(broken => broken.Item2.Length > 0)];
    }

    private static async Task Take(NpgsqlConnection connection, long snapshot, long after, long through, CancellationToken cancellation)
    {
        if ((await connection.Rows("Feeds/take", command => command.With(snapshot).With(after).With(through), row => row.GetInt64(0), cancellation)).Count == 0)
            throw new SnapshotElsewhereException(snapshot);
    }
}

/// <summary>Another silo has gone on with the snapshot: this one had lost its lock.</summary>
public sealed class SnapshotElsewhereException(long snapshot) : Exception($"Snapshot {snapshot} is handed over elsewhere.");
