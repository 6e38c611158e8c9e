using UsageBilling.Tests.System.Hosting;
using UsageBilling.Tests.System.Nights;

namespace UsageBilling.Tests.System.Intents;

/// <summary>A silo process dies with a change in its hand; another one finishes, and the PSA has one adjustment.</summary>
public sealed class KilledSiloTests
{
    [Theory]
    [InlineData("timeout_after", 1)]
    [InlineData("slow", 2)]
    public async Task Killed_between_send_and_answer(string fault, int sends)
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("autotask", fault, "\"match\": \"Contracts/29684001/ServiceAdjustments\"");
        await demo.RequestNight();
        await using (var doomed = await SiloProcess.Start(demo.Hub))
        {
            await demo.Held(1);
            await doomed.Kill();
        }

        Assert.Equal("8001 | sending | 1", await demo.Table("select service_remote_id, state, attempt from intent where service_remote_id = '8001'"));
        await demo.ReadNight("what the dead silo left");

        Assert.Equal($"8001 | N | N | 28 | confirmed | applied | {sends} | 3", (await demo.Table(Tables.Intents)).Split('\n')[0]);
        await FirstNightStands(demo);
    }

    [Fact]
    public async Task Killed_between_the_read_and_the_mark()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("autotask", "slow", "\"match\": \"ContractServiceUnits\", \"times\": 1000000");
        await demo.RequestNight();
        await using (var doomed = await SiloProcess.Start(demo.Hub))
        {
            await demo.Held(1);
            await demo.Hub.Until("all wishes of the night", "select count(*) = 5 from intent");
            await doomed.Kill();
        }

        Assert.Equal("pending | 0 | 5", await demo.Table("select state, attempt, count(*) from intent group by 1, 2"));
        await demo.NoFaults();
        await demo.ReadNight("what the dead silo left");

        await FirstNightStands(demo);
    }

    [Fact]
    public async Task A_mark_whose_silo_died_before_the_first_byte_is_sent_once_by_another()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("autotask", "server_error", "\"match\": \"ContractServiceUnits\", \"times\": 1000000");
        await demo.RequestNight();
        await using (await demo.StartSilo()) await demo.Hub.Until("the wishes", "select count(*) = 5 from intent");
        await demo.Hub.Sql("update intent set state = 'sending', attempt = 1, observed_before = 25, delta = 3, sending_at = now(), due_at = now() where service_remote_id = '8001'");
        await demo.NoFaults();

        await demo.ReadNight("what the dead silo left");

        Assert.Equal("8001 | N | N | 28 | confirmed | applied | 2 | 3", (await demo.Table(Tables.Intents)).Split('\n')[0]);
        await FirstNightStands(demo);
    }

    [Fact]
    public async Task A_silo_that_stood_still_and_lost_its_lock_changes_nothing_when_it_wakes()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("autotask", "timeout_after", "\"match\": \"Contracts/29684001/ServiceAdjustments\"");
        await demo.RequestNight();
        await using var paused = await SiloProcess.Start(demo.Hub);
        await demo.Held(1);
        await paused.Pause();
        await demo.Hub.Sql("select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'usagebilling-silo' and datname = current_database()");

        await demo.ReadNight("what the standing silo left");
        var settled = await demo.Table("select id, state, attempt, generation, settled_at from intent order by id");
        await demo.NoFaults();
        await paused.Resume();
        await demo.SecondNight();
        await demo.Hub.Until("a night read by the silo that woke", "select exists (select 1 from night where state = 'finished' and night > (select min(night) from night))");

        Assert.Equal(settled, await demo.Table("select id, state, attempt, generation, settled_at from intent order by id"));
        await FirstNightStands(demo);
    }

    private static async Task FirstNightStands(DemoMsp demo)
    {
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
        Assert.Equal(FirstNight.Units.Replace(" | ", " "), await demo.Psa.UnitsOn(DemoSeed.FirstNight));
        Assert.Equal("5", await demo.Table("select count(*) from intent where state = 'confirmed'"));
        Assert.Equal("", await demo.Breaches());
    }
}
