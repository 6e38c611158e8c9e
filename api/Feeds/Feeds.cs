using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Idempotency;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Products;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Api.Feeds;

/// <summary>Feeds: products that tell the hub what they count, because no connector can read them.</summary>
internal static class Feeds
{
    private static readonly Versioned Version = Versioned.OfIntegration((sight, cancellation) => Read(sight.Database, sight.Id, cancellation));

    public static void MapFeeds(this RouteGroupBuilder group)
    {
        var feeds = group.MapGroup("/feeds").WithTags("feeds");
        feeds.MapGet("", List).RequireAuthorization(Policies.Viewer);
        feeds.MapPost("", Create).RequireAuthorization(Policies.Superuser);

        var seeing = feeds.MapGroup("/{id:long}").RequireAuthorization(Policies.FeedSeen);
        seeing.MapGet("", Get).Tagged();
        seeing.MapGet("/snapshots", Snapshots.List);
        seeing.MapGet("/snapshots/{snapshot:long}", Snapshots.Get);

        var telling = feeds.MapGroup("/{id:long}").RequireAuthorization(Policies.FeedTold);
        telling.MapPut("/accounts", KeepAccounts).Changes(Version);
        telling.MapPut("/metrics", SetMetrics).Changes(Version);
        telling.MapPost("/snapshots", Snapshots.Take).WithMetadata(new OwnKeys())
            .Accepts<NewSnapshot>("application/json", SnapshotRequest.Csv)
            .WithMetadata(new RequestSizeLimitAttribute(SnapshotRequest.BodyBytesMax));
    }

    private static async Task<Ok<Page<FeedResource>>> List([AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        var rows = await database.Rows("Feeds/feeds", [null, page.From(0).First, page.Rows], FeedResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, feed => new(feed.Id, 0)));
    }

    private static async Task<Results<Ok<FeedResource>, ProblemResult>> Get(long id, MspDatabase database, CancellationToken cancellation) =>
        await Read(database, id, cancellation) is { } feed ? TypedResults.Ok(feed) : ProblemResult.Of(ProblemCode.NotFound);

    private static async Task<Results<Created<FeedResource>, ProblemResult>> Create(
        NewFeed request, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation)
    {
        string[] metrics = [.. Catalogue.Find(request.Product)!.Metrics.Select(metric => metric.Id)];
        await using var transaction = await transactions.Begin(database, cancellation);
        await transaction.Id("Integrations/lock_names", [], cancellation);
        if (await transaction.Id("Feeds/add_feed", [request.Name.Trim(), request.Product, metrics], cancellation) is not { } id)
            return ProblemResult.Of(ProblemCode.NameTaken, "Another integration has this name already.");
        await transaction.Tell(grains.Integrations, id, new IntegrationMessage.FeedOpened(request.Product), cancellation);
        await transaction.Commit(WorkKinds.None, cancellation);
        return TypedResults.Created($"/v1/feeds/{id}", (await Read(database, id, cancellation))!);
    }

    private static async Task<Results<Ok<KeptAccounts>, ProblemResult>> KeepAccounts(
        long id, FeedAccounts request, MspDatabase database, TurnTransactions transactions, CancellationToken cancellation)
    {
        await using var transaction = await transactions.Begin(database, cancellation);
        if (await transaction.One("Feeds/feeds", [id, 0L, 1], FeedResource.FromRow, cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        var known = await Accounts(transaction, id, cancellation);
        await Keep(transaction, id, [.. request.Accounts.Select(account => account.ExternalId)], [.. request.Accounts.Select(account => account.Name)], cancellation);
        var added = request.Accounts.Count(account => !known.ContainsKey(account.ExternalId));
        var renamed = request.Accounts.Count(account => known.TryGetValue(account.ExternalId, out var name) && name != account.Name);
        if (added + renamed > 0) await transaction.Audit("feed.accounts", GrainKind.Integration, id, $"{known.Count} accounts", $"{added} added, {renamed} renamed", cancellation);
        await transaction.Commit(WorkKinds.None, cancellation);
        return TypedResults.Ok(new KeptAccounts(added, renamed, request.Accounts.Count - added - renamed));
    }

    private static async Task<Results<Ok<FeedResource>, ProblemResult>> SetMetrics(
        long id, FeedMetrics request, MspDatabase database, TurnTransactions transactions, CancellationToken cancellation)
    {
        await using var transaction = await transactions.Begin(database, cancellation);
        if (await transaction.One("Feeds/feeds", [id, 0L, 1], FeedResource.FromRow, cancellation) is not { } feed) return ProblemResult.Of(ProblemCode.NotFound);
        if (request.Check(feed.Product).ToList() is { Count: > 0 } errors) return ProblemResult.Of(ProblemCode.ValidationFailed, errors);
        string[] metrics = [.. request.Metrics.Select(metric => metric.Key)];
        await transaction.Id("Feeds/set_metrics", [id, metrics], cancellation);
        await transaction.Audit("feed.metrics", GrainKind.Integration, id, string.Join(", ", feed.Metrics), string.Join(", ", metrics), cancellation);
        await transaction.Commit(WorkKinds.None, cancellation);
        return TypedResults.Ok((await Read(database, id, cancellation))!);
    }

    /// <summary>The names of the feed's accounts by their ids.</summary>
    internal static async Task<Dictionary<string, string>> Accounts(TurnTransaction transaction, long id, CancellationToken cancellation) =>
        (await transaction.Rows("Feeds/accounts", [id], row => (Id: row.GetString(0), Name: row.GetString(1)), cancellation))
        .ToDictionary(account => account.Id, account => account.Name, StringComparer.Ordinal);

    /// <summary>Accounts become tenants, which wake when the present night is over.</summary>
    internal static async Task Keep(TurnTransaction transaction, long id, string[] ids, string[] names, CancellationToken cancellation)
    {
        var now = (await transaction.One("Api/msp_night", [], MspNight.FromRow, cancellation))!;
        var next = now.Calendar.Existing(now.Last.AddDays(1));
        await transaction.Id("Feeds/keep_accounts", [id, ids, names, next, now.Calendar.RunAt(next)], cancellation);
    }

    private static Task<FeedResource?> Read(MspDatabase database, long id, CancellationToken cancellation) =>
        database.One("Feeds/feeds", [id, 0L, 1], FeedResource.FromRow, cancellation);
}
