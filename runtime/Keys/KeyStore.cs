using System.Globalization;
using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Keys;

/// <summary>What a person says of a key.</summary>
/// <param name="ExpiresAt">From when on it is no key any more; null for never.</param>
/// <param name="Feed">The feed that a key of scope feed is for, one of the msp's; null for any other.</param>
public sealed record KeyEntry(string Name, ApiScope Scope, DateTimeOffset? ExpiresAt, long? Feed = null)
{
#pragma warning disable CA1308 // scopes are stored in lower case
    internal string ScopeText => Scope.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    internal string Words() => string.Create(
        CultureInfo.InvariantCulture, $"{Name}, {ScopeText}{(Feed is { } feed ? $" {feed}" : "")}, {(ExpiresAt is { } until ? $"until {until.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "for ever")}");
}

/// <summary>What became of a wish about keys.</summary>
public abstract record KeyAnswer
{
    private KeyAnswer()
    {
    }

    /// <summary>It was done.</summary>
    /// <param name="Id">The key's public id.</param>
    /// <param name="Key">The text of a new key: the only copy there will ever be; null when there is none.</param>
    public sealed record Done(string Id, string? Key) : KeyAnswer;

    /// <summary>The msp has no such key.</summary>
    public sealed record Unknown : KeyAnswer;

    /// <summary>The key was revoked, or has expired.</summary>
    public sealed record Ended : KeyAnswer;

    /// <summary>The key would have expired before it was made, or lives longer than <see cref="KeyStore.DaysMax"/> days.</summary>
    public sealed record ExpiryOutOfRange : KeyAnswer;

    /// <summary>There are <see cref="KeyStore.KeysMax"/> live keys.</summary>
    public sealed record TooMany : KeyAnswer;

    /// <summary>Without this key nobody could make keys for ever.</summary>
    public sealed record LastSuperuser : KeyAnswer;
}

/// <summary>Makes, rotates and revokes the keys of an msp, each change audited by the same commit. Secrets are neither stored nor audited.</summary>
public sealed class KeyStore(NpgsqlDataSource database)
{
    /// <summary>Live keys of one msp.</summary>
    public const int KeysMax = 200;

    /// <summary>Days until a key expires, when it does.</summary>
    public const int DaysMax = 3_660;

    /// <summary>Minutes that a rotated key goes on beside the new one.</summary>
    public const int OverlapMinutesMax = 10_080;

    /// <summary>Makes a key.</summary>
    public Task<KeyAnswer> Add(MspId msp, KeyEntry wanted, string actor, CancellationToken cancellation) => Alone(
        msp,
        null,
        async connection =>
        {
            var now = await Look(connection, msp, "", cancellation);
            if (now.Live >= KeysMax) return new KeyAnswer.TooMany();
            if (wanted.ExpiresAt <= now.At || wanted.ExpiresAt > now.At.AddDays(DaysMax)) return new KeyAnswer.ExpiryOutOfRange();
            return await Make(connection, msp, wanted, "key.created", "", actor, cancellation);
        },
        cancellation);

    /// <summary>Makes a key like a live one, which ends: now, or so many minutes later.</summary>
    /// <param name="precondition">Must hold of the key; null for nothing.</param>
    public Task<KeyAnswer> Rotate(MspId msp, string id, int overlapMinutes, string actor, Precondition? precondition, CancellationToken cancellation) => Alone(
        msp,
        precondition,
        async connection =>
        {
            var now = await Look(connection, msp, id, cancellation);
            if (now.Objection is { } objection) return objection;
            if (overlapMinutes > 0 && now.Live >= KeysMax) return new KeyAnswer.TooMany();
            await End(connection, msp, id, overlapMinutes > 0 ? now.At.AddMinutes(overlapMinutes) : null, cancellation);
            return await Make(connection, msp, now.Entry!, "key.rotated", id, actor, cancellation);
        },
        cancellation);

    /// <summary>Ends a key now. One that somebody needs to make others stays.</summary>
    /// <param name="precondition">Must hold of the key; null for nothing.</param>
    public Task<KeyAnswer> Revoke(MspId msp, string id, string actor, Precondition? precondition, CancellationToken cancellation) => Alone(
        msp,
        precondition,
        async connection =>
        {
            var now = await Look(connection, msp, id, cancellation);
            if (now.Objection is { } objection) return objection;
            if (now.IsLast && now.Entry!.Scope == ApiScope.Superuser) return new KeyAnswer.LastSuperuser();
            await End(connection, msp, id, null, cancellation);
            await connection.Audit(msp, actor, "key.revoked", now.Number!.Value, $"{id}: {now.Entry!.Words()}", "", cancellation);
            return new KeyAnswer.Done(id, null);
        },
        cancellation);

    private static async Task<KeyAnswer> Make(NpgsqlConnection connection, MspId msp, KeyEntry entry, string action, string before, string actor, CancellationToken cancellation)
    {
        var (key, id, hash) = ApiKeys.Draw();
        var number = await ApiKeys.Keep(connection, msp, id, hash, entry, actor, cancellation);
        await connection.Audit(msp, actor, action, number, before, $"{id}: {entry.Words()}", cancellation);
        return new KeyAnswer.Done(id, key);
    }

    private static Task End(NpgsqlConnection connection, MspId msp, string id, DateTimeOffset? at, CancellationToken cancellation) =>
        connection.Do("Keys/end", command => command.With(msp.Value).With(id).With(at), cancellation);

    private static Task<Sight> Look(NpgsqlConnection connection, MspId msp, string id, CancellationToken cancellation) =>
        connection.One("Keys/live", command => command.With(msp.Value).With(id), Sight.FromRow, cancellation);

    private async Task<KeyAnswer> Alone(MspId msp, Precondition? precondition, Func<NpgsqlConnection, Task<KeyAnswer>> change, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, cancellation);
        await connection.Do("Keys/lock_msp", command => command.With(msp.Value), cancellation);
        if (precondition is not null) await precondition(connection, cancellation);
        var answer = await change(connection);
        if (answer is KeyAnswer.Done) await transaction.CommitAsync(cancellation);
        return answer;
    }

    /// <summary>What is so at the instant of the change.</summary>
    /// <param name="Number">Of the key that was looked for; null when it is no live one.</param>
    /// <param name="IsLast">Whether no other live key of superuser scope stays for ever.</param>
    private sealed record Sight(long Live, DateTimeOffset At, long? Number, KeyEntry? Entry, bool IsLast, bool Known)
    {
        public KeyAnswer? Objection => !Known ? new KeyAnswer.Unknown() : Number is null ? new KeyAnswer.Ended() : null;

        public static Sight FromRow(NpgsqlDataReader row) => new(
            row.GetInt64(0), row.Instant(1), row.IsDBNull(2) ? null : row.GetInt64(2),
            row.IsDBNull(3) ? null : new(row.GetString(3), ApiKeys.ScopeOf(row.GetString(4)), row.MaybeInstant(5), row.IsDBNull(8) ? null : row.GetInt64(8)),
            row.GetBoolean(6), row.GetInt64(7) > 0);
    }
}
