using Npgsql;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Nights;

/// <summary>Silo processes come, go and stand still while a night runs: the others do the rest.</summary>
public sealed class ScaleOutTests
{
    private const string FirstLine = "select exists (select 1 from count_record where source <> 'opening')";

    [Fact]
    public async Task Three_silo_processes_started_together_on_an_empty_database_share_a_night()
    {
        var empty = await PostgresFixture.BareDatabase();
        var hub = new Hub(new HubOrigin(() => Task.FromResult(empty), Announce: false, Seed: DemoSeed.Folder));
        await hub.InitializeAsync();
        DemoMsp demo;
        var silos = await Task.WhenAll(SiloProcess.Start(hub), SiloProcess.Start(hub), SiloProcess.Start(hub));
        await using (silos[0])
        await using (silos[1])
        await using (silos[2])
        {
            await hub.Sql(Hub.Announcements);
            demo = await DemoSnapshot.SetUp(hub);
            await demo.RequestNight();
            await demo.UntilQuiet("the night of three silos");
        }

        await using (demo) await FirstNight.Stands(demo);
    }

    [Fact]
    public async Task A_silo_that_is_asked_to_stop_in_the_middle_of_a_night_ends_well_and_another_does_the_rest()
    {
        await using var demo = await DemoMsp.Mapped();
        await using var connection = await demo.Hub.Database.OpenConnectionAsync();
        await using var elsewhere = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("select from service_line where remote_id = '8007' for no key update", connection)) await hold.ExecuteNonQueryAsync();
        await demo.RequestNight();
        await using var leaving = await SiloProcess.Start(demo.Hub);
        await demo.Hub.Until("the first line", FirstLine);

        Assert.Equal(0, await leaving.Stop());
        Assert.Equal("0", await demo.Table("select count(*) from count_record c join service_line l on l.id = c.line_id where l.remote_id = '8007' and c.source <> 'opening'"));
        await elsewhere.RollbackAsync();
        await demo.Hub.Sql("update intent set due_at = now() where state in ('pending', 'sending', 'in_doubt')");
        await demo.ReadNight("what the leaving silo handed over");

        await FirstNight.Stands(demo);
    }

    [Fact]
    public async Task A_silo_that_stood_still_in_a_drain_does_no_harm_when_it_wakes()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Dawdle("count_record", seconds: 1);
        await demo.RequestNight();
        await using var paused = await SiloProcess.Start(demo.Hub);
        await demo.Hub.Until("the first line", FirstLine);
        await paused.Pause();
        await demo.Hub.Sql("select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'usagebilling-silo' and datname = current_database()");
        await demo.NoDawdling("count_record");
        await demo.ReadNight("what the standing silo left");
        await FirstNight.Stands(demo);
        var lines = await demo.Table("select id, ver from service_line order by id");

        await paused.Resume();
        Assert.Equal(0, await paused.Stop());

        Assert.Equal(lines, await demo.Table("select id, ver from service_line order by id"));
        await FirstNight.Stands(demo);
    }
}
