using Npgsql;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Intents;

/// <summary>A write owed to a PSA, as the dispatcher sees it.</summary>
/// <param name="EffectiveOn">The effective date that is wished.</param>
/// <param name="SentOn">The effective date it is sent with: the wished one, or a day later for each date that was taken, and never before the last change of its line.</param>
/// <param name="Desired">Absolute units; what is sent is the difference to what the PSA shows.</param>
/// <param name="Generation">Grows when a newer wish replaces an unsent one.</param>
/// <param name="State"><c>pending</c>, <c>sending</c> or <c>in_doubt</c>.</param>
/// <param name="Attempt">Sends so far; the fence against a late silo.</param>
/// <param name="ObservedBefore">What the PSA showed before the last send.</param>
/// <param name="Acknowledged">Whether the vendor said yes to the last send.</param>
/// <param name="Checks">Read-backs since the last send.</param>
/// <param name="UnchangedSince">Since when read-backs have shown the same units; before a send, since when an unlooked-for number has been seen.</param>
/// <param name="Seen">What the last read-back showed; nothing when there was none since the last send.</param>
/// <param name="Expected">Units the PSA should show before the change, by all the hub knows; null when it knows nothing.</param>
/// <param name="TakesOver">Whether it may set units that somebody else changed: a person said so, or the hub does not know how a change of its own ended.</param>
public sealed record Intent(
    long Id, long Msp, long Line, string ContractRemoteId, string ServiceRemoteId, DateOnly EffectiveOn, DateOnly SentOn, decimal Desired, int Generation, string State,
    int Attempt, decimal? ObservedBefore, bool Acknowledged, int Checks, DateTimeOffset? UnchangedSince, decimal? Seen, decimal? Expected, bool TakesOver)
{
    internal static Intent FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.Date(5), row.Date(6), row.GetDecimal(7), row.GetInt32(8), row.GetString(9),
        row.GetInt32(10), row.IsDBNull(11) ? null : row.GetDecimal(11), row.GetBoolean(12), row.GetInt32(13), row.MaybeInstant(14),
        row.IsDBNull(15) ? null : row.GetDecimal(15), row.IsDBNull(16) ? null : row.GetDecimal(16), row.GetBoolean(17));
}

/// <summary>A PSA integration with intents to look at.</summary>
public sealed record DuePsa(long Id, long Msp, string Kind, string BaseUrl, string UserName, string SecretProtected, string IntegrationCode)
{
    internal static DuePsa FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6));
}
