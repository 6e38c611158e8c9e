using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>A thing with a name.</summary>
internal sealed record NamedResource(long Id, string Name);

/// <summary>A dated mapping. A null target means mapped to nothing.</summary>
/// <param name="Until">The first day it no longer holds; null while nothing is planned.</param>
internal sealed record MappingResource(NamedResource? Target, DateOnly From, DateOnly? Until)
{
    internal bool Covers(DateOnly date) => From <= date && (Until is not { } until || date < until);

    internal static (long Owner, MappingResource Mapping) FromRow(NpgsqlDataReader row) =>
        (row.GetInt64(0), new(row.IsDBNull(1) ? null : new(row.GetInt64(1), row.GetString(2)), row.Date(3), row.MaybeDate(4)));
}

/// <summary>A customer as the msp sees it.</summary>
/// <param name="Account">The PSA account it belongs to on the last night.</param>
/// <param name="Mappings">Every dated mapping to accounts, planned ones included.</param>
internal sealed record OrganizationResource(
    long Id, string Name, string? RemoteId, NamedResource? Account, IReadOnlyList<MappingResource> Mappings, DateTimeOffset CreatedAt);

/// <summary>An organization to be created.</summary>
internal sealed record NewOrganization(string Name, string? RemoteId = null) : IChecked
{
    private const int TextMax = 200;

    public IEnumerable<FieldError> Check() => Checks.Text("name", Name, TextMax).Concat(Checks.MaybeText("remote_id", RemoteId, TextMax));
}

/// <summary>From a date on the organization belongs to an account, or with null to none.</summary>
/// <param name="From">Absent: the last night.</param>
internal sealed record AccountMapping(long? AccountId, DateOnly? From = null);

/// <summary>Organizations, and the PSA accounts they belong to.</summary>
internal static class Organizations
{
    private static readonly Versioned Version = Versioned.ById("Versions/lock_organization", ReadOne);

    public static void MapOrganizations(this RouteGroupBuilder group)
    {
        var organizations = group.MapGroup("/organizations").WithTags("organizations");
        organizations.MapGet("", List);
        organizations.MapGet("/{id:long}", Get).Tagged();

        var mapping = organizations.MapGroup("").RequireAuthorization(Policies.Operator);
        mapping.MapPost("", Create);
        mapping.MapPut("/{id:long}/account", Map).Changes(Version);
    }

    private static async Task<Ok<Page<OrganizationResource>>> List([AsParameters] PageQuery page, string? q, MspDatabase database, CancellationToken cancellation)
    {
        var rows = await Read(database, [null, page.From(0).First, page.Rows, q], cancellation);
        return TypedResults.Ok(page.Of(rows, organization => new(organization.Id, 0)));
    }

    private static async Task<Results<Ok<OrganizationResource>, ProblemResult>> Get(long id, MspDatabase database, CancellationToken cancellation) =>
        await ReadOne(database, id, cancellation) is { } organization ? TypedResults.Ok(organization) : ProblemResult.Of(ProblemCode.NotFound);

    private static async Task<Results<Created<OrganizationResource>, ProblemResult>> Create(NewOrganization request, MspDatabase database, CancellationToken cancellation)
    {
        if (await database.Id("Api/add_organization", [request.Name.Trim(), request.RemoteId, database.Actor], cancellation) is not { } id)
            return ProblemResult.Of(ProblemCode.NameTaken, "Another organization has this name already.");
        return TypedResults.Created($"/v1/organizations/{id}", (await ReadOne(database, id, cancellation))!);
    }

    private static async Task<Results<Ok<OrganizationResource>, ProblemResult>> Map(
        long id, AccountMapping request, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation)
    {
        if (request.AccountId is { } wanted && await database.Id("Api/account_exists", [wanted], cancellation) is null)
            return ProblemResult.Of(ProblemCode.AccountUnknown);
        var from = request.From ?? (await database.Night(cancellation)).Last;
        var account = request.AccountId is { } given ? new PsaAccountId(given) : (PsaAccountId?)null;
        if (await transactions.Ask(database, grains.Organizations, id, new OrganizationMessage.Map(account, from), cancellation) is { } problem) return problem;
        return TypedResults.Ok((await ReadOne(database, id, cancellation))!);
    }

    private static async Task<OrganizationResource?> ReadOne(MspDatabase database, long id, CancellationToken cancellation) =>
        await Read(database, [id, 0L, 1, null], cancellation) is [var organization, ..] ? organization : null;

    private static async Task<IReadOnlyList<OrganizationResource>> Read(MspDatabase database, object?[] values, CancellationToken cancellation)
    {
        var rows = await database.Rows("Api/organizations", values, FromRow, cancellation);
        var spans = await database.Rows("Api/organization_spans", [rows.Select(row => row.Id).ToArray()], MappingResource.FromRow, cancellation);
        var mappings = spans.ToLookup(span => span.Owner, span => span.Mapping);
        var night = (await database.Night(cancellation)).Last;
        return [.. rows.Select(row => row with
        {
            Account = mappings[row.Id].LastOrDefault(mapping => mapping.Covers(night))?.Target,
            Mappings = [.. mappings[row.Id]],
        })];
    }

    private static OrganizationResource FromRow(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetString(1), row.Text(2), null, [], row.Instant(3));
}
