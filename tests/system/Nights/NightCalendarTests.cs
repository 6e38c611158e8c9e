using System.Globalization;
using UsageBilling.Runtime.Nights;

namespace UsageBilling.Tests.System.Nights;

/// <summary>Every local date has one night, one night follows the other, and clocks that jump lose or double none.</summary>
public sealed class NightCalendarTests
{
    private static readonly DateOnly First = new(2011, 1, 1), Last = new(2037, 12, 31);

    [Theory]
    [InlineData("America/New_York", "00:30", 0)]
    [InlineData("America/New_York", "02:30", 0)]
    [InlineData("Europe/London", "00:30", 0)]
    [InlineData("Europe/London", "01:30", 0)]
    [InlineData("Australia/Sydney", "00:30", 0)]
    [InlineData("Australia/Sydney", "02:15", 0)]
    [InlineData("Australia/Lord_Howe", "00:30", 0)]
    [InlineData("Australia/Lord_Howe", "02:15", 0)]
    [InlineData("America/Santiago", "00:30", 0)]
    [InlineData("Asia/Beirut", "00:30", 0)]
    [InlineData("Africa/Casablanca", "02:30", 0)]
    [InlineData("Asia/Kathmandu", "00:30", 0)]
    [InlineData("Pacific/Apia", "00:30", 1)]
    [InlineData("Pacific/Kiritimati", "23:59", 0)]
    [InlineData("Etc/UTC", "00:00", 0)]
    public void Each_date_of_27_years_has_one_night_and_the_nights_follow_each_other(string zone, string runAt, int missing)
    {
        var calendar = NightCalendar.Of(zone, TimeOnly.Parse(runAt, CultureInfo.InvariantCulture));
        var (before, nights) = (DateTimeOffset.MinValue, 0);
        for (var date = First; date <= Last; date = date.AddDays(1))
        {
            if (calendar.Existing(date) != date) continue;
            nights++;
            var at = calendar.RunAt(date);
            Assert.True(at > before, $"{date}: {at:O} does not follow {before:O}");
            Assert.Equal(date, calendar.NightAt(at));
            Assert.Equal(date, calendar.NightAt(calendar.RunAt(date.AddDays(1)).AddTicks(-1)));
            before = at;
        }

        Assert.Equal(Last.DayNumber - First.DayNumber + 1 - missing, nights);
    }

    [Theory]
    [InlineData("America/New_York", "02:30", "2026-03-08", "2026-03-08T07:00:00Z")] // 02:00 becomes 03:00: the end of the gap
    [InlineData("America/New_York", "01:30", "2026-11-01", "2026-11-01T05:30:00Z")] // 01:30 comes twice: the first
    [InlineData("Europe/London", "01:30", "2026-03-29", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/London", "01:30", "2026-10-25", "2026-10-25T00:30:00Z")]
    [InlineData("Australia/Sydney", "02:30", "2026-10-04", "2026-10-03T16:00:00Z")]
    [InlineData("Australia/Sydney", "02:30", "2026-04-05", "2026-04-04T15:30:00Z")]
    [InlineData("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03T15:30:00Z")] // a gap of half an hour
    [InlineData("Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-04T14:45:00Z")]
    [InlineData("America/Santiago", "00:30", "2026-09-06", "2026-09-06T04:00:00Z")] // the day begins at 01:00
    [InlineData("Asia/Beirut", "00:30", "2026-03-29", "2026-03-28T22:00:00Z")]
    [InlineData("Asia/Kathmandu", "00:30", "2026-11-21", "2026-11-20T18:45:00Z")]
    [InlineData("Pacific/Apia", "00:30", "2011-12-31", "2011-12-30T10:30:00Z")]
    public void The_run_time_falls_where_a_clerk_would_put_it(string zone, string runAt, string night, string instant)
    {
        var calendar = NightCalendar.Of(zone, TimeOnly.Parse(runAt, CultureInfo.InvariantCulture));

        Assert.Equal(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture), calendar.RunAt(DateOnly.Parse(night, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Apia_never_had_30_December_2011_and_its_night_is_the_next_one()
    {
        var calendar = NightCalendar.Of("Pacific/Apia", new TimeOnly(0, 30));
        var never = new DateOnly(2011, 12, 30);

        Assert.Equal(new DateOnly(2011, 12, 31), calendar.Existing(never));
        Assert.Equal(calendar.RunAt(new DateOnly(2011, 12, 31)), calendar.RunAt(never));
        Assert.Equal(new DateOnly(2011, 12, 29), calendar.NightAt(calendar.RunAt(never).AddSeconds(-1)));
    }

    [Fact]
    public void A_zone_that_does_not_exist_is_no_zone()
    {
        Assert.False(NightCalendar.IsZone("Mars/Olympus"));
        Assert.Throws<ArgumentException>(() => NightCalendar.Of("Mars/Olympus", new TimeOnly(0, 30)));
    }
}
