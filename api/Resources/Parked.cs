using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>Work that failed too often alone and waits for a person.</summary>
/// <param name="Grain"><c>service_line</c>, <c>product_tenant</c>, <c>organization</c>, <c>integration</c> or <c>contract</c>.</param>
/// <param name="What">The message or reminder.</param>
internal sealed record ParkedResource(string Grain, long GrainId, string What, string Reason, DateTimeOffset ParkedAt, int Attempts)
{
    internal static ParkedResource FromRow(NpgsqlDataReader row) => new(
        Words.Of((GrainKind)row.GetInt16(0)), row.GetInt64(1), row.GetString(2), row.GetString(3), row.Instant(4), row.GetInt16(5));
}

/// <summary>How much was released.</summary>
internal sealed record ReleasedResource(long Released);

/// <summary>Parked work, the oldest first.</summary>
internal static class Parked
{
    public static void MapParked(this RouteGroupBuilder group)
    {
        var parked = group.MapGroup("/parked").WithTags("parked");
        parked.MapGet("", List);
        parked.MapGroup("").RequireAuthorization(Policies.Superuser).MapPost("/release", Release);
    }

    /// <summary>The oldest ones only: whoever releases them sees the others after.</summary>
    private static async Task<Ok<Page<ParkedResource>>> List(MspDatabase database, CancellationToken cancellation) =>
        TypedResults.Ok(new Page<ParkedResource>(await database.Rows("Reminders/parked", [PageQuery.LimitMax], ParkedResource.FromRow, cancellation), null));

    private static async Task<Ok<ReleasedResource>> Release(MspDatabase database, WorkSignal signal, CancellationToken cancellation)
    {
        var released = await database.Id("Reminders/release_parked", [], cancellation) ?? 0;
        signal.Raise(WorkKinds.Turns | WorkKinds.Reads);
        await AuditTrail.Add(database, "parked.release", null, 0, $"{released} parked", "due again", cancellation);
        return TypedResults.Ok(new ReleasedResource(released));
    }
}
