using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Idempotency;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Integrations;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>A connection to a vendor account, without its secret.</summary>
/// <param name="BaseUrl">Null for a feed, which calls nobody; so is the user.</param>
/// <param name="ReadsProducts">Whether it is a source of counts.</param>
/// <param name="Credentials"><c>untested</c>, <c>valid</c> or <c>refused</c>.</param>
/// <param name="CredentialReason">The vendor's code when refused.</param>
/// <param name="Tenant">BMS and Vorex: the company that the user signs in to.</param>
/// <param name="Region">The vendor's region that has this address, when it is one.</param>
/// <param name="NightCursor">The last night that is completely read.</param>
/// <param name="Failures">Reads of the current night that left tenants unread, in a row.</param>
/// <param name="Quota">Null while nothing has been called that the vendor counts.</param>
internal sealed record IntegrationResource(
    long Id, string Kind, string Name, string? BaseUrl, string? User, bool ReadsProducts, string Credentials, string? CredentialReason, DateOnly? NightCursor,
    int Failures, CircuitResource Circuit, QuotaResource? Quota, DateTimeOffset CreatedAt, string? Tenant, string? Region)
{
    internal static IntegrationResource FromRow(NpgsqlDataReader row)
    {
        var kind = IntegrationKind.Of(row.GetString(1));
        var fed = row.GetString(1) == IntegrationKind.Feed;
        return new(
            row.GetInt64(0), row.GetString(1), row.GetString(2), fed ? null : row.GetString(3), fed ? null : row.GetString(4), row.GetBoolean(5),
            Words.Of((CredentialState)row.GetInt16(6)), row.Text(7), row.MaybeDate(8), row.GetInt32(9),
            CircuitResource.FromRow(row, 11), QuotaResource.FromRow(row, 13), row.Instant(10),
            kind?.Code == CredentialCode.Tenant ? row.GetString(17) : null, fed ? null : kind?.RegionOf(new Uri(row.GetString(3))));
    }
}

/// <summary>Whether the vendor is called.</summary>
/// <param name="State"><c>closed</c>, or <c>open</c>: it failed too often, and nobody calls it.</param>
/// <param name="OpenUntil">When one call tries it again.</param>
/// <param name="Reason">The code of the last failure.</param>
internal sealed record CircuitResource(string State, DateTimeOffset? OpenUntil, string? Reason)
{
    internal static CircuitResource FromRow(NpgsqlDataReader row, int column) =>
        new(row.IsDBNull(column) ? "closed" : "open", row.MaybeInstant(column), row.Text(column + 1));
}

/// <summary>Calls in the vendor's rolling window: of the endpoint that has the fewest left, where each has a limit of its own.</summary>
/// <param name="Used">Calls the silos have taken.</param>
/// <param name="Allowed">Calls they may take.</param>
/// <param name="UsedByOthers">Calls of strangers in the same account, when the vendor tells.</param>
/// <param name="AsOf">When the vendor told; null when it has not.</param>
internal sealed record QuotaResource(int Used, int Allowed, int? UsedByOthers, DateTimeOffset? AsOf)
{
    internal static QuotaResource? FromRow(NpgsqlDataReader row, int column) => row.IsDBNull(column)
        ? null
        : new(row.GetInt32(column), row.GetInt32(column + 1), row.IsDBNull(column + 2) ? null : row.GetInt32(column + 2), row.MaybeInstant(column + 3));
}

/// <summary>Connections to vendor accounts.</summary>
internal static class Integrations
{
    private static readonly Versioned Version = Versioned.OfIntegration<IntegrationResource>((sight, cancellation) => Read(sight.Database, sight.Id, cancellation));

    public static void MapIntegrations(this RouteGroupBuilder group)
    {
        var integrations = group.MapGroup("/integrations").WithTags("integrations");
        integrations.MapGet("", List);
        integrations.MapGet("/{id:long}", Get).Tagged();
        integrations.MapLookups();
        integrations.MapDeskSettings();
        integrations.MapTestTicket();

        var running = integrations.MapGroup("").RequireAuthorization(Policies.Operator);
        running.MapPost("/{id:long}/test", Test);
        running.MapPost("/{id:long}/import", Import);
        running.MapPost("/{id:long}/reconcile", Reconcile);

        var secrets = integrations.MapGroup("").RequireAuthorization(Policies.Superuser);
        secrets.MapPost("", Create);
        secrets.MapPut("/{id:long}", Change).Replaces(Version);
        secrets.MapDelete("/{id:long}", Remove).Changes(Version);
        secrets.MapPost("/{id:long}/reveal", Reveal).WithMetadata(new SecretAnswer());
    }

    private static async Task<Ok<Page<IntegrationResource>>> List([AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        var rows = await database.Rows("Api/integrations", [null, page.From(0).First, page.Rows], IntegrationResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, integration => new(integration.Id, 0)));
    }

    private static async Task<Results<Ok<IntegrationResource>, ProblemResult>> Get(long id, MspDatabase database, CancellationToken cancellation) =>
        await Read(database, id, cancellation) is { } integration ? TypedResults.Ok(integration) : ProblemResult.Of(ProblemCode.NotFound);

    /// <summary>Stores the integration and tells it of its credentials, which sets its first reading.</summary>
    private static async Task<Results<Created<IntegrationResource>, ProblemResult>> Create(
        NewIntegration request, MspDatabase database, TurnTransactions transactions, GrainEngines grains, SecretVault vault, CancellationToken cancellation)
    {
        var row = request.ToRow(vault, database.Msp);
        await using var transaction = await transactions.Begin(database, cancellation);
        await transaction.Id("Integrations/lock_names", [], cancellation);
        if (await transaction.Id("Api/add_integration", row, cancellation) is not { } id) return NameTaken;
        await transaction.Audit("integration.created", GrainKind.Integration, id, "", request.Words(), cancellation);
        await transaction.Tell(grains.Integrations, id, new IntegrationMessage.CredentialsChanged(), cancellation);
        await transaction.Commit(WorkKinds.None, cancellation);
        return TypedResults.Created($"/v1/integrations/{id}", (await Read(database, id, cancellation))!);
    }

    /// <summary>Another name, other credentials or another address, whatever is given, in one commit.</summary>
    private static async Task<Results<Ok<IntegrationResource>, ProblemResult>> Change(
        long id, ChangedIntegration request, MspDatabase database, TurnTransactions transactions, GrainEngines grains, SecretVault vault, CancellationToken cancellation)
    {
        await using var transaction = await transactions.Begin(database, cancellation);
        await transaction.Id("Integrations/lock_names", [], cancellation);
        if (await transaction.One("Integrations/lock", [id], StoredIntegration.FromRow, cancellation) is not { } stored) return ProblemResult.Of(ProblemCode.NotFound);
        if (request.Check(stored).ToList() is { Count: > 0 } errors) return ProblemResult.Of(ProblemCode.ValidationFailed, errors);
        if (!await Rename(id, stored.Name, request.Name?.Trim(), transaction, cancellation)) return NameTaken;
        if (request.Secret is not null)
        {
            var row = request.ToRow(id, stored, vault, database.Msp);
            await transaction.Id("Api/change_credentials", row, cancellation);
            if ((string)row[1]! is var address && address != stored.BaseUrl)
                await transaction.Audit("integration.address", GrainKind.Integration, id, stored.BaseUrl, address, cancellation);
            if ((string)row[2]! is var user && user != stored.User) await transaction.Audit("integration.user", GrainKind.Integration, id, stored.User, user, cancellation);
            await transaction.Tell(grains.Integrations, id, new IntegrationMessage.CredentialsChanged(), cancellation);
        }

        await transaction.Commit(WorkKinds.None, cancellation);
        return TypedResults.Ok((await Read(database, id, cancellation))!);
    }

    private static async Task<bool> Rename(long id, string before, string? wanted, TurnTransaction transaction, CancellationToken cancellation)
    {
        if (wanted is null || wanted == before) return true;
        if (await transaction.Id("Integrations/rename", [id, wanted], cancellation) is null) return false;
        await transaction.Audit("integration.renamed", GrainKind.Integration, id, before, wanted, cancellation);
        return true;
    }

    /// <summary>Only what was made by mistake, or in vain, can be removed: history stays.</summary>
    private static async Task<Results<NoContent, ProblemResult>> Remove(long id, MspDatabase database, IntegrationStore store, CancellationToken cancellation) =>
        await store.Remove(database.Msp, id, database.Actor, database.Condition.Precondition, cancellation) switch
        {
            IntegrationRemoval.Done => TypedResults.NoContent(),
            IntegrationRemoval.InUse { Use: var use } => ProblemResult.Of(ProblemCode.IntegrationInUse, IntegrationUseWords.Of(use)),
            _ => ProblemResult.Of(ProblemCode.NotFound),
        };

    /// <summary>The one answer of the hub that holds a secret: nobody may keep it on the way.</summary>
    private static async Task<Results<Ok<RevealedResource>, ProblemResult>> Reveal(
        long id, MspDatabase database, IntegrationStore store, SecretVault vault, HttpResponse response, CancellationToken cancellation)
    {
        response.Headers.CacheControl = "no-store";
        if (await IsFed(database, id, cancellation)) return ProblemResult.Of(ProblemCode.IntegrationIsFed);
        if (await store.Reveal(database.Msp, id, database.Actor, cancellation) is not { } stored) return ProblemResult.Of(ProblemCode.NotFound);
        try
        {
            return TypedResults.Ok(RevealedResource.Of(id, stored, vault.Reveal(database.Msp.Value, stored.SecretProtected)));
        }
        catch (CryptographicException)
        {
            return ProblemResult.Of(ProblemCode.SecretUnreadable);
        }
    }

    private static ProblemResult NameTaken => ProblemResult.Of(ProblemCode.NameTaken, "Another integration has this name already.");

    private static Task<Results<Ok<RunResource>, Accepted<RunResource>, ProblemResult>> Test(
        long id, MspDatabase database, WorkSignal signal, RunWatch watch, CancellationToken cancellation) => Start(id, "test", database, signal, watch, cancellation);

    private static Task<Results<Ok<RunResource>, Accepted<RunResource>, ProblemResult>> Import(
        long id, MspDatabase database, WorkSignal signal, RunWatch watch, CancellationToken cancellation) => Start(id, "import", database, signal, watch, cancellation);

    private static Task<Results<Ok<RunResource>, Accepted<RunResource>, ProblemResult>> Reconcile(
        long id, MspDatabase database, WorkSignal signal, RunWatch watch, CancellationToken cancellation) => Start(id, "reconcile", database, signal, watch, cancellation);

    /// <summary>Only a silo may call a vendor: the api writes a run, says so, and waits a while.</summary>
    internal static async Task<Results<Ok<RunResource>, Accepted<RunResource>, ProblemResult>> Start(
        long id, string kind, MspDatabase database, WorkSignal signal, RunWatch watch, CancellationToken cancellation)
    {
        if (await IsFed(database, id, cancellation)) return ProblemResult.Of(ProblemCode.IntegrationIsFed);
        if (await database.Id("Api/start_integration_run", [id, kind, database.Actor], cancellation) is not { } started) return ProblemResult.Of(ProblemCode.NotFound);
        signal.Raise(WorkKinds.Runs);
        var run = await watch.Await(database, started, cancellation);
        return run.Ended ? TypedResults.Ok(run) : TypedResults.Accepted(Runs.Address(run.Id), run);
    }

    private static async Task<bool> IsFed(MspDatabase database, long id, CancellationToken cancellation) =>
        await database.One("Desk/kind", [id], row => row.GetString(0), cancellation) == IntegrationKind.Feed;

    private static Task<IntegrationResource?> Read(MspDatabase database, long id, CancellationToken cancellation) =>
        database.One("Api/integrations", [id, 0L, 1], IntegrationResource.FromRow, cancellation);
}
