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
    /// <param name="commitment">Money a full period costs at least, less in a period of partial service; what usage lacks of it is charged once.</param>
    /// <param name="settings">How the line is prorated; null for all defaults.</param>
    /// <exception cref="ArgumentException">The service ends before it begins, or the maximum is below the minimum.</exception>
    public LineTerms(
        BillingCadence cadence,
        Currency currency,
        PriceTimeline prices,
        DateOnly serviceFrom,
        DateOnly? serviceUntil = null,
        Units? minimum = null,
        Units? maximum = null,
        Units? included = null,
        UnitPrice? commitment = null,
        ProrationSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(cadence);
        ArgumentNullException.ThrowIfNull(currency);
        ArgumentNullException.ThrowIfNull(prices);
        if (serviceUntil < serviceFrom) throw new ArgumentException("A service cannot end before it begins.", nameof(serviceUntil));
        if (maximum < minimum) throw new ArgumentException("The maximum cannot be below the minimum.", nameof(maximum));
        (Cadence, Currency, Prices, ServiceFrom, ServiceUntil) = (cadence, currency, prices, serviceFrom, serviceUntil);
        (Minimum, Maximum, Included, Commitment, Settings) = (minimum, maximum, included, commitment, settings ?? ProrationSettings.Default);
    }

    /// <summary>The calendar of its billing periods.</summary>
    public BillingCadence Cadence { get; }

    /// <summary>The currency of all its prices and amounts.</summary>
    public Currency Currency { get; }

    /// <summary>The price of every day.</summary>
    public PriceTimeline Prices { get; private init; }

    /// <summary>The first day that is charged.</summary>
    public DateOnly ServiceFrom { get; }

    /// <summary>The day after the last that is charged, or null while no end is known.</summary>
    public DateOnly? ServiceUntil { get; private init; }

    /// <summary>Units charged on a day of service even when fewer were counted.</summary>
    public Units? Minimum { get; }

    /// <summary>Units charged on a day even when more were counted.</summary>
    public Units? Maximum { get; }

    /// <summary>Units of each day that cost nothing.</summary>
    public Units? Included { get; }

    /// <summary>Money a full period costs at least.</summary>
    public UnitPrice? Commitment { get; }

    /// <summary>How the line is prorated.</summary>
    public ProrationSettings Settings { get; }

    /// <summary>The same terms with another end, or none.</summary>
    /// <exception cref="ArgumentException">It would end before it begins.</exception>
    public LineTerms Ending(DateOnly? serviceUntil) => serviceUntil < ServiceFrom
        ? throw new ArgumentException("A service cannot end before it begins.", nameof(serviceUntil))
        : this with { ServiceUntil = serviceUntil };

    /// <summary>The same terms with one more price.</summary>
    public LineTerms Priced(PriceRecord record) => this with { Prices = Prices.With(record) };

    /// <summary>The days of the range on which the service runs, or null.</summary>
    internal DateRange? ServiceWithin(DateRange range)
    {
        var from = ServiceFrom > range.From ? ServiceFrom : range.From;
        var until = ServiceUntil < range.Until ? ServiceUntil.Value : range.Until;
        return from < until ? new(from, until) : null;
    }

    /// <summary>The units of a day of service between minimum and maximum. A day nobody has counted yet is like a day without units.</summary>
    internal Units Clamped(Units? counted)
    {
        var units = counted ?? Units.Zero;
        if (Minimum is { } minimum && units < minimum) units = minimum;
        if (Maximum is { } maximum && units > maximum) units = maximum;
        return units;
    }

    /// <summary>What is left of a day's units after the included ones.</summary>
    internal decimal Beyond(decimal units) => decimal.Max(0m, units - (Included?.Value ?? 0m));
}
