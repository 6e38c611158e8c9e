using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Quotas;

/// <summary>What a vendor tells about its own count: strangers use the same allowance, and theirs is not there for us.</summary>
public sealed class ObservedBudgets(NpgsqlDataSource database)
{
    /// <summary>Seconds between two questions, whichever silo asks.</summary>
    public const int AskEverySeconds = 300;

    /// <summary>Share of the vendor's allowance that the hub leaves to others in any case, in per cent: when it is used up, nobody can work.</summary>
    public const int ReservePercent = 10;

    private const string WholeAccount = "";

    /// <summary>Whether it is time to ask. Of all silos only one is told so.</summary>
    public async Task<bool> ClaimAsking(IntegrationId integration, CallQuota quota, CancellationToken cancellation) => (await Query(
        "Quotas/claim_asking",
        row => row.GetInt64(0),
        command => command.With(integration.Value).With(WholeAccount).With(quota.WindowMinutes).With(quota.Allowed).With((double)AskEverySeconds),
        cancellation)).Count == 1;

    /// <summary>Writes down what the vendor said.</summary>
    /// <returns>Calls that others have used in the window, and calls the hub may make in it.</returns>
    public async Task<(int ByOthers, int Allowed)> Observe(IntegrationId integration, CallQuota quota, ObservedQuota observed, CancellationToken cancellation) => (await Query(
        "Quotas/observe",
        row => (row.GetInt32(0), row.GetInt32(1)),
        command => command.With(integration.Value).With(WholeAccount).With(observed.Used).With(observed.Allowed).With(quota.SharePercent).With(ReservePercent),
        cancellation)).Single();

    private async Task<List<T>> Query<T>(string sql, Func<NpgsqlDataReader, T> fromRow, Action<NpgsqlBatchCommand> fill, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        fill(batch.Add(sql));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.Rows(fromRow, cancellation);
    }
}
