using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Prorating;

public sealed class ValueTests
{
    private static readonly Currency Dollar = Currency.Of("USD");

    [Theory]
    [InlineData("JPY", 0), InlineData("USD", 2), InlineData("EUR", 2), InlineData("GBP", 2), InlineData("AUD", 2)]
    [InlineData("KWD", 3), InlineData("BHD", 3), InlineData("JOD", 3), InlineData("OMR", 3), InlineData("TND", 3)]
    public void A_currency_knows_its_smallest_coin(string code, int minorUnits) => Assert.Equal((code, minorUnits), (Currency.Of(code).Code, Currency.Of(code).MinorUnits));

    [Theory]
    [InlineData("XYZ"), InlineData("usd"), InlineData(""), InlineData(null)]
    public void An_unknown_code_is_no_currency(string? code) => Assert.Equal((false, null), (Currency.TryParse(code, out var currency), currency));

    [Fact]
    public void Money_adds_only_within_one_currency()
    {
        Assert.Equal(new(3.50m, Dollar), new Money(1.25m, Dollar) + new Money(2.25m, Dollar));
        Assert.Equal(new(-1m, Dollar), new Money(1.25m, Dollar) - new Money(2.25m, Dollar));
        Assert.Throws<InvalidOperationException>(() => new Money(1m, Dollar) + new Money(1m, Currency.Of("EUR")));
        Assert.Throws<InvalidOperationException>(() => Money.Sum([new(1m, Dollar)], Currency.Of("EUR")));
    }

    [Theory]
    [InlineData("USD", "1.001"), InlineData("JPY", "1.5"), InlineData("USD", "1000000000000000000001")]
    public void Money_is_whole_coins_within_its_bounds(string code, string amount) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Money(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Currency.Of(code)));

    [Fact]
    public void Half_a_coin_goes_away_from_zero_in_both_directions()
    {
        Assert.Equal((new Money(0.13m, Dollar), new Money(-0.13m, Dollar)), (Rounding.Round(0.125m, Dollar), Rounding.Round(-0.125m, Dollar)));
        Assert.Equal((new Money(0.13m, Dollar), new Money(-0.13m, Dollar)), (Rounding.Round(Accrual.Of(1m, new(0.25m), 3, 6), Dollar), Rounding.Round(Accrual.Of(-1m, new(0.25m), 3, 6), Dollar)));
    }

    [Fact]
    public void A_range_of_days_is_never_empty()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DateRange(new(2026, 6, 1), new(2026, 6, 1)));
        var june = new DateRange(new(2026, 6, 1), new(2026, 7, 1));
        Assert.Equal((30, true, false), (june.Days, june.Contains(new DateOnly(2026, 6, 1)), june.Contains(new DateOnly(2026, 7, 1))));
        Assert.Equal(new(new(2026, 6, 20), new(2026, 7, 1)), june.Intersect(new(new(2026, 6, 20), new(2026, 8, 1))));
        Assert.Null(june.Intersect(new(new(2026, 7, 1), new(2026, 8, 1))));
    }

    [Fact]
    public void Every_day_is_in_exactly_one_period_of_every_cadence()
    {
        foreach (var every in Enum.GetValues<BillingPeriod>())
        {
            var cadence = new BillingCadence(every, new(2024, 1, 31));
            for (var day = new DateOnly(2021, 1, 1); day < new DateOnly(2028, 1, 1); day = day.AddDays(1))
            {
                var period = cadence.PeriodContaining(day);
                Assert.True(period.Span.Contains(day));
                Assert.Equal(period, cadence.Period(period.Number));
            }
        }
    }

    [Fact]
    public void A_leap_day_anchor_comes_back_in_the_next_leap_year() => Assert.Equal(
        [new(2024, 2, 29), new(2025, 2, 28), new(2026, 2, 28), new(2027, 2, 28), new(2028, 2, 29)],
        Enumerable.Range(0, 5).Select(new BillingCadence(BillingPeriod.Yearly, new(2024, 2, 29)).Boundary));

    [Fact]
    public void A_cadence_is_bounded()
    {
        var weekly = new BillingCadence(BillingPeriod.Weekly, new(2026, 1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => weekly.Boundary(BillingCadence.NumberMax + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => weekly.PeriodsOverlapping(new(new(2000, 1, 1), new(2090, 1, 1))));
        Assert.Equal([-1, 0, 1], weekly.PeriodsOverlapping(new(new(2026, 1, 4), new(2026, 1, 13))).Select(period => period.Number));
    }

    [Fact]
    public void A_timeline_says_when_nobody_has_counted_yet()
    {
        var june = new DateRange(new(2026, 6, 1), new(2026, 7, 1));
        var (three, zero, stillZero) = (new CountRecord(new(2026, 6, 10), 5, new(3)), new CountRecord(new(2026, 6, 20), 6, Units.Zero), new CountRecord(new(2026, 6, 25), 7, Units.Zero));
        Assert.Equal(
            [new(new(new(2026, 6, 1), new(2026, 6, 10)), null), new(new(new(2026, 6, 10), new(2026, 6, 20)), three), new(new(new(2026, 6, 20), new(2026, 7, 1)), zero)],
            CountTimeline.Of([stillZero, zero, three]).Within(june).ToArray());
    }

    [Fact]
    public void Two_different_counts_cannot_share_a_date_and_a_sequence()
    {
        var record = new CountRecord(new(2026, 6, 1), 1, new(3));
        Assert.Throws<ArgumentException>(() => CountTimeline.Of([record, record with { Units = new(4) }]));
        Assert.Equal(CountTimeline.Of([record]), CountTimeline.Of([record, record]).With(record).With(record with { Sequence = 0, Units = new(9) }));
    }

    [Fact]
    public void An_amount_splits_without_losing_a_coin() => Assert.Equal(
        [new(-33.34m, Dollar), new(-66.66m, Dollar), new(0m, Dollar)],
        Allocation.ByWeight(new(-100m, Dollar), [new(1.0002m), new(1.9998m), new(0)]).ToArray());
}
