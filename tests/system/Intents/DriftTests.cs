using UsageBilling.Runtime.Runs;
using UsageBilling.Silo;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Intents;

/// <summary>What a PSA shows beside what the hub wishes there.</summary>
public sealed class DriftTests
{
    private const string Drift = "select l.remote_id, d.since_night, d.night, d.desired_units, d.observed_units, d.reason from drift d join service_line l on l.id = d.line_id order by l.remote_id";
    private const string Runs = "select kind, state, code, sentence from run where kind = 'reconcile' order by id";

    [Fact]
    public async Task A_comparison_finds_what_somebody_else_changed_and_forgets_it_once_it_agrees()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await using var silo = await demo.StartSilo();
        await Edit(demo, 8001, 5, -1);
        await Compare(demo);
        Assert.Equal("8001 | N | N | 28 | 33 | other_units", await demo.Table(Drift));
        Assert.Equal("reconcile | done | differs | 19 lines compared for N: 1 differ, 0 wait for their wish.", DemoMsp.Named(await demo.Table(Runs)));

        await demo.Hub.Sql("update drift set since_night = since_night - 1, night = night - 1");
        await Compare(demo);
        Assert.Equal("8001 | N-1 | N | 28 | 33 | other_units", await demo.Table(Drift));

        await Edit(demo, 8001, -5, -2);
        await Compare(demo);
        Assert.Equal("", await demo.Table(Drift));
        Assert.Equal("agrees", (await demo.Table("select code from run where kind = 'reconcile' order by id desc limit 1")));
    }

    [Fact]
    public async Task A_wish_that_waits_for_a_person_is_named_as_the_reason_and_one_on_its_way_is_not_compared()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.Hub.Sql("""
            update intent set desired_units = desired_units + 1, state = 'parked', code = 'cannot_verify' where service_remote_id = '8001';
            update intent set desired_units = desired_units + 1, state = 'rejected', code = 'vendor' where service_remote_id = '8003';
            insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, night, due_at)
            select msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, effective_on, 99, night, now() + interval '1 hour' from intent where service_remote_id = '8007';
            """);
        await using var silo = await demo.StartSilo();
        await Compare(demo);

        Assert.Equal("intent_parked\nintent_rejected", await demo.Table("select reason from drift order by line_id"));
        Assert.Contains("1 wait for their wish.", await demo.Table(Runs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_psa_is_compared_once_a_night_by_itself_whichever_silo_is_first()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        var options = demo.Hub.SiloOptions() with { ReconcileAfter = TimeSpan.Zero };
        await using (await SiloServer.Start(options, default))
        await using (await SiloServer.Start(options, default))
        {
            await demo.Hub.Until("the comparison", "select exists (select 1 from run where kind = 'reconcile' and state = 'done')");
            await demo.Hub.Sql("insert into run (msp_id, kind, grain_kind, grain_id) values (1, 'test', 4, 1)");
            await demo.Hub.Until("a later run", "select exists (select 1 from run where kind = 'test' and state = 'done')");
        }

        Assert.Equal("reconcile | done | agrees | 19 lines compared for N: 0 differ, 0 wait for their wish.", DemoMsp.Named(await demo.Table(Runs)));
        Assert.Equal("N | 19 | 0", await demo.Table("select reconciled_night, reconciled_lines, reconciled_waiting from integration where kind = 'autotask'"));
    }

    [Fact]
    public async Task No_psa_is_compared_while_its_msps_night_is_read_or_counted()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        var drift = new DriftStore(demo.Hub.Database);
        await demo.Hub.Sql("update night set state = 'running', started_at = now()");
        Assert.Equal(0, await drift.Start(["autotask"], TimeSpan.Zero, default));

        await demo.Hub.Sql("update night set state = 'finished'");
        await demo.Hub.Sql("insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause) values (3, 1, 1, 1, 'inputs_changed', current_date, 1)");
        Assert.Equal(0, await drift.Start(["autotask"], TimeSpan.Zero, default));

        await demo.Hub.Sql("delete from message");
        Assert.Equal(1, await drift.Start(["autotask"], TimeSpan.Zero, default));
    }

    [Fact]
    public async Task A_psa_that_cannot_be_read_keeps_what_was_known()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await using var silo = await demo.StartSilo();
        await Edit(demo, 8001, 5, -1);
        await Compare(demo);
        await demo.Fault("autotask", "server_error", "\"match\": \"ContractServiceUnits\", \"times\": 1000000");
        await Compare(demo);

        Assert.Equal("8001 | N | N | 28 | 33 | other_units", await demo.Table(Drift));
        Assert.Equal("failed", await demo.Table("select state from run where kind = 'reconcile' order by id desc limit 1"));
    }

    private static async Task Compare(DemoMsp demo)
    {
        var run = await demo.Hub.Scalar<long>("insert into run (msp_id, kind, grain_kind, grain_id) values (1, 'reconcile', 4, 1) returning id");
        await demo.Hub.Until("the comparison", $"select state <> 'running' from run where id = {run}");
    }

    private static Task Edit(DemoMsp demo, int line, int change, int day) => demo.Fault(
        "autotask", "foreign_edit", $"\"contract_service_id\": {line}, \"unit_change\": {change}, \"effective_date\": \"{DemoMsp.Iso(DemoSeed.FirstNight.AddDays(day))}\"");
}
