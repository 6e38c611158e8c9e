using System.Globalization;
using UsageBilling.Interfaces.Billing;

namespace UsageBilling.Tests.Unit.Billing;

public sealed class JobScheduleTests
{
    [Theory]
    [InlineData(1, "2026-01-01", "2026-01-01 2026-02-01 2026-03-01 2026-04-01")]
    [InlineData(15, "2026-01-16", "2026-02-15 2026-03-15 2026-04-15 2026-05-15")]
    [InlineData(29, "2027-01-30", "2027-02-28 2027-03-29 2027-04-29 2027-05-29")]
    [InlineData(31, "2026-01-31", "2026-01-31 2026-02-28 2026-03-31 2026-04-30")]
    [InlineData(30, "2028-02-01", "2028-02-29 2028-03-30 2028-04-30 2028-05-30")]
    [InlineData(JobSchedule.Monthly.Last, "2026-11-30", "2026-11-30 2026-12-31 2027-01-31 2027-02-28")]
    [InlineData(31, "2026-12-31", "2026-12-31 2027-01-31 2027-02-28 2027-03-31")]
    public void A_day_of_the_month_is_clamped_each_month_anew(int day, string from, string dates) => Assert.Equal(dates, Four(new JobSchedule.Monthly(day), from));

    [Theory]
    [InlineData(DayOfWeek.Monday, "2026-11-21", "2026-11-23 2026-11-30 2026-12-07 2026-12-14")]
    [InlineData(DayOfWeek.Saturday, "2026-11-21", "2026-11-21 2026-11-28 2026-12-05 2026-12-12")]
    [InlineData(DayOfWeek.Friday, "2026-11-21", "2026-11-27 2026-12-04 2026-12-11 2026-12-18")]
    [InlineData(DayOfWeek.Sunday, "2028-02-28", "2028-03-05 2028-03-12 2028-03-19 2028-03-26")]
    public void A_day_of_the_week_comes_every_seven_days(DayOfWeek day, string from, string dates) => Assert.Equal(dates, Four(new JobSchedule.Weekly(day), from));

    [Theory]
    [InlineData("2026-11-20", "2026-11-21")]
    [InlineData("2026-11-21", "2026-11-21")]
    [InlineData("2026-11-22", "")]
    public void A_date_comes_once(string from, string dates) => Assert.Equal(dates, Four(new JobSchedule.Dated(new(2026, 11, 21)), from));

    [Fact]
    public void Every_schedule_has_one_date_in_each_of_its_spans_and_never_goes_back()
    {
        foreach (var schedule in Enumerable.Range(1, 32).Select(day => (JobSchedule)new JobSchedule.Monthly(day)).Concat(Enum.GetValues<DayOfWeek>().Select(day => new JobSchedule.Weekly(day))))
        {
            var (date, most) = (new DateOnly(2023, 12, 1), schedule is JobSchedule.Weekly ? 7 : 31);
            for (var i = 0; i < 60; i++)
            {
                var following = schedule.FirstAfter(date)!.Value;
                Assert.InRange(following.DayNumber - date.DayNumber, 1, i == 0 ? 2 * most : schedule is JobSchedule.Weekly ? 7 : 31);
                Assert.Equal(following, schedule.FirstFrom(following));
                date = following;
            }
        }
    }

    [Fact]
    public void The_calendar_ends_and_so_does_the_schedule()
    {
        Assert.Null(new JobSchedule.Monthly(30).FirstAfter(DateOnly.MaxValue.AddDays(-1)));
        Assert.Null(new JobSchedule.Monthly(31).FirstAfter(DateOnly.MaxValue));
        Assert.Null(new JobSchedule.Weekly(DateOnly.MaxValue.AddDays(1 - 7).DayOfWeek).FirstAfter(DateOnly.MaxValue.AddDays(-5)));
    }

    private static string Four(JobSchedule schedule, string from)
    {
        var dates = new List<string>();
        for (var date = schedule.FirstFrom(DateOnly.Parse(from, CultureInfo.InvariantCulture)); date is { } found && dates.Count < 4; date = schedule.FirstAfter(found))
            dates.Add(found.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return string.Join(' ', dates);
    }
}
