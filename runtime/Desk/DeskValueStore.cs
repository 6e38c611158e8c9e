using Npgsql;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Desk;

/// <summary>Writes what a PSA's lists hold.</summary>
public sealed class DeskValueStore(NpgsqlDataSource database)
{
    private const int ChunkRows = 1_000;

    /// <summary>The whole of what the PSA has, in one commit: whoever sets something meanwhile sees the lists from before or from after.</summary>
    /// <param name="values">Each once; what is not among them is kept and not offered any more.</param>
    /// <returns>How many are not offered any more that were before.</returns>
    public async Task<int> Keep(long integration, long msp, long run, IReadOnlyList<DeskValue> values, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var chunk in values.Chunk(ChunkRows))
        {
            batch.Add("Desk/keep_values").With(integration).With(msp).With(run)
                .Column(chunk, value => DeskListName.Of(value.List)).Column(chunk, value => value.ParentRemoteId ?? "").Column(chunk, value => value.RemoteId)
                .Column(chunk, value => value.Name).Column(chunk, value => value.Active).Column(chunk, value => value.Preset);
        }

        await batch.ExecuteNonQueryAsync(cancellation);
        var gone = await connection.Do("Desk/retire_values", command => command.With(integration).With(run), cancellation);
        await transaction.CommitAsync(cancellation);
        return gone;
    }
}
