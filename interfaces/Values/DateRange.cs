using System.Globalization;

namespace UsageBilling.Interfaces.Values;

/// <summary>One or more calendar days, half-open: <see cref="From"/> belongs to it, <see cref="Until"/> does not. Never empty.</summary>
/// <remarks>Dates carry no time and no zone, so daylight saving cannot lengthen or shorten a range.</remarks>
public sealed record DateRange
{
    /// <summary>The days from the first until, and without, the second.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="until"/> is not after <paramref name="from"/>.</exception>
    public DateRange(DateOnly from, DateOnly until)
    {
        if (until <= from) throw new ArgumentOutOfRangeException(nameof(until), until, "A range of days ends after it begins.");
        From = from;
        Until = until;
    }

    /// <summary>The first day.</summary>
    public DateOnly From { get; }

    /// <summary>The day after the last.</summary>
    public DateOnly Until { get; }

    /// <summary>How many days, at least 1.</summary>
    public int Days => Until.DayNumber - From.DayNumber;

    /// <summary>Whether the day is one of them.</summary>
    public bool Contains(DateOnly date) => date >= From && date < Until;

    /// <summary>Whether every day of the other range is one of them.</summary>
    public bool Contains(DateRange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.From >= From && other.Until <= Until;
    }

    /// <summary>The days both ranges have, or null when they share none.</summary>
    public DateRange? Intersect(DateRange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var from = From > other.From ? From : other.From;
        var until = Until < other.Until ? Until : other.Until;
        return from < until ? new(from, until) : null;
    }

    /// <summary>As an interval: <c>[2026-06-10, 2026-07-01)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{From:yyyy-MM-dd}, {Until:yyyy-MM-dd})");
}
