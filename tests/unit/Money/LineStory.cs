using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Prorating;

/// <summary>One service line in one period: what arrives, in the order it arrives. Plain values, so that an oracle needs nothing of ours.</summary>
internal sealed record LineStory(
    AlignedPeriod Period, BillingCadence Cadence, string Currency, PriceRecord FirstPrice, PriceRecord[] Prices, CountRecord[] Counts,
    DateOnly ServiceFrom, DateOnly? ServiceUntil, decimal? Minimum, decimal? Maximum, decimal? Included, decimal? Commitment, ProrationSettings Settings, int Cut, int[] Shuffle)
{
    private static readonly string[] Currencies = ["JPY", "USD", "EUR", "KWD"];

    private static readonly BillingPeriod[] Every =
        [BillingPeriod.Weekly, BillingPeriod.Monthly, BillingPeriod.Monthly, BillingPeriod.Monthly, BillingPeriod.Quarterly, BillingPeriod.SemiAnnual, BillingPeriod.Yearly];

    /// <summary>Lines with every setting there is, half of them with the defaults.</summary>
    public static Arbitrary<LineStory> Any => (
        from cadence in Cadences
        from number in Gen.Choose(-3, 9)
        let period = cadence.Period(number)
        from terms in Terms(period)
        from first in Priced
        from later in Dated(period, 2, Priced, (date, sequence, price) => new PriceRecord(date, sequence, price.Price, price.Tiers))
        from counts in Dated(period, 7, Amounts, (date, sequence, units) => new CountRecord(date, sequence, new(units)))
        from currency in Gen.Elements(Currencies)
        from settings in Gen.Frequency((1, Gen.Constant(ProrationSettings.Default)), (1, AnySettings))
        from cut in Gen.Choose(0, period.Days)
        from shuffle in Gen.Shuffle(Enumerable.Range(0, counts.Length))
        select new LineStory(
            period, cadence, currency, new(DateOnly.MinValue, long.MinValue, first.Price, first.Tiers), later, counts,
            terms.From, terms.Until, terms.Minimum, terms.Maximum, terms.Included, terms.Commitment, settings, cut, shuffle)).ToArbitrary();

    /// <summary>A day of the period, or the day after its last.</summary>
    public DateOnly CutOn => Period.Span.From.AddDays(Cut);

    public Currency Money => Interfaces.Values.Currency.Of(Currency);

    /// <summary>Whether amounts are differences of rounded cumulative totals.</summary>
    public bool SumsToTotal => Settings is { Rounding: LineRounding.Cumulative, UnitPriceRounding: UnitPriceRounding.None };

    /// <summary>Whether a day is charged by what is known of it and of days before, and by nothing else.</summary>
    public bool LooksBackOnly => Settings is { Mode: CountMode.ProrateDaily, Increases: not ChangePolicy.HighWater } && Commitment is null && !Tiered;

    public bool Tiered => FirstPrice.Tiers is not null || Prices.Any(price => price.Tiers is not null);

    public bool ByVolume => FirstPrice.Tiers?.Kind == TierKind.Volume || Prices.Any(price => price.Tiers?.Kind == TierKind.Volume);

    /// <summary>A ledger as empty as the settings allow it to be believed.</summary>
    public PostedCharges Unposted => SumsToTotal ? PostedCharges.None : PostedCharges.AsPosted([]);

    /// <summary>The same story told with cumulative rounding.</summary>
    public LineStory Summing => this with { Settings = Settings with { Rounding = LineRounding.Cumulative, UnitPriceRounding = UnitPriceRounding.None } };

    /// <summary>The terms after so many price changes.</summary>
    public LineTerms Terms(int prices = int.MaxValue) => Prices.Take(prices).Aggregate(
        new LineTerms(
            Cadence, Money, PriceTimeline.Constant(FirstPrice.Price, FirstPrice.Tiers), ServiceFrom, ServiceUntil, Wrapped(Minimum), Wrapped(Maximum), Wrapped(Included),
            Commitment is { } commitment ? new UnitPrice(commitment) : null, Settings),
        (terms, price) => terms.Priced(price));

    public CountTimeline Timeline() => CountTimeline.Of(Counts);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Period} of {Cadence}, {Currency}, {FirstPrice}, prices [{string.Join("; ", Prices.AsEnumerable())}], counts [{string.Join("; ", Counts.AsEnumerable())}], service {ServiceFrom:yyyy-MM-dd} until {ServiceUntil:yyyy-MM-dd}, min {Minimum} max {Maximum} included {Included} commitment {Commitment}, {Settings}, cut {Cut}, shuffle {string.Join(",", Shuffle)}");

    private static Gen<BillingCadence> Cadences =>
        from every in Gen.Elements(Every)
        from day in Gen.Frequency((3, Gen.Choose(0, 2_000)), (1, Gen.Elements(30, 59, 424, 425, 789, 1520)))
        select new BillingCadence(every, new DateOnly(2023, 1, 1).AddDays(day));

    private static Gen<decimal> Amounts => Gen.Frequency(
        (6, Gen.Choose(0, 20).Select(whole => (decimal)whole)),
        (4, Gen.Choose(0, 99_999).Select(cents => cents / 100m)),
        (2, Gen.Choose(0, 2_000_000_000).Select(millionths => millionths / 1_000_000m)),
        (1, Gen.Elements(1_000_000_000m, 999_999_999.999999m, 0.000001m)));

    private static Gen<(UnitPrice Price, Tiers? Tiers)> Priced => Gen.Frequency(
        (3, Amounts.Select(price => (new UnitPrice(price), (Tiers?)null))),
        (1, Tiers.Select(tiers => (default(UnitPrice), (Tiers?)tiers))));

    private static Gen<Tiers> Tiers =>
        from kind in Gen.Elements(TierKind.Graduated, TierKind.Volume)
        from bounds in Gen.Choose(1, 12).ListOf(2)
        from prices in Amounts.ListOf(3)
        from fees in Gen.Elements(0m, 0m, 5m, 12.345m, 100m).ListOf(3)
        from many in Gen.Choose(1, 3)
        select new Tiers(kind, Sequence.From(Enumerable.Range(0, many).Select(step =>
            new PriceTier(step == many - 1 ? null : new Units(bounds.Take(step + 1).Sum()), new(prices[step]), new(fees[step])))));

    private static Gen<ProrationSettings> AnySettings =>
        from changeDay in Gen.Elements(Enum.GetValues<ChangeDay>())
        from dayCount in Gen.Elements(Enum.GetValues<DayCount>())
        from style in Gen.Elements(Enum.GetValues<LineStyle>())
        from rounding in Gen.Elements(LineRounding.Cumulative, LineRounding.Cumulative, LineRounding.IndependentPerLine)
        from unitPrice in Gen.Elements(UnitPriceRounding.None, UnitPriceRounding.None, UnitPriceRounding.None, UnitPriceRounding.PerUnit)
        from increases in Gen.Elements(Enum.GetValues<ChangePolicy>())
        from decreases in Gen.Elements(Enum.GetValues<ChangePolicy>())
        from waits in Gen.Elements(true, false)
        from mode in Gen.Elements(CountMode.ProrateDaily, CountMode.ProrateDaily, CountMode.MonthEndLast, CountMode.MonthEndMax, CountMode.MonthEndAverage)
        select new ProrationSettings
        {
            ChangeDay = changeDay,
            DayCount = dayCount,
            LineStyle = style,
            Rounding = rounding,
            UnitPriceRounding = unitPrice,
            Increases = waits ? increases : ChangePolicy.Immediate,
            Decreases = waits ? decreases : ChangePolicy.Immediate,
            Mode = mode,
        };

    private static Gen<(DateOnly From, DateOnly? Until, decimal? Minimum, decimal? Maximum, decimal? Included, decimal? Commitment)> Terms(AlignedPeriod period) =>
        from start in Gen.Choose(-20, period.Days / 2)
        from length in Gen.Frequency((2, Gen.Constant(-1)), (1, Gen.Choose(0, period.Days)))
        from limits in Gen.Choose(0, 7)
        from minimum in Gen.Choose(0, 5)
        from above in Gen.Choose(0, 10)
        from included in Gen.Choose(0, 4)
        from commitment in Gen.Elements<decimal?>(null, null, null, 10m, 250.555m)
        let serviceFrom = period.Span.From.AddDays(start)
        select (
            serviceFrom,
            length < 0 ? null : (DateOnly?)serviceFrom.AddDays(length),
            (limits & 1) == 0 ? null : (decimal?)minimum,
            (limits & 2) == 0 ? null : (decimal?)(minimum + above),
            (limits & 4) == 0 ? null : (decimal?)included,
            commitment);

    private static Gen<TRecord[]> Dated<TValue, TRecord>(AlignedPeriod period, int most, Gen<TValue> values, Func<DateOnly, long, TValue, TRecord> record) =>
        from many in Gen.Choose(0, most)
        from days in Gen.Choose(-15, period.Days + 3).ArrayOf(many)
        from drawn in values.ArrayOf(many)
        select days.Select((day, index) => record(period.Span.From.AddDays(day), index, drawn[index])).ToArray();

    private static Units? Wrapped(decimal? units) => units is { } value ? new(value) : null;
}
