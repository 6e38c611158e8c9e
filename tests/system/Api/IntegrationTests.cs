using Microsoft.Extensions.Logging.Abstractions;
using UsageBilling.Api.Hosting;
using UsageBilling.Runtime.Keys;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Tests.System.Api;

public sealed class IntegrationTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private const string Finish = "update run set state = 'done', code = 'credentials_valid', finished_at = now() where grain_id = $1 and kind = 'test'";

    [Fact]
    public async Task An_integration_is_created_waiting_for_its_next_night_and_its_secret_never_comes_back()
    {
        var name = hub.Name("Vendor");
        var created = await hub.Superuser.Post("/v1/integrations", New("uniview", name));
        var id = (long)created.Json["id"]!;

        Assert.Equal(
            $$"""201 {"id":{{id}},"kind":"uniview","name":"{{name}}","base_url":"https://public-api.test/","user":"client-1","reads_products":true,"credentials":"untested","credential_reason":null,"night_cursor":null,"failures":0,"circuit":{"state":"closed","open_until":null,"reason":null},"quota":null,"created_at":"*","tenant":null,"region":null}""",
            created.Stable);
        Assert.Equal(1, await hub.Sql("select count(*) from reminder where grain_kind = 4 and grain_id = $1 and name = 'read' and due_at > now()", id));
        Assert.Equal(0, await hub.Sql("select count(*) from integration where id = $1 and secret_protected like '%hunter2%'", id));
        foreach (var path in (string[])["/v1/integrations", $"/v1/integrations/{id}", "/v1/audit"])
            Assert.DoesNotContain("hunter2", (await hub.Superuser.Get(path)).Text, StringComparison.Ordinal);
        Assert.Equal("409 name_taken", (await hub.Superuser.Post("/v1/integrations", New("uniview", name))).Problem);
    }

    [Fact]
    public async Task A_psa_has_no_reading_and_needs_its_integration_code()
    {
        var name = hub.Name("PSA");
        Assert.Equal("400 validation_failed integration_code", (await hub.Superuser.Post("/v1/integrations", New("autotask", name))).Problem);

        var created = await hub.Superuser.Post("/v1/integrations", New("autotask", name, code: "TRACK-1"));

        Assert.False((bool)created.Json["reads_products"]!);
        Assert.Equal(0, await hub.Sql("select count(*) from reminder where grain_kind = 4 and grain_id = $1", (long)created.Json["id"]!));
    }

    [Theory]
    [InlineData("unknown", "https://a.test/", "400 validation_failed kind")]
    [InlineData("uniview", "ftp://a.test/", "400 validation_failed base_url")]
    [InlineData("uniview", "/relative", "400 validation_failed base_url")]
    [InlineData("uniview", "https://user:pass@a.test/", "400 validation_failed base_url")]
    [InlineData("nothing", "", "400 validation_failed base_url kind")]
    public async Task What_is_wrong_with_a_new_integration_is_said_by_field(string kind, string address, string problem) =>
        Assert.Equal(problem, (await hub.Superuser.Post("/v1/integrations", New(kind, hub.Name("wrong"), address))).Problem);

    [Fact]
    public async Task New_credentials_wake_a_parked_integration_and_are_audited()
    {
        var id = (long)(await hub.Superuser.Post("/v1/integrations", New("uniview", hub.Name("parked")))).Json["id"]!;
        await hub.Sql("update integration set credentials = 3, credential_reason = 'unauthorized' where id = $1", id);
        await hub.Sql("delete from reminder where grain_kind = 4 and grain_id = $1", id);

        var changed = await hub.Superuser.Put($"/v1/integrations/{id}", new { base_url = "https://other.test/", user = "client-2", secret = "hunter3" });

        Assert.Equal("https://other.test/ client-2 untested", $"{changed.Json["base_url"]} {changed.Json["user"]} {changed.Json["credentials"]}");
        Assert.Equal(1, await hub.Sql("select count(*) from reminder where grain_kind = 4 and grain_id = $1 and name = 'read'", id));
        var entry = (await hub.Superuser.Get("/v1/audit?limit=1")).Json["items"]![0]!;
        Assert.Equal($"integration.credentials integration {id} Refused changed", $"{entry["action"]} {entry["grain"]} {entry["grain_id"]} {entry["before"]} {entry["after"]}");
        Assert.StartsWith("Superuser key (", (string?)entry["actor"], StringComparison.Ordinal);
        Assert.Equal("404 not_found", (await hub.Stranger.Put($"/v1/integrations/{id}", new { base_url = "https://evil.test/", user = "x", secret = "y" })).Problem);
    }

    [Fact]
    public async Task An_integration_shows_its_circuit_and_its_quota_and_another_address_closes_the_circuit()
    {
        var id = await hub.Integration("autotask");
        await hub.Sql("insert into vendor_circuit (integration_id, msp_id, opened_at, open_until, reason) values ($1, $2, now(), '2100-01-01', 'server_error')", id, hub.Msp.Value);
        await hub.Sql(
            "insert into vendor_budget (integration_id, endpoint, msp_id, window_minutes, allowed, ceiling, used_by_others, observed_at) values ($1, '', $2, 60, 4500, 900, 8100, '2026-11-21')",
            id, hub.Msp.Value);
        await hub.Sql(
            "insert into vendor_chunk (integration_id, endpoint, msp_id, taken_at, calls) select $1, '', $2, now() - make_interval(mins => m), 25 from unnest(array[1, 60, 62]) m",
            id, hub.Msp.Value);

        var shown = (await hub.Viewer.Get($"/v1/integrations/{id}")).Json;
        var (circuit, quota) = (shown["circuit"]!, shown["quota"]!);
        Assert.Equal("open 2100-01-01T00:00:00+00:00 server_error", $"{circuit["state"]} {circuit["open_until"]} {circuit["reason"]}");
        Assert.Equal("50 900 8100 2026-11-21T00:00:00+00:00", $"{quota["used"]} {quota["allowed"]} {quota["used_by_others"]} {quota["as_of"]}");
        Assert.Equal("404 not_found", (await hub.Stranger.Get($"/v1/integrations/{id}")).Problem);

        var changed = await hub.Superuser.Put($"/v1/integrations/{id}", new { base_url = "https://other.test/", user = "client-2", secret = "hunter3" });
        Assert.Equal("""{"state":"closed","open_until":null,"reason":null}""", changed.Json["circuit"]!.ToJsonString());
    }

    [Fact]
    public async Task A_test_that_no_silo_answers_is_a_run_to_watch_and_asking_again_is_the_same_run()
    {
        var id = await hub.Integration("uniview");

        var asked = await hub.Operator.Post($"/v1/integrations/{id}/test");
        var run = (long)asked.Json["id"]!;

        Assert.Equal(
            $$"""202 {"id":{{run}},"kind":"test","integration_id":{{id}},"line_id":null,"state":"running","code":null,"sentence":null,"progress_done":0,"progress_total":0,"started_at":"*","finished_at":null,"ticket":null,"cancelled_by":null}""",
            asked.Stable);
        Assert.Equal($"/v1/runs/{run}", asked.Location);
        Assert.Equal(asked.Stable[4..], (await hub.Viewer.Get(asked.Location!)).Stable[4..]);
        Assert.Equal(asked.Stable, (await hub.Operator.Post($"/v1/integrations/{id}/test")).Stable);
        Assert.NotEqual(run, (long)(await hub.Operator.Post($"/v1/integrations/{id}/import")).Json["id"]!);
        Assert.Equal("404 not_found", (await hub.Stranger.Get(asked.Location!)).Problem);
    }

    [Fact]
    public async Task A_run_that_a_silo_ends_in_time_is_the_answer()
    {
        var id = await hub.Integration("uniview");
        await using var server = await ApiServer.Start(new ApiOptions { ConnectionString = hub.ConnectionString, RunWait = TimeSpan.FromMinutes(1) }, default);
        using var door = new Door(server.BaseUrl, await hub.Key(hub.Msp, ApiScope.Operator));
#pragma warning disable RS0030 // the pretended silo listens to a real server
        await using var silo = WorkListener.Start(hub.Source, kinds => _ = hub.Sql(Finish, id), TimeProvider.System, NullLogger.Instance);
#pragma warning restore RS0030
        await silo.Listening;

        var answer = await door.Post($"/v1/integrations/{id}/test");

        Assert.Equal("200 done credentials_valid", $"{answer.Status} {answer.Json["state"]} {answer.Json["code"]}");
    }

    private static object New(string kind, string name, string address = "https://public-api.test/", string? code = null) =>
        new { kind, name, base_url = address, user = "client-1", secret = "hunter2", integration_code = code };
}
