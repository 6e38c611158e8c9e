using System.Globalization;

namespace UsageBilling.Tests.System.Api;

public sealed class NightTests : IAsyncLifetime
{
    private readonly HubFixture hub = new();

    public Task InitializeAsync() => hub.InitializeAsync();

    public Task DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task A_night_needs_an_integration_that_reads_products()
    {
        await hub.Integration("autotask");

        Assert.Equal("404 integration_without_counts", (await hub.Operator.Post("/v1/nights")).Problem);
        Assert.Equal("404 not_found", (await hub.Viewer.Get($"/v1/nights/{On(0)}")).Problem);
    }

    [Fact]
    public async Task A_night_is_asked_for_and_waits_for_a_silo()
    {
        var (uniview, parked) = (await hub.Integration("uniview"), await hub.Integration("uniview"));
        await hub.Sql("update integration set credentials = 3 where id = $1", parked);
        var tenant = await hub.Tenant(uniview);
        await hub.Sql("insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night) values (1, $1, 'read', $2, 0, now() + interval '9 hours', $3)", tenant, hub.Msp.Value, hub.Night);

        var asked = await hub.Operator.Post("/v1/nights", new { night = On(0) });

        Assert.Equal((202, $"/v1/nights/{On(0)}"), (asked.Status, asked.Location));
        Assert.Equal("running 1 0 1", $"{asked.Json["state"]} {asked.Json["progress"]!["due"]} {asked.Json["progress"]!["read"]} {asked.Json["progress"]!["remaining"]}");
        Assert.Equal(2, await hub.Sql("select count(*) from reminder where name = 'read' and due_at <= now() and grain_id in ($1, $2)", tenant, uniview));
        Assert.Equal(asked.Stable[4..], (await hub.Viewer.Get(asked.Location!)).Stable[4..]);
        Assert.Equal("422 night_not_yet", (await hub.Operator.Post("/v1/nights", new { night = On(1) })).Problem);
        Assert.Equal("422 date_too_old", (await hub.Operator.Post("/v1/nights", new { night = On(-1) })).Problem);
        Assert.Equal("400 field_unknown nihgt", (await hub.Operator.PostText("/v1/nights", """{"nihgt":"2026-01-01"}""")).Problem);
    }

    [Fact]
    public async Task A_night_everybody_has_read_is_refused_with_the_first_code()
    {
        var uniview = await hub.Integration("uniview");
        await hub.Sql("update integration set night_cursor = $2 where id = $1", uniview, hub.Night);

        Assert.Equal("409 night_already_read", (await hub.Operator.Post("/v1/nights")).Problem);
    }

    [Fact]
    public async Task A_night_is_finished_when_it_is_read_counted_and_posted()
    {
        var fed = await hub.FedLine();
        var parked = await hub.Integration("uniview");
        await Row(fed.Uniview, "finished", 3, 3, 0);
        Assert.Equal("running", await State());
        await Row(parked, "incomplete", 2, 1, 1);
        Assert.Equal("incomplete", await State());
        await hub.Sql("delete from night where integration_id = $1", parked);
        await hub.Sql("update integration set reads_products = false where id = $1", parked);
        Assert.Equal("finished", await State());

        await hub.Sql("insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause) values (3, $1, $2, 0, 'inputs_changed', $3, 1)", fed.Line, hub.Msp.Value, hub.Night);
        Assert.Equal("running", await State());
        await hub.Sql("update message set parked_reason = 'broke', parked_at = now()");
        Assert.Equal("incomplete", await State());
        await hub.Sql("delete from message");
        await Intent(fed.Line, "in_doubt");
        Assert.Equal("running", await State());
        await hub.Sql("update intent set state = 'confirmed'");

        Assert.Equal(
            $$$"""200 {"items":[{"night":"{{{On(0)}}}","state":"finished","progress":{"due":3,"read":3,"remaining":0,"pending_lines":0,"parked_lines":0,"intents":{"pending":0,"sending":0,"in_doubt":0,"confirmed":1,"rejected":0,"parked":0}},"""
            + $$$"""
            "integrations":[{"integration":{{{(await hub.Viewer.Get($"/v1/nights/{On(0)}")).Json["integrations"]![0]!["integration"]!.ToJsonString()}}},"state":"finished","due":3,"read":3,"remaining":0,"changed":1,"discovered":0,"failure_code":null,"failure_sentence":null,"started_at":"*","finished_at":null}]}],"next_cursor":null}
            """,
            (await hub.Viewer.Get("/v1/nights")).Stable);
    }

    [Fact]
    public async Task The_result_has_one_row_per_line_changed_held_or_posted()
    {
        var changed = await hub.FedLine();
        var held = await hub.FedLine();
        var quiet = await hub.FedLine();
        await Row(changed.Uniview, "finished", 1, 1, 0);
        foreach (var line in (long[])[changed.Line, held.Line, quiet.Line]) await Count(line, -40, 1, 10, "opening");
        await Count(changed.Line, 0, 1, 11, "reading");
        await Count(changed.Line, 0, 2, 12, "reading");
        await Intent(changed.Line, "rejected");
        var hold = await Hold(held.Line, null);
        await Hold(quiet.Line, hub.Night.AddDays(-3));

        var result = await hub.Viewer.Get($"/v1/nights/{On(0)}/result");

        string Customer(long line) => (string)result.Json["items"]!.AsArray().Single(row => (long)row!["line_id"]! == line)!["customer"]!;
        Assert.Equal(
            $$$"""200 {"items":[{"line_id":{{{changed.Line}}},"customer":"{{{Customer(changed.Line)}}}","service":"Spanning Backup","units_before":"10","units_after":"12","effective_on":"{{{On(0)}}}","posted":"rejected: The contract is closed.","held":null},"""
            + $$$"""
            {"line_id":{{{held.Line}}},"customer":"{{{Customer(held.Line)}}}","service":"Spanning Backup","units_before":"10","units_after":"10","effective_on":null,"posted":"held","held":{"hold_id":{{{hold}}},"reason":"count_missing","sentence":"The source gave no number for {{{On(-1)}}}. The line keeps 10 units until the source gives a number or somebody says which count is right.","night":"{{{On(-1)}}}","previous_units":"10","proposed_units":null}}],"next_cursor":null}
            """,
            result.Stable);
    }

    private async Task<string> State() => (string)(await hub.Viewer.Get($"/v1/nights/{On(0)}")).Json["state"]!;

    private Task<long> Row(long integration, string state, int due, int read, int unread) => hub.Sql(
        "insert into night (integration_id, night, msp_id, state, due, read, unread, changed, discovered, started_at) values ($1, $2, $3, $4, $5, $6, $7, 1, 0, now())",
        integration, hub.Night, hub.Msp.Value, state, due, read, unread);

    private Task<long> Count(long line, int day, int sequence, int units, string source) => hub.Sql(
        "insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver) values ($1, $2, $3, $4, $5, $6, $7, 1)",
        line, hub.Night.AddDays(day), sequence, hub.Msp.Value, units, hub.Night, source);

    private Task<long> Intent(long line, string state) => hub.Sql(
        "insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, state, night, code, sentence)"
        + " select $1, k.integration_id, l.id, k.remote_id, l.remote_id, $3, $3, 12, $4, $3, 'rejected', 'The contract is closed.' from service_line l join contract k on k.id = l.contract_id where l.id = $2",
        hub.Msp.Value, line, hub.Night, state);

    private Task<long> Hold(long line, DateOnly? resolvedOn) => hub.Sql(
        "insert into hold (msp_id, line_id, reason, night, previous_units, agreeing, read_at, opened_at, resolved_at) values ($1, $2, 'count_missing', $3, 10, 0, now(), now(), $4) returning id",
        hub.Msp.Value, line, hub.Night.AddDays(-1), resolvedOn is { } day ? day.ToDateTime(default, DateTimeKind.Utc) : DBNull.Value);

    private string On(int days) => hub.Night.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
