using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Cluster;

/// <summary>The silos, and what waits for them.</summary>
internal static class Clusters
{
    private const int CountedMax = 100_000;

    public static void MapCluster(this RouteGroupBuilder group) => group.MapGet("/cluster", Get).WithTags("cluster").RequireAuthorization(Policies.Operator);

    private static async Task<Ok<ClusterResource>> Get(MspDatabase database, CancellationToken cancellation)
    {
        var at = (await database.Rows("Cluster/now", [], row => row.Instant(0), cancellation))[0];
        var silos = await database.Rows("Cluster/silos", [], SiloResource.FromRow, cancellation);
        var shards = await database.Rows("Cluster/shards", [CountedMax], ShardResource.FromRow, cancellation);
        var queues = await database.Rows("Cluster/queues", [CountedMax], QueueResource.FromRow, cancellation);
        return TypedResults.Ok(new ClusterResource(at, silos, [.. shards.Select(shard => shard.On(silos))], queues, CountedMax));
    }
}
