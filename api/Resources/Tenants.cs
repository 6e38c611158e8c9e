using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>What was last read of one metric.</summary>
/// <param name="Units">Null when the source gave no number: null is not zero.</param>
/// <param name="Evidence"><c>fresh</c>, <c>partial</c>, <c>stale</c>, <c>failed</c>, <c>unmapped</c> or <c>confirmed_zero</c>.</param>
/// <param name="Night">The night since which units and evidence have been so.</param>
internal sealed record TenantCountResource(string Metric, string? Units, string Evidence, string? Reason, DateOnly Night, DateTimeOffset ObservedAt)
{
    internal static (long Tenant, TenantCountResource Count) FromRow(NpgsqlDataReader row) => (row.GetInt64(0), new(
        row.GetString(1), row.Units(2)?.ToString(), Words.Of((Evidence)row.GetInt16(3)), row.Text(4), row.Date(5), row.Instant(6)));
}

/// <summary>A tenant, domain, site, org or network of a product.</summary>
/// <param name="CustomerRemoteId">The vendor's own customer it belongs to.</param>
/// <param name="Organization">Where it is mapped on the last night.</param>
/// <param name="Mappings">Every dated mapping to organizations, planned ones included.</param>
internal sealed record TenantResource(
    long Id, long IntegrationId, string Product, string RemoteId, string Name, string? CustomerRemoteId, NamedResource? Organization,
    IReadOnlyList<TenantCountResource> Counts, IReadOnlyList<MappingResource> Mappings)
{
    internal static TenantResource FromRow(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.Text(5), null, [], []);
}

/// <summary>Which tenants are wanted.</summary>
/// <param name="Mapped">Whether they belong to an organization on the last night.</param>
/// <param name="Q">Part of the name.</param>
internal sealed record TenantQuery(
    [FromQuery(Name = "integration")] long? Integration,
    [FromQuery(Name = "product")] string? Product,
    [FromQuery(Name = "mapped")] bool? Mapped,
    [FromQuery(Name = "q")] string? Q);

/// <summary>From a date on the tenant belongs to an organization, or with null to none.</summary>
/// <param name="From">Absent: the last night.</param>
internal sealed record OrganizationMapping(long? OrganizationId, DateOnly? From = null);

/// <summary>Product tenants, and the organizations they belong to.</summary>
internal static class Tenants
{
    private static readonly Versioned Version = Versioned.ById("Versions/lock_tenant", ReadOne);

    public static void MapTenants(this RouteGroupBuilder group)
    {
        var tenants = group.MapGroup("/tenants").WithTags("tenants");
        tenants.MapGet("", List);
        tenants.MapGet("/{id:long}", Get).Tagged();
        tenants.MapGroup("").RequireAuthorization(Policies.Operator).MapPut("/{id:long}/organization", Map).Changes(Version);
    }

    private static async Task<Ok<Page<TenantResource>>> List(
        [AsParameters] PageQuery page, [AsParameters] TenantQuery query, MspDatabase database, CancellationToken cancellation)
    {
        var rows = await Read(database, null, page.From(0).First, page.Rows, query, cancellation);
        return TypedResults.Ok(page.Of(rows, tenant => new(tenant.Id, 0)));
    }

    private static async Task<Results<Ok<TenantResource>, ProblemResult>> Get(long id, MspDatabase database, CancellationToken cancellation) =>
        await ReadOne(database, id, cancellation) is { } tenant ? TypedResults.Ok(tenant) : ProblemResult.Of(ProblemCode.NotFound);

    private static async Task<Results<Ok<TenantResource>, ProblemResult>> Map(
        long id, OrganizationMapping request, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation)
    {
        if (request.OrganizationId is { } wanted && await database.Id("Api/organization_exists", [wanted], cancellation) is null)
            return ProblemResult.Of(ProblemCode.OrganizationUnknown);
        var from = request.From ?? (await database.Night(cancellation)).Last;
        var organization = request.OrganizationId is { } given ? new OrganizationId(given) : (OrganizationId?)null;
        if (await transactions.Ask(database, grains.Tenants, id, new ProductTenantMessage.Map(organization, from), cancellation) is { } problem) return problem;
        return TypedResults.Ok((await ReadOne(database, id, cancellation))!);
    }

    private static async Task<TenantResource?> ReadOne(MspDatabase database, long id, CancellationToken cancellation) =>
        await Read(database, id, 0, 1, new(null, null, null, null), cancellation) is [var tenant, ..] ? tenant : null;

    private static async Task<IReadOnlyList<TenantResource>> Read(
        MspDatabase database, long? only, long after, int rows, TenantQuery query, CancellationToken cancellation)
    {
        var night = (await database.Night(cancellation)).Last;
        object?[] values = [only, after, rows, query.Integration, query.Product, query.Mapped, query.Q, night];
        var tenants = await database.Rows("Api/tenants", values, TenantResource.FromRow, cancellation);
        object?[] ids = [tenants.Select(tenant => tenant.Id).ToArray()];
        var counts = (await database.Rows("Api/tenant_counts", ids, TenantCountResource.FromRow, cancellation)).ToLookup(row => row.Tenant, row => row.Count);
        var mappings = (await database.Rows("Api/tenant_spans", ids, MappingResource.FromRow, cancellation)).ToLookup(row => row.Owner, row => row.Mapping);
        return [.. tenants.Select(tenant => tenant with
        {
            Organization = mappings[tenant.Id].LastOrDefault(mapping => mapping.Covers(night))?.Target,
            Counts = [.. counts[tenant.Id]],
            Mappings = [.. mappings[tenant.Id]],
        })];
    }
}
