using UsageBilling.Interfaces.Vendors;
using UsageBilling.Tests.System.Hosting;
using UsageBilling.Tests.System.Nights;

namespace UsageBilling.Tests.System.Quotas;

/// <summary>A night with fewer calls than it needs: it pauses, loses nothing, counts nothing, and goes on when there are calls again.</summary>
public sealed class SharedBudgetTests
{
    /// <summary>The first intent of every contract that is not settled waits for longer than any other wait of a test.</summary>
    private const string IntentsPaused = """
        select (select count(*) = 5 from intent) and count(*) > 0 and bool_and(due_at > now() + interval '5 seconds') and bool_and(state <> 'sending')
        from (
            select distinct on (contract_remote_id) due_at, state
            from intent
            where state in ('pending', 'sending', 'in_doubt')
            order by contract_remote_id, (state = 'pending'), effective_on, id
        ) head
        """;

    [Fact]
    public async Task Two_silos_never_call_more_than_their_share_and_the_night_resumes_with_new_calls()
    {
        await using var demo = await DemoMsp.Mapped();
        await Left(demo, 6);
        await demo.RequestNight();
        var silos = await Task.WhenAll(demo.StartSilo(), demo.StartSilo());
        await using var first = silos[0];
        await using var second = silos[1];

        await demo.Hub.Until("the intents wait", IntentsPaused);
        Assert.InRange(await demo.Requests("autotask"), 1, 6);
        Assert.InRange(await demo.Hub.Scalar<long>("select sum(calls) from vendor_chunk"), 1, 6);

        await demo.Hub.Sql("update vendor_budget set ceiling = 1000");
        await demo.Hub.Sql("update intent set due_at = now()");
        await demo.UntilQuiet("the night with calls enough");

        Assert.Equal("5 | 1 | 1", await demo.Table("select count(*), min(attempt), max(attempt) from intent where state = 'confirmed'"));
        Assert.True(await demo.Requests("autotask") <= await demo.Hub.Scalar<long>("select sum(calls) from vendor_chunk"), "More calls than were taken from the budget.");
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_send_that_the_budget_holds_back_counts_no_attempt_however_often()
    {
        await using var demo = await DemoMsp.Mapped();
        await Left(demo, 1);
        await demo.RequestNight();
        await using var silo = await demo.StartSilo();
        for (var round = 1; round <= 10; round++)
        {
            await demo.Hub.Until($"the intents wait, round {round}", IntentsPaused);
            // one call: enough to read the units, none left to send
            await Left(demo, 1);
            await demo.Hub.Sql("update intent set due_at = now()");
        }

        await demo.Hub.Until("the intents wait for the last time", IntentsPaused);

        Assert.Equal("5 | 0 | pending", await demo.Table("select count(*), max(attempt), min(state) from intent"));
        Assert.Equal("", await demo.Psa.Journal());

        await demo.Hub.Sql("update vendor_budget set ceiling = 1000");
        await demo.Hub.Sql("update intent set due_at = now()");
        await demo.UntilQuiet("the night with calls enough");
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
    }

    [Fact]
    public async Task A_reading_that_the_budget_holds_back_stays_due_and_is_no_failed_pass()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Hub.Sql("""
            insert into vendor_budget (integration_id, endpoint, msp_id, window_minutes, allowed, ceiling, observed_at)
            values (2, 'domains', 1, 60, 100, 0, now())
            """);
        await demo.RequestNight();
        await using var silo = await demo.StartSilo(bounds => bounds with { UniViewQuota = new CallQuota(100, 100, 60, PerEndpoint: true) });

        await demo.Hub.Until("the reading waits", "select due_at > now() + interval '5 seconds' from reminder where grain_kind = 4 and name = 'read'");
        Assert.Equal("running | 0 | 13", await demo.Table("select n.state, i.failures, (select count(*) from reminder where grain_kind = 1 and name = 'read' and due_at <= now()) from night n join integration i on i.id = n.integration_id"));
        Assert.Equal(0, (await demo.Traffic("uniview", "domains")).Requests);
        Assert.Equal("", await demo.Table(Tables.Holds));

        await demo.Hub.Sql("update vendor_budget set ceiling = null; update reminder set due_at = now() where grain_kind = 4");
        await demo.UntilQuiet("the night with calls enough");
        Assert.Equal("N | finished | 13 | 13 | 0 | 13", await demo.Table("select night, state, due, read, unread, changed from night"));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
    }

    [Fact]
    public async Task One_silo_asks_what_strangers_have_used_and_all_of_them_wait_until_it_is_less()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Hub.Sql("delete from vendor_chunk; delete from vendor_budget");
        await demo.Strangers(9_500);
        await demo.RequestNight();
        await using var first = await demo.StartSilo();
        await demo.Hub.Until("the intents wait", IntentsPaused);
        await using var second = await demo.StartSilo();
        await demo.Hub.Sql("update intent set due_at = now()");
        await demo.Hub.Until("the intents wait in both silos", IntentsPaused);
        Assert.Equal("9501 | 10000 | 9501 | 0", await demo.Table("select vendor_used, vendor_allowed, used_by_others, ceiling from vendor_budget"));
        Assert.Equal("", await demo.Psa.Journal());

        demo.Hub.Sandbox.Clock.Advance(TimeSpan.FromMinutes(61));
        await demo.Hub.Sql("update vendor_budget set asked_at = asked_at - interval '5 minutes'");
        await demo.Hub.Sql("update intent set due_at = now()");
        await demo.UntilQuiet("the night after the strangers have gone");

        Assert.Equal((2, 0, 1), await demo.Traffic("autotask", "ThresholdInformation"));
        Assert.Equal("4500", await demo.Table("select ceiling from vendor_budget"));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
    }

    [Fact]
    public async Task A_ticket_asks_what_strangers_have_used_and_waits_until_it_is_less()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Hub.Sql("delete from vendor_chunk; delete from vendor_budget");
        await demo.Strangers(9_500);
        await demo.Hub.Sql("""
            insert into alert (msp_id, identity) values (1, 'backup');
            insert into ticket (msp_id, integration_id, alert_id, occurrence, title, details, account_remote_id, opened_at) select 1, 1, id, 1, 'Backup failed', '', '205', now() from alert;
            insert into ticket_write (msp_id, integration_id, ticket_id, kind, at) select 1, 1, id, 'open', now() from ticket;
            """);
        await using var silo = await demo.StartSilo();
        await demo.Hub.Until("the ticket waits", "select due_at > now() + interval '5 seconds' from ticket_write");

        Assert.Equal("9501 | 0", await demo.Table("select vendor_used, ceiling from vendor_budget"));
        Assert.Equal(0, await demo.Requests("autotask", without: "ThresholdInformation"));
    }

    /// <summary>The vendor was asked just now, and leaves so many calls to the hub.</summary>
    private static Task Left(DemoMsp demo, int calls) => demo.Hub.Sql($"""
        delete from vendor_chunk;
        delete from vendor_budget;
        insert into vendor_budget (integration_id, endpoint, msp_id, window_minutes, allowed, ceiling, observed_at, asked_at)
        values (1, '', 1, 60, 4500, {calls}, now(), now())
        """);
}
