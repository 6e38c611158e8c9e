using System.Globalization;
using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Prorating;

/// <summary>Months told by hand: the units that count from a day on, the runs, and every line they post.</summary>
public sealed class ProrationTests
{
    private static readonly BillingCadence Calendar = new(BillingPeriod.Monthly, new(2026, 1, 1));

    private static readonly AlignedPeriod June = Calendar.PeriodContaining(new(2026, 6, 15));

    [Fact]
    public void Ten_days_of_a_Kuwaiti_month_have_three_decimals()
    {
        var january = Calendar.Period(0);
        var terms = new LineTerms(Calendar, Currency.Of("KWD"), PriceTimeline.Constant(new(10.000m)), new(2026, 1, 22));
        var line = Assert.Single(Proration.Lines(terms, Counts("2026-01-22 1"), PostedCharges.None, [january]));
        Assert.Equal(new(january, new(new(2026, 1, 22), new(2026, 2, 1)), 1m, new(10m), new(3.226m, Currency.Of("KWD"))), line);
        Assert.Equal(("100/31", "3.226 KWD"), (line.Accrual.ToString(), line.Amount.ToString()));
    }

    [Theory]
    [InlineData("an agent more from the tenth", "2026-06-01 10", "2026-06-10 11", "06-10 06-30 1 x 30 = 21.00 USD")]
    [InlineData("two fewer on the last day", "2026-06-01 10", "2026-06-30 8", "06-30 06-30 -2 x 30 = -2.00 USD")]
    [InlineData("more on the first day", "2026-06-01 10", "2026-06-01 12", "06-01 06-30 2 x 30 = 60.00 USD")]
    [InlineData("more on the boundary", "2026-06-01 10", "2026-07-01 12", "")]
    [InlineData("a hole", "2026-06-01 10", "2026-06-05 0, 2026-06-08 10", "06-05 06-07 -10 x 30 = -30.00 USD")]
    [InlineData("the last count of a day wins", "2026-06-01 10", "2026-06-16 50, 2026-06-16 12", "06-16 06-30 2 x 30 = 30.00 USD")]
    [InlineData("there and back", "2026-06-01 10", "2026-06-11 12, 2026-06-21 10", "06-11 06-20 2 x 30 = 20.00 USD")]
    [InlineData("back-dated before everything", "2026-06-11 10", "2026-06-01 3", "06-01 06-10 3 x 30 = 30.00 USD")]
    [InlineData("the same count again", "2026-06-01 10", "2026-06-20 10", "")]
    public void A_posted_June_is_corrected_by_the_difference(string story, string posted, string learned, string lines)
    {
        var terms = Terms();
        var before = PostedCharges.Of(Proration.Lines(terms, Counts(posted), PostedCharges.None, [June]));
        Assert.Equal((story, lines), (story, Text(Proration.Lines(terms, Counts(posted + ", " + learned), before, [June]))));
    }

    [Theory]
    [InlineData("minimum", 5, null, null, "2026-06-11 8", "06-01 06-10 5 x 30 = 50.00 USD, 06-11 06-30 8 x 30 = 160.00 USD")]
    [InlineData("maximum", null, 6, null, "2026-06-01 4, 2026-06-11 8", "06-01 06-10 4 x 30 = 40.00 USD, 06-11 06-30 6 x 30 = 120.00 USD")]
    [InlineData("included", null, null, 5, "2026-06-01 4, 2026-06-11 8", "06-11 06-30 3 x 30 = 60.00 USD")]
    [InlineData("included after the maximum", null, 6, 5, "2026-06-01 9", "06-01 06-30 1 x 30 = 30.00 USD")]
    [InlineData("nothing counted, nothing charged", null, null, null, "", "")]
    public void Limits_apply_to_each_day(string story, int? minimum, int? maximum, int? included, string counts, string lines)
    {
        var terms = Terms(minimum: minimum, maximum: maximum, included: included);
        Assert.Equal((story, lines), (story, Text(Proration.Lines(terms, Counts(counts), PostedCharges.None, [June]))));
    }

    [Fact]
    public void A_new_price_credits_the_old_before_it_charges_the_new()
    {
        var posted = PostedCharges.Of(Proration.Lines(Terms(), Counts("2026-06-01 2"), PostedCharges.None, [June]));
        var dearer = Terms().Priced(new(new(2026, 6, 16), 1, new(33m)));
        Assert.Equal("06-16 06-30 -2 x 30 = -30.00 USD, 06-16 06-30 2 x 33 = 33.00 USD", Text(Proration.Lines(dearer, Counts("2026-06-01 2"), posted, [June])));
    }

    [Fact]
    public void Free_units_are_lines_of_nothing_and_are_posted_once()
    {
        var free = new LineTerms(Calendar, Currency.Of("USD"), PriceTimeline.Constant(new(0m)), new(2026, 1, 1));
        var lines = Proration.Lines(free, Counts("2026-06-01 7"), PostedCharges.None, [June]);
        Assert.Equal("06-01 06-30 7 x 0 = 0.00 USD", Text(lines));
        Assert.Empty(Proration.Lines(free, Counts("2026-06-01 7"), PostedCharges.Of(lines), [June]));
    }

    [Fact]
    public void A_run_takes_ready_and_already_posted_periods_whatever_the_effective_date()
    {
        var terms = Terms().Ending(new(2026, 8, 11));
        var posted = PostedCharges.Of(Proration.Lines(terms, Counts("2026-06-01 10"), PostedCharges.None, [June, Calendar.Period(7)]));
        Assert.Equal([5, 6, 7], Numbers(BillingTiming.Advance, new(2026, 7, 1), posted));
        Assert.Equal([5, 7], Numbers(BillingTiming.Arrears, new(2026, 7, 1), posted));
        Assert.Equal([5, 6, 7], Numbers(BillingTiming.Advance, new(2027, 7, 1), PostedCharges.None));
        Assert.Equal([5, 6], Numbers(BillingTiming.Arrears, new(2026, 8, 31), PostedCharges.None));
        Assert.Empty(Numbers(BillingTiming.Advance, new(2026, 5, 31), PostedCharges.None));

        IEnumerable<int> Numbers(BillingTiming timing, DateOnly cutoff, PostedCharges ledger) => PeriodSelection.Through(terms, timing, cutoff, ledger).Select(period => period.Number);
    }

    [Fact]
    public void A_ledger_that_does_not_add_up_is_not_believed()
    {
        var wrong = new ProrationLine(June, June.Span, 1m, new(30m), new(29.99m, Currency.Of("USD")));
        Assert.Throws<InvalidOperationException>(() => PostedCharges.Of([wrong]));
    }

    [Fact]
    public void A_period_posted_under_another_cadence_must_be_settled_first()
    {
        var posted = PostedCharges.Of(Proration.Lines(Terms(), Counts("2026-06-01 10"), PostedCharges.None, [June]));
        var moved = new BillingCadence(BillingPeriod.Monthly, new(2026, 1, 15)).PeriodContaining(new(2026, 6, 20));
        Assert.Throws<InvalidOperationException>(() => Proration.Lines(Terms(), CountTimeline.Empty, posted, [moved]));
    }

    [Fact]
    public void A_period_posted_in_another_currency_is_refused_even_when_nothing_changed()
    {
        var posted = PostedCharges.Of(Proration.Lines(Terms(), Counts("2026-06-01 10"), PostedCharges.None, [June]));
        var euro = new LineTerms(Calendar, Currency.Of("EUR"), Terms().Prices, new(2026, 6, 1));
        Assert.Throws<InvalidOperationException>(() => Proration.Lines(euro, Counts("2026-06-01 10"), posted, [June]));
    }

    [Fact]
    public void Periods_given_twice_are_refused() =>
        Assert.Throws<ArgumentException>(() => Proration.Lines(Terms(), CountTimeline.Empty, PostedCharges.None, [June, June]));

    [Fact]
    public void The_largest_line_is_exact_to_the_last_coin()
    {
        var largest = new UnitPrice(999_999_999.999999m);
        var year = new BillingCadence(BillingPeriod.Yearly, new(2024, 1, 1)).Period(0);
        var terms = new LineTerms(new(BillingPeriod.Yearly, new(2024, 1, 1)), Currency.Of("KWD"), PriceTimeline.Constant(largest), year.Span.From);
        var line = Assert.Single(Proration.Lines(terms, CountTimeline.Of([new(year.Span.From, 0, new(999_999_999.999999m))]), PostedCharges.None, [year]));
        Assert.Equal("365999999999999268000.000000000366/366 = 999999999999998000.000 KWD", $"{line.Accrual} = {line.Amount}");
    }

    private static LineTerms Terms(int? minimum = null, int? maximum = null, int? included = null) => new(
        Calendar, Currency.Of("USD"), PriceTimeline.Constant(new(30m)), new(2026, 6, 1), null, Limit(minimum), Limit(maximum), Limit(included));

    private static Units? Limit(int? units) => units is { } value ? new(value) : null;

    private static CountTimeline Counts(string text) => CountTimeline.Of(
        text.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select((record, sequence) => record.Split(' ') is [var date, var units]
            ? new CountRecord(DateOnly.Parse(date, CultureInfo.InvariantCulture), sequence, new(decimal.Parse(units, CultureInfo.InvariantCulture)))
            : throw new FormatException(record)));

    private static string Text(IEnumerable<ProrationLine> lines) => string.Join(", ", lines.Select(line =>
        string.Create(CultureInfo.InvariantCulture, $"{line.From:MM-dd} {line.Until.AddDays(-1):MM-dd} {line.DeltaUnits:0.######} x {line.UnitPrice} = {line.Amount}")));
}
