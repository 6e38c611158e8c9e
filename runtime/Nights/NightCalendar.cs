using NodaTime;
using NodaTime.TimeZones;

namespace UsageBilling.Runtime.Nights;

/// <summary>Where instants become nights: the one place that knows time zones.</summary>
/// <remarks>
/// A night is a local date of the msp's zone and begins at the msp's run time on that date. A run time inside a daylight-saving gap moves
/// to the end of the gap, one in an overlap is its first pass. Dates a zone never had (Apia, 30 December 2011) are no nights.
/// </remarks>
public sealed class NightCalendar
{
    private static readonly ZoneLocalMappingResolver Resolver = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    private readonly DateTimeZone zone;
    private readonly LocalTime runAt;

    private NightCalendar(DateTimeZone zone, LocalTime runAt)
    {
        this.zone = zone;
        this.runAt = runAt;
    }

    /// <summary>The calendar of a zone and a run time.</summary>
    /// <param name="zone">An IANA name, for example <c>America/New_York</c>.</param>
    /// <exception cref="ArgumentException">No such zone; check with <see cref="IsZone"/> what comes from outside.</exception>
    public static NightCalendar Of(string zone, TimeOnly runAt) => new(
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? throw new ArgumentException($"'{zone}' is not a time zone of the IANA database.", nameof(zone)),
        LocalTime.FromTicksSinceMidnight(runAt.Ticks));

    /// <summary>Whether the IANA database has the zone.</summary>
    /// <remarks>An offset such as <c>UTC+2</c> is none: it knows no summer, and PostgreSQL reads it the other way round.</remarks>
    public static bool IsZone(string zone) => DateTimeZoneProviders.Tzdb.Ids.Contains(zone);

    /// <summary>The instant at which the night begins.</summary>
    public DateTimeOffset RunAt(DateOnly night) =>
        (LocalDate.FromDateOnly(Existing(night)) + runAt).InZone(zone, Resolver).ToInstant().ToDateTimeOffset();

    /// <summary>The last night that has begun at an instant.</summary>
    public DateOnly NightAt(DateTimeOffset at)
    {
        var today = Instant.FromDateTimeOffset(at).InZone(zone).Date.ToDateOnly();
        if (RunAt(today) <= at) return today;
        var before = today.AddDays(-1);
        return Exists(before) ? before : before.AddDays(-1);
    }

    /// <summary>The date itself, or the next one when the zone never had it.</summary>
    public DateOnly Existing(DateOnly night) => Exists(night) ? night : night.AddDays(1);

    /// <summary>A gap swallows a date whole when the local time after it begins on a later date.</summary>
    private bool Exists(DateOnly date)
    {
        var mapping = zone.MapLocal(LocalDate.FromDateOnly(date).AtMidnight());
        return mapping.Count > 0 || mapping.LateInterval.IsoLocalStart.Date == LocalDate.FromDateOnly(date);
    }
}
