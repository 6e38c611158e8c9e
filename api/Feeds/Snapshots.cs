using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Grains.Feeds;
using UsageBilling.Interfaces.Feeds;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Products;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Api.Feeds;

/// <summary>What a feed is told. It is stored with the answer and handed to the tenants by a silo, as if it had been read.</summary>
internal static class Snapshots
{
    internal static async Task<Ok<Page<SnapshotResource>>> List(long id, [AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        var rows = await database.Rows("Feeds/snapshots", [id, null, page.From(long.MaxValue).First, page.Rows], SnapshotResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, snapshot => new(snapshot.Id, 0)));
    }

    internal static async Task<Results<Ok<SnapshotAnswer>, ProblemResult>> Get(long id, long snapshot, MspDatabase database, CancellationToken cancellation)
    {
        if (await database.One("Feeds/snapshots", [id, snapshot, long.MaxValue, 1], SnapshotResource.FromRow, cancellation) is not { } found) return ProblemResult.Of(ProblemCode.NotFound);
        return TypedResults.Ok(Answer(id, found, await database.Rows("Feeds/rows", [snapshot], SnapshotRow.FromRow, cancellation)));
    }

    /// <summary>One at a time for each feed: its row is locked by the turn, so that keys are compared and snapshots follow one another.</summary>
    internal static async Task<Results<Created<SnapshotAnswer>, Ok<SnapshotAnswer>, ProblemResult>> Take(
        long id, [AsParameters] SnapshotQuery query, HttpRequest http, MspDatabase database, TurnTransactions transactions, GrainEngines grains, IOptions<JsonOptions> json,
        CancellationToken cancellation)
    {
        var (request, problem) = await SnapshotRequest.Read(http, query, json.Value.SerializerOptions, cancellation);
        if (request is null) return problem!;
        await using var transaction = await transactions.Begin(database, cancellation);
        var told = TurnProblem.Of(await transaction.Tell(grains.Integrations, id, new IntegrationMessage.SnapshotReceived(), cancellation));
        if (told is not null) return told;
        if (await transaction.One("Feeds/feeds", [id, 0L, 1], FeedResource.FromRow, cancellation) is not { } feed) return ProblemResult.Of(ProblemCode.NotFound);
        if (query.DryRun != true && await transaction.One("Feeds/snapshot_of_key", [id, request.Key], KnownSnapshot.FromRow, cancellation) is { } known)
            return await Again(transaction, id, known, request, cancellation);
        var night = (await transaction.One("Api/msp_night", [], MspNight.FromRow, cancellation))!.Last;
        if (NotOf(night, request.AsOf) is { } other) return other;
        var rows = SnapshotCheck.Of(new(MetricsOf(feed), await Feeds.Accounts(transaction, id, cancellation)), request.Rows);
        var answer = AnswerOf(id, request, night, rows, dryRun: query.DryRun == true);
        if (query.DryRun == true) return TypedResults.Ok(answer);
        answer = await Store(transaction, answer, request, rows, database.Actor, cancellation);
        await transaction.Commit(WorkKinds.None, cancellation);
        return Created(answer);
    }

    /// <summary>Said again: the answer that was given then, or, if something else is said with the same key, a refusal.</summary>
    private static async Task<Results<Created<SnapshotAnswer>, Ok<SnapshotAnswer>, ProblemResult>> Again(
        TurnTransaction transaction, long id, KnownSnapshot known, SnapshotRequest request, CancellationToken cancellation)
    {
        if (!known.Hash.AsSpan().SequenceEqual(request.Hash)) return ProblemResult.Of(ProblemCode.IdempotencyKeyReused);
        return Created(Answer(id, known.Snapshot, await transaction.Rows("Feeds/rows", [known.Snapshot.Id], SnapshotRow.FromRow, cancellation)));
    }

    /// <summary>A feed tells of the night that runs. One that has not come cannot be known, and one that is over is on record.</summary>
    private static ProblemResult? NotOf(DateOnly night, DateOnly? asOf)
    {
        if (asOf > night) return ProblemResult.Of(new Verdict.Refused(RefusalCode.NightNotYet, $"The last night that has come is {night:yyyy-MM-dd}."), "as_of");
        return asOf < night ? ProblemResult.Of(new Verdict.Refused(RefusalCode.DateTooOld, $"That night is over; a feed tells of {night:yyyy-MM-dd} now."), "as_of") : null;
    }

    private static Dictionary<string, Metric> MetricsOf(FeedResource feed) =>
        feed.Metrics.Select(metric => Catalogue.Find(feed.Product, metric)).OfType<Metric>().ToDictionary(metric => metric.Id, StringComparer.Ordinal);

    /// <summary>Only a snapshot without a refused row can say who is missing: whoever a refused row meant is not.</summary>
    private static SnapshotAnswer AnswerOf(long id, SnapshotRequest request, DateOnly night, IReadOnlyList<CheckedRow> rows, bool dryRun)
    {
        var refused = rows.Count(row => !row.Accepted);
        return new(null, id, request.AsOf ?? night, request.Complete && refused == 0, dryRun, rows.Count - refused, refused, [.. rows.Select(SnapshotRow.Of)]);
    }

    private static async Task<SnapshotAnswer> Store(
        TurnTransaction transaction, SnapshotAnswer answer, SnapshotRequest request, IReadOnlyList<CheckedRow> rows, string actor, CancellationToken cancellation)
    {
        var names = SnapshotCheck.Names(rows);
        if (names.Count > 0) await Feeds.Keep(transaction, answer.FeedId, [.. names.Keys], [.. names.Values], cancellation);
        object?[] snapshot = [answer.FeedId, request.Key, request.Hash, answer.AsOf, answer.Complete, answer.Accepted, answer.Refused, actor];
        var id = (await transaction.Id("Feeds/add_snapshot", snapshot, cancellation))!.Value;
        await transaction.Id(
            "Feeds/add_rows",
            [
                id, answer.Rows.Select(row => row.Row).ToArray(), answer.Rows.Select(row => row.ExternalId).ToArray(), answer.Rows.Select(row => row.Metric).ToArray(),
                rows.Select(row => row.Accepted ? row.Row.Quantity : null).ToArray(), rows.Select(row => row.Code).ToArray(), rows.Select(row => row.Field).ToArray(),
                rows.Select(row => row.Sentence).ToArray(),
            ],
            cancellation);
        return answer with { Id = id };
    }

    private static SnapshotAnswer Answer(long id, SnapshotResource snapshot, IReadOnlyList<SnapshotRow> rows) =>
        new(snapshot.Id, id, snapshot.AsOf, snapshot.Complete, DryRun: false, snapshot.Accepted, snapshot.Refused, rows);

    private static Created<SnapshotAnswer> Created(SnapshotAnswer answer) => TypedResults.Created($"/v1/feeds/{answer.FeedId}/snapshots/{answer.Id}", answer);

    /// <summary>What was sent with a key before.</summary>
    private sealed record KnownSnapshot(SnapshotResource Snapshot, byte[] Hash)
    {
        public static KnownSnapshot FromRow(NpgsqlDataReader row) => new(SnapshotResource.FromRow(row), row.GetFieldValue<byte[]>(9));
    }
}
