using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.System.Desk;

/// <summary>What a PSA's lists hold: read by a silo, listed by the api.</summary>
public sealed class LookupTests(DeskHub desks) : IClassFixture<DeskHub>
{
    [Fact]
    public async Task Lists_are_read_by_a_silo_and_what_is_gone_is_kept_but_not_offered()
    {
        var integration = await desks.Bms();
        await desks.Hub.Sql("insert into psa_account (msp_id, integration_id, remote_id, name, active) values ($1, $2, '1', 'Alder', true)", desks.Hub.Msp.Value, integration);
        var desk = new PretendDesk();
        await using var silo = await desks.StartSilo(desk);

        var first = await desks.Door.Post($"/v1/integrations/{integration}/lookups");
        Assert.Equal("200 done lookups_read 13 values of 7 lists.", Ended(first));
        Assert.Equal("location 10 Head office True True, location 11 Harbour True False", await Listed(integration, $"list=location&account={await Account(integration)}"));
        Assert.Equal("queue 5 Alerts True False, queue 6 Second line True False, queue 8 Old queue False False", await Listed(integration, "list=queue"));
        Assert.Equal("queue 6 Second line True False", await Listed(integration, "list=queue&active=true&q=SECOND"));

        desk.ListValues = [.. PretendDesk.UsualValues.Where(value => value.Name != "Alerts"), new(DeskList.Queue, "5b", "Alarms", true, true)];
        Assert.Equal("200 done lookups_read 13 values of 7 lists. 1 are not offered any more.", Ended(await desks.Door.Post($"/v1/integrations/{integration}/lookups")));
        Assert.Equal(
            "queue 5 Alerts False False, queue 6 Second line True False, queue 8 Old queue False False, queue 5b Alarms True True", await Listed(integration, "list=queue"));

        desk.ListValues = [];
        Assert.StartsWith("200 failed lookups_empty", Ended(await desks.Door.Post($"/v1/integrations/{integration}/lookups")), StringComparison.Ordinal);
        desk.ListsFail = new(VendorFailureKind.ServerError, "server_error", "Down.");
        Assert.Equal("200 failed server_error Down.", Ended(await desks.Door.Post($"/v1/integrations/{integration}/lookups")));
        Assert.Equal(4, (await desks.Door.Get($"/v1/integrations/{integration}/lookups?list=queue")).Json["items"]!.AsArray().Count);

        desk.ListsFail = new(VendorFailureKind.Unauthorized, "unauthorized", "No.");
        await desks.Door.Post($"/v1/integrations/{integration}/lookups");
        Assert.Equal("refused", (string?)(await desks.Door.Get($"/v1/integrations/{integration}")).Json["credentials"]);
    }

    [Fact]
    public async Task A_large_psa_is_read_whole_or_not_at_all()
    {
        var integration = await desks.Bms();
        var desk = new PretendDesk { ListValues = [.. Enumerable.Range(1, 2_500).Select(i => new DeskValue(DeskList.Location, $"{i}", $"Place {i}", true, i % 2 == 0, $"{i / 2}"))] };
        await using var silo = await desks.StartSilo(desk);

        Assert.Equal("200 done lookups_read 2500 values of 1 lists.", Ended(await desks.Door.Post($"/v1/integrations/{integration}/lookups")));
        Assert.Equal("200 done lookups_read 2500 values of 1 lists.", Ended(await desks.Door.Post($"/v1/integrations/{integration}/lookups")));
        desk.ListValues = [.. Enumerable.Range(1, 20_001).Select(i => new DeskValue(DeskList.Queue, $"{i}", $"Queue {i}", true, false))];
        Assert.StartsWith("200 failed lookups_too_many", Ended(await desks.Door.Post($"/v1/integrations/{integration}/lookups")), StringComparison.Ordinal);
        Assert.Equal(2_500, await desks.Hub.Sql("select count(*) from desk_value where integration_id = $1 and active", integration));
    }

    [Fact]
    public async Task Values_are_paged_and_belong_to_their_msp()
    {
        var integration = await desks.BmsWithLists();

        var first = await desks.Door.Get($"/v1/integrations/{integration}/lookups?limit=12");
        var second = await desks.Door.Get($"/v1/integrations/{integration}/lookups?limit=12&cursor={first.Json["next_cursor"]}");

        Assert.Equal((12, 1, null), (first.Json["items"]!.AsArray().Count, second.Json["items"]!.AsArray().Count, (string?)second.Json["next_cursor"]));
        Assert.Equal("404 not_found", (await desks.Hub.Stranger.Get($"/v1/integrations/{integration}/lookups")).Problem);
        Assert.Equal("404 not_found", (await desks.Hub.Stranger.Post($"/v1/integrations/{integration}/lookups")).Problem);
    }

    [Fact]
    public async Task Bad_questions_are_refused_by_name()
    {
        var (bms, uniview) = (await desks.Bms(), await desks.Hub.Integration("uniview"));

        Assert.Equal("400 validation_failed list", (await desks.Door.Get($"/v1/integrations/{bms}/lookups?list=colours")).Problem);
        Assert.Equal("400 parameter_invalid active", (await desks.Door.Get($"/v1/integrations/{bms}/lookups?active=perhaps")).Problem);
        Assert.Equal("409 integration_without_desk", (await desks.Door.Get($"/v1/integrations/{uniview}/lookups")).Problem);
        Assert.Equal("409 integration_without_desk", (await desks.Door.Post($"/v1/integrations/{uniview}/lookups")).Problem);
        Assert.Equal("403 scope_insufficient", (await desks.Hub.Viewer.Post($"/v1/integrations/{bms}/lookups")).Problem);
    }

    private static string Ended(Api.Answer run) => $"{run.Status} {run.Json["state"]} {run.Json["code"]} {run.Json["sentence"]}";

    private Task<long> Account(long integration) => desks.Hub.Sql("select id from psa_account where integration_id = $1", integration);

    private async Task<string> Listed(long integration, string filter) => string.Join(", ", (await desks.Hub.Viewer.Get($"/v1/integrations/{integration}/lookups?{filter}")).Json["items"]!.AsArray()
        .Select(value => $"{value!["list"]} {value["remote_id"]} {value["name"]} {(bool)value["active"]!} {(bool)value["preset"]!}"));
}
