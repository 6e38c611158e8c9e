using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>Who did what. Never holds a secret.</summary>
/// <param name="Actor">A key's name and id, or <c>silo</c>.</param>
/// <param name="Grain">What it was done to; <c>hub</c> when it was no single thing.</param>
internal sealed record AuditResource(long Id, DateTimeOffset At, string Actor, string Action, string Grain, long GrainId, string Before, string After)
{
    internal static AuditResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.Instant(1), row.GetString(2), row.GetString(3), row.GetInt16(4) == 0 ? "hub" : Words.Of((GrainKind)row.GetInt16(4)),
        row.GetInt64(5), row.GetString(6), row.GetString(7));
}

/// <summary>The audit, the newest first.</summary>
internal static class AuditTrail
{
    public static void MapAudit(this RouteGroupBuilder group) => group.MapGet("/audit", List).RequireAuthorization(Policies.Superuser).WithTags("audit");

    private static async Task<Ok<Page<AuditResource>>> List([AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        var rows = await database.Rows("Api/audit", [page.From(long.MaxValue).First, page.Rows], AuditResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, entry => new(entry.Id, 0)));
    }
}
