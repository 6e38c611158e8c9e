using UsageBilling.Interfaces.Grains;
using UsageBilling.Runtime.Intents;
using UsageBilling.Tests.System.Hosting;
using UsageBilling.Tests.System.Nights;

namespace UsageBilling.Tests.System.Quotas;

/// <summary>What one silo knows about a vendor holds for the other: seats, a vendor that is down, credentials that are refused.</summary>
public sealed class SharedLimitTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Two_silos_have_no_more_than_three_calls_in_one_endpoint()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.NightWithoutPsa();
        await demo.Fault("autotask", "slow", "\"match\": \"ServiceAdjustments\", \"times\": 1000");
        var others = await ContractsOfTheOther(demo);
        await using var first = await demo.StartSilo(bounds => bounds with { CallTimeLimit = Long });
        await demo.Held(2);
        await others.DisposeAsync();
        await using var second = await demo.StartSilo(bounds => bounds with { CallTimeLimit = Long });

        await demo.Held(3);
        await demo.Hub.Until("all four contracts on their way", "select count(*) = 4 from intent where state = 'sending'");
        Assert.Equal((3, 0, 3), await demo.Traffic("autotask", "ContractServiceAdjustments"));
        await demo.NoFaults();
        await demo.UntilQuiet("the night of two silos");

        Assert.Equal((5, 0, 3), await demo.Traffic("autotask", "ContractServiceAdjustments"));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
    }

    [Fact]
    public async Task A_silo_that_loses_its_seats_breaks_its_call_off_and_finds_out_what_became_of_it()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("autotask", "slow", "\"match\": \"Contracts/29684001/ServiceAdjustments\"");
        await demo.RequestNight();
        await using var silo = await demo.StartSilo(bounds => bounds with { CallTimeLimit = Long });
        await demo.Held(1);

        await demo.Hub.Sql("select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())");
        await demo.Hub.Until("the call in doubt", "select exists (select 1 from intent where state = 'in_doubt' and code = 'cancelled_after_send')");
        await demo.UntilQuiet("the night after the lost seats");

        Assert.Equal("8001 | N | N | 28 | confirmed | applied | 2 | 3", (await demo.Table(Tables.Intents)).Split('\n')[0]);
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
    }

    [Fact]
    public async Task A_vendor_that_one_silo_finds_down_is_left_alone_by_the_other_until_one_call_tries_it()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("uniview", "server_error", "\"times\": 1000000");
        await demo.RequestNight();
        await using (await demo.StartSilo(bounds => bounds with { BreakerCallsMin = 3, BreakerPause = Long }))
            await demo.Hub.Until("the failed pass", "select failures = 1 from integration where id = 2");
        var requests = await demo.Requests("uniview");
        Assert.Equal("2 | server_error", await demo.Table("select integration_id, reason from vendor_circuit where open_until > now() + interval '5 minutes'"));

        await demo.Hub.Sql("update reminder set due_at = now()");
        await demo.Hub.Sql("insert into run (msp_id, kind, grain_kind, grain_id) values (1, 'test', 4, 2)");
        await using var second = await demo.StartSilo();
        await demo.Hub.Until("the test of the other silo", "select exists (select 1 from run where kind = 'test' and state = 'failed' and code = 'circuit_open')");
        Assert.Equal((requests, "1"), (await demo.Requests("uniview"), await demo.Table("select failures from integration where id = 2")));

        await demo.NoFaults();
        await demo.Hub.Sql("update vendor_circuit set open_until = now(); update reminder set due_at = now()");
        await demo.UntilQuiet("the night after the vendor came back");

        Assert.Equal("", await demo.Table("select integration_id from vendor_circuit"));
        Assert.Equal("N | finished | 13 | 13 | 0", await demo.Table("select night, state, due, read, unread from night"));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
    }

    [Fact]
    public async Task Intents_of_a_vendor_that_is_down_wait_without_an_attempt()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Hub.Sql("insert into vendor_circuit (integration_id, msp_id, opened_at, open_until, reason) values (1, 1, now(), now() + interval '10 minutes', 'server_error')");
        await demo.RequestNight();
        await using var silo = await demo.StartSilo();
        await demo.Hub.Until("the night is read", "select count(*) = 5 from intent");
        await demo.Hub.Sql("insert into run (msp_id, kind, grain_kind, grain_id) values (1, 'test', 4, 1)");
        await demo.Hub.Until("the test", "select exists (select 1 from run where kind = 'test' and state = 'failed' and code = 'circuit_open')");

        Assert.Equal("5 | 0 | pending", await demo.Table("select count(*), max(attempt), min(state) from intent where due_at <= now()"));
        Assert.Equal(0, await demo.Requests("autotask"));

        await demo.Hub.Sql("update vendor_circuit set open_until = now(); update intent set due_at = now()");
        await demo.UntilQuiet("the intents after the vendor came back");
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
    }

    [Fact]
    public async Task Credentials_that_one_silo_sees_refused_are_not_used_by_the_other_in_the_middle_of_its_pass()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.NightWithoutPsa();
        await demo.Fault("autotask", "slow", "\"match\": \"ContractServiceUnits\"");
        var others = await ContractsOfTheOther(demo);
        await using var second = await demo.StartSilo(bounds => bounds with { CallTimeLimit = Long });
        await demo.Held(1);
        await demo.Fault("autotask", "unauthorized", "\"match\": \"ContractServiceUnits\", \"times\": 1000");
        await others.DisposeAsync();
        await using (await demo.StartSilo()) await demo.Hub.Until("the parked psa", "select credentials = 3 from integration where id = 1");

        await demo.NoFaults();
        await demo.Hub.Until("the other silo holds its sends back", "select count(*) = 2 from intent where state = 'pending' and code = 'credentials_refused'");
        Assert.Equal("0 | pending", await demo.Table("select max(attempt), min(state) from intent"));
        Assert.Equal(0, (await demo.Traffic("autotask", "ContractServiceAdjustments")).Requests);

        await demo.Integrations.Ask(DemoMsp.Msp, DemoMsp.Autotask.Value, new IntegrationMessage.CredentialsChanged(), "clerk", default);
        await demo.Hub.Sql("update intent set due_at = now()");
        await demo.UntilQuiet("the intents after new credentials");
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
    }

    /// <summary>Two of the night's four contracts are held, so that the silo that comes first leaves them to the second.</summary>
    private static async Task<AdvisoryLocks> ContractsOfTheOther(DemoMsp demo)
    {
        var locks = await AdvisoryLocks.Open(demo.Hub.Database, default);
        foreach (var contract in new[] { "29684003", "29684004" }) Assert.True(await locks.TryTake($"contract:1:{contract}", default));
        return locks;
    }
}
