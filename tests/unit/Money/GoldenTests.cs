using System.Collections.Immutable;
using System.Globalization;
using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Prorating;

public sealed class GoldenTests
{
    private static readonly GoldenFile Golden = GoldenFile.Read;

    public static TheoryData<string> Cases => [.. Golden.Cases.Select(golden => golden.Id)];

    public static TheoryData<string> CoinDrift => [.. Golden.CoinDrift.Select(golden => golden.Id)];

    public static TheoryData<string> Aligned => [.. Golden.Cases.Concat(Golden.CoinDrift).Where(golden => golden.Cadence is not null).Select(golden => golden.Id)];

    public static TheoryData<string> Roundings => [.. Golden.Rounding.Select(golden => golden.Id)];

    public static TheoryData<string> Boundaries => [.. Golden.Periods.Select(golden => golden.Id)];

    public static TheoryData<string> Ratios => [.. Golden.Ratios.Select(golden => golden.Id)];

    [Fact]
    public void No_golden_case_was_lost() =>
        Assert.Equal((77, 4, 5, 6, 10), (Golden.Cases.Length, Golden.CoinDrift.Length, Golden.Rounding.Length, Golden.Periods.Length, Golden.Ratios.Length));

    [Theory, MemberData(nameof(Cases))]
    public void A_published_case_comes_out_line_by_line(string id)
    {
        var golden = Find(id);
        var runs = Play(golden).ToArray();
        Assert.Equal(golden.Runs.Select(run => run.Net), runs.Select(run => Sum(run, golden)));
        foreach (var (run, lines) in golden.Runs.Zip(runs).Where(pair => pair.First.Lines is not null))
            Assert.Equal(run.Lines!.Select(line => Expected(golden, line)), lines);
        Assert.Equal(golden.Total, Sum(runs.SelectMany(lines => lines), golden));
    }

    [Theory, MemberData(nameof(CoinDrift))]
    public void Where_the_source_drifts_by_a_coin_the_sum_stays_the_rounded_total(string id)
    {
        var golden = Find(id);
        var runs = Play(golden).ToArray();
        Assert.Equal(golden.Runs.Select(run => run.NetHere ?? run.Net), runs.Select(run => Sum(run, golden)));
        Assert.Equal(golden.TotalHere, Sum(runs.SelectMany(lines => lines), golden));
        Assert.NotEqual(golden.Total, golden.TotalHere);
    }

    [Theory, MemberData(nameof(Cases)), MemberData(nameof(CoinDrift))]
    public void The_exact_total_is_the_published_fraction(string id)
    {
        var golden = Find(id);
        var state = new GoldenState(golden);
        foreach (var run in golden.Runs) state = state.Knowing(run);
        var exact = Proration.Total(state.Terms, state.Counts, state.Period);
        var (numerator, denominator) = Fraction(golden.ExactTotal);
        Assert.Equal((Int128)numerator * exact.Denominator * 1_000_000_000_000, exact.Numerator * denominator);
    }

    [Theory, MemberData(nameof(Aligned))]
    public void The_cadence_finds_the_published_period(string id)
    {
        var golden = Find(id);
        var cadence = golden.Cadence!.Cadence();
        var days = golden.Period.Days();
        Assert.Equal((days, days), (cadence.PeriodContaining(days.From).Span, cadence.PeriodContaining(days.Until.AddDays(-1)).Span));
    }

    [Theory, MemberData(nameof(Roundings))]
    public void A_published_rounding_comes_out(string id)
    {
        var golden = Golden.Rounding.Single(candidate => candidate.Id == id);
        var currency = Currency.Of(golden.Currency);
        if (golden.Rule == "half_up")
            Assert.Equal(new Money(Number(golden.Expected.GetString()!), currency), Rounding.Round(Number(golden.Amount), currency));
        else
            Assert.Equal(
                golden.Expected.EnumerateArray().Select(part => new Money(Number(part.GetString()!), currency)),
                Allocation.ByWeight(new(Number(golden.Amount), currency), [.. golden.Weights!.Select(weight => new Units(weight))]));
    }

    [Theory, MemberData(nameof(Boundaries))]
    public void Published_boundaries_come_out(string id)
    {
        var golden = Golden.Periods.Single(candidate => candidate.Id == id);
        var cadence = new GoldenCadence(golden.Every, golden.Anchor).Cadence();
        Assert.Equal(golden.Boundaries, golden.Boundaries.Select((_, index) => cadence.Boundary(golden.First + index)));
    }

    [Theory, MemberData(nameof(Ratios))]
    public void A_published_ratio_comes_out(string id)
    {
        var golden = Golden.Ratios.Single(candidate => candidate.Id == id);
        var accrual = Accrual.Of(1, new(1), new DateRange(golden.From, golden.Until).Days, golden.Period.Days().Days);
        var (numerator, denominator) = Fraction(golden.Fraction);
        Assert.Equal((Int128)numerator * accrual.Denominator * 1_000_000_000_000, accrual.Numerator * denominator);
        if (golden.Ratio is { } ratio) Assert.Equal(0m, decimal.Round((decimal)numerator / denominator - Number(ratio), golden.Places));
    }

    [Fact]
    public void The_full_period_after_a_published_partial_one_is_charged_in_full()
    {
        foreach (var golden in Golden.Cases.Where(golden => golden.Next is not null))
        {
            var state = new GoldenState(golden).Knowing(golden.Runs[0]);
            var after = new AlignedPeriod(1, new(golden.Next!.From, golden.Next.Until));
            var lines = Proration.Lines(state.Terms, state.Counts, state.Posted, [after]);
            var expected = new ProrationLine(after, after.Span, golden.Next.Units, new(Number(golden.UnitPrice)), Amount(golden, golden.Next.Amount));
            Assert.Equal(expected, Assert.Single(lines));
        }
    }

    private static GoldenCase Find(string id) => Golden.Cases.Concat(Golden.CoinDrift).Single(golden => golden.Id == id);

    private static IEnumerable<ImmutableArray<ProrationLine>> Play(GoldenCase golden)
    {
        var state = new GoldenState(golden);
        foreach (var run in golden.Runs)
        {
            state = state.Knowing(run);
            var lines = Proration.Lines(state.Terms, state.Counts, state.Posted, [state.Period]);
            yield return lines;
            state = state with { Posted = state.Posted.With(lines) };
        }

        Assert.Empty(Proration.Lines(state.Terms, state.Counts, state.Posted, [state.Period]));
    }

    private static ProrationLine Expected(GoldenCase golden, GoldenLine line) =>
        new(new(0, golden.Period.Days()), new(line.From, line.Until), line.Units, new(Number(line.UnitPrice)), Amount(golden, line.Amount));

    private static Money Amount(GoldenCase golden, string amount) => new(Number(amount), Currency.Of(golden.Currency));

    private static string Sum(IEnumerable<ProrationLine> lines, GoldenCase golden) =>
        Money.Sum(lines.Select(line => line.Amount), Currency.Of(golden.Currency)).ToString().Split(' ')[0];

    private static (long Numerator, long Denominator) Fraction(string text) =>
        text.Split('/').Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray() is [var numerator, .. var rest] ? (numerator, rest is [var denominator] ? denominator : 1) : default;

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>What is known, and posted, after some of the runs.</summary>
    private sealed record GoldenState(AlignedPeriod Period, LineTerms Terms, CountTimeline Counts, PostedCharges Posted, int Sequence)
    {
        public GoldenState(GoldenCase golden)
            : this(new(0, golden.Period.Days()), Start(golden), CountTimeline.Empty, PostedCharges.None, 0)
        {
        }

        public GoldenState Knowing(GoldenRun run)
        {
            var (terms, counts, sequence) = (Terms, Counts, Sequence);
            if (run.Service is { } service) terms = new(terms.Cadence, terms.Currency, terms.Prices, service.From, service.Until, included: terms.Included);
            foreach (var count in run.Counts) counts = counts.With(new(DateOnly.Parse(count[0].GetString()!, CultureInfo.InvariantCulture), sequence++, new(count[1].GetDecimal())));
            foreach (var price in run.Prices) terms = terms.Priced(new(DateOnly.Parse(price[0], CultureInfo.InvariantCulture), sequence++, new(Number(price[1]))));
            return this with { Terms = terms, Counts = counts, Sequence = sequence };
        }

        private static LineTerms Start(GoldenCase golden) => new(
            golden.Cadence?.Cadence() ?? new(BillingPeriod.Monthly, golden.Period.From),
            Currency.Of(golden.Currency),
            PriceTimeline.Constant(new(Number(golden.UnitPrice))),
            golden.Period.From,
            included: golden.Included is { } included ? new(included) : null);
    }
}
