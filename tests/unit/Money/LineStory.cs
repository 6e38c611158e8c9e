using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Prorating;

/// <summary>One service line in one period: what arrives, in the order it arrives. Plain values, so that an oracle needs nothing of ours.</summary>
internal sealed record LineStory(
    AlignedPeriod Period, BillingCadence Cadence, string Currency, decimal Price, PriceRecord[] Prices, CountRecord[] Counts,
    DateOnly ServiceFrom, DateOnly? ServiceUntil, decimal? Minimum, decimal? Maximum, decimal? Included, int Cut, int[] Shuffle)
{
    private static readonly string[] Currencies = ["JPY", "USD", "EUR", "KWD"];

    private static readonly BillingPeriod[] Every =
        [BillingPeriod.Weekly, BillingPeriod.Monthly, BillingPeriod.Monthly, BillingPeriod.Monthly, BillingPeriod.Quarterly, BillingPeriod.SemiAnnual, BillingPeriod.Yearly];

    public static Arbitrary<LineStory> Any => (
        from cadence in Cadences
        from number in Gen.Choose(-3, 9)
        let period = cadence.Period(number)
        from terms in Terms(period)
        from prices in Dated(period, 2, Amounts, (date, sequence, price) => new PriceRecord(date, sequence, new(price)))
        from counts in Dated(period, 7, Amounts, (date, sequence, units) => new CountRecord(date, sequence, new(units)))
        from currency in Gen.Elements(Currencies)
        from cut in Gen.Choose(0, period.Days)
        from shuffle in Gen.Shuffle(Enumerable.Range(0, counts.Length))
        select new LineStory(
            period, cadence, currency, terms.Price, prices, counts, terms.From, terms.Until, terms.Minimum, terms.Maximum, terms.Included, cut, shuffle)).ToArbitrary();

    /// <summary>A day of the period, or the day after its last.</summary>
    public DateOnly CutOn => Period.Span.From.AddDays(Cut);

    public Currency Money => Interfaces.Values.Currency.Of(Currency);

    /// <summary>The terms after so many price changes.</summary>
    public LineTerms Terms(int prices = int.MaxValue) => Prices.Take(prices).Aggregate(
        new LineTerms(Cadence, Money, PriceTimeline.Constant(new(Price)), ServiceFrom, ServiceUntil, Wrapped(Minimum), Wrapped(Maximum), Wrapped(Included)),
        (terms, price) => terms.Priced(price));

    public CountTimeline Timeline() => CountTimeline.Of(Counts);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Period} of {Cadence}, {Price} {Currency}, prices [{string.Join("; ", Prices.AsEnumerable())}], counts [{string.Join("; ", Counts.AsEnumerable())}], service {ServiceFrom:yyyy-MM-dd} until {ServiceUntil:yyyy-MM-dd}, min {Minimum} max {Maximum} included {Included}, cut {Cut}, shuffle {string.Join(",", Shuffle)}");

    private static Gen<BillingCadence> Cadences =>
        from every in Gen.Elements(Every)
        from day in Gen.Frequency((3, Gen.Choose(0, 2_000)), (1, Gen.Elements(30, 59, 424, 425, 789, 1520)))
        select new BillingCadence(every, new DateOnly(2023, 1, 1).AddDays(day));

    private static Gen<decimal> Amounts => Gen.Frequency(
        (6, Gen.Choose(0, 20).Select(whole => (decimal)whole)),
        (4, Gen.Choose(0, 99_999).Select(cents => cents / 100m)),
        (2, Gen.Choose(0, 2_000_000_000).Select(millionths => millionths / 1_000_000m)),
        (1, Gen.Elements(1_000_000_000m, 999_999_999.999999m, 0.000001m)));

    private static Gen<(decimal Price, DateOnly From, DateOnly? Until, decimal? Minimum, decimal? Maximum, decimal? Included)> Terms(AlignedPeriod period) =>
        from price in Amounts
        from start in Gen.Choose(-20, period.Days / 2)
        from length in Gen.Frequency((2, Gen.Constant(-1)), (1, Gen.Choose(0, period.Days)))
        from limits in Gen.Choose(0, 7)
        from minimum in Gen.Choose(0, 5)
        from above in Gen.Choose(0, 10)
        from included in Gen.Choose(0, 4)
        let serviceFrom = period.Span.From.AddDays(start)
        select (
            price,
            serviceFrom,
            length < 0 ? null : (DateOnly?)serviceFrom.AddDays(length),
            (limits & 1) == 0 ? null : (decimal?)minimum,
            (limits & 2) == 0 ? null : (decimal?)(minimum + above),
            (limits & 4) == 0 ? null : (decimal?)included);

    private static Gen<T[]> Dated<T>(AlignedPeriod period, int most, Gen<decimal> amounts, Func<DateOnly, long, decimal, T> record) =>
        from many in Gen.Choose(0, most)
        from days in Gen.Choose(-15, period.Days + 3).ArrayOf(many)
        from values in amounts.ArrayOf(many)
        select days.Select((day, index) => record(period.Span.From.AddDays(day), index, values[index])).ToArray();

    private static Units? Wrapped(decimal? units) => units is { } value ? new(value) : null;
}
