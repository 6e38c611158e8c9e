using Npgsql;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Invariants;

/// <summary>Looks for what must not be.</summary>
public sealed class InvariantStore(NpgsqlDataSource database)
{
    /// <summary>Breaches shown of one invariant; how many there are is said in any case.</summary>
    public const int BreachesMax = 100;

    private const int SecondsMax = 600;

    /// <summary>Every breach there is now, at most <see cref="BreachesMax"/> of an invariant. What the vendors have is not looked at.</summary>
    public Task<IReadOnlyList<Breach>> Breaches(CancellationToken cancellation) => Breaches(VendorView.Nothing, null, cancellation);

    /// <summary>The same, with what a vendor tells.</summary>
    /// <param name="at">The instant the hub stands at; null for the database's.</param>
    public async Task<IReadOnlyList<Breach>> Breaches(VendorView vendor, DateTimeOffset? at, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection) { Timeout = SecondsMax };
        foreach (var invariant in Invariant.All) Fill(batch.Add(invariant.Sql).With(BreachesMax), invariant.Needs, vendor, at);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var breaches = new List<Breach>();
        foreach (var invariant in Invariant.All)
        {
            breaches.AddRange(await reader.Rows(row => new Breach(invariant.Id, row.GetString(0), row.GetString(1), row.GetInt64(2)), cancellation));
            await reader.NextResultAsync(cancellation);
        }

        return breaches;
    }

    private static void Fill(NpgsqlBatchCommand command, InvariantNeeds needs, VendorView vendor, DateTimeOffset? at)
    {
        if (needs == InvariantNeeds.Instant) command.With(at?.ToUniversalTime());
        if (needs == InvariantNeeds.VendorUnits)
            command.Column(vendor.Shows, row => row.Integration).Column(vendor.Shows, row => row.ServiceRemoteId).Column(vendor.Shows, row => row.On).Column(vendor.Shows, row => row.Units);
        if (needs == InvariantNeeds.VendorJournal)
            command.Column(vendor.Applied, row => row.Integration).Column(vendor.Applied, row => row.ServiceRemoteId).Column(vendor.Applied, row => row.On);
    }
}
