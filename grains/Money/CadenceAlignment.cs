using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>Where the periods of a line begin: with the calendar, with its contract, or on a day of the month.</summary>
public static class CadenceAlignment
{
    /// <summary>Periods looked through for a month that is long enough: a leap year comes within eight years.</summary>
    private const int NearMax = 8;

    private static readonly DateOnly FirstOfAll = new(2001, 1, 1);

    /// <summary>Periods of the calendar: weeks from Monday, months from the first, quarters, halves and years from January.</summary>
    public static BillingCadence Calendar(BillingPeriod every) => new(every, FirstOfAll);

    /// <summary>Periods that begin on the contract's day, on the last of months that lack it.</summary>
    public static BillingCadence Contract(BillingPeriod every, DateOnly startsOn) => new(every, startsOn);

    /// <summary>The periods of which one begins on a date, with the day of month they are meant to begin on.</summary>
    /// <param name="day">1 to 31. A date at the end of its month may stand for a later day.</param>
    /// <returns>Null when no such periods exist: the date is another day, and not the last of its month.</returns>
    public static BillingCadence? OnDay(BillingPeriod every, int day, DateOnly boundary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(day, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(day, 31);
        if (every == BillingPeriod.Weekly) return null;
        if (boundary.Day == day) return new(every, boundary);
        var near = new BillingCadence(every, boundary);
        for (var period = -1; period >= -NearMax; period--)
        {
            var month = near.Boundary(period);
            if (DateTime.DaysInMonth(month.Year, month.Month) < day) continue;
            var cadence = new BillingCadence(every, new(month.Year, month.Month, day));
            return cadence.Boundary(-period) == boundary ? cadence : null;
        }

        return null;
    }
}
