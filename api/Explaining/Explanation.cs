using System.Globalization;
using UsageBilling.Api.Database;
using UsageBilling.Api.Resources;
using UsageBilling.Grains.Billing;
using UsageBilling.Grains.Prorating;
using UsageBilling.Grains.Prorating.Cases;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;
using LineTerms = UsageBilling.Grains.Prorating.LineTerms;

namespace UsageBilling.Api.Explaining;

/// <summary>An entry with all it follows from, as it was read.</summary>
/// <param name="Known">The line with the terms that the turn had found, and with those that it left.</param>
/// <param name="Beneath">The msp's proration settings by date, beneath the line's own.</param>
/// <param name="Chain">The entry, and then whatever it undoes or repeats: the last one was computed.</param>
/// <param name="Entries">Of the last one's period, up to and with its turn.</param>
internal sealed record Explanation(
    KnownTerms Known, IReadOnlyList<DatedSettings> Beneath, IReadOnlyList<StoredEntry> Chain, IReadOnlyList<StoredEntry> Entries, IReadOnlyList<(RecordedCount Count, DateTimeOffset At)> Counts,
    CountEvidence Behind, VersionsResource Versions)
{
    private const int ChainMax = 1_000;
    private const int EntriesMax = 1_000;
    private const int CountsMax = 1_000;

    private ServiceLineState Line => Known.After;

    private StoredEntry Root => Chain[^1];

    private LedgerEntry Computed => Root.Item.Entry;

    private string Currency => Computed.Amount.Currency.Code;

    private bool IsWhole => Entries.Count <= EntriesMax && Counts.Count <= CountsMax;

    private EntryFacts Facts => new(
        TermsOf(Known.After), new(0, Computed.Period), Root.Item.Key, [.. Counts.Select(count => count.Count)], [.. Entries.Select(entry => entry.Posted)])
    {
        Found = Known.Before == Known.After ? null : TermsOf(Known.Before),
    };

    /// <summary>Reads it, or nothing when the msp has no such entry.</summary>
    public static async Task<Explanation?> Read(MspDatabase database, long line, EntryKey key, CancellationToken cancellation)
    {
        var chain = await database.Rows("Explain/entry", [line, key.Version, (int)key.Number, ChainMax], StoredEntry.FromRow, cancellation);
        if (chain.Count == 0 || await database.Line(line, cancellation) is not { } state) return null;
        var root = chain[^1].Item;
        var (from, until, version) = (root.Entry.Period.From, root.Entry.Period.Until, root.Key.Version);
        var entries = await database.Rows("Explain/period", [line, from, until, version, EntriesMax + 1], StoredEntry.FromRow, cancellation);
        var counts = await database.Rows("Explain/counts", [line, from, until, version, CountsMax + 1], ExplanationRows.Count, cancellation);
        var behind = CauseOf(counts, root.Entry) is { } cause ? await CountEvidence.Read(database, line, cause.Count.Count, cause.At, cancellation) : new(null, null);
        var known = await KnownTerms.Read(database, state, version, cancellation);
        return new(known, await MspProration.Read(database, cancellation), chain, entries, counts, behind, await VersionsResource.Read(database, line, root, cancellation));
    }

    public ExplanationResource ToResource()
    {
        var (facts, item) = (Facts, Chain[0].Item);
        var recount = IsWhole ? EntryRecount.Of(facts) : null;
        var recounted = recount?.LineOf(Root.Item.Key);
        var request = facts.Request();
        return new(
            BillingItemResource.Named(item.Line), BillingItemResource.Named(item.Account), BillingItemResource.Named(item.Contract),
            ProrationResource.Of(Chain[0]), [.. Chain.Skip(1).Select(ProrationResource.Of)],
            new(Computed.Period.From, Computed.Period.Until, Computed.Period.Days, Words.Of(Line.Terms.Cadence.Every), Line.Terms.Cadence.Anchor),
            TermsOf(request), new(Words.Of(Line.Basis.Kind), [.. Line.Basis.Metrics.Select(metric => new BasisMetricResource(metric.Product, metric.Metric))]),
            Versions,
            [.. Counts.Take(CountsMax).Select(count => Shown(count.Count, count.At))], DaysOf(facts), OnceOf(facts), Behind.Evidence, Behind.Hold,
            new([.. facts.Before.Take(EntriesMax).Select(before => ProrationResource.Of(Entries.First(entry => entry.Item.Key == before.Key)))],
                Words.Amount(facts.Before.Sum(before => before.Entry.Amount.Amount), Currency), Words.Amount(recount?.ByPsa.Amount ?? 0m, Currency)),
            recounted is not null && recounted.Line.Amount == Computed.Amount ? FormulaOf(recounted) : null,
            RecomputedOf(recount, recounted),
            recount?.Case(string.Create(CultureInfo.InvariantCulture, $"line {item.Line.Id}, entry {Root.Item.Key.Version}.{Root.Item.Key.Number}"), item.Line.Name));
    }

    private static (RecordedCount Count, DateTimeOffset At)? CauseOf(IReadOnlyList<(RecordedCount Count, DateTimeOffset At)> counts, LedgerEntry entry)
    {
        foreach (var known in counts)
            if ((known.Count.Count.EffectiveOn, known.Count.Count.Sequence) == (entry.CountEffectiveOn, entry.CountSequence)) return known;
        return null;
    }

    private LineTerms TermsOf(ServiceLineState line) => Grains.ServiceLine.LinePricing.Terms(line, Computed.Period.From, Beneath);

    private TermsResource TermsOf(ProrationRequest request) => new(
        request.Currency, Words.Of(Grains.ServiceLine.LinePricing.Timing(Line, Computed.Period.From)), request.ServiceFrom!.Value, request.ServiceUntil, Words.MaybeNumber(request.Minimum), Words.MaybeNumber(request.Maximum),
        Words.MaybeNumber(request.Included), request.Commitment is { } commitment ? Words.Amount(commitment, Currency) : null,
        [.. Facts.PricesAfter().Select((price, index) => PriceOf(index == 0 ? null : price.On, price.UnitPrice, price.Tiers))],
        CaseJson.Settings(request.Settings));

    private PriceResource PriceOf(DateOnly? from, decimal price, RequestedTiers? tiers) => tiers is null
        ? new(from, Words.Amount(price, Currency), null, null)
        : new(from, null, Words.Of(tiers.Kind), [.. tiers.Steps.Select(step => new TierResource(Words.MaybeNumber(step.UpTo), Words.Amount(step.Price, Currency), Words.Amount(step.FlatFee, Currency)))]);

    private KnownCountResource Shown(RecordedCount known, DateTimeOffset at)
    {
        var count = known.Count;
        var last = !Counts.Any(other => other.Count.Count.EffectiveOn == count.EffectiveOn && other.Count.Count.Sequence > count.Sequence);
        return new(
            count.EffectiveOn, count.Sequence, count.Units.ToString(), count.Night, count.Source, at, known.Version, known.Version < Root.Item.Key.Version ? "before" : "by_turn", last);
    }

    private IReadOnlyList<ChargedDaysResource> DaysOf(EntryFacts facts)
    {
        var before = facts.Timeline(after: false);
        var of = Proration.Total(facts.Terms, before, facts.Period).Denominator;
        return [.. ChargedPeriod.Of(facts.Terms, facts.Timeline(after: true), facts.Period).Days.Select(days => new ChargedDaysResource(
            days.Span.From, days.Span.Until, days.Span.Days, days.Weight, of, before.On(days.Span.From)?.Units.ToString(), days.Counted?.ToString(),
            [.. days.Charges.Select(charge => new ChargedUnitsResource(Words.Number(charge.Units), Words.Amount(charge.Price.Value, Currency), charge.Accrual.ToString()))]))];
    }

    private IReadOnlyList<ChargedOnceResource> OnceOf(EntryFacts facts) =>
        [.. ChargedPeriod.Of(facts.Terms, facts.Timeline(after: true), facts.Period).Once.Select(charge => new ChargedOnceResource(
            Words.Of(charge.Kind), charge.Span.From, charge.Span.Until, Words.Number(charge.Units), Words.Amount(charge.Price.Value, Currency), charge.Accrual.ToString()))];

    private FormulaResource FormulaOf(RecountedLine recounted) => new(
        EntryRecount.Formula(recounted), recounted.Line.Accrual.ToString(), recounted.ExactBefore.ToString(), recounted.ExactAfter.ToString(),
        Words.Amount(recounted.Before.Amount, Currency), Words.Amount(recounted.After.Amount, Currency), Words.Amount(recounted.Line.Amount.Amount, Currency));

    private RecomputedResource RecomputedOf(EntryRecount? recount, RecountedLine? recounted)
    {
        if (recount is null) return new(false, null, null, $"The period has more than {EntriesMax} entries or {CountsMax} counts; that many are not computed again here.");
        if (recount.Agrees) return new(true, Words.Amount(Computed.Amount.Amount, Currency), Words.Amount(0m, Currency), "Computed again from what was on record, the turn comes out as it was posted.");
        return new(
            false,
            recounted is null ? null : Words.Amount(recounted.Line.Amount.Amount, Currency),
            recounted is null ? null : Words.Amount(recounted.Line.Amount.Amount - Computed.Amount.Amount, Currency),
            "With the line's first price and contract dates of today the turn comes out otherwise: they have changed since it was posted.");
    }
}
