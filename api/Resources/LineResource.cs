using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>How a line derives its units.</summary>
/// <param name="Kind"><c>none</c>, <c>manual</c> or <c>metrics</c>.</param>
internal sealed record BasisResource(string Kind, IReadOnlyList<BasisMetricResource> Metrics);

/// <summary>One metric of one product.</summary>
internal sealed record BasisMetricResource(string Product, string Metric);

/// <summary>Why a line keeps its last accepted count.</summary>
/// <param name="Sentence">The reason in plain English.</param>
/// <param name="Night">The first night the doubt is about: the date a release becomes effective.</param>
/// <param name="ProposedUnits">The doubtful count; null when the source gave none.</param>
/// <param name="AgreeingReads">Further reads that agreed with it.</param>
internal sealed record LineHoldResource(long Id, string Reason, string Sentence, DateOnly Night, string PreviousUnits, string? ProposedUnits, int AgreeingReads);

/// <summary>The latest write owed to the PSA.</summary>
/// <param name="SentOn">The date it is sent with: the effective one, or a later one when that was taken.</param>
/// <param name="State"><c>pending</c>, <c>sending</c>, <c>in_doubt</c>, <c>confirmed</c>, <c>rejected</c> or <c>parked</c>.</param>
/// <param name="PsaEffect">What the PSA gets: <c>units</c>, an <c>added_line</c> or a <c>ticket</c>; null when there is nothing to send.</param>
internal sealed record LinePostingResource(long IntentId, string DesiredUnits, DateOnly EffectiveOn, DateOnly SentOn, string State, string? Code, string? Sentence, string? PsaEffect);

/// <summary>A service line of a contract: what is counted, billed and posted.</summary>
/// <param name="Price">Per unit and period on the last night, in <paramref name="Currency"/>; a price list may stand in its place, see the line's terms.</param>
/// <param name="Cost">Per unit and period; null when the PSA does not say.</param>
/// <param name="Timing"><c>advance</c> or <c>arrears</c>, on the last night.</param>
/// <param name="Units">The last accepted count that holds on the last night; null before the first.</param>
/// <param name="UnitsFrom">The date from which it holds.</param>
/// <param name="ChargedUntil">Periods before this date are in the ledger.</param>
/// <param name="VerifiedThrough">The night up to which every input was read with a number to bill from; null when one never was.</param>
/// <param name="From">The first day the line covers: its contract's, or a later one that a person gave it.</param>
/// <param name="Until">The first day it does not cover: its contract's, or an earlier one.</param>
/// <param name="Follows">The line that it goes on in the place of.</param>
/// <param name="FollowedBy">The line that goes on in its place.</param>
/// <param name="RefreshAskedAt">When somebody asked for a live read that was not answered yet.</param>
internal sealed record LineResource(
    long Id, string Name, NamedResource Account, NamedResource Contract, DateOnly ContractFrom, DateOnly ContractUntil,
    string Price, string? Cost, string Currency, string Period, string Timing, string? MinimumUnits, string? MaximumUnits, BasisResource Basis,
    string? Units, DateOnly? UnitsFrom, DateOnly? VerifiedThrough, DateOnly ChargedUntil, DateTimeOffset? RefreshAskedAt,
    LineHoldResource? Held, LinePostingResource? Posted, DateOnly From, DateOnly Until, long? Follows, long? FollowedBy)
{
    internal static LineResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        new(row.GetInt64(2), row.GetString(3)),
        new(row.GetInt64(4), row.GetString(5)),
        row.Date(6),
        row.Date(7),
        Words.Amount(row.GetDecimal(8), row.GetString(10)),
        row.IsDBNull(9) ? null : Words.Amount(row.GetDecimal(9), row.GetString(10)),
        row.GetString(10),
        Words.Of((BillingPeriod)row.GetInt16(11)),
        Words.Of(row.GetBoolean(12) ? BillingTiming.Advance : BillingTiming.Arrears),
        row.Units(13)?.ToString(),
        row.Units(14)?.ToString(),
        BasisOf(row),
        row.Units(18)?.ToString(),
        row.MaybeDate(19),
        row.MaybeDate(20),
        row.Date(21),
        row.MaybeInstant(22),
        row.IsDBNull(23) ? null : HoldOf(row),
        row.IsDBNull(29) ? null : PostingOf(row),
        row.Date(37),
        row.Date(38),
        row.IsDBNull(39) ? null : row.GetInt64(39),
        row.IsDBNull(40) ? null : row.GetInt64(40));

    private static BasisResource BasisOf(NpgsqlDataReader row)
    {
        var kind = Words.Of((BasisKind)row.GetInt16(15));
        if (row.IsDBNull(16)) return new(kind, []);
        var products = row.GetFieldValue<string[]>(16);
        var metrics = row.GetFieldValue<string[]>(17);
        return new(kind, [.. products.Zip(metrics, (product, metric) => new BasisMetricResource(product, metric))]);
    }

    private static LineHoldResource HoldOf(NpgsqlDataReader row)
    {
        var (reason, night, previous, proposed) = (row.GetString(24), row.Date(25), row.GetDecimal(26), row.IsDBNull(27) ? (decimal?)null : row.GetDecimal(27));
        return new(
            row.GetInt64(23), reason, Words.Hold(reason, night, previous, proposed), night, Words.Number(previous), Words.MaybeNumber(proposed), row.GetInt32(28));
    }

    private static LinePostingResource PostingOf(NpgsqlDataReader row) => new(
        row.GetInt64(29), Words.Number(row.GetDecimal(30)), row.Date(31), row.Date(32), row.GetString(33), row.Text(34), row.Text(35), row.Text(36));
}
