using System.Text.Json.Nodes;
using UsageBilling.Api.Database;
using UsageBilling.Api.Resources;
using UsageBilling.Runtime.Postings;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Explaining;

/// <summary>Everything an amount follows from: enough to compute it again without asking anybody.</summary>
/// <param name="Corrected">Of a reversal and of what is posted again: the entries it goes back to. The last one is explained.</param>
/// <param name="Versions">Which of the line's prices and terms the amount has.</param>
/// <param name="Counts">Every count that holds on a day of the period, before the turn or after it.</param>
/// <param name="Days">What each day of the period is counted and charged, as known after the turn.</param>
/// <param name="Once">What is charged beside the days.</param>
/// <param name="Evidence">What the count record stands on; null when it is no record of a source.</param>
/// <param name="Hold">The doubt that ended with the count.</param>
/// <param name="PostedBefore">What earlier turns wrote for the period.</param>
/// <param name="Formula">The amount in numbers; null when it does not come out so.</param>
/// <param name="Recomputed">What comes out when the turn is computed again.</param>
/// <param name="Case">The turn as a case: <c>{"cases": [case]}</c> in a file is computed by <c>./prorate</c>. Null when there is too much of it.</param>
internal sealed record ExplanationResource(
    NamedResource Line, NamedResource Account, NamedResource Contract, ProrationResource Entry, IReadOnlyList<ProrationResource> Corrected, PeriodResource Period,
    TermsResource Terms, BasisResource Basis, VersionsResource Versions, IReadOnlyList<KnownCountResource> Counts, IReadOnlyList<ChargedDaysResource> Days, IReadOnlyList<ChargedOnceResource> Once,
    EvidenceResource? Evidence, ClosedHoldResource? Hold, PostedBeforeResource PostedBefore, FormulaResource? Formula, RecomputedResource Recomputed, JsonObject? Case);

/// <summary>The full billing period, whose days are the denominator.</summary>
/// <param name="Every"><c>weekly</c>, <c>monthly</c>, <c>quarterly</c>, <c>semi_annual</c> or <c>yearly</c>.</param>
/// <param name="AnchorOn">The day from which periods are counted.</param>
internal sealed record PeriodResource(DateOnly From, DateOnly Until, int Days, string Every, DateOnly AnchorOn);

/// <summary>What the line charges, as the entry's turn left its terms.</summary>
/// <param name="Prices">By date; the first one holds before the second.</param>
/// <param name="Settings">How it is prorated.</param>
internal sealed record TermsResource(
    string Currency, string Timing, DateOnly ServiceFrom, DateOnly? ServiceUntil, string? MinimumUnits, string? MaximumUnits, string? IncludedUnits, string? Commitment,
    IReadOnlyList<PriceResource> Prices, JsonObject Settings);

/// <summary>A price and the day it holds from; null for since ever.</summary>
internal sealed record PriceResource(DateOnly? From, string? UnitPrice, string? TierKind, IReadOnlyList<TierResource>? Tiers);

/// <summary>A step of a price list.</summary>
internal sealed record TierResource(string? UpTo, string UnitPrice, string FlatFee);

/// <summary>Which of a line's prices and terms an amount has; null for those that the line began with. Its basis has no versions: it is locked once it is chosen.</summary>
/// <param name="Price">Null also where a price list, fee or commitment of the terms stands in its place.</param>
internal sealed record VersionsResource(VersionResource? Price, VersionResource? Terms)
{
    internal static async Task<VersionsResource> Read(MspDatabase database, long line, BillingItem item, CancellationToken cancellation)
    {
        var entry = item.Entry;
        if (entry.PriceFrom is null && entry.Terms is null) return new(null, null);
        var rows = await database.Rows(
            "Explain/versions",
            [line, entry.ChargedFor is "flat_fee" or "commitment" ? null : entry.PriceFrom, entry.UnitPrice.Value, entry.Terms?.From, entry.Terms?.Sequence, item.Key.Version],
            row => new VersionsResource(
                row.IsDBNull(0) ? null : new(entry.PriceFrom!.Value, row.GetInt32(0), row.GetInt32(1), row.Instant(2)),
                row.IsDBNull(3) ? null : new(entry.Terms!.Value.From, entry.Terms.Value.Sequence, row.GetInt32(3), row.Instant(4))),
            cancellation);
        return rows[0];
    }
}

/// <summary>One price or set of terms.</summary>
/// <param name="From">The day from which it holds; terms, for periods that begin then or later.</param>
/// <param name="Sequence">Of several for one date the greatest counts.</param>
/// <param name="Turn">The line's version whose turn wrote it.</param>
internal sealed record VersionResource(DateOnly From, int Sequence, int Turn, DateTimeOffset RecordedAt);

/// <summary>A count record that was known.</summary>
/// <param name="Turn">The line's version whose turn wrote it.</param>
/// <param name="Known"><c>before</c> the explained turn, or <c>by_turn</c>: only since then.</param>
/// <param name="InForce">Whether it is the last word on its date.</param>
internal sealed record KnownCountResource(
    DateOnly EffectiveOn, int Sequence, string Units, DateOnly Night, string Source, DateTimeOffset RecordedAt, int Turn, string Known, bool InForce);

/// <summary>Days in a row that are counted and charged alike.</summary>
/// <param name="Weight">How much of the period they are, of <paramref name="Of"/>.</param>
/// <param name="CountedBefore">Their count before the turn; null when nobody had counted.</param>
/// <param name="Counted">Their count after it.</param>
internal sealed record ChargedDaysResource(
    DateOnly From, DateOnly Until, int Days, int Weight, int Of, string? CountedBefore, string? Counted, IReadOnlyList<ChargedUnitsResource> Charges);

/// <summary>Units at a price, and what they cost for those days exactly.</summary>
internal sealed record ChargedUnitsResource(string Units, string UnitPrice, string Exact);

/// <summary>A fee or a commitment.</summary>
internal sealed record ChargedOnceResource(string Kind, DateOnly From, DateOnly Until, string Units, string UnitPrice, string Exact);

/// <summary>The readings that were added up on a night, as they were known then.</summary>
/// <param name="Units">Their sum; null when one of them has no number, or is not kept any more.</param>
/// <param name="Agrees">Whether the sum is the count.</param>
/// <param name="Complete">False when there are more than are shown.</param>
internal sealed record EvidenceResource(CauseResource Count, string CountedUnits, IReadOnlyList<ReadingResource> Readings, string? Units, bool Agrees, bool Complete);

/// <summary>What had last been read of a tenant that feeds the line.</summary>
/// <param name="Night">Null when no reading is kept.</param>
/// <param name="Evidence"><c>fresh</c>, <c>partial</c>, <c>stale</c>, <c>failed</c>, <c>unmapped</c> or <c>confirmed_zero</c>.</param>
internal sealed record ReadingResource(
    NamedResource Tenant, string Product, string Metric, DateOnly? Night, string? Units, string? Evidence, string? Reason, DateTimeOffset? ObservedAt,
    MappedResource Organization, MappedResource Account);

/// <summary>Whom something was mapped to, and which version of the mapping said so.</summary>
internal sealed record MappedResource(long Id, string Name, int Version, DateOnly From, DateOnly? Until, DateTimeOffset RecordedAt);

/// <summary>A hold that was closed by the turn that wrote the count.</summary>
internal sealed record ClosedHoldResource(
    long Id, string Reason, string Sentence, DateOnly Night, string PreviousUnits, string? ProposedUnits, int AgreeingReads, DateTimeOffset OpenedAt,
    DateTimeOffset ResolvedAt, string? Resolution, string? ResolvedBy);

/// <summary>What a period had cost before a turn.</summary>
/// <param name="Amount">The sum of its entries.</param>
/// <param name="ByPsa">What the PSA had charged by itself, which is in no ledger: the period was begun before the line was.</param>
internal sealed record PostedBeforeResource(IReadOnlyList<ProrationResource> Entries, string Amount, string ByPsa);

/// <summary>The arithmetic of one amount.</summary>
/// <param name="Text">In numbers and words.</param>
/// <param name="Exact">Before rounding, as a fraction.</param>
/// <param name="TotalBefore">The rounded total of the period without this entry.</param>
/// <param name="TotalAfter">The same with it; the difference is the amount.</param>
internal sealed record FormulaResource(string Text, string Exact, string ExactBefore, string ExactAfter, string TotalBefore, string TotalAfter, string Amount);

/// <summary>What comes out when it is computed again from what is on record.</summary>
/// <param name="Agrees">Whether the whole turn comes out as it was posted.</param>
/// <param name="Amount">Of this entry; null when there is no such line any more.</param>
/// <param name="Difference">That amount less the posted one.</param>
internal sealed record RecomputedResource(bool Agrees, string? Amount, string? Difference, string Sentence);
