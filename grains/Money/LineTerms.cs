using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>What a service line charges: everything about a price except the counts.</summary>
public sealed record LineTerms
{
    /// <summary>Puts the terms together.</summary>
    /// <param name="serviceFrom">The first day that is charged.</param>
    /// <param name="serviceUntil">The day after the last that is charged; null while no end is known; equal to <paramref name="serviceFrom"/> for a line that never ran.</param>
    /// <param name="minimum">Units charged on a day of service even when fewer, or none, were counted.</param>
    /// <param name="maximum">Units charged on a day even when more were counted; not below the minimum.</param>
    /// <param name="included">Units of each day that cost nothing, taken off after minimum and maximum.</param>
    /// <exception cref="ArgumentException">The service ends before it begins, or the maximum is below the minimum.</exception>
    public LineTerms(
        BillingCadence cadence,
        Currency currency,
        PriceTimeline prices,
        DateOnly serviceFrom,
        DateOnly? serviceUntil = null,
        Units? minimum = null,
        Units? maximum = null,
        Units? included = null)
    {
        ArgumentNullException.ThrowIfNull(cadence);
        ArgumentNullException.ThrowIfNull(currency);
        ArgumentNullException.ThrowIfNull(prices);
        if (serviceUntil < serviceFrom) throw new ArgumentException("A service cannot end before it begins.", nameof(serviceUntil));
        if (maximum < minimum) throw new ArgumentException("The maximum cannot be below the minimum.", nameof(maximum));
        (Cadence, Currency, Prices, ServiceFrom, ServiceUntil) = (cadence, currency, prices, serviceFrom, serviceUntil);
        (Minimum, Maximum, Included) = (minimum, maximum, included);
    }

    /// <summary>The calendar of its billing periods.</summary>
    public BillingCadence Cadence { get; }

    /// <summary>The currency of all its prices and amounts.</summary>
    public Currency Currency { get; }

    /// <summary>The unit price of every day.</summary>
    public PriceTimeline Prices { get; }

    /// <summary>The first day that is charged.</summary>
    public DateOnly ServiceFrom { get; }

    /// <summary>The day after the last that is charged, or null while no end is known.</summary>
    public DateOnly? ServiceUntil { get; }

    /// <summary>Units charged on a day of service even when fewer were counted.</summary>
    public Units? Minimum { get; }

    /// <summary>Units charged on a day even when more were counted.</summary>
    public Units? Maximum { get; }

    /// <summary>Units of each day that cost nothing.</summary>
    public Units? Included { get; }

    /// <summary>The same terms with another end, or none.</summary>
    /// <exception cref="ArgumentException">It would end before it begins.</exception>
    public LineTerms Ending(DateOnly? serviceUntil) => new(Cadence, Currency, Prices, ServiceFrom, serviceUntil, Minimum, Maximum, Included);

    /// <summary>The same terms with one more price.</summary>
    public LineTerms Priced(PriceRecord record) => new(Cadence, Currency, Prices.With(record), ServiceFrom, ServiceUntil, Minimum, Maximum, Included);

    /// <summary>The days of the range on which the service runs, or null.</summary>
    internal DateRange? ServiceWithin(DateRange range)
    {
        var from = ServiceFrom > range.From ? ServiceFrom : range.From;
        var until = ServiceUntil < range.Until ? ServiceUntil.Value : range.Until;
        return from < until ? new(from, until) : null;
    }

    /// <summary>The units a day of service is charged for. A day nobody has counted yet is charged the minimum, like a day without units.</summary>
    internal decimal Billable(Units? counted)
    {
        var units = counted ?? Units.Zero;
        if (Minimum is { } minimum && units < minimum) units = minimum;
        if (Maximum is { } maximum && units > maximum) units = maximum;
        return decimal.Max(0m, units.Value - (Included?.Value ?? 0m));
    }
}
