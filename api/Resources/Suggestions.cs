using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>Something that is mapped to nothing, now or planned, and what it may belong to.</summary>
/// <param name="Product">The product of a tenant; null for an organization.</param>
/// <param name="Target">Null while nothing is certain enough: a person chooses.</param>
/// <param name="Reason"><c>same_remote_id</c>, <c>same_name</c>; without a target <c>ambiguous</c> or <c>nothing_alike</c>.</param>
/// <param name="Candidates">How many are alike for that reason.</param>
internal sealed record SuggestionResource(long Id, string Name, string? Product, NamedResource? Target, string Reason, long Candidates)
{
    internal static SuggestionResource FromRow(NpgsqlDataReader row)
    {
        var (id, name, product) = (row.GetInt64(0), row.GetString(1), row.Text(2));
        var (ids, names) = (row.GetInt64(3), row.GetInt64(6));
        if (ids == 1) return new(id, name, product, new(row.GetInt64(4), row.GetString(5)), "same_remote_id", 1);
        if (ids == 0 && names == 1) return new(id, name, product, new(row.GetInt64(7), row.GetString(8)), "same_name", 1);
        return ids + names == 0 ? new(id, name, product, null, "nothing_alike", 0) : new(id, name, product, null, "ambiguous", Math.Max(ids, names));
    }
}

/// <summary>What is to be mapped.</summary>
/// <param name="Of"><c>tenants</c> to organizations, or <c>organizations</c> to PSA accounts.</param>
internal sealed record SuggestionQuery([FromQuery(Name = "of")] string Of) : IChecked
{
    public const string Tenants = "tenants";
    private const string Organizations = "organizations";

    public IEnumerable<FieldError> Check()
    {
        if (Of is not (Tenants or Organizations)) yield return new("of", $"Must be {Tenants} or {Organizations}.");
    }
}

/// <summary>What unmapped tenants and organizations may belong to, with the reason. Nothing is mapped by itself.</summary>
internal static class Suggestions
{
    public static void MapSuggestions(this RouteGroupBuilder group) => group.MapGet("/mappings/suggestions", List).WithTags("mappings");

    private static async Task<Ok<Page<SuggestionResource>>> List(
        [AsParameters] PageQuery page, [AsParameters] SuggestionQuery query, MspDatabase database, CancellationToken cancellation)
    {
        var sql = query.Of == SuggestionQuery.Tenants ? "Api/suggested_organizations" : "Api/suggested_accounts";
        var rows = await database.Rows(sql, [page.From(0).First, page.Rows, (await database.Night(cancellation)).Last], SuggestionResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, suggestion => new(suggestion.Id, 0)));
    }
}
