using UsageBilling.Api.Hosting;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Cluster;

/// <summary>Operators see who works and what waits: silos of the whole hub, work of their own msp.</summary>
public sealed class ClusterTests(HubFixture hub) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task What_waits_is_counted_by_kind_and_shard_for_the_callers_msp_alone()
    {
        var (line, tenant, _, uniview) = await hub.FedLine();
        var contract = await hub.Sql("select contract_id from service_line where id = $1", line);
        await hub.Sql($"""
            insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, due_at, about) values
                (5, {contract}, {hub.Msp.Value}, 7, 'inputs_changed', '2026-11-20', 1, '2026-11-21 00:30:00+00', 'a'), (5, {contract}, {hub.Msp.Value}, 7, 'inputs_changed', '2026-11-20', 1, now() + interval '1 day', 'b'),
                (5, {contract}, {hub.OtherMsp.Value}, 9, 'inputs_changed', '2026-11-20', 1, now(), 'c');
            insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, about, parked_reason, parked_at) values (3, {line}, {hub.Msp.Value}, 8, 'inputs_changed', '2026-11-20', 1, '', 'broke', now());
            insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night) values
                (1, {tenant}, 'read', {hub.Msp.Value}, 0, '2026-11-21 00:10:00+00', '2026-11-21'), (3, {line}, 'boundary', {hub.Msp.Value}, 0, now() + interval '9 days', '2026-12-01');
            insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, state, code, night, due_at) values
                ({hub.Msp.Value}, {uniview}, {line}, 'c', 's', '2026-11-20', '2026-11-20', 7, 'pending', null, '2026-11-20', '2026-11-21 00:20:00+00'),
                ({hub.Msp.Value}, {uniview}, {line}, 'c', 's', '2026-11-19', '2026-11-19', 6, 'parked', 'second_writer', '2026-11-20', now()),
                ({hub.Msp.Value}, {uniview}, {line}, 'c', 's', '2026-11-18', '2026-11-18', 5, 'rejected', 'superseded', '2026-11-20', now());
            insert into run (msp_id, kind, grain_kind, grain_id, started_at) values ({hub.Msp.Value}, 'import', 4, {uniview}, '2026-11-21 00:40:00+00')
            """);

        var seen = (await hub.Operator.Get("/v1/cluster")).Json;

        Assert.Equal(
            """
            intents null parked 0 0 1 null
            intents null pending 1 0 0 2026-11-21T00:20:00+00:00
            messages service_line inputs_changed 0 0 1 null
            messages contract inputs_changed 1 1 0 2026-11-21T00:30:00+00:00
            reminders product_tenant read 1 0 0 2026-11-21T00:10:00+00:00
            runs null import 1 0 0 2026-11-21T00:40:00+00:00
            """,
            string.Join("\n", seen["queues"]!.AsArray().Select(queue => string.Join(' ', queue!.AsObject().Select(field => field.Value?.ToString() ?? "null")))));
        Assert.Equal(
            """[{"shard":7,"due":1,"waiting":1,"parked":0,"oldest_due_at":"2026-11-21T00:30:00+00:00","silo":null},{"shard":8,"due":0,"waiting":0,"parked":1,"oldest_due_at":null,"silo":null}]""",
            seen["shards"]!.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal));
        Assert.Equal("[]", seen["silos"]!.ToJsonString());
        Assert.Equal("""[9]""", $"[{string.Join(',', (await hub.Stranger.Get("/v1/cluster")).Json["shards"]!.AsArray().Select(shard => shard!["shard"]))}]");
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Get("/v1/cluster")).Problem);
    }

    [Fact]
    public async Task A_silo_is_alive_until_it_has_missed_its_check_ins()
    {
        var whole = new Hub();
        await whole.InitializeAsync();
        await whole.Sql("insert into msp (id, name, zone) overriding system value values (1, 'Northwind', 'UTC'), (2, 'Southwind', 'UTC')");
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = whole.ConnectionString }, default);
        using var door = new Door(api.BaseUrl, await new ApiKeys(whole.Database).Create(new(2), "operator", ApiScope.Operator, default));
        await using (await whole.StartSilo())
        {
            await whole.Sql("create trigger a after insert or update on qrtz_scheduler_state for each statement execute function announce()");
            await whole.Until("a check-in", "select exists (select 1 from qrtz_scheduler_state)");
            var silo = Assert.Single((await door.Get("/v1/cluster")).Json["silos"]!.AsArray())!;
            Assert.Equal("alive", (string)silo["state"]!);
            Assert.StartsWith(Environment.MachineName, (string)silo["name"]!, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(await whole.Scalar<long>("select checkin_interval from qrtz_scheduler_state"), (double)silo["check_in_seconds"]! * 1000);
            Assert.True(await whole.Scalar<bool>($"select now() - '{(string)silo["checked_in_at"]!}'::timestamptz between interval '-1 minute' and interval '1 minute'"));
        }

        await whole.Sql("""
            delete from qrtz_scheduler_state;
            insert into qrtz_scheduler_state (sched_name, instance_name, last_checkin_time, checkin_interval)
            select 'usagebilling', name, 621355968000000000 + (extract(epoch from now() - ago) * 10000000)::bigint, 2000
            from (values ('late', interval '5 seconds'), ('gone', interval '1 minute')) as s(name, ago);
            delete from qrtz_fired_triggers;
            insert into qrtz_fired_triggers (sched_name, entry_id, trigger_name, trigger_group, instance_name, fired_time, sched_time, priority, state, is_nonconcurrent)
            values ('usagebilling', '1', 'shard-07', 'pokes', 'late', 0, 0, 5, 'EXECUTING', false), ('usagebilling', '2', 'shard-08', 'pokes', 'late', 0, 0, 5, 'ACQUIRED', false);
            insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause) values (5, 1, 2, 7, 'inputs_changed', '2026-11-20', 1)
            """);
        var left = (await door.Get("/v1/cluster")).Json;
        Assert.Equal("gone missed [], late alive [\"shard-07\"]", string.Join(", ", left["silos"]!.AsArray().Select(silo => $"{silo!["name"]} {silo["state"]} {silo["pokes"]!.ToJsonString()}")));
        Assert.Equal("late", (string?)Assert.Single(left["shards"]!.AsArray())!["silo"]);
        await whole.DisposeAsync();
    }
}
