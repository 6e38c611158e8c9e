using System.Security.Cryptography;
using System.Text;
using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Keys;

/// <summary>What a key may do; each scope includes the ones before it.</summary>
public enum ApiScope
{
    /// <summary>Tells one feed, and sees what became of that. Nothing else.</summary>
    Feed = 0,

    /// <summary>Reads everything of its msp.</summary>
    Viewer = 1,

    /// <summary>Maps, refreshes, starts nights, releases holds.</summary>
    Operator = 2,

    /// <summary>Everything, credentials included.</summary>
    Superuser = 3,
}

/// <summary>Who is calling.</summary>
/// <param name="Id">The key's public id; kept in the audit.</param>
/// <param name="Feed">The one feed that a key of scope feed is for; null for any other.</param>
public sealed record Caller(string Id, string Name, MspId Msp, ApiScope Scope, long? Feed = null);

/// <summary>API keys: <c>ub_{id}_{secret}</c>, 256 random bits, of which only the SHA-256 is kept.</summary>
public sealed class ApiKeys(NpgsqlDataSource database)
{
    private const string Prefix = "ub_";

    /// <summary>Makes a key and stores its hash. The text returned is the only copy there will ever be.</summary>
    public async Task<string> Create(MspId msp, string name, ApiScope scope, CancellationToken cancellation)
    {
        var (key, id, hash) = Draw();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await Keep(connection, msp, id, hash, new(name, scope, ExpiresAt: null), by: "", cancellation);
        return key;
    }

    /// <summary>Who a key belongs to, or null when it is not one, was revoked or has expired. Writes down that it was used, to the minute.</summary>
    public async Task<Caller?> Find(string key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        var parts = key.Split('_');
        if (parts.Length != 3 || key.Length > 200 || parts[0] + "_" != Prefix) return null;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var found = await connection.Rows(
            "Keys/find",
            command => command.With(parts[1]),
            row => (Caller: new Caller(parts[1], row.GetString(1), new(row.GetInt64(0)), ScopeOf(row.GetString(3)), row.IsDBNull(5) ? null : row.GetInt64(5)), Hash: row.GetFieldValue<byte[]>(2), Write: row.GetBoolean(4)),
            cancellation);
        if (found is not [var known] || !CryptographicOperations.FixedTimeEquals(known.Hash, Hash(parts[2]))) return null;
        if (known.Write) await connection.Do("Keys/used", command => command.With(parts[1]), cancellation);
        return known.Caller;
    }

    /// <summary>A new key as text, its public id, and what is kept of its secret.</summary>
    internal static (string Key, string Id, byte[] Hash) Draw()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return ($"{Prefix}{id}_{secret}", id, Hash(secret));
    }

    /// <returns>The number of the key in its hub.</returns>
    internal static Task<long> Keep(NpgsqlConnection connection, MspId msp, string id, byte[] hash, KeyEntry entry, string by, CancellationToken cancellation) => connection.One(
        "Keys/create",
        command => command.With(id).With(msp.Value).With(entry.Name).With(hash).With(entry.ScopeText).With(entry.ExpiresAt).With(by).With(entry.Feed),
        row => row.GetInt64(0),
        cancellation);

    internal static ApiScope ScopeOf(string text) => Enum.Parse<ApiScope>(text, ignoreCase: true);

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));
}
