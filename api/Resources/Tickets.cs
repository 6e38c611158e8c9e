using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Grains.Desk;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Runtime.Desk;
using UsageBilling.Runtime.Tickets;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>A ticket that a PSA has, or is owed.</summary>
/// <param name="AlertId">Null of a test.</param>
/// <param name="State"><c>owed</c>, <c>open</c>, <c>closed</c>, or <c>withdrawn</c>: a test that failed.</param>
/// <param name="Status">What the PSA calls its status, as the hub knows it last.</param>
/// <param name="Owed">What the PSA is owed next about it; null when nothing is.</param>
internal sealed record TicketResource(
    long Id, long IntegrationId, long? AlertId, TicketAccountResource Account, string Title, string? Number, string? Link, string State, string? Status, string? Priority,
    DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, TicketOwedResource? Owed)
{
    internal static TicketResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), new(row.IsDBNull(3) ? null : row.GetInt64(3), row.GetString(4)), row.GetString(5), row.Text(6), row.Text(7),
        row.GetString(8), row.Text(10) ?? row.Text(9), row.Text(17), row.Instant(11), row.MaybeInstant(12),
        row.IsDBNull(13) ? null : new(row.GetString(13), row.GetString(14), row.Text(15), row.Text(16)));
}

/// <summary>Whose ticket it is; without an id when the account is not imported (any more), and its name is the PSA's id.</summary>
internal sealed record TicketAccountResource(long? Id, string Name);

/// <summary>What a PSA is owed about a ticket.</summary>
/// <param name="Kind"><c>open</c>, <c>note</c> or <c>close</c>.</param>
/// <param name="State"><c>pending</c>, <c>sending</c>, <c>in_doubt</c> or <c>parked</c>.</param>
internal sealed record TicketOwedResource(string Kind, string State, string? Code, string? Sentence);

/// <summary>What a list of tickets is narrowed by. Dates are days of the msp's zone, both included.</summary>
internal sealed record TicketFilter(
    [FromQuery(Name = "account")] long? Account, [FromQuery(Name = "status")] string? Status, [FromQuery(Name = "from")] DateOnly? From, [FromQuery(Name = "to")] DateOnly? To,
    [FromQuery(Name = "integration")] long? Integration) : IChecked
{
    private static readonly string[] States = ["owed", "open", "closed", "withdrawn"];

    public IEnumerable<FieldError> Check()
    {
        if (Status is { } status && !States.Contains(status)) yield return new("status", $"Must be one of {string.Join(", ", States)}.");
        if (To < From) yield return new("to", "Must not be before from.");
    }
}

/// <summary>For whom a test ticket is opened; nothing: with the settings for all organizations.</summary>
internal sealed record TestTicket(long? OrganizationId = null, long? AccountId = null);

/// <summary>Tickets, and a real one to see whether it works.</summary>
internal static class Tickets
{
    private const string TestTitle = "Test ticket of the billing hub";
    private const string TestDetails = "Somebody asked the billing hub for this ticket, to see that its settings are right. It can be closed.";

    private static readonly Listing<TicketResource> All =
        new("Tickets/list", Listing<TicketResource>.NewestFirst, [null, null, null, null, null], TicketResource.FromRow, ticket => ticket.Id);

    public static void MapTickets(this RouteGroupBuilder group)
    {
        var tickets = group.MapGroup("/tickets").WithTags("tickets");
        tickets.MapGet("", List);
        tickets.MapGet("/{id:long}", All.Get).Tagged();
        tickets.MapPost("/{id:long}/release", Release).Changes(All.Version("Versions/lock_ticket")).RequireAuthorization(Policies.Operator);
    }

    public static void MapTestTicket(this RouteGroupBuilder integrations) =>
        integrations.MapPost("/{id:long}/test-ticket", Test).RequireAuthorization(Policies.Operator);

    private static Task<Ok<Page<TicketResource>>> List([AsParameters] PageQuery page, [AsParameters] TicketFilter filter, MspDatabase database, CancellationToken cancellation) =>
        All.Some(page, database, [filter.Account, filter.Status, filter.From, filter.To, filter.Integration], cancellation);

    private static async Task<Results<Ok<TicketResource>, ProblemResult>> Release(long id, MspDatabase database, TicketStore store, WorkSignal signal, CancellationToken cancellation)
    {
        if (await All.Find(id, database, cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        if (!await store.Release(database.Msp, id, database.Actor, database.Condition.Precondition, cancellation)) return ProblemResult.Of(ProblemCode.TicketNotReleasable);
        signal.Raise(WorkKinds.Tickets);
        return TypedResults.Ok((await All.Find(id, database, cancellation))!);
    }

    /// <summary>A real ticket, with the settings that an alert would have.</summary>
    private static async Task<Results<Ok<RunResource>, Accepted<RunResource>, ProblemResult>> Test(
        long id, TestTicket? request, MspDatabase database, DeskStore settings, TicketStore store, WorkSignal signal, RunWatch watch, CancellationToken cancellation)
    {
        if (await Lookups.NotPsa(database, id, cancellation) is { } problem) return problem;
        var (place, unplaced) = await TicketPlace.Of(request?.OrganizationId, request?.AccountId, id, database, cancellation);
        if (place is null) return unplaced!;
        var effective = (await settings.Effective(database.Msp, id, request?.OrganizationId, place.AccountRemoteId, cancellation))!;
        if (TicketChoice.Terms(effective, SeverityOf(effective)) is not { } terms) return ProblemResult.Of(ProblemCode.TicketWithoutAccount);
        var started = await store.OweTest(database.Msp, id, terms, TestTitle, TestDetails, database.Actor, cancellation);
        signal.Raise(WorkKinds.Tickets);
        var run = await watch.Await(database, started, cancellation);
        return run.Ended ? TypedResults.Ok(run) : TypedResults.Accepted(Runs.Address(run.Id), run);
    }

    /// <summary>The least that makes a ticket.</summary>
    private static AlertSeverity SeverityOf(IReadOnlyList<EffectiveSetting> settings) =>
        Enum.GetValues<AlertSeverity>().OrderDescending().Where(severity => TicketChoice.MakesTicket(settings, severity)).FirstOrDefault(AlertSeverity.Critical);
}
