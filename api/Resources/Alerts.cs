using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Grains.Desk;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Desk;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>Something that is wrong somewhere, and the ticket of its present occurrence.</summary>
/// <param name="Identity">What whoever tells of it calls it.</param>
/// <param name="State"><c>open</c> or <c>cleared</c>.</param>
/// <param name="Severity"><c>critical</c>, <c>high</c>, <c>moderate</c>, <c>low</c> or <c>information</c>.</param>
/// <param name="Occurrence">How often it was raised anew.</param>
/// <param name="Repeats">How often it was told again during this occurrence.</param>
/// <param name="Ticket">Null when its severity makes none.</param>
internal sealed record AlertResource(
    long Id, string Identity, string State, string Severity, string Title, long? OrganizationId, long? IntegrationId, long? AccountId, int Occurrence, int Repeats,
    DateTimeOffset? RaisedAt, DateTimeOffset? LastAt, DateTimeOffset? ClearedAt, TicketOfAlertResource? Ticket)
{
    internal static AlertResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetBoolean(2) ? "open" : "cleared", Words.Of((AlertSeverity)row.GetInt16(3)), row.GetString(4), Maybe(row, 5), Maybe(row, 6), Maybe(row, 7),
        row.GetInt32(8), row.GetInt32(9), row.MaybeInstant(11), row.MaybeInstant(12), row.MaybeInstant(13), TicketOfAlertResource.FromRow(row, 14));

    private static long? Maybe(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}

/// <summary>A ticket, as much of it as its alert, its run or its intent tells.</summary>
/// <param name="Number">What a person in the PSA knows it by; null until the PSA has it.</param>
/// <param name="Link">Where a person opens it.</param>
/// <param name="State"><c>owed</c>, <c>open</c>, <c>closed</c> or <c>withdrawn</c>.</param>
internal sealed record TicketOfAlertResource(long Id, string? Number, string? Link, string State)
{
    internal static TicketOfAlertResource? FromRow(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new(row.GetInt64(column), row.Text(column + 1), row.Text(column + 2), row.GetString(column + 3));
}

/// <summary>What is told of something: that it is so, that it still is, or that it is over.</summary>
/// <param name="Identity">Tellings of the same thing have the same.</param>
/// <param name="State"><c>raised</c>, also when it still is so, or <c>cleared</c>.</param>
/// <param name="Severity">Of what is raised: <c>critical</c>, <c>high</c>, <c>moderate</c>, <c>low</c> or <c>information</c>.</param>
/// <param name="Title">Of what is raised: one line.</param>
/// <param name="Details">More lines.</param>
/// <param name="OrganizationId">Whose it is; its settings hold.</param>
/// <param name="AccountId">The PSA account of the ticket, in the place of the organization's.</param>
/// <param name="IntegrationId">The PSA, where organization and account do not say which.</param>
/// <param name="Event">The sender's own name for this telling: sent twice, it is taken once.</param>
internal sealed record ToldAlert(
    string Identity, string State, string? Severity = null, string? Title = null, string? Details = null, long? OrganizationId = null, long? AccountId = null, long? IntegrationId = null,
    string? Event = null) : IChecked
{
    public const string Raised = "raised";
    public const string Cleared = "cleared";

    private const int TextMax = 200;
    private const int DetailsMax = 6000;

    public IEnumerable<FieldError> Check()
    {
        var errors = Checks.Text("identity", Identity, TextMax).ToList();
        if (State is not (Raised or Cleared)) errors.Add(new("state", $"Must be {Raised} or {Cleared}."));
        if (State == Raised)
        {
            if (Severity is null || Words.Parse<AlertSeverity>(Severity) is null) errors.Add(new("severity", $"Must be one of {Words.All<AlertSeverity>()}."));
            errors.AddRange(Checks.Text("title", Title, TextMax));
        }

        if (Details is { } details && (details.Length > DetailsMax || details.Any(sign => char.IsControl(sign) && sign is not ('\n' or '\r' or '\t'))))
            errors.Add(new("details", $"Must be a text of at most {DetailsMax} characters, without control characters but those of lines."));
        errors.AddRange(Checks.MaybeText("event", Event, TextMax));
        return errors;
    }
}

/// <summary>Alerts: told by whoever watches something, and made tickets of.</summary>
internal static class Alerts
{
    private static readonly Listing<AlertResource> All = new("Alerts/list", Listing<AlertResource>.NewestFirst, [null, null], AlertResource.FromRow, alert => alert.Id);

    public static void MapAlerts(this RouteGroupBuilder group)
    {
        var alerts = group.MapGroup("/alerts").WithTags("alerts");
        alerts.MapGet("", List);
        alerts.MapGet("/{id:long}", All.Get).Tagged();
        alerts.MapPost("", Tell).RequireAuthorization(Policies.Operator);
    }

    private static Task<Ok<Page<AlertResource>>> List([AsParameters] PageQuery page, bool? open, long? organization, MspDatabase database, CancellationToken cancellation) =>
        All.Some(page, database, [open, organization], cancellation);

    private static Task<Results<Created<AlertResource>, Ok<AlertResource>, ProblemResult>> Tell(
        ToldAlert request, MspDatabase database, DeskStore store, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation) =>
        request.State == ToldAlert.Raised ? Raise(request, database, store, transactions, grains, cancellation) : Clear(request, database, store, transactions, grains, cancellation);

    /// <summary>The settings of this moment come along with the message, so that the alert decides with what it is told.</summary>
    private static async Task<Results<Created<AlertResource>, Ok<AlertResource>, ProblemResult>> Raise(
        ToldAlert request, MspDatabase database, DeskStore store, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation)
    {
        var severity = Words.Parse<AlertSeverity>(request.Severity!)!.Value;
        var (place, problem) = await TicketPlace.Of(request.OrganizationId, request.AccountId, request.IntegrationId, database, cancellation);
        if (place is null) return problem!;
        var settings = (await store.Effective(database.Msp, place.Integration, request.OrganizationId, place.AccountRemoteId, cancellation))!;
        var makes = TicketChoice.MakesTicket(settings, severity);
        var terms = makes ? TicketChoice.Terms(settings, severity) : null;
        if (makes && terms is null) return ProblemResult.Of(ProblemCode.TicketWithoutAccount);
        var target = new AlertTarget(new(place.Integration), request.OrganizationId is { } organization ? new OrganizationId(organization) : null, terms?.AccountRemoteId);

        await using var transaction = await transactions.Begin(database, cancellation);
        var made = await transaction.Id("Alerts/ensure", [request.Identity], cancellation);
        var id = made ?? (await transaction.One("Alerts/named", [request.Identity], KnownAlert.FromRow, cancellation))!.Id;
        var message = new AlertMessage.Raised(NameOf(request), severity, request.Title!.Trim(), request.Details ?? "", target, terms);
        if (TurnProblem.Of(await transaction.Tell(grains.Alerts, id, message, cancellation)) is { } refused) return refused;
        await transaction.Commit(WorkKinds.None, cancellation);
        var alert = (await All.Find(id, database, cancellation))!;
        return made is null ? TypedResults.Ok(alert) : TypedResults.Created($"/v1/alerts/{id}", alert);
    }

    private static async Task<Results<Created<AlertResource>, Ok<AlertResource>, ProblemResult>> Clear(
        ToldAlert request, MspDatabase database, DeskStore store, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation)
    {
        if (await database.One("Alerts/named", [request.Identity], KnownAlert.FromRow, cancellation) is not { } known) return ProblemResult.Of(ProblemCode.AlertUnknown);
        var settings = known.Integration is { } psa ? await store.Effective(database.Msp, psa, known.Organization, known.Account, cancellation) : null;
        await using var transaction = await transactions.Begin(database, cancellation);
        var message = new AlertMessage.Cleared(NameOf(request), request.Details ?? "", settings is null ? null : TicketChoice.CloseStatus(settings));
        if (TurnProblem.Of(await transaction.Tell(grains.Alerts, known.Id, message, cancellation)) is { } refused) return refused;
        await transaction.Commit(WorkKinds.None, cancellation);
        return TypedResults.Ok((await All.Find(known.Id, database, cancellation))!);
    }

    private static string? NameOf(ToldAlert request) => string.IsNullOrEmpty(request.Event) ? null : request.Event;

    /// <summary>An alert that was told of before.</summary>
    private sealed record KnownAlert(long Id, long? Integration, long? Organization, string? Account)
    {
        public static KnownAlert FromRow(NpgsqlDataReader row) => new(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.Text(3));
    }
}

/// <summary>Which PSA a ticket goes to, and to which account, as far as the request says.</summary>
/// <param name="AccountRemoteId">Null when the settings say.</param>
internal sealed record TicketPlace(long Integration, string? AccountRemoteId)
{
    public static async Task<(TicketPlace? Place, ProblemResult? Problem)> Of(long? organization, long? account, long? integration, MspDatabase database, CancellationToken cancellation)
    {
        if (organization is { } owner && await database.Id("Desk/organization", [owner], cancellation) is null) return (null, ProblemResult.Of(ProblemCode.OrganizationUnknown));
        if (account is { } named)
        {
            var found = await database.One("Alerts/account", [named], row => new TicketPlace(row.GetInt64(0), row.GetString(1)), cancellation);
            return found is null || (integration is { } psa && psa != found.Integration) ? (null, ProblemResult.Of(ProblemCode.AccountUnknown)) : (found, null);
        }

        var night = (await database.Night(cancellation)).Last;
        return await database.Rows("Alerts/psas", [organization, integration, night], row => row.GetInt64(0), cancellation) switch
        {
            [var only] => (new(only, null), null),
            [] when integration is not null => (null, ProblemResult.Of(ProblemCode.PsaUnknown)),
            _ => (null, ProblemResult.Of(ProblemCode.PsaUnclear)),
        };
    }
}
