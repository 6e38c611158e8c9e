using UsageBilling.Api.Hosting;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Runs;

/// <summary>A run that a person ends before its time: it stops, what was done stays, and who ended it is known.</summary>
public sealed class CancelTests(HubFixture hub) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task An_import_stops_in_the_middle_of_a_vendors_answer_and_what_it_wrote_before_stays()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Hub.Sql("update psa_account set name = 'as it was' where id = 1; update service_line set name = 'as it was' where id = 1");
        await demo.Fault("autotask", "slow", "\"match\": \"ContractServiceUnits\", \"times\": 100");
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = demo.Hub.ConnectionString, RunWait = TimeSpan.FromMilliseconds(20) }, default);
        using var door = new Door(api.BaseUrl, await new ApiKeys(demo.Hub.Database).Create(DemoMsp.Msp, "clerk", ApiScope.Operator, default));
        await using var silo = await demo.StartSilo(bounds => bounds with { CallTimeLimit = TimeSpan.FromMinutes(2) });
        var import = (long)(await door.Post("/v1/integrations/1/import")).Json["id"]!;
        await demo.Held(1);

        var cancelled = await door.Post($"/v1/runs/{import}/cancel");
        Assert.Equal((200, "cancelled", "cancelled"), (cancelled.Status, (string?)cancelled.Json["state"], (string?)cancelled.Json["code"]));
        Assert.StartsWith("clerk (", (string?)cancelled.Json["cancelled_by"], StringComparison.Ordinal);
        Assert.NotNull(cancelled.Json["finished_at"]);

        // the silo's hands do one round of runs after another: a test that is done while the vendor still keeps its answer back says that the import is not waited for any more
        var test = (long)(await door.Post("/v1/integrations/1/test")).Json["id"]!;
        await demo.Hub.Until("a test after the import", $"select state = 'done' from run where id = {test}");
        Assert.Equal("cancelled | cancelled", await demo.Hub.Table($"select state, code from run where id = {import}"));
        Assert.Equal("False | True", await demo.Hub.Table("select a.name = 'as it was', l.name = 'as it was' from psa_account a, service_line l where a.id = 1 and l.id = 1"));
        Assert.Equal("409 run_ended", (await door.Post($"/v1/runs/{import}/cancel")).Problem);
        Assert.Equal("409 run_ended", (await door.Post($"/v1/runs/{test}/cancel")).Problem);

        await demo.NoFaults();
        var again = (long)(await door.Post("/v1/integrations/1/import")).Json["id"]!;
        Assert.NotEqual(import, again);
        await demo.Hub.Until("the import once more", $"select state = 'done' from run where id = {again}");
        Assert.Equal("False", await demo.Hub.Table("select name = 'as it was' from service_line where id = 1"));
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_run_that_nobody_has_begun_is_never_begun()
    {
        await using var demo = await DemoMsp.Mapped();
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = demo.Hub.ConnectionString, RunWait = TimeSpan.FromMilliseconds(20) }, default);
        using var door = new Door(api.BaseUrl, await new ApiKeys(demo.Hub.Database).Create(DemoMsp.Msp, "clerk", ApiScope.Operator, default));
        var import = (long)(await door.Post("/v1/integrations/1/import")).Json["id"]!;
        var test = (long)(await door.Post("/v1/integrations/1/test")).Json["id"]!;
        Assert.Equal(200, (await door.Post($"/v1/runs/{import}/cancel")).Status);

        await using var silo = await demo.StartSilo();
        await demo.Hub.Until("the other run", $"select state = 'done' from run where id = {test}");

        Assert.Equal("cancelled | 0", await demo.Hub.Table($"select state, progress_done from run where id = {import}"));
    }

    [Fact]
    public async Task Who_ended_it_is_on_record_and_it_is_listed_as_cancelled()
    {
        var (line, _, _, _) = await hub.FedLine();
        var run = (long)(await hub.Operator.Put($"/v1/lines/{line}/basis", new { kind = "metrics", metrics = new[] { new { product = "spanning-m365", metric = "standard_licences" } } }) is { Status: 200 }
            ? (await hub.Operator.Post($"/v1/lines/{line}/refresh")).Json["run"]!["id"]!
            : 0);
        var tag = (await hub.Viewer.Get($"/v1/runs/{run}")).Headers["ETag"];

        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Post($"/v1/runs/{run}/cancel")).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Post($"/v1/runs/{run}/cancel")).Problem);
        Assert.Equal("404 not_found", (await hub.Operator.Post("/v1/runs/987654321/cancel")).Problem);
        Assert.Equal("412 precondition_failed", (await hub.Operator.Send(HttpMethod.Post, $"/v1/runs/{run}/cancel", null, ("If-Match", "\"0\""))).Problem);
        var cancelled = await hub.Operator.Send(HttpMethod.Post, $"/v1/runs/{run}/cancel", null, ("If-Match", tag));

        Assert.Equal("cancelled", (string?)cancelled.Json["state"]);
        Assert.Contains($"\"id\":{run},", (await hub.Viewer.Get("/v1/runs?state=cancelled")).Text, StringComparison.Ordinal);
        Assert.Equal(1, await hub.Sql("select count(*) from audit where action = 'run.cancel' and grain_kind = 3 and grain_id = $1 and actor like 'Operator key (%' and before = 'run ' || $2::bigint || ', refresh, goes on'", line, run));
        var next = (long)(await hub.Operator.Post($"/v1/lines/{line}/refresh")).Json["run"]!["id"]!;
        Assert.NotEqual(run, next);
    }

    [Fact]
    public async Task A_test_ticket_is_withdrawn_as_long_as_nothing_of_it_was_sent()
    {
        var psa = await hub.Integration("autotask");
        await hub.Sql("""
            with opened as (
                insert into ticket (msp_id, integration_id, title, details, account_remote_id, opened_at) select $1, $2, 'Test ' || n, 'd', '1', now() from generate_series(1, 2) as s(n) returning id, title
            ), written as (
                insert into ticket_write (msp_id, integration_id, ticket_id, kind, at, state) select $1, $2, id, 'open', now(), case title when 'Test 1' then 'pending' else 'sending' end from opened
            )
            insert into run (msp_id, kind, grain_kind, grain_id, ticket_id) select $1, 'test_ticket', 4, $2, id from opened
            """, hub.Msp.Value, psa);
        foreach (var number in (int[])[1, 2])
        {
            var run = await hub.Sql("select r.id from run r join ticket t on t.id = r.ticket_id where t.integration_id = $1 and t.title = $2", psa, $"Test {number}");
            Assert.Equal(200, (await hub.Operator.Post($"/v1/runs/{run}/cancel")).Status);
        }

        Assert.Equal(1, await hub.Sql("select count(*) from ticket t join ticket_write w on w.ticket_id = t.id where t.integration_id = $1 and t.title = 'Test 1' and t.state = 'withdrawn' and w.state = 'withdrawn' and w.settled_at is not null", psa));
        Assert.Equal(1, await hub.Sql("select count(*) from ticket t join ticket_write w on w.ticket_id = t.id where t.integration_id = $1 and t.title = 'Test 2' and t.state = 'owed' and w.state = 'sending'", psa));
    }
}
