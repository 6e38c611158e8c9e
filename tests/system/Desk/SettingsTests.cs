using System.Text.Json.Nodes;

namespace UsageBilling.Tests.System.Desk;

/// <summary>What tickets are opened with: for all organizations, and for one.</summary>
public sealed class SettingsTests(DeskHub desks) : IClassFixture<DeskHub>
{
    [Fact]
    public async Task Defaults_hold_for_every_organization_until_it_has_its_own()
    {
        var integration = await desks.BmsWithLists();
        var mapped = await desks.Organization(integration, "2");

        var set = await Put($"/v1/integrations/{integration}/settings", """{"account":"1","location":"11","queue":"5","priority_low":"do_not_sync","priority_critical":"1","close_status":"9"}""");

        Assert.Equal("account 1 default, location 11 default, queue 5 default, close_status 9 default, priority_critical 1 default, priority_low do_not_sync default", DeskHub.Said(set.Json));
        Assert.Equal("Alerts", (string?)set.Json["settings"]!.AsArray().Single(setting => (string?)setting!["field"] == "queue")!["name"]);
        Assert.Equal(
            "account 2 mapping, location 20 account, queue 5 default, close_status 9 default, priority_critical 1 default, priority_low do_not_sync default",
            await Effective(integration, mapped));

        await Put(Of(integration, mapped), """{"queue":"6","priority_low":"4","close_status":null}""");
        Assert.Equal(
            "account 2 mapping, location 20 account, queue 6 override, close_status - override, priority_critical 1 default, priority_low 4 override", await Effective(integration, mapped));

        await Put(Of(integration, mapped), """{"queue":"6"}""");
        Assert.Equal(
            "account 2 mapping, location 20 account, queue 6 override, close_status 9 default, priority_critical 1 default, priority_low do_not_sync default", await Effective(integration, mapped));

        Assert.Equal(204, (await desks.Door.Send(HttpMethod.Delete, Of(integration, mapped), null)).Status);
        Assert.Equal(
            "account 2 mapping, location 20 account, queue 5 default, close_status 9 default, priority_critical 1 default, priority_low do_not_sync default",
            await Effective(integration, mapped));
    }

    [Fact]
    public async Task Every_change_is_on_record_and_saying_the_same_again_is_none()
    {
        var integration = await desks.BmsWithLists();
        var organization = await desks.Organization(integration, null);

        await Put($"/v1/integrations/{integration}/settings", """{"queue":"5","priority_low":"do_not_sync"}""");
        await Put($"/v1/integrations/{integration}/settings", """{"priority_low":"do_not_sync","queue":"5","source":null}""");
        await Put(Of(integration, organization), """{"queue":null}""");
        await desks.Door.Send(HttpMethod.Delete, Of(integration, organization), null);
        await desks.Door.Send(HttpMethod.Delete, Of(integration, organization), null);

        var entries = (await desks.Hub.Superuser.Get("/v1/audit?limit=3")).Json["items"]!.AsArray().Select(entry => $"{entry!["action"]} {entry["grain"]} {entry["grain_id"]}: {entry["before"]} -> {entry["after"]}");
        Assert.Equal(
            [
                $"desk.override organization {organization}: queue left to the PSA -> ",
                $"desk.override organization {organization}:  -> queue left to the PSA",
                $"desk.defaults integration {integration}:  -> priority_low do_not_sync, queue '5'",
            ],
            entries);
    }

    [Theory]
    [InlineData("""{"queue":"99"}""", "422 settings_invalid settings.queue")]
    [InlineData("""{"queue":"8"}""", "422 settings_invalid settings.queue")]
    [InlineData("""{"queue":"do_not_sync"}""", "422 settings_invalid settings.queue")]
    [InlineData("""{"location":"11"}""", "422 settings_invalid settings.location")]
    [InlineData("""{"account":"2","location":"11"}""", "422 settings_invalid settings.location")]
    [InlineData("""{"account":"77"}""", "422 settings_invalid settings.account")]
    [InlineData("""{"colour":"1","status":"5"}""", "422 settings_invalid settings.colour settings.status")]
    [InlineData("""{"queue":""}""", "400 validation_failed settings.queue")]
    [InlineData("""{"queue":5}""", "400 validation_failed settings.queue")]
    public async Task What_the_psa_does_not_offer_is_not_set(string settings, string problem)
    {
        var integration = await desks.BmsWithLists();

        Assert.Equal(problem, (await Put($"/v1/integrations/{integration}/settings", settings)).Problem);
        Assert.Equal("", DeskHub.Said((await desks.Door.Get($"/v1/integrations/{integration}/settings")).Json));
    }

    [Fact]
    public async Task A_place_of_an_override_belongs_to_the_account_that_holds_then()
    {
        var integration = await desks.BmsWithLists();
        var mapped = await desks.Organization(integration, "2");

        Assert.Equal("422 settings_invalid settings.location", (await Put(Of(integration, mapped), """{"location":"11"}""")).Problem);
        Assert.Equal(200, (await Put(Of(integration, mapped), """{"location":"20"}""")).Status);
        Assert.Equal(200, (await Put(Of(integration, mapped), """{"account":"1","location":"11"}""")).Status);
        Assert.Equal("account 1 override, location 11 override", await Effective(integration, mapped));
    }

    [Fact]
    public async Task Who_asks_for_what_is_not_there_hears_what_it_is()
    {
        var (integration, unread, uniview) = (await desks.BmsWithLists(), await desks.Bms(), await desks.Hub.Integration("uniview"));
        var organization = await desks.Organization(integration, null);

        Assert.Equal("409 lookups_unread", (await Put($"/v1/integrations/{unread}/settings", """{"queue":"5"}""")).Problem);
        Assert.Equal("409 integration_without_desk", (await Put($"/v1/integrations/{uniview}/settings", """{"queue":"5"}""")).Problem);
        Assert.Equal("409 integration_without_desk", (await desks.Door.Get($"/v1/integrations/{uniview}/settings")).Problem);
        Assert.Equal("404 not_found", (await desks.Hub.Stranger.Get($"/v1/integrations/{integration}/settings")).Problem);
        Assert.Equal("404 not_found", (await desks.Door.Get(Of(integration, 999999))).Problem);
        Assert.Equal("404 organization_unknown", (await Put(Of(integration, 999999), """{"queue":"5"}""")).Problem);
        Assert.Equal("404 not_found", (await desks.Hub.Stranger.Get(Of(integration, organization))).Problem);
        Assert.Equal("403 scope_insufficient", (await desks.Hub.Viewer.Send(HttpMethod.Delete, Of(integration, organization), null)).Problem);
        Assert.Equal("400 validation_failed settings", (await desks.Door.Put($"/v1/integrations/{integration}/settings", new { })).Problem);
    }

    [Fact]
    public async Task An_integration_takes_its_lists_and_settings_with_it()
    {
        var integration = await desks.BmsWithLists();
        var organization = await desks.Organization(integration, null);
        await Put($"/v1/integrations/{integration}/settings", """{"queue":"5"}""");
        await Put(Of(integration, organization), """{"queue":"6"}""");

        Assert.Equal(204, (await desks.Hub.Superuser.Send(HttpMethod.Delete, $"/v1/integrations/{integration}", null)).Status);
        Assert.Equal(0, await desks.Hub.Sql("select (select count(*) from desk_value where integration_id = $1) + (select count(*) from desk_override where integration_id = $1)", integration));
    }

    private static string Of(long integration, long organization) => $"/v1/integrations/{integration}/organizations/{organization}/settings";

    private Task<Api.Answer> Put(string path, string settings) => desks.Door.Put(path, new JsonObject { ["settings"] = JsonNode.Parse(settings) });

    private async Task<string> Effective(long integration, long organization) => DeskHub.Said((await desks.Hub.Viewer.Get(Of(integration, organization))).Json);
}
