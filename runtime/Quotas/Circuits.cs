using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Quotas;

/// <summary>The stop signs that all silos heed: refused credentials, and a vendor that is down.</summary>
internal sealed class Circuits(NpgsqlDataSource database)
{
    /// <summary>Whether the integration may be called now.</summary>
    /// <returns>Why not, or null; and whether only one call may, to try a vendor that was down.</returns>
    public async Task<(VendorFailure? Stop, bool NeedsProbe)> Look(VendorAccess access, CancellationToken cancellation)
    {
        var signs = await Query(
            "Quotas/stop_signs",
            row => (Refused: row.GetBoolean(0), Open: row.GetBoolean(1), Seconds: row.GetInt32(2), Who: row.GetBoolean(3) ? "product" : "PSA"),
            command => command.With(access.Integration.Value),
            cancellation);
        var (refused, open, seconds, who) = signs.FirstOrDefault();
        if (refused && !access.ProvesCredentials)
            return (new(VendorFailureKind.Withheld, "credentials_refused", $"The {who} has refused the credentials; it is not called until they change."), false);
        return open && seconds > 0 ? (Down(seconds), false) : (null, open);
    }

    /// <summary>Why a call was not made that would have gone to a vendor which is down.</summary>
    public static VendorFailure Down(int seconds) => new(VendorFailureKind.CircuitOpen, "circuit_open", "The vendor failed too often just now; the call was not made.", seconds);

    /// <summary>Whether this call is the one that tries. While it does, nobody else gets to.</summary>
    public async Task<bool> ClaimProbe(IntegrationId integration, TimeSpan probeTime, CancellationToken cancellation) => (await Query(
        "Quotas/claim_probe", row => row.GetInt64(0), command => command.With(integration.Value).With(probeTime.TotalSeconds), cancellation)).Count == 1;

    public Task Open(IntegrationId integration, TimeSpan pause, string reason) => Query(
        "Quotas/open_circuit", _ => 0, command => command.With(integration.Value).With(pause.TotalSeconds).With(reason), CancellationToken.None);

    public Task Close(IntegrationId integration) => Query("Quotas/close_circuit", _ => 0, command => command.With(integration.Value), CancellationToken.None);

    private async Task<List<T>> Query<T>(string sql, Func<NpgsqlDataReader, T> fromRow, Action<NpgsqlBatchCommand> fill, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        fill(batch.Add(sql));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.Rows(fromRow, cancellation);
    }
}
