using System.Security.Cryptography;
using System.Text;
using Npgsql;
using UsageBilling.Interfaces.Keys;

namespace UsageBilling.Runtime.Keys;

/// <summary>What a key may do; each scope includes the ones before it.</summary>
public enum ApiScope
{
    /// <summary>Reads everything of its msp.</summary>
    Viewer = 1,

    /// <summary>Maps, refreshes, starts nights, releases holds.</summary>
    Operator = 2,

    /// <summary>Everything, credentials included.</summary>
    Superuser = 3,
}

/// <summary>Who is calling.</summary>
/// <param name="Id">The key's public id; kept in the audit.</param>
public sealed record Caller(string Id, string Name, MspId Msp, ApiScope Scope);

/// <summary>API keys: <c>ub_{id}_{secret}</c>, 256 random bits, of which only the SHA-256 is kept.</summary>
public sealed class ApiKeys(NpgsqlDataSource database)
{
    private const string Prefix = "ub_";

    /// <summary>Makes a key and stores its hash. The text returned is the only copy there will ever be.</summary>
    public async Task<string> Create(MspId msp, string name, ApiScope scope, CancellationToken cancellation)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await using var command = database.CreateCommand(SqlText.Load("Keys/create"));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = msp.Value });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = SHA256.HashData(Encoding.ASCII.GetBytes(secret)) });
#pragma warning disable CA1308 // scopes are stored in lower case
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = scope.ToString().ToLowerInvariant() });
#pragma warning restore CA1308
        await command.ExecuteNonQueryAsync(cancellation);
        return $"{Prefix}{id}_{secret}";
    }

    /// <summary>Who a key belongs to, or null when it is not one, was revoked or has expired.</summary>
    public async Task<Caller?> Find(string key, CancellationToken cancellation)
    {
        var parts = key.Split('_');
        if (parts.Length != 3 || key.Length > 200 || parts[0] + "_" != Prefix) return null;
        await using var command = database.CreateCommand(SqlText.Load("Keys/find"));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parts[1] });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return null;
        var same = CryptographicOperations.FixedTimeEquals(reader.GetFieldValue<byte[]>(2), SHA256.HashData(Encoding.ASCII.GetBytes(parts[2])));
        return same ? new(parts[1], reader.GetString(1), new(reader.GetInt64(0)), Enum.Parse<ApiScope>(reader.GetString(3), ignoreCase: true)) : null;
    }
}
