using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>A line of which the PSA shows other units than the hub wishes there.</summary>
/// <param name="SinceNight">The first night it was seen to differ.</param>
/// <param name="Night">The last night that was compared.</param>
/// <param name="ObservedUnits">Null when the PSA shows no units of the line.</param>
/// <param name="Reason"><c>other_units</c>: somebody else changed them. <c>no_units</c>. <c>intent_parked</c> or <c>intent_rejected</c>: the hub's own wish waits for a person.</param>
internal sealed record DriftResource(
    NamedResource Line, NamedResource Contract, NamedResource Account, long IntegrationId, DateOnly SinceNight, DateOnly Night, string DesiredUnits, string? ObservedUnits,
    string Reason, DateTimeOffset SeenAt)
{
    internal static DriftResource FromRow(NpgsqlDataReader row) => new(
        new(row.GetInt64(0), row.GetString(1)), new(row.GetInt64(2), row.GetString(3)), new(row.GetInt64(4), row.GetString(5)), row.GetInt64(6), row.Date(7), row.Date(8),
        Words.Number(row.GetDecimal(9)), row.IsDBNull(10) ? null : Words.Number(row.GetDecimal(10)), row.GetString(11), row.Instant(12));
}

/// <summary>What PSAs show beside what the hub wishes there.</summary>
internal static class Drift
{
    public static void MapDrift(this RouteGroupBuilder group) => group.MapGet("/drift", List).WithTags("drift");

    private static async Task<Ok<Page<DriftResource>>> List([AsParameters] PageQuery page, long? integration, MspDatabase database, CancellationToken cancellation)
    {
        var rows = await database.Rows("Api/drift", [page.From(0).First, page.Rows, integration], DriftResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, drift => new(drift.Line.Id, 0)));
    }
}
