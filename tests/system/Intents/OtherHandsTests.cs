using UsageBilling.Tests.System.Hosting;
using UsageBilling.Tests.System.Nights;

namespace UsageBilling.Tests.System.Intents;

/// <summary>Somebody else works in the PSA, or the hub wishes anew, while a change is on its way.</summary>
public sealed class OtherHandsTests
{
    private static readonly string Night = DemoMsp.Iso(DemoSeed.FirstNight);
    private static readonly string DayBefore = DemoMsp.Iso(DemoSeed.FirstNight.AddDays(-1));

    [Fact]
    public async Task Units_changed_elsewhere_between_send_and_read_park_the_intent()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("autotask", "timeout_after", "\"match\": \"Contracts/29684001/ServiceAdjustments\"");
        await demo.RequestNight();

        await using (await demo.StartSilo())
        {
            await demo.Held(1);
            await Edit(demo, 8001, 5, DayBefore);
            await demo.UntilQuiet("the intents");
        }

        Assert.Equal("8001 | parked | changed_elsewhere | 1", await demo.Table("select service_remote_id, state, code, attempt from intent where state <> 'confirmed'"));
        Assert.Equal("8001 N-1 5 25->30 foreign\n8001 N 3 25->28" + FirstNight.Journal["8001 N 3 25->28".Length..], await demo.Psa.Journal());
    }

    [Fact]
    public async Task A_parked_intent_that_a_person_releases_sets_the_units_wished()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("autotask", "timeout_after", "\"match\": \"Contracts/29684001/ServiceAdjustments\"");
        await demo.RequestNight();
        await using var silo = await demo.StartSilo();
        await demo.Held(1);
        await Edit(demo, 8001, 5, DayBefore);
        await demo.UntilQuiet("the intents");

        await Release(demo, "select id from intent where state = 'parked'");
        await demo.UntilQuiet("the released intent");

        Assert.Equal(
            """
            8001 | N | N | 28 | rejected | superseded | 1 | 3
            8001 | N | N+1 | 28 | confirmed | applied | 2 | -5
            """,
            string.Join('\n', (await demo.Table(Tables.Intents)).Split('\n')[..2]));
        Assert.Contains("8001 N+1 -5 33->28", await demo.Psa.Journal());
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_released_intent_wishes_later_dates_again_also_one_that_is_on_its_way()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.Hub.Sql("""
            insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, night, state, sending_at)
            select msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on + 1, effective_on + 1, 30, night, 'in_doubt', now() from intent where line_id = 1;
            update intent set state = 'parked', code = 'changed_elsewhere', settled_at = null where line_id = 1 and state = 'confirmed';
            """);

        await Release(demo, "select id from intent where state = 'parked'");

        Assert.Equal(
            """
            N | 28 | rejected
            N | 28 | pending
            N+1 | 30 | in_doubt
            N+1 | 30 | pending
            """,
            await demo.Table("select effective_on, desired_units, state from intent where line_id = 1 order by effective_on, id"));
    }

    [Fact]
    public async Task Units_that_somebody_else_changed_before_a_send_stay_until_a_person_lets_the_hub_take_over()
    {
        await using var demo = await DemoMsp.Mapped();
        await Edit(demo, 8001, 5, DayBefore);
        await demo.RequestNight();
        await using var silo = await demo.StartSilo();
        await demo.UntilQuiet("the night that somebody else worked in");

        Assert.Equal(
            "8001 | parked | second_writer | 0 | The PSA shows 30 units where 25 were expected and 28 are wished: somebody else changes the line.",
            await demo.Table("select service_remote_id, state, code, attempt, sentence from intent where state <> 'confirmed'"));
        Assert.Equal("8001 N-1 5 25->30 foreign" + FirstNight.Journal["8001 N 3 25->28".Length..], await demo.Psa.Journal());

        await Release(demo, "select id from intent where state = 'parked'");
        await demo.UntilQuiet("the released intent");

        Assert.Equal("8001 | N | N | 28 | confirmed | applied | 1 | -2", (await demo.Table(Tables.Intents)).Split('\n')[0]);
        Assert.Equal("8001 N-1 5 25->30 foreign\n8001 N -2 30->28" + FirstNight.Journal["8001 N 3 25->28".Length..], await demo.Psa.Journal());
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_released_intent_takes_along_what_else_of_its_line_somebody_elses_change_keeps_waiting()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.Hub.Sql("""
            insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, night, state, code)
            select msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on + d, effective_on + d, 30 + d, night, 'parked', case d when 3 then 'cannot_verify' else 'second_writer' end
            from intent, generate_series(1, 3) d where line_id = 1;
            """);

        await Release(demo, "select id from intent where desired_units = 32");

        Assert.Equal(
            """
            N | 28 | confirmed | False
            N+1 | 31 | pending | True
            N+2 | 32 | pending | True
            N+3 | 33 | parked | False
            """,
            await demo.Table("select effective_on, desired_units, state, takes_over from intent where line_id = 1 order by effective_on, id"));
    }

    [Fact]
    public async Task A_date_that_is_taken_moves_the_change_to_the_next_day()
    {
        await using var demo = await DemoMsp.Mapped();
        await Edit(demo, 8001, 1, Night);
        await demo.RequestNight();
        await using var silo = await demo.StartSilo();
        await demo.UntilQuiet("the night that somebody else worked in");
        await Release(demo, "select id from intent where code = 'second_writer'");

        await demo.UntilQuiet("the intent with a date that is taken");

        Assert.Equal("8001 | N | N+1 | 28 | confirmed | applied | 2 | 2", (await demo.Table(Tables.Intents)).Split('\n')[0]);
        Assert.Equal("8001 N 1 25->26 foreign\n8001 N+1 2 26->28" + FirstNight.Journal["8001 N 3 25->28".Length..], await demo.Psa.Journal());
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task Units_that_already_are_what_is_wished_are_confirmed_without_a_send()
    {
        await using var demo = await DemoMsp.Mapped();
        await Edit(demo, 8001, 3, DayBefore);
        await demo.RequestNight();

        await demo.ReadNight("the night that somebody was ahead of");

        Assert.Equal("8001 | N | N | 28 | confirmed | unchanged | 0 | -", (await demo.Table(Tables.Intents)).Split('\n')[0]);
        Assert.Equal("8001 N-1 3 25->28 foreign" + FirstNight.Journal["8001 N 3 25->28".Length..], await demo.Psa.Journal());
    }

    [Fact]
    public async Task A_change_behind_one_that_moved_to_a_free_date_is_not_undone_by_it()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await using var silo = await demo.StartSilo();
        foreach (var (units, confirmed) in new[] { (31, 2), (28, 3) })
        {
            await demo.Domain("d-301", $$"""{"numberOfProtectedStandardUsers": {{units}}}""");
            await demo.Lines.Ask(DemoMsp.Msp, 1, new Interfaces.Grains.ServiceLineMessage.RefreshRequested(), "clerk", default);
            await demo.Hub.Until($"{units} units confirmed", $"select count(*) = {confirmed} from intent where service_remote_id = '8001' and state = 'confirmed'");
        }

        Assert.Equal(
            """
            8001 | N | N | 28 | confirmed | applied | 1 | 3
            8001 | N | N+1 | 31 | confirmed | applied | 2 | 3
            8001 | N | N+2 | 28 | confirmed | applied | 2 | -3
            """,
            string.Join("\n", (await demo.Table(Tables.Intents)).Split('\n')[..3]));
        Assert.Contains("8001 28", await demo.Psa.UnitsOn(DemoSeed.FirstNight.AddDays(2)), StringComparison.Ordinal);
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_newer_wish_takes_the_place_of_one_that_was_not_sent()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("autotask", "server_error", "\"match\": \"ContractServiceUnits\", \"times\": 1000000");
        await demo.RequestNight();
        await using var silo = await demo.StartSilo();
        await demo.Hub.Until("the wishes of the night", "select count(*) = 5 from intent");
        await demo.Hub.Until("the night is over", "select not exists (select 1 from message) and bool_and(state = 'finished') from night");

        await demo.Domain("d-301", """{"numberOfProtectedStandardUsers": 31}""");
        await demo.Lines.Ask(DemoMsp.Msp, 1, new Interfaces.Grains.ServiceLineMessage.RefreshRequested(), "clerk", default);
        await demo.Hub.Until("the newer wish", "select desired_units = 31 from intent where service_remote_id = '8001'");
        await demo.NoFaults();
        await demo.UntilQuiet("the wishes sent");

        Assert.Equal("8001 | N | N | 31 | confirmed | applied | 1 | 6", (await demo.Table(Tables.Intents)).Split('\n')[0]);
        Assert.Equal(FirstNight.Journal.Replace("8001 N 3 25->28", "8001 N 6 25->31", StringComparison.Ordinal), await demo.Psa.Journal());
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_wish_that_was_replaced_while_the_psa_was_read_is_not_confirmed_by_that_read()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.NightWithoutPsa();
        var intents = new Runtime.Intents.IntentStore(demo.Hub.Database);
        var read = (await intents.Heads(DemoMsp.Autotask.Value, default)).Single(head => head.ServiceRemoteId == "8001");

        await demo.Hub.Sql("update intent set desired_units = 31, generation = generation + 1 where service_remote_id = '8001'");
        await intents.Confirm(read, "unchanged", default);

        Assert.Equal(28m, read.Desired);
        Assert.Equal("pending | 31 | 2", await demo.Table("select state, desired_units, generation from intent where service_remote_id = '8001'"));
    }

    [Fact]
    public async Task A_newer_wish_while_one_is_in_flight_waits_and_follows_it()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("autotask", "timeout_after", "\"match\": \"Contracts/29684001/ServiceAdjustments\"");
        await demo.RequestNight();
        await using var silo = await demo.StartSilo();
        await demo.Held(1);

        await demo.Domain("d-301", """{"numberOfProtectedStandardUsers": 31}""");
        await demo.Lines.Ask(DemoMsp.Msp, 1, new Interfaces.Grains.ServiceLineMessage.RefreshRequested(), "clerk", default);
        await demo.Hub.Until("the second wish", "select count(*) = 2 from intent where service_remote_id = '8001'");
        await demo.UntilQuiet("both wishes");

        Assert.Equal(
            """
            8001 | N | N | 28 | confirmed | applied | 1 | 3
            8001 | N | N+1 | 31 | confirmed | applied | 2 | 3
            """,
            string.Join('\n', (await demo.Table(Tables.Intents)).Split('\n')[..2]));
        Assert.Equal("8001 N 3 25->28\n8001 N+1 3 28->31" + FirstNight.Journal["8001 N 3 25->28".Length..], await demo.Psa.Journal());
    }

    [Fact]
    public async Task Two_wishes_of_one_contract_are_sent_one_after_the_other_and_other_contracts_do_not_wait()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.NightWithoutPsa();
        await demo.Fault("autotask", "slow", "\"match\": \"Contracts/29684002/ServiceAdjustments\"");
        await using var silo = await demo.StartSilo(bounds => bounds with { CallTimeLimit = TimeSpan.FromMinutes(10) });
        await demo.Held(1);
        await demo.Hub.Until("the other contracts", "select count(*) = 3 from intent where state in ('in_doubt', 'confirmed')");

        Assert.Equal("1", await demo.Table("select count(*) from intent where contract_remote_id = '29684002' and state in ('sending', 'in_doubt')"));
        Assert.Equal("1", await demo.Table("select count(*) from intent where contract_remote_id = '29684002' and state = 'pending' and attempt = 0"));
        await demo.NoFaults();
        await demo.UntilQuiet("the slow contract");

        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
    }

    private static async Task Release(DemoMsp demo, string which) =>
        Assert.NotNull(await new Runtime.Intents.IntentStore(demo.Hub.Database).Release(new(1), await demo.Hub.Scalar<long>(which), "clerk", default));

    private static Task Edit(DemoMsp demo, int line, int change, string on) =>
        demo.Fault("autotask", "foreign_edit", $"\"contract_service_id\": {line}, \"unit_change\": {change}, \"effective_date\": \"{on}\"");
}
