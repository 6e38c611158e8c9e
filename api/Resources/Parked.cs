using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>A grain that failed too often alone and waits for a person.</summary>
/// <param name="Grain"><c>service_line</c>, <c>product_tenant</c>, <c>organization</c>, <c>integration</c> or <c>contract</c>.</param>
/// <param name="What">The message or reminder that was parked first.</param>
/// <param name="Reason">Why it failed the last time.</param>
/// <param name="Pieces">Messages and reminders of the grain that are parked, this one included.</param>
internal sealed record ParkedResource(string Grain, long GrainId, string What, string Reason, DateTimeOffset ParkedAt, int Attempts, long Pieces)
{
    internal static (ParkedResource Resource, Cursor Place) FromRow(NpgsqlDataReader row) => (
        new(Words.Of((GrainKind)row.GetInt16(0)), row.GetInt64(1), row.GetString(2), row.GetString(3), row.Instant(4), row.GetInt16(5), row.GetInt64(6)),
        new(row.GetInt64(7), row.GetInt16(0), row.GetInt64(1)));
}

/// <summary>Which grain is released; without one, all of them.</summary>
/// <param name="Grain">As in the list of what is parked.</param>
internal sealed record ParkedRelease(string? Grain = null, long? GrainId = null) : IChecked
{
    public GrainKind? Kind() => Grain is null ? null : Words.Parse<GrainKind>(Grain);

    public IEnumerable<FieldError> Check()
    {
        if (Grain is not null && Kind() is null) yield return new("grain", $"Must be one of {Words.All<GrainKind>()}.");
        if (Grain is null && GrainId is not null) yield return new("grain", "Say what kind of grain it is.");
        if (Grain is not null && GrainId is null) yield return new("grain_id", "Say which grain it is.");
    }
}

/// <summary>How much was released.</summary>
/// <param name="Released">Messages and reminders.</param>
internal sealed record ReleasedResource(long Released);

/// <summary>Parked grains, the longest parked first.</summary>
internal static class Parked
{
    public static void MapParked(this RouteGroupBuilder group)
    {
        var parked = group.MapGroup("/parked").WithTags("parked");
        parked.MapGet("", List);
        parked.MapGroup("").RequireAuthorization(Policies.Superuser).MapPost("/release", Release);
    }

    private static async Task<Ok<Page<ParkedResource>>> List([AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        var from = page.From(long.MinValue);
        var shown = page.Of(await database.Rows("Reminders/parked", [from.First, from.Second, from.Third, page.Rows], ParkedResource.FromRow, cancellation), row => row.Place);
        return TypedResults.Ok(new Page<ParkedResource>([.. shown.Items.Select(row => row.Resource)], shown.NextCursor));
    }

    private static async Task<Results<Ok<ReleasedResource>, ProblemResult>> Release(
        ParkedRelease? request, MspDatabase database, WorkSignal signal, CancellationToken cancellation)
    {
        var (kind, grain) = (request?.Kind(), request?.GrainId ?? 0);
        var released = kind is { } known
            ? await database.Id("Reminders/release_parked_grain", [(short)known, grain], cancellation)
            : await database.Id("Reminders/release_parked", [], cancellation);
        if (kind is not null && released is null or 0) return ProblemResult.Of(ProblemCode.NotFound);
        signal.Raise(WorkKinds.Turns | WorkKinds.Reads);
        await AuditTrail.Add(database, "parked.release", kind, grain, $"{released} parked", "due again", cancellation);
        return TypedResults.Ok(new ReleasedResource(released ?? 0));
    }
}
