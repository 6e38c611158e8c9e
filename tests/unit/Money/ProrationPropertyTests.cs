using System.Collections.Immutable;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Prorating;

/// <summary>What must hold for every line, in 28,000 random ones.</summary>
public sealed class ProrationPropertyTests
{
    [Fact]
    public void Every_run_posts_exactly_what_the_oracle_posts_under_every_setting() => ForAll(5_000, story =>
    {
        var (oracle, posted) = (new ExactOracle(story), story.Unposted);
        for (var known = 0; known <= story.Counts.Length; known++)
        {
            var lines = Post(story, story.Terms(known), CountTimeline.Of(story.Counts.Take(known)), ref posted);
            Assert.Equal(oracle.Post(known, known), lines.Select(line => Text(story, line)));
        }
    });

    [Fact]
    public void Constant_units_and_price_over_a_whole_period_cost_units_times_price() => ForAll(2_000, story =>
    {
        var units = new Units(story.Counts.Length > 0 ? story.Counts[0].Units.Value : 1m);
        var counts = CountTimeline.Of([new(story.Period.Span.From, 0, units)]);
        var terms = new LineTerms(story.Cadence, story.Money, PriceTimeline.Constant(story.FirstPrice.Price), story.Period.Span.From, settings: story.Settings);
        var product = new BigInteger(units.Value * 1_000_000m) * new BigInteger(story.FirstPrice.Price.Value * 1_000_000m);
        if (story.Settings.UnitPriceRounding == UnitPriceRounding.None)
            Assert.Equal(new ExactOracle(story).Coins(product, 1), Coins(story, Total(story, Lines(story, terms, counts, story.Unposted))));
    });

    [Fact]
    public void Cutting_the_service_or_the_run_anywhere_keeps_the_sum() => ForAll(2_000, told =>
    {
        var story = told.Summing;
        var whole = Total(story, Lines(story, story.Terms(), story.Timeline(), PostedCharges.None));
        var early = story.CutOn < story.ServiceFrom ? story.ServiceFrom : story.CutOn;
        var posted = PostedCharges.None;
        var first = Post(story, story.Terms().Ending(story.ServiceUntil < early ? story.ServiceUntil : early), story.Timeline(), ref posted);
        var second = Post(story, story.Terms(), story.Timeline(), ref posted);
        Assert.Equal(whole, Total(story, first.AddRange(second)));
    });

    [Fact]
    public void The_lines_sum_to_the_rounded_exact_total_and_each_run_adds_the_new_total_less_what_was_posted() => ForAll(2_500, told =>
    {
        var (story, posted) = (told.Summing, PostedCharges.None);
        var before = Money.Zero(story.Money);
        for (var known = 0; known <= story.Counts.Length; known++)
        {
            var counts = CountTimeline.Of(story.Counts.Take(known));
            var added = Total(story, Post(story, story.Terms(known), counts, ref posted));
            var after = Rounding.Round(Proration.Total(story.Terms(known), counts, story.Period), story.Money);
            Assert.Equal(after - before, added);
            before = after;
        }
    });

    [Fact]
    public void Taking_everything_back_leaves_exactly_nothing() => ForAll(2_000, told =>
    {
        var (story, posted) = (told.Summing, PostedCharges.None);
        var charged = Post(story, story.Terms(0), story.Timeline(), ref posted);
        var changed = Post(story, story.Terms(), story.Timeline(), ref posted);
        var refunded = Post(story, story.Terms().Ending(story.ServiceFrom), story.Timeline(), ref posted);
        Assert.Equal(Money.Zero(story.Money), Total(story, charged.AddRange(changed).AddRange(refunded)));
    });

    [Fact]
    public void A_second_run_posts_nothing_whether_it_reads_the_ledger_or_what_the_posting_assumed() => ForAll(2_000, story =>
    {
        var posted = story.Unposted;
        _ = Post(story, story.Terms(0), CountTimeline.Of(story.Counts.Take(1)), ref posted);
        _ = Post(story, story.Terms(), story.Timeline(), ref posted);
        Assert.Empty(Lines(story, story.Terms(), story.Timeline(), posted));
        if (!story.SumsToTotal) return;
        var assumed = PostedCharges.Assuming(story.Terms(), story.Timeline(), [story.Period]);
        Assert.Empty(Lines(story, story.Terms(), story.Timeline(), assumed));
        Assert.Equal(Lines(story, story.Terms(0), story.Timeline(), posted).AsEnumerable(), Lines(story, story.Terms(0), story.Timeline(), assumed));
    });

    [Fact]
    public void The_order_of_arrival_and_the_number_of_runs_do_not_matter() => ForAll(2_500, told =>
    {
        var story = told.Summing;
        var once = Lines(story, story.Terms(), story.Timeline(), PostedCharges.None);
        var (counts, posted, paid) = (CountTimeline.Empty, PostedCharges.None, Money.Zero(story.Money));
        foreach (var index in story.Shuffle)
        {
            counts = counts.With(story.Counts[index]).With(story.Counts[story.Shuffle[0]]);
            if (index % 2 == 0) paid += Total(story, Post(story, story.Terms(index), counts, ref posted));
        }

        paid += Total(story, Post(story, story.Terms(), counts, ref posted));
        Assert.Equal(story.Timeline(), counts);
        Assert.Equal(Total(story, once), paid);
        Assert.Equal(once.AsEnumerable(), Lines(story, story.Terms(), counts, PostedCharges.None));
    });

    [Fact]
    public void A_change_from_a_day_on_never_alters_lines_that_end_before_it() => ForAll(2_500, story =>
    {
        if (!story.LooksBackOnly) return;
        var posted = story.Unposted;
        _ = Post(story, story.Terms(1), CountTimeline.Of(story.Counts.Take(2)), ref posted);
        var earlier = story.Counts.Where(record => record.EffectiveOn < story.CutOn);
        var prices = story.Prices.Where(record => record.EffectiveOn < story.CutOn).ToArray();
        var without = Lines(story, (story with { Prices = prices }).Terms(), CountTimeline.Of(earlier), posted);
        var with = Lines(story, story.Terms(), story.Timeline(), posted);
        Assert.Equal(without.Where(line => line.Until < story.CutOn), with.Where(line => line.Until < story.CutOn));
        var firstWithout = Lines(story, (story with { Prices = prices }).Terms(), CountTimeline.Of(earlier), story.Unposted);
        var first = Lines(story, story.Terms(), story.Timeline(), story.Unposted);
        Assert.Empty(firstWithout.Where(line => line.Until <= story.CutOn).Except(first));
    });

    [Fact]
    public void A_line_has_the_sign_of_its_accrual_and_is_less_than_a_coin_from_exact() => ForAll(2_000, story =>
    {
        if (story.Settings.UnitPriceRounding == UnitPriceRounding.PerUnit) return;
        var posted = story.Unposted;
        _ = Post(story, story.Terms(0), CountTimeline.Of(story.Counts.Take(3)), ref posted);
        foreach (var line in Lines(story, story.Terms(), story.Timeline(), posted))
        {
            var coin = line.Accrual.Denominator * BigInteger.Pow(10, 12 - story.Money.MinorUnits);
            Assert.True(line.Amount.Amount == 0m || decimal.Sign(line.Amount.Amount) == Int128.Sign(line.Accrual.Numerator));
            Assert.True(line.Kind != ChargeKind.Units || line.Accrual.Numerator == 0 || Int128.Sign(line.Accrual.Numerator) == decimal.Sign(line.DeltaUnits));
            Assert.True(BigInteger.Abs((Coins(story, line.Amount) * coin) - (BigInteger)line.Accrual.Numerator) < coin);
        }
    });

    [Fact]
    public void The_average_of_a_month_costs_what_its_days_cost_and_the_most_never_less() => ForAll(2_000, told =>
    {
        if (told.Tiered) return;
        var story = told.Summing with { Included = null };
        Assert.Equal(In(CountMode.ProrateDaily), In(CountMode.MonthEndAverage));
        Assert.True(In(CountMode.MonthEndMax).Amount >= In(CountMode.MonthEndAverage).Amount);

        Money In(CountMode mode) => Total(story, Lines(story, (story with { Settings = story.Settings with { Mode = mode } }).Terms(), story.Timeline(), PostedCharges.None));
    });

    [Fact]
    public void Advance_and_arrears_post_the_same_total_for_every_period() => ForAll(1_500, told =>
    {
        var story = told.Summing;
        var through = story.Period.Span.Until.AddDays(40);
        Assert.Equal(ByPeriod(story, BillingTiming.Advance, through), ByPeriod(story, BillingTiming.Arrears, through));
    });

    [Fact]
    public void More_units_never_cost_less() => ForAll(2_000, told =>
    {
        var story = told.Summing;
        if (story.ByVolume) return;
        var more = CountTimeline.Of(story.Counts.Select((record, index) =>
            index % 2 == 0 ? record with { Units = new(Math.Min(Units.Largest, record.Units.Value + 1m)) } : record));
        var less = Total(story, Lines(story, story.Terms(), story.Timeline(), PostedCharges.None));
        Assert.True(Total(story, Lines(story, story.Terms(), more, PostedCharges.None)).Amount >= less.Amount);
    });

    private static void ForAll(int cases, Action<LineStory> holds) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(cases), Prop.ForAll(LineStory.Any, holds));

    private static ImmutableArray<ProrationLine> Lines(LineStory story, LineTerms terms, CountTimeline counts, PostedCharges posted) =>
        Proration.Lines(terms, counts, posted, [story.Period]);

    private static ImmutableArray<ProrationLine> Post(LineStory story, LineTerms terms, CountTimeline counts, ref PostedCharges posted)
    {
        var lines = Lines(story, terms, counts, posted);
        posted = posted.With(lines);
        return lines;
    }

    /// <summary>Runs every ten days; later runs know more counts.</summary>
    private static (DateOnly From, Money Total)[] ByPeriod(LineStory story, BillingTiming timing, DateOnly through)
    {
        var (ledger, known) = (ImmutableArray<ProrationLine>.Empty, 0);
        for (var cutoff = story.Period.Span.From; cutoff < through; cutoff = cutoff.AddDays(Math.Max(10, story.Period.Days / 3))) Run(cutoff, ++known);
        Run(through, int.MaxValue);
        var done = ledger.Where(line => line.Period.Span.Until <= through);
        return [.. done.GroupBy(line => line.Period.Span.From).Select(lines => (lines.Key, Total(story, lines))).Where(total => total.Item2.Amount != 0m).OrderBy(total => total.Key)];

        void Run(DateOnly cutoff, int counts)
        {
            var (terms, posted) = (story.Terms(), PostedCharges.Of(ledger));
            ledger = ledger.AddRange(Proration.Lines(terms, CountTimeline.Of(story.Counts.Take(counts)), posted, PeriodSelection.Through(terms, timing, cutoff, posted)));
        }
    }

    private static Money Total(LineStory story, IEnumerable<ProrationLine> lines) => Money.Sum(lines.Select(line => line.Amount), story.Money);

    private static BigInteger Coins(LineStory story, Money amount) => new(amount.Amount * (decimal)BigInteger.Pow(10, story.Money.MinorUnits));

    private static string Text(LineStory story, ProrationLine line)
    {
        var price = new BigInteger(line.UnitPrice.Value * 1_000_000m);
        return line.Kind == ChargeKind.Units
            ? ExactOracle.Text(line.From, line.Until, price, new BigInteger(line.DeltaUnits * 1_000_000m), Coins(story, line.Amount))
            : ExactOracle.Text(line.Kind.ToString(), line.From, price, Coins(story, line.Amount));
    }
}
