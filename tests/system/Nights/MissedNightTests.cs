using UsageBilling.Runtime.Nights;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Nights;

/// <summary>Nights nobody read are caught up, up to a limit; and each msp has its own night.</summary>
public sealed class MissedNightTests
{
    private const string Stale = "select night, evidence, count(*), count(units) from reading where night < (select max(night) from night) and evidence = 3 group by 1, 2 order by 1";

    [Fact]
    public async Task Three_missed_nights_are_caught_up_and_a_change_counts_from_the_night_it_was_read()
    {
        await using var demo = await Missed(3);
        await demo.Domain("d-301", """{"numberOfProtectedStandardUsers": 30}""");

        await demo.ReadNight("the night that catches up");

        Assert.Equal("N+1 | finished | 13 | 13 | 0", await demo.Table("select night, state, due, read, unread from night order by night desc limit 1"));
        Assert.Equal(
            """
            N-2 | 3 | 26 | 0
            N-1 | 3 | 26 | 0
            N | 3 | 26 | 0
            """,
            await demo.Table(Stale));
        Assert.Equal("8001 | 30 | N+1", await demo.Table("select l.remote_id, c.units, c.effective_on from count_record c join service_line l on l.id = c.line_id where c.night = (select max(night) from night)"));
        Assert.Equal("0", await demo.Table("select count(*) from hold where reason = 'gap_too_long'"));
        Assert.Contains("8001 N+1 2 28->30", await demo.Psa.Journal());
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task Four_missed_nights_hold_a_change_for_a_person()
    {
        await using var demo = await Missed(4);
        await demo.Domain("d-301", """{"numberOfProtectedStandardUsers": 30}""");

        await demo.ReadNight("the night after the long gap");

        Assert.Equal("8001 | gap_too_long | N+1 | 28 | 30", await demo.Table("select l.remote_id, h.reason, h.night, h.previous_units, h.proposed_units from hold h join service_line l on l.id = h.line_id where h.reason = 'gap_too_long'"));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
        Assert.Equal("", await demo.Breaches());
    }

    /// <summary>A hub that was down at the run times of so many nights and is up again on the date of the last reads that one, late: it misses one fewer.</summary>
    [Theory]
    [InlineData(4, 3, false)]
    [InlineData(5, 4, true)]
    public async Task An_outage_of_four_nights_misses_three_and_one_of_five_misses_four(int nightsDown, int missed, bool held)
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.Hub.Sql($"""
            update msp set night_at = '{DemoSeed.EarlierToday}';
            delete from night; update integration set night_cursor = night_cursor + 1 - {nightsDown};
            update reminder set night = night + 1 - {nightsDown}, due_at = due_at - interval '{nightsDown - 1} days' where name = 'read';
            """);
        await demo.Hub.Sql("update reminder set due_at = now() where name = 'read' and due_at > now()");
        await demo.Domain("d-301", """{"numberOfProtectedStandardUsers": 30}""");

        await demo.ReadNight("the last night of the outage, late");

        Assert.Equal("N+1 | finished", await demo.Table("select night, state from night order by night desc limit 1"));
        Assert.Equal($"{missed}", await demo.Table("select count(distinct night) from reading where evidence = 3 and night < (select max(night) from night)"));
        Assert.Equal(held ? "1" : "0", await demo.Table("select count(*) from hold where reason = 'gap_too_long'"));
        Assert.Equal(held ? "28" : "30", await demo.Table("select units from count_record where line_id = 1 order by effective_on desc, seq desc limit 1"));
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task Three_msps_of_one_hub_each_have_their_own_night()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Hub.Sql("update msp set zone = 'America/New_York', night_at = '00:30'");
        await demo.AddMsp("London", "Europe/London");
        await demo.AddMsp("Sydney", "Australia/Sydney");

        await demo.ReadNight("a night for each msp");

        foreach (var (msp, zone) in new[] { (1, "America/New_York"), (2, "Europe/London"), (3, "Australia/Sydney") })
        {
            var calendar = NightCalendar.Of(zone, new TimeOnly(0, 30));
            var at = await demo.Hub.Scalar<DateTime>($"select started_at from night where msp_id = {msp}");
            var night = calendar.NightAt(new DateTimeOffset(at, TimeSpan.Zero));
            Assert.Equal($"{DemoMsp.Iso(night)} | finished | 13", await demo.Hub.Table($"select night, state, read from night where msp_id = {msp}"));
            Assert.Equal(
                $"13 | {DemoMsp.Iso(night.AddDays(1))} | {calendar.RunAt(night.AddDays(1)).UtcDateTime:yyyy-MM-dd HH:mm}",
                await demo.Hub.Table($"select count(*), night, to_char(due_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') from reminder where msp_id = {msp} and grain_kind = 1 group by 2, 3"));
        }
    }

    [Fact]
    public async Task A_secret_that_cannot_be_read_stops_its_own_integration_only()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.AddMsp("London", "Europe/London");
        await demo.Hub.Sql("update integration set secret_protected = 'rubbish' where id = 2; update reminder set due_at = now() - interval '1 day' where grain_kind = 4 and grain_id = 2");
        await using var silo = await demo.StartSilo();

        await demo.Hub.Until("the night of the other msp", "select exists (select 1 from night where msp_id = 2 and state = 'finished')");

        Assert.Equal("0", await demo.Table("select count(*) from reading where msp_id = 1"));
        Assert.Equal("26", await demo.Table("select count(*) from reading where msp_id = 2"));
    }

    /// <summary>The second night is due, and the reminders say that so many nights before it were not read.</summary>
    private static async Task<DemoMsp> Missed(int nights)
    {
        var demo = await DemoMsp.AfterFirstNight();
        await demo.Hub.Sql($"delete from night; update integration set night_cursor = night_cursor - {nights}; update reminder set night = night - {nights} where name = 'read'");
        await demo.SecondNight();
        return demo;
    }
}
