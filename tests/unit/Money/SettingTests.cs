using System.Globalization;
using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Prorating;

/// <summary>What each setting does, on one June.</summary>
public sealed class SettingTests
{
    [Theory]
    [InlineData(ChangeDay.New, "0: 06-01 06-30 10 x 30 = 300.00; 1: 06-10 06-30 1 x 30 = 21.00")]
    [InlineData(ChangeDay.Old, "0: 06-01 06-30 10 x 30 = 300.00; 1: 06-11 06-30 1 x 30 = 20.00")]
    public void The_day_of_a_change_is_new_or_old(ChangeDay day, string lines) => Comes(lines, June(new() { ChangeDay = day }, "06-10 11"));

    [Theory]
    [InlineData(LineStyle.SingleDelta, "1: 06-16 06-30 -3 x 30 = -45.00")]
    [InlineData(LineStyle.CreditAndCharge, "1: 06-16 06-30 -10 x 30 = -150.00; 1: 06-16 06-30 7 x 30 = 105.00")]
    public void A_change_is_one_line_or_a_credit_and_a_charge(LineStyle style, string lines) =>
        Comes("0: 06-01 06-30 10 x 30 = 300.00; " + lines, June(new() { LineStyle = style }, "06-16 7"));

    [Theory]
    [InlineData(LineRounding.Cumulative, UnitPriceRounding.None, "0: 06-01 06-30 10 x 0.1 = 1.00; 1: 06-16 06-30 3 x 0.1 = 0.15; 2: 06-26 06-30 1 x 0.1 = 0.02")]
    [InlineData(LineRounding.IndependentPerLine, UnitPriceRounding.None, "0: 06-01 06-30 10 x 0.1 = 1.00; 1: 06-16 06-30 3 x 0.1 = 0.15; 2: 06-26 06-30 1 x 0.1 = 0.02")]
    [InlineData(LineRounding.Cumulative, UnitPriceRounding.PerUnit, "0: 06-01 06-30 10 x 0.1 = 1.00; 1: 06-16 06-30 3 x 0.1 = 0.15; 2: 06-26 06-30 1 x 0.1 = 0.02")]
    public void Where_nothing_is_lost_every_rounding_is_the_same(LineRounding rounding, UnitPriceRounding unitPrice, string lines) =>
        Comes(lines, June(new() { Rounding = rounding, UnitPriceRounding = unitPrice }, "06-16 13 1, 06-26 14 2") with { UnitPrice = 0.1m });

    [Theory]
    [InlineData(LineRounding.Cumulative, UnitPriceRounding.None, "0: 06-08 06-30 7 x 1.01 = 5.42")]
    [InlineData(LineRounding.Cumulative, UnitPriceRounding.PerUnit, "0: 06-08 06-30 7 x 1.01 = 5.39")]
    public void The_price_of_one_unit_may_be_rounded_before_it_is_multiplied(LineRounding rounding, UnitPriceRounding unitPrice, string lines) =>
        Comes(lines, June(new() { Rounding = rounding, UnitPriceRounding = unitPrice }, "") with { UnitPrice = 1.01m, InitialUnits = 7m, ServiceFrom = new(2026, 6, 8) });

    [Theory]
    [InlineData(ChangePolicy.Immediate, ChangePolicy.Immediate, "06-01 06-10 10 x 30 = 100.00; 06-11 06-20 6 x 30 = 60.00; 06-21 06-30 12 x 30 = 120.00")]
    [InlineData(ChangePolicy.Immediate, ChangePolicy.NextPeriod, "06-01 06-20 10 x 30 = 200.00; 06-21 06-30 12 x 30 = 120.00")]
    [InlineData(ChangePolicy.Immediate, ChangePolicy.HighWater, "06-01 06-20 10 x 30 = 200.00; 06-21 06-30 12 x 30 = 120.00")]
    [InlineData(ChangePolicy.NextPeriod, ChangePolicy.Immediate, "06-01 06-10 10 x 30 = 100.00; 06-11 06-30 6 x 30 = 120.00")]
    [InlineData(ChangePolicy.NextPeriod, ChangePolicy.NextPeriod, "06-01 06-30 10 x 30 = 300.00")]
    [InlineData(ChangePolicy.HighWater, ChangePolicy.Immediate, "06-01 06-30 12 x 30 = 360.00")]
    public void Increases_and_decreases_have_policies_of_their_own(ChangePolicy increases, ChangePolicy decreases, string lines) =>
        Comes(lines, June(new() { Increases = increases, Decreases = decreases }, "06-11 6 0, 06-21 12 0"));

    [Fact]
    public void What_waited_for_the_next_period_is_charged_from_its_first_day()
    {
        var request = June(new() { Increases = ChangePolicy.NextPeriod }, "06-11 12 0");
        Comes(
            "06-01 06-30 10 x 30 = 300.00; 07-01 07-31 12 x 30 = 360.00",
            request with { Periods = [request.Periods[0], new(new(2026, 7, 1), new(2026, 8, 1))] });
    }

    [Theory]
    [InlineData(CountMode.ProrateDaily, "06-01 06-10 10 x 30 = 100.00; 06-11 06-20 16 x 30 = 160.00; 06-21 06-30 13 x 30 = 130.00")]
    [InlineData(CountMode.MonthEndLast, "06-01 06-30 13 x 30 = 390.00")]
    [InlineData(CountMode.MonthEndMax, "06-01 06-30 16 x 30 = 480.00")]
    [InlineData(CountMode.MonthEndAverage, "06-01 06-30 13 x 30 = 390.00")]
    public void A_month_may_be_charged_for_its_last_its_most_or_its_average_units(CountMode mode, string lines) =>
        Comes(lines, June(new() { Mode = mode }, "06-11 16 0, 06-21 13 0"));

    [Theory]
    [InlineData("2026-01-15 2026-02-15", "2026-01-15 2026-01-31", DayCount.ActualPeriod, "01-15 01-30 1 x 30 = 15.48")]
    [InlineData("2026-01-15 2026-02-15", "2026-01-15 2026-01-31", DayCount.Fixed30, "01-15 01-30 1 x 30 = 15.00")]
    [InlineData("2026-01-15 2026-02-15", "2026-01-31 2026-02-15", DayCount.Fixed30, "01-31 02-14 1 x 30 = 15.00")]
    [InlineData("2026-02-01 2026-03-01", "2026-02-28 2026-03-01", DayCount.Fixed30, "02-28 02-28 1 x 30 = 3.00")]
    [InlineData("2026-01-01 2026-04-01", "2026-02-01 2026-04-01", DayCount.ActualPeriod, "02-01 03-31 1 x 30 = 19.67")]
    [InlineData("2026-01-01 2026-04-01", "2026-02-01 2026-04-01", DayCount.MonthsFirst, "02-01 03-31 1 x 30 = 20.00")]
    [InlineData("2026-01-01 2026-04-01", "2026-02-15 2026-04-01", DayCount.MonthsFirst, "02-15 03-31 1 x 30 = 15.00")]
    [InlineData("2026-01-31 2026-04-30", "2026-02-28 2026-04-30", DayCount.MonthsFirst, "02-28 04-29 1 x 30 = 20.00")]
    [InlineData("2026-01-05 2026-01-12", "2026-01-08 2026-01-12", DayCount.Fixed30, "01-08 01-11 1 x 30 = 17.14")]
    public void A_day_is_a_part_of_its_period_its_month_or_of_thirty_days(string period, string service, DayCount count, string lines)
    {
        var ((from, until), (begins, ends)) = (Days(period), Days(service));
        Comes(lines, June(new() { DayCount = count }, "") with { Periods = [new(from, until)], ServiceFrom = begins, ServiceUntil = ends, InitialUnits = 1m });
    }

    [Theory]
    [InlineData(TierKind.Graduated, 7, "06-01 06-30 2 x 5 = 10.00; 06-01 06-30 5 x 10 = 50.00; 06-01 06-30 1 x 50 = 50.00; 06-01 06-30 1 x 100 = 100.00")]
    [InlineData(TierKind.Volume, 7, "06-01 06-30 7 x 5 = 35.00; 06-01 06-30 1 x 50 = 50.00")]
    [InlineData(TierKind.Graduated, 5, "06-01 06-30 5 x 10 = 50.00; 06-01 06-30 1 x 100 = 100.00")]
    [InlineData(TierKind.Volume, 5, "06-01 06-30 5 x 10 = 50.00; 06-01 06-30 1 x 100 = 100.00")]
    [InlineData(TierKind.Graduated, 0, "")]
    public void A_price_list_has_tiers_with_fees_that_are_charged_once(TierKind kind, int units, string lines) =>
        Comes(lines, June(new(), "") with { InitialUnits = units, Tiers = new(kind, [new(5m, 10m, 100m), new(15m, 5m, 50m), new(null, 2m)]) });

    [Fact]
    public void A_fee_comes_with_the_run_that_first_reaches_its_tier_and_is_whole_in_a_part_of_a_period() => Comes(
        "0: 06-16 06-30 3 x 10 = 15.00; 0: 06-01 06-30 1 x 100 = 100.00; 1: 06-26 06-30 2 x 5 = 1.67; 1: 06-26 06-30 2 x 10 = 3.33; 1: 06-01 06-30 1 x 50 = 50.00",
        June(new(), "06-26 7") with { InitialUnits = 3m, ServiceFrom = new(2026, 6, 16), Tiers = new(TierKind.Graduated, [new(5m, 10m, 100m), new(15m, 5m, 50m), new(null, 2m)]) });

    [Theory]
    [InlineData(2, "06-16 06-30 2 x 30 = 30.00; 06-16 06-30 1 x 100 = 20.00")]
    [InlineData(4, "06-16 06-30 4 x 30 = 60.00")]
    public void What_usage_lacks_of_the_commitment_is_charged_once_for_the_days_of_service(int units, string lines) =>
        Comes(lines, June(new(), "") with { InitialUnits = units, ServiceFrom = new(2026, 6, 16), Commitment = 100m });

    [Fact]
    public void A_record_may_call_off_what_was_scheduled_for_later_dates()
    {
        var request = June(new(), "06-21 20 0, 06-11 13 0");
        Comes("06-01 06-10 10 x 30 = 100.00; 06-11 06-20 13 x 30 = 130.00; 06-21 06-30 20 x 30 = 200.00", request);
        Comes("06-01 06-10 10 x 30 = 100.00; 06-11 06-30 13 x 30 = 260.00", request with { Supersede = true });
    }

    [Fact]
    public void A_ledger_that_is_wrong_by_a_coin_is_put_right_by_the_next_line_or_by_one_of_its_own()
    {
        var wrong = June(new(), "") with { PostedBefore = [new(new(2026, 6, 1), new(2026, 7, 1), 10m, null, 299.99m)] };
        Comes("1: 06-01 06-30 0 x 0 = 0.01", wrong);
        Comes("1: 06-10 06-30 1 x 30 = 21.01", wrong with { Changes = [new(new(2026, 6, 10), 11m, 1)] });
    }

    [Fact]
    public void Lines_rounded_by_themselves_cannot_be_told_from_what_the_posting_assumed()
    {
        var cadence = CadenceAlignment.Calendar(BillingPeriod.Monthly);
        var terms = new LineTerms(cadence, Currency.Of("USD"), PriceTimeline.Constant(new(1m)), new(2026, 6, 1), settings: new() { Rounding = LineRounding.IndependentPerLine });
        Assert.Throws<InvalidOperationException>(() => PostedCharges.Assuming(terms, CountTimeline.Empty, [cadence.PeriodContaining(new(2026, 6, 1))]));
    }

    [Fact]
    public void A_posted_period_keeps_its_day_count_when_the_setting_changes()
    {
        var january = CadenceAlignment.Calendar(BillingPeriod.Monthly).PeriodContaining(new(2026, 1, 1));
        var posted = PostedCharges.Of(Proration.Lines(Terms(DayCount.Fixed30), Units("2026-01-01 1"), PostedCharges.None, [january]));
        var line = Assert.Single(Proration.Lines(Terms(DayCount.ActualPeriod), Units("2026-01-01 1, 2026-01-16 2"), posted, [january]));
        Assert.Equal((DayCount.Fixed30, "15/30", 0.50m), (line.DayCount, line.Accrual.ToString(), line.Amount.Amount));

        LineTerms Terms(DayCount count) =>
            new(CadenceAlignment.Calendar(BillingPeriod.Monthly), Currency.Of("USD"), PriceTimeline.Constant(new(1m)), new(2026, 1, 1), settings: new() { DayCount = count });

        CountTimeline Units(string text) => CountTimeline.Of(text.Split(", ").Select((record, sequence) =>
            new CountRecord(DateOnly.Parse(record[..10], CultureInfo.InvariantCulture), sequence, new(decimal.Parse(record[11..], CultureInfo.InvariantCulture)))));
    }

    [Theory]
    [InlineData(BillingPeriod.Weekly, "2026-06-08 2026-06-15")]
    [InlineData(BillingPeriod.Monthly, "2026-06-01 2026-07-01")]
    [InlineData(BillingPeriod.Quarterly, "2026-04-01 2026-07-01")]
    [InlineData(BillingPeriod.SemiAnnual, "2026-01-01 2026-07-01")]
    [InlineData(BillingPeriod.Yearly, "2026-01-01 2027-01-01")]
    public void The_calendar_has_periods_of_every_length(BillingPeriod every, string period)
    {
        var (from, until) = Days(period);
        Assert.Equal(new(from, until), CadenceAlignment.Calendar(every).PeriodContaining(new(2026, 6, 10)).Span);
    }

    [Theory]
    [InlineData(BillingPeriod.Monthly, 31, "2026-02-28", "2026-02-28 2026-03-31 2026-04-30")]
    [InlineData(BillingPeriod.Quarterly, 31, "2026-02-28", "2026-02-28 2026-05-31 2026-08-31")]
    [InlineData(BillingPeriod.Yearly, 29, "2026-02-28", "2026-02-28 2027-02-28 2028-02-29")]
    [InlineData(BillingPeriod.Monthly, 15, "2026-02-15", "2026-02-15 2026-03-15 2026-04-15")]
    [InlineData(BillingPeriod.Monthly, 15, "2026-02-16", "")]
    [InlineData(BillingPeriod.Yearly, 31, "2026-02-28", "")]
    public void A_day_of_the_month_is_found_again_behind_a_clamped_date(BillingPeriod every, int day, string boundary, string boundaries)
    {
        var first = DateOnly.Parse(boundary, CultureInfo.InvariantCulture);
        var cadence = CadenceAlignment.OnDay(every, day, first);
        var number = cadence?.PeriodContaining(first).Number ?? 0;
        Assert.Equal(boundaries, cadence is null ? "" : string.Join(' ', Enumerable.Range(number, 3).Select(k => cadence.Boundary(k).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))));
    }

    /// <summary>Ten units at 30.00 in June, and changes as <c>06-10 11</c>, with the run that first knows of them behind where it is not the first.</summary>
    private static ProrationRequest June(ProrationSettings settings, string changes) => new()
    {
        Currency = "USD",
        Periods = [new(new(2026, 6, 1), new(2026, 7, 1))],
        UnitPrice = 30m,
        InitialUnits = 10m,
        Settings = settings,
        Changes = [.. changes.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(change => change.Split(' ') is [var date, var units, .. var run]
            ? new RequestedUnits(DateOnly.ParseExact("2026-" + date, "yyyy-MM-dd", CultureInfo.InvariantCulture), decimal.Parse(units, CultureInfo.InvariantCulture), run is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 1)
            : throw new FormatException(change))],
    };

    /// <summary>Compares lines; their runs only where the text names one.</summary>
    private static void Comes(string lines, ProrationRequest request)
    {
        var computed = Assert.IsType<ProrationAnswer.Computed>(ProrationPreview.Of(request));
        var runs = lines.Contains(": ", StringComparison.Ordinal);
        Assert.Equal(lines, string.Join("; ", computed.Lines.Select(item => string.Create(
            CultureInfo.InvariantCulture,
            $"{(runs ? $"{item.Run}: " : "")}{item.Line.From:MM-dd} {item.Line.Until.AddDays(-1):MM-dd} {item.Line.DeltaUnits:0.######} x {item.Line.UnitPrice} = {item.Line.Amount.ToString().Split(' ')[0]}"))));
    }

    private static (DateOnly From, DateOnly Until) Days(string text) =>
        (DateOnly.Parse(text[..10], CultureInfo.InvariantCulture), DateOnly.Parse(text[11..], CultureInfo.InvariantCulture));
}
