using Npgsql;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Quotas;

/// <summary>Calls of one budget that this silo took and has not made yet.</summary>
internal sealed class Purse(NpgsqlDataSource database, TimeProvider clock, long integration, string endpoint, CallQuota quota) : IAsyncDisposable
{
    /// <summary>Calls taken in one go: one statement of the database for so many calls, and at most so many idle in each silo.</summary>
    public const int ChunkCalls = 25;

    /// <summary>A chunk's calls are made within this time or given back.</summary>
    public const int ValidSeconds = 60;

    /// <summary>Nobody is told to wait longer: another silo may give calls back, and the vendor is asked again meanwhile.</summary>
    private const int WaitSecondsMax = 60;

    private readonly SemaphoreSlim one = new(1);
    private long? chunk;
    private int left;
    private long takenAt;

    /// <summary>Takes one call out of the purse, and fills it first when it must.</summary>
    /// <returns>Null when there was one; otherwise why not, and how long to wait.</returns>
    public async Task<VendorFailure?> Spend(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            if (!Usable()) await Fill();
            if (left == 0) return Spent(await NextCalls(cancellation));
            left--;
            return null;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Gives back what was not used.</summary>
    public async ValueTask DisposeAsync()
    {
        if (chunk is not null && left > 0)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
                await using var batch = new NpgsqlBatch(connection);
                batch.Add("Quotas/give_back").With(chunk).With(left);
                await batch.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (Exception fault) when (Transient.Is(fault))
            {
                // The window passes over them.
            }
        }

        one.Dispose();
    }

    private bool Usable() => left > 0 && clock.GetElapsedTime(takenAt).TotalSeconds < ValidSeconds;

    /// <summary>One short transaction, not to be broken off: calls that were taken without anybody knowing would be lost for the window.</summary>
    /// <remarks>The chunk's time is counted from before the question, so that no call is made later than the database believes.</remarks>
    private async Task Fill()
    {
        var asked = clock.GetTimestamp();
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Quotas/lock_budget").With(integration).With(endpoint).With(quota.WindowMinutes).With(quota.Allowed);
        batch.Add("Quotas/give_back").With(chunk).With(left);
        batch.Add("Quotas/forget_chunks").With(integration).With(endpoint).With((double)ValidSeconds);
        batch.Add("Quotas/take_chunk").With(integration).With(endpoint).With(ChunkCalls);
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        var taken = await reader.Rows(row => (Id: row.GetInt64(0), Calls: row.GetInt32(1)), CancellationToken.None);
        (chunk, left) = taken.Count == 0 ? ((long?)null, 0) : (taken[0].Id, taken[0].Calls);
        takenAt = asked;
    }

    private async Task<int> NextCalls(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Quotas/next_calls").With(integration).With(endpoint).With((double)ValidSeconds).With(WaitSecondsMax);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return (await reader.Rows(row => row.GetInt32(0), cancellation)).FirstOrDefault(WaitSecondsMax);
    }

    private static VendorFailure Spent(int seconds) =>
        new(VendorFailureKind.Withheld, "quota_spent", "The hub has used its share of the calls that the vendor allows; it waits until there are more.", seconds);
}
