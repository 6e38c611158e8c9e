using System.Text.Json.Nodes;

namespace UsageBilling.Tests.System.Desk;

/// <summary>All organizations back to the defaults: first it is seen which, then it is done to exactly those.</summary>
public sealed class ResetTests(DeskHub desks) : IClassFixture<DeskHub>
{
    [Fact]
    public async Task Of_three_hundred_organizations_the_forty_with_settings_of_their_own_are_listed_and_reset()
    {
        var integration = await desks.BmsWithLists();
        var other = await desks.BmsWithLists();
        await Set($"/v1/integrations/{integration}/settings", """{"account":"1","queue":"5","priority_low":"do_not_sync"}""");
        var organizations = new List<long>();
        for (var i = 0; i < 300; i++) organizations.Add(await desks.Organization(integration, i % 3 == 0 ? "2" : null));
        var own = organizations.Where((_, i) => i % 7 == 0).Take(40).ToList();
        foreach (var organization in own) await Set(Of(integration, organization), """{"queue":"6","priority_low":"4"}""");
        await Set(Of(other, organizations[1]), """{"queue":"6"}""");

        var plan = (await desks.Door.Post($"/v1/integrations/{integration}/settings/reset-plan")).Json;

        Assert.Equal(40, (int)plan["count"]!);
        Assert.Equal(own, plan["organizations"]!.AsArray().Select(organization => (long)organization!["organization_id"]!));
        Assert.All(plan["organizations"]!.AsArray(), organization => Assert.Equal(
            "queue 6 Second line override -> 5 Alerts default; priority_low 4 Low override -> do_not_sync  default",
            string.Join("; ", organization!["changes"]!.AsArray().Select(change => $"{change!["field"]} {Said(change["before"]!)} -> {Said(change["after"]!)}"))));

        var reset = await desks.Door.Post($"/v1/integrations/{integration}/settings/reset", new { hash = (string)plan["hash"]! });

        Assert.Equal("""200 {"organizations":40}""", reset.Stable);
        Assert.Equal(1, await desks.Hub.Sql("select count(*) from desk_override where integration_id in ($1, $2)", integration, other));
        Assert.Equal(40, await desks.Hub.Sql("select count(*) from audit where action = 'desk.override' and after = 'default, by a reset of all' and before = 'priority_low ''4'', queue ''6''' and grain_id = any($1)", own.ToArray()));
        Assert.Equal(1, await desks.Hub.Sql("select count(*) from audit where action = 'desk.reset' and grain_id = $1 and before = '40 organizations of their own'", integration));
        Assert.Equal(0, (int)(await desks.Door.Post($"/v1/integrations/{integration}/settings/reset-plan")).Json["count"]!);
        Assert.Equal("409 reset_changed", (await desks.Door.Post($"/v1/integrations/{integration}/settings/reset", new { hash = (string)plan["hash"]! })).Problem);
    }

    [Theory]
    [InlineData("override")]
    [InlineData("default")]
    [InlineData("another organization")]
    public async Task What_changes_after_it_was_looked_at_is_not_reset(string what)
    {
        var integration = await desks.BmsWithLists();
        var (first, second) = (await desks.Organization(integration, null), await desks.Organization(integration, null));
        await Set(Of(integration, first), """{"queue":"6"}""");
        var hash = (string)(await desks.Door.Post($"/v1/integrations/{integration}/settings/reset-plan")).Json["hash"]!;

        await (what switch
        {
            "override" => Set(Of(integration, first), """{"queue":"5"}"""),
            "default" => Set($"/v1/integrations/{integration}/settings", """{"queue":"5"}"""),
            _ => Set(Of(integration, second), """{"source":"5"}"""),
        });

        Assert.Equal("409 reset_changed", (await desks.Door.Post($"/v1/integrations/{integration}/settings/reset", new { hash })).Problem);
        Assert.True(await desks.Hub.Sql("select count(*) from desk_override where integration_id = $1", integration) > 0);
        var again = (string)(await desks.Door.Post($"/v1/integrations/{integration}/settings/reset-plan")).Json["hash"]!;
        Assert.NotEqual(hash, again);
        Assert.Equal(200, (await desks.Door.Post($"/v1/integrations/{integration}/settings/reset", new { hash = again })).Status);
    }

    [Fact]
    public async Task What_follows_from_an_override_is_shown_too_and_so_is_one_that_says_what_the_default_says()
    {
        var integration = await desks.BmsWithLists();
        await Set($"/v1/integrations/{integration}/settings", """{"account":"1","location":"11","queue":"5"}""");
        var organization = await desks.Organization(integration, null);
        await Set(Of(integration, organization), """{"account":"2","queue":"5"}""");

        var plan = (await desks.Door.Post($"/v1/integrations/{integration}/settings/reset-plan")).Json;

        Assert.Equal(
            ["account 2 Account 2 override -> 1 Account 1 default", "location 20 Main account -> 11 Harbour default", "queue 5 Alerts override -> 5 Alerts default"],
            plan["organizations"]![0]!["changes"]!.AsArray().Select(change => $"{change!["field"]} {Said(change["before"]!)} -> {Said(change["after"]!)}"));
    }

    [Fact]
    public async Task Who_may_not_or_asks_wrongly_changes_nothing()
    {
        var (integration, uniview) = (await desks.BmsWithLists(), await desks.Hub.Integration("uniview"));

        Assert.Equal("403 scope_insufficient", (await desks.Hub.Viewer.Post($"/v1/integrations/{integration}/settings/reset-plan")).Problem);
        Assert.Equal("404 not_found", (await desks.Hub.Stranger.Post($"/v1/integrations/{integration}/settings/reset-plan")).Problem);
        Assert.Equal("409 integration_without_desk", (await desks.Door.Post($"/v1/integrations/{uniview}/settings/reset-plan")).Problem);
        Assert.Equal("400 validation_failed hash", (await desks.Door.Post($"/v1/integrations/{integration}/settings/reset", new { hash = "yes" })).Problem);
        Assert.Equal("409 reset_changed", (await desks.Door.Post($"/v1/integrations/{integration}/settings/reset", new { hash = new string('0', 64) })).Problem);
    }

    private static string Of(long integration, long organization) => $"/v1/integrations/{integration}/organizations/{organization}/settings";

    private static string Said(JsonNode setting) => $"{setting["value"]} {setting["name"]} {setting["from"]}";

    private async Task Set(string path, string settings)
    {
        var answer = await desks.Door.Put(path, new JsonObject { ["settings"] = JsonNode.Parse(settings) });
        Assert.True(answer.Status == 200, answer.Text);
    }
}
