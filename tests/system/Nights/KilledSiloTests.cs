using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Nights;

/// <summary>A silo or the database dies in the middle of a night, or two silos share one: nothing is lost and nothing is doubled.</summary>
public sealed class KilledSiloTests
{
    [Fact]
    public async Task Killed_in_the_middle_of_a_reading_pass()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("uniview", "slow", "\"match\": \"domains\"");
        await demo.RequestNight();
        await using (var doomed = await SiloProcess.Start(demo.Hub))
        {
            await demo.Held(1);
            await doomed.Kill();
        }

        Assert.Equal("N | running | 0", await demo.Table("select night, state, read from night"));
        await demo.ReadNight("what the dead silo left");

        await FirstNight.Stands(demo);
    }

    [Fact]
    public async Task Killed_while_tenants_are_handed_over()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Dawdle("reading");
        await demo.RequestNight();
        await using (var doomed = await SiloProcess.Start(demo.Hub))
        {
            await demo.Hub.Until("the night under way", "select exists (select 1 from night)");
            await doomed.Kill();
        }

        await demo.NoDawdling("reading");
        await demo.ReadNight("what the dead silo left");

        await FirstNight.Stands(demo);
    }

    [Fact]
    public async Task Killed_after_the_tenants_and_before_the_end_of_their_pass()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Dawdle("night", seconds: 3);
        await demo.RequestNight();
        await using (var doomed = await SiloProcess.Start(demo.Hub))
        {
            await demo.Hub.Until("all readings", "select count(*) = 26 from reading");
            await doomed.Kill();
        }

        Assert.Equal("N | running | 13 | 13 | 13", await demo.Table("select night, state, due, read, changed from night"));
        await demo.NoDawdling("night");
        await demo.ReadNight("what the dead silo left");

        await FirstNight.Stands(demo);
    }

    [Fact]
    public async Task Killed_while_lines_are_drained()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Dawdle("count_record", seconds: 1);
        await demo.RequestNight();
        await using (var doomed = await SiloProcess.Start(demo.Hub))
        {
            await demo.Hub.Until("the first line", "select exists (select 1 from count_record where source <> 'opening')");
            await doomed.Kill();
        }

        Assert.NotEqual("0", await demo.Table("select count(*) from message"));
        await demo.NoDawdling("count_record");
        await demo.ReadNight("what the dead silo left");

        await FirstNight.Stands(demo);
    }

    [Fact]
    public async Task The_database_stops_in_the_middle_of_a_night_and_the_night_finishes_by_itself()
    {
        await using var server = await PostgresFixture.OwnServer();
        await using var demo = await DemoSnapshot.SetUp(server.ConnectionString);
        await demo.Dawdle("count_record");
        await demo.RequestNight();
        await using var silo = await demo.StartSilo();
        await demo.Hub.Until("the first line", "select exists (select 1 from count_record where source <> 'opening')");

        await server.Stop(immediate: true, default);
        await server.Restart(default);
        demo.Hub.Database.Clear();
        await demo.NoDawdling("count_record");
        await demo.UntilQuiet("the night after the database came back");

        await FirstNight.Stands(demo);
    }

    [Fact]
    public async Task Every_connection_of_the_engine_is_cut_again_and_again_and_the_night_finishes()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Dawdle("count_record");
        await demo.RequestNight();
        await using var silo = await demo.StartSilo();
        foreach (var lines in new[] { 1, 2, 3, 4 })
        {
            await demo.Hub.Until($"{lines} lines", $"select count(*) >= {lines} from count_record where source <> 'opening'");
            await demo.Hub.Sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'usagebilling%' and datname = current_database()");
        }

        await demo.UntilQuiet("the night");

        await FirstNight.Stands(demo);
    }

    [Fact]
    public async Task Two_silos_started_together_on_an_empty_database_share_a_night()
    {
        var empty = await PostgresFixture.BareDatabase();
        var hub = new Hub(new HubOrigin(() => Task.FromResult(empty), Announce: false, Seed: DemoSeed.Folder));
        await hub.InitializeAsync();
        DemoMsp demo;
        var silos = await Task.WhenAll(hub.StartSilo(), hub.StartSilo());
        await using (silos[0])
        await using (silos[1])
        {
            await hub.Sql(Hub.Announcements);
            demo = await DemoSnapshot.SetUp(hub);
            await demo.RequestNight();
            await demo.UntilQuiet("the night of two silos");
        }

        await using (demo) await FirstNight.Stands(demo);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Two_silos_read_each_tenant_once_and_turn_each_line_once(int round)
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.RequestNight();
        var silos = await Task.WhenAll(demo.StartSilo(), demo.StartSilo());
        await using var first = silos[0];
        await using var second = silos[1];

        await demo.UntilQuiet($"the night of two silos, round {round}");

        await FirstNight.Stands(demo);
    }
}
