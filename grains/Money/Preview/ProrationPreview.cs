using System.Collections.Immutable;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>Answers a question about one line's money: checks it, plays its posting runs one after the other, and posts nothing.</summary>
public static class ProrationPreview
{
    /// <summary>The lines of every run, or why there are none.</summary>
    public static ProrationAnswer Of(ProrationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RequestCheck.Objection(request) is { } objection ? objection : new Playing(request).Play();
    }

    private sealed class Playing(ProrationRequest request)
    {
        private readonly Currency currency = Currency.Of(request.Currency);
        private readonly ImmutableArray<AlignedPeriod> periods = [.. request.Periods.Select((days, number) => new AlignedPeriod(number, new(days.From, days.Until)))];
        private readonly List<RunLine> lines = [];

        public ProrationAnswer Play()
        {
            var before = Before();
            var posted = before.Length == 0 && request.Settings.SumsToTotal ? PostedCharges.None : PostedCharges.AsPosted(before);
            foreach (var run in Runs())
            {
                var (terms, counts) = (Terms(run), Counts(run));
                foreach (var known in Phases(terms, run))
                {
                    var added = Proration.Lines(known, counts, posted, periods);
                    posted = posted.With(added);
                    lines.AddRange(added.Select(line => new RunLine(run, line)));
                }
            }

            return new ProrationAnswer.Computed(Sequence.From(lines), Money.Sum(before.Concat(lines.Select(item => item.Line)).Select(line => line.Amount), currency));
        }

        private int FirstRun => request.PostedBefore.Count == 0 ? 0 : 1;

        private IEnumerable<int> Runs() => request.Changes.Select(change => change.Run).Concat(request.PriceChanges.Select(change => change.Run))
            .Concat(request.PostedWith is null ? [] : [FirstRun + 1])
            .Where(run => run > FirstRun).Prepend(FirstRun).Distinct().Order();

        /// <summary>Service that ends at each phase in turn, and then as it does: a line cannot reach over the end of a phase.</summary>
        private IEnumerable<LineTerms> Phases(LineTerms terms, int run)
        {
            if (request.CutAtChanges && run == FirstRun && CanBeCut(terms))
            {
                var dates = request.Changes.Select(change => change.On).Concat(request.PriceChanges.Select(change => change.On)).Distinct().Order();
                foreach (var date in dates.Where(date => date > terms.ServiceFrom && !(date >= terms.ServiceUntil))) yield return terms.Ending(date);
            }

            yield return terms;
        }

        /// <summary>Only where a day's charge does not depend on later days.</summary>
        private bool CanBeCut(LineTerms terms) => request.Tiers is null && terms.Commitment is null
            && terms.Settings is { Mode: CountMode.ProrateDaily, Increases: ChangePolicy.Immediate, Decreases: ChangePolicy.Immediate };

        private LineTerms Terms(int run)
        {
            var settings = request.Settings;
            var held = run == FirstRun && request.PostedWith is { } first ? first : new(request.Minimum, request.Maximum, request.Included, request.Commitment);
            var terms = new LineTerms(
                new(BillingPeriod.Monthly, periods[0].Span.From),
                currency,
                PriceTimeline.Constant(new(request.Tiers is null ? request.UnitPrice : 0m), TiersOf(request.Tiers)),
                request.ServiceFrom ?? periods[0].Span.From,
                request.ServiceUntil,
                UnitsOf(held.Minimum),
                UnitsOf(held.Maximum),
                UnitsOf(held.Included),
                held.Commitment is { } commitment ? new(commitment) : null,
                (held.Settings ?? settings) with { DayCount = settings.DayCount });
            return request.PriceChanges.Select((change, sequence) => (change, sequence)).Where(known => known.change.Run <= run)
                .Aggregate(terms, (known, price) => known.Priced(new(price.change.On, price.sequence, new(price.change.UnitPrice), TiersOf(price.change.Tiers))));
        }

        private CountTimeline Counts(int run) => request.Changes.Select((change, sequence) => (change, sequence)).Where(known => known.change.Run <= run)
            .Select(known => new CountRecord(known.change.On, known.sequence, new(known.change.Units)))
            .Aggregate(
                request.InitialUnits is { } initial ? CountTimeline.Of([new(DateOnly.MinValue, long.MinValue, new(initial))]) : CountTimeline.Empty,
                (known, count) => request.Supersede ? known.Superseding(count) : known.With(count));

        private ImmutableArray<ProrationLine> Before() => [.. request.PostedBefore.Select(posting =>
        {
            var days = new DateRange(posting.From, posting.Until);
            var period = periods.First(period => period.Span.Contains(days));
            var amount = new Money(posting.Amount, currency);
            return posting.Units == 0m
                ? new ProrationLine(period, new PeriodCharge(ChargeKind.Correction, days, default, 0m, 0), amount, request.Settings.DayCount)
                : new ProrationLine(period, days, posting.Units, new(posting.UnitPrice ?? request.UnitPrice), amount, request.Settings.DayCount);
        })];

        private static Units? UnitsOf(decimal? units) => units is { } value ? new(value) : null;

        private static Tiers? TiersOf(RequestedTiers? tiers) => tiers is null ? null : new(tiers.Kind, RequestCheck.Steps(tiers));
    }
}
