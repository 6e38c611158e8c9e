using Npgsql;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Intents;

/// <summary>What a PSA that adds lines must be told of an intent besides its units.</summary>
/// <param name="Price">Per unit and period, on the day of the change.</param>
/// <param name="Known">The lines that the PSA had before the first send; null when nothing was ever sent for this wish.</param>
/// <param name="LastDelta">What the last send added.</param>
/// <param name="Organization">Whose account it is; null when it is several organizations' or nobody's.</param>
/// <param name="Claimed">Lines of the PSA that came of other intents of the contract.</param>
public sealed record LineFacts(
    long Intent, string ServiceRemoteId, string Name, decimal Price, decimal Cost, IReadOnlyList<string>? Known, decimal? LastDelta, string AccountRemoteId, string Account, string Contract,
    long? Organization, IReadOnlyList<string> Claimed)
{
    internal static LineFacts FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetDecimal(3), row.GetDecimal(4), row.Values<string>(5), row.IsDBNull(6) ? null : row.GetDecimal(6), row.GetString(7),
        row.GetString(8), row.GetString(9), row.IsDBNull(10) ? null : row.GetInt64(10), row.GetFieldValue<string[]>(11));
}
