using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Access;
using UsageBilling.Api.Database;
using UsageBilling.Api.Idempotency;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Versions;
using UsageBilling.Runtime.Keys;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>A key of the msp. Its secret is nowhere.</summary>
/// <param name="Id">Its public part, as in <c>ub_{id}_…</c> and in the audit.</param>
/// <param name="Scope"><c>viewer</c>, <c>operator</c> or <c>superuser</c>, each of which includes the ones before it; or <c>feed</c>, which tells one feed and nothing else.</param>
/// <param name="State"><c>live</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="CreatedBy">A key's name and id; empty when it was made on the command line.</param>
/// <param name="LastUsedAt">To the minute; null when it was never used.</param>
/// <param name="ExpiresAt">Null when it never does.</param>
/// <param name="FeedId">The one feed that a key of scope <c>feed</c> is for.</param>
internal sealed record KeyResource(
    string Id, string Name, string Scope, string State, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt,
    long? FeedId)
{
    internal static (long Number, KeyResource Key) FromRow(NpgsqlDataReader row) => (row.GetInt64(0), new(
        row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(9), row.Instant(4), row.GetString(5), row.MaybeInstant(6), row.MaybeInstant(7), row.MaybeInstant(8),
        row.IsDBNull(10) ? null : row.GetInt64(10)));
}

/// <summary>A key that was just made.</summary>
/// <param name="Key">What is sent with each request. It is shown this once and kept nowhere.</param>
internal sealed record MadeKeyResource(string Key, KeyResource Made);

/// <summary>A key to be made.</summary>
/// <param name="Scope"><c>feed</c>, <c>viewer</c>, <c>operator</c> or <c>superuser</c>.</param>
/// <param name="ExpiresAt">Absent or null: never.</param>
/// <param name="FeedId">Of scope <c>feed</c>: the feed that the key may tell.</param>
internal sealed record NewKey(string Name, string Scope, DateTimeOffset? ExpiresAt = null, long? FeedId = null) : IChecked
{
    private const int NameMax = 100;

    public IEnumerable<FieldError> Check()
    {
        foreach (var error in Checks.Text("name", Name, NameMax)) yield return error;
        if (Words.Parse<ApiScope>(Scope) is null) yield return new("scope", $"Must be one of {Words.All<ApiScope>()}.");
        if (Words.Parse<ApiScope>(Scope) is { } scope && scope == ApiScope.Feed != FeedId is not null) yield return new("feed_id", "Must be there with the scope feed, and with no other.");
    }

    public KeyEntry ToEntry() => new(Name.Trim(), Words.Parse<ApiScope>(Scope)!.Value, ExpiresAt, FeedId);
}

/// <summary>How a key is replaced by another.</summary>
/// <param name="OverlapMinutes">For so long the old key goes on beside the new one; absent or 0 ends it at once.</param>
internal sealed record KeyRotation(int OverlapMinutes = 0) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        if (OverlapMinutes is < 0 or > KeyStore.OverlapMinutesMax) yield return new("overlap_minutes", $"Must be 0 to {KeyStore.OverlapMinutesMax}.");
    }
}

/// <summary>The msp's keys.</summary>
internal static class Keys
{
    private static readonly Versioned Version = Versioned.OfMsp((sight, cancellation) => Read(sight.Database, sight.Text("id"), cancellation));

    public static void MapKeys(this RouteGroupBuilder group)
    {
        var keys = group.MapGroup("/keys").RequireAuthorization(Policies.Superuser).WithTags("keys");
        keys.MapGet("", List);
        keys.MapGet("/{id}", Get).Tagged();
        keys.MapPost("", Add).WithMetadata(new SecretAnswer());
        keys.MapPost("/{id}/rotate", Rotate).Changes(Version).WithMetadata(new SecretAnswer());
        keys.MapDelete("/{id}", Revoke).Changes(Version);
    }

    private static async Task<Ok<Page<KeyResource>>> List([AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        var found = page.Of(await database.Rows("Keys/list", [null, page.From(0).First, page.Rows], KeyResource.FromRow, cancellation), row => new(row.Number, 0));
        return TypedResults.Ok(new Page<KeyResource>([.. found.Items.Select(row => row.Key)], found.NextCursor));
    }

    private static async Task<Results<Ok<KeyResource>, ProblemResult>> Get(string id, MspDatabase database, CancellationToken cancellation) =>
        await Read(database, id, cancellation) is { } key ? TypedResults.Ok(key) : ProblemResult.Of(ProblemCode.NotFound);

    private static async Task<Results<Created<MadeKeyResource>, ProblemResult>> Add(NewKey request, MspDatabase database, KeyStore store, CancellationToken cancellation) =>
        request.FeedId is { } feed && await database.Id("Feeds/exists", [feed], cancellation) is null
            ? ProblemResult.Of(ProblemCode.FeedUnknown)
            : await Made(await store.Add(database.Msp, request.ToEntry(), database.Actor, cancellation), database, cancellation);

    private static async Task<Results<Created<MadeKeyResource>, ProblemResult>> Rotate(
        string id, KeyRotation? request, MspDatabase database, KeyStore store, CancellationToken cancellation) =>
        await Made(await store.Rotate(database.Msp, id, request?.OverlapMinutes ?? 0, database.Actor, database.Condition.Precondition, cancellation), database, cancellation);

    private static async Task<Results<NoContent, ProblemResult>> Revoke(string id, MspDatabase database, KeyStore store, CancellationToken cancellation) =>
        await store.Revoke(database.Msp, id, database.Actor, database.Condition.Precondition, cancellation) is var answer && answer is KeyAnswer.Done ? TypedResults.NoContent() : ProblemOf(answer);

    private static async Task<Results<Created<MadeKeyResource>, ProblemResult>> Made(KeyAnswer answer, MspDatabase database, CancellationToken cancellation) =>
        answer is KeyAnswer.Done { Key: { } key } made
            ? TypedResults.Created($"/v1/keys/{made.Id}", new MadeKeyResource(key, (await Read(database, made.Id, cancellation))!))
            : ProblemOf(answer);

    private static ProblemResult ProblemOf(KeyAnswer answer) => ProblemResult.Of(answer switch
    {
        KeyAnswer.Unknown => ProblemCode.NotFound,
        KeyAnswer.Ended => ProblemCode.KeyEnded,
        KeyAnswer.ExpiryOutOfRange => ProblemCode.KeyExpiryOutOfRange,
        KeyAnswer.TooMany => ProblemCode.KeysTooMany,
        KeyAnswer.LastSuperuser => ProblemCode.KeyLastSuperuser,
        _ => throw new InvalidOperationException($"A wish about keys ended with {answer.GetType().Name}."),
    });

    private static async Task<KeyResource?> Read(MspDatabase database, string id, CancellationToken cancellation)
    {
        var rows = await database.Rows("Keys/list", [id, 0L, 1], KeyResource.FromRow, cancellation);
        return rows.Count == 0 ? null : rows[0].Key;
    }
}
