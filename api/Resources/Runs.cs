using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>Work that somebody asked for and may watch.</summary>
/// <param name="Kind"><c>test</c>, <c>import</c>, <c>lookups</c>, <c>test_ticket</c> or <c>refresh</c>.</param>
/// <param name="IntegrationId">Whose work it is, when it is an integration's.</param>
/// <param name="LineId">Whose work it is, when it is a line's.</param>
/// <param name="Ticket">Of a test ticket: number and link, as soon as the PSA has it.</param>
/// <param name="State"><c>running</c>, <c>done</c> or <c>failed</c>.</param>
internal sealed record RunResource(
    long Id,
    string Kind,
    long? IntegrationId,
    long? LineId,
    string State,
    string? Code,
    string? Sentence,
    int ProgressDone,
    int ProgressTotal,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    TicketOfAlertResource? Ticket)
{
    internal bool Ended => State != "running";

    internal static RunResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetInt16(2) == (short)Interfaces.Turns.GrainKind.Integration ? row.GetInt64(3) : null,
        row.GetInt16(2) == (short)Interfaces.Turns.GrainKind.ServiceLine ? row.GetInt64(3) : null,
        row.GetString(4),
        row.Text(5),
        row.Text(6),
        row.GetInt32(7),
        row.GetInt32(8),
        row.Instant(9),
        row.MaybeInstant(10),
        TicketOfAlertResource.FromRow(row, 11));
}

/// <summary>Runs.</summary>
internal static class Runs
{
    public static void MapRuns(this RouteGroupBuilder group) => group.MapGet("/runs/{id:long}", Get).WithTags("runs");

    internal static string Address(long id) => $"/v1/runs/{id}";

    internal static Task<RunResource?> Read(MspDatabase database, long id, CancellationToken cancellation) =>
        database.One("Api/run", [id], RunResource.FromRow, cancellation);

    private static async Task<Results<Ok<RunResource>, ProblemResult>> Get(long id, MspDatabase database, CancellationToken cancellation) =>
        await Read(database, id, cancellation) is { } run ? TypedResults.Ok(run) : ProblemResult.Of(ProblemCode.NotFound);
}
