using System.Globalization;
using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Notices;

/// <summary>Who is told what, and how often.</summary>
public sealed class NoticeTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private string Night => hub.Night.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_contract_is_told_once_a_night_and_the_rest_the_night_after()
    {
        await using var desk = new MailDesk();
        var contract = await ChangedContract.Make(hub);
        await contract.Ask("billing@customer.example", "boss@customer.example");
        await contract.Change(contract.First, 12, 3.5m);
        await contract.Change(contract.First, 13, 1.75m);
        await contract.Change(contract.Second, 7, -2m, days: -3);
        await contract.Change(contract.Second, 8, 0.5m, days: -1);
        var silo = ChangedContract.Silo(hub, desk);

        await silo.Run(default);
        await contract.Change(contract.First, 20, 9m);
        await silo.Run(default);

        var mail = Assert.Single(desk.Mails);
        var account = (string)(await hub.Viewer.Get($"/v1/contracts/{contract.Id}")).Json["account"]!;
        Assert.Equal("hub@msp.example billing@customer.example boss@customer.example", $"{mail.From} {string.Join(' ', mail.To)}");
        Assert.Equal(
            $"""
            Units changed: Backup 2026 ({account}), {Night}
            The units of service lines have changed.

            Account   {account}
            Contract  Backup 2026
            Night     {Night}

            Archived users
                10 → 8 units from {hub.Night.AddDays(-1):yyyy-MM-dd}, changed since {hub.Night.AddDays(-3):yyyy-MM-dd}
                prorations -1.50 USD

            Spanning Backup
                10 → 13 units from {Night}
                prorations 5.25 USD

            Lines that are held for a look are not included. What changes later this night is told in the next notice.
            """.ReplaceLineEndings("\n"),
            mail.Shown);
        Assert.Contains(">Archived users</td>", mail.Page, StringComparison.Ordinal);
        Assert.Equal("sent | 1 | - | billing@customer.example boss@customer.example | ", await contract.Notices());
        await contract.NextNight();

        await silo.Run(default);

        Assert.Contains("Spanning Backup\n    13 → 20 units", desk.Mails.Last().Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Archived", desk.Mails.Last().Shown, StringComparison.Ordinal);
        Assert.NotEqual(mail.Header("Message-ID"), desk.Mails.Last().Header("Message-ID"));
        await contract.NextNight();
        await silo.Run(default);
        Assert.Equal(2, desk.Mails.Count);
    }

    [Fact]
    public async Task What_was_counted_before_somebody_asked_is_not_told()
    {
        await using var desk = new MailDesk();
        var contract = await ChangedContract.Make(hub);
        await contract.Change(contract.First, 12, 3.5m);
        await contract.Ask("billing@customer.example");

        await ChangedContract.Silo(hub, desk).Run(default);

        Assert.Equal("", await contract.Notices());
        Assert.Empty(desk.Mails);
    }

    [Fact]
    public async Task A_line_that_is_held_is_left_out_and_comes_later()
    {
        await using var desk = new MailDesk();
        var contract = await ChangedContract.Make(hub);
        await contract.Ask("billing@customer.example");
        await contract.Change(contract.First, 12, 3.5m);
        await contract.Hold(contract.First);
        var silo = ChangedContract.Silo(hub, desk);
        await silo.Run(default);
        Assert.Equal("", await contract.Notices());

        await contract.Change(contract.Second, 11, 2m);
        await silo.Run(default);
        Assert.DoesNotContain("Spanning", Assert.Single(desk.Mails).Shown, StringComparison.Ordinal);
        await contract.NextNight();
        await hub.Sql("update hold set resolved_at = now() where line_id = $1", contract.First);
        await hub.Sql("update service_line set ver = ver + 1 where id = $1", contract.First);
        await silo.Run(default);

        Assert.Contains("10 → 12 units", desk.Mails.Last().Shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause) select 3, id, msp_id, shard, 'inputs', current_date, 1 from service_line where id = $1")]
    [InlineData("insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause) select 5, contract_id, msp_id, shard, 'inputs', current_date, 1 from service_line where id = $1")]
    [InlineData("insert into night (integration_id, night, msp_id, state, due, read, unread, changed, discovered, started_at) select k.integration_id, n.night, k.msp_id, 'running', 1, 0, 1, 0, 0, now() from service_line l join contract k on k.id = l.contract_id join notice n on n.contract_id = k.id where l.id = $1")]
    public async Task Work_of_the_night_is_waited_for_but_not_for_ever(string waiting)
    {
        await using var desk = new MailDesk();
        var contract = await ChangedContract.Make(hub);
        await contract.Ask("billing@customer.example");
        await contract.Change(contract.First, 12, 3.5m);
        await ChangedContract.Silo(hub, ChangedContract.Sender(desk), ChangedContract.Times with { SettleFor = TimeSpan.FromHours(1) }).Run(default);
        Assert.Equal("due | 0 | - |  | ", await contract.Notices());
        await hub.Sql(waiting, contract.First);
        await contract.DueNow();
        var silo = ChangedContract.Silo(hub, desk);

        await silo.Run(default);
        Assert.Empty(desk.Mails);
        Assert.Equal(1, await hub.Sql("select count(*) from notice where contract_id = $1 and state = 'due' and due_at > now()", contract.Id));

        await hub.Sql("update notice set found_at = now() - interval '7 hours' where contract_id = $1", contract.Id);
        await contract.DueNow();
        await silo.Run(default);
        Assert.Single(desk.Mails);
        await hub.Sql("delete from message where msp_id = $1", hub.Msp.Value);
        await hub.Sql("delete from night where msp_id = $1", hub.Msp.Value);
    }

    [Fact]
    public async Task Two_silos_tell_once()
    {
        await using var desk = new MailDesk();
        var contract = await ChangedContract.Make(hub);
        await contract.Ask("billing@customer.example");
        await contract.Change(contract.First, 12, 3.5m);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ChangedContract.Silo(hub, desk).Run(default)));
        await ChangedContract.Silo(hub, desk).Run(default);

        Assert.Single(desk.Mails);
        Assert.Equal("sent | 1 | - | billing@customer.example | ", await contract.Notices());
    }

    [Fact]
    public async Task Whoever_is_turned_off_is_not_told()
    {
        await using var desk = new MailDesk();
        var (unwritten, written) = (await ChangedContract.Make(hub), await ChangedContract.Make(hub));
        await written.Ask("billing@customer.example");
        await written.Change(written.First, 12, 3.5m);
        desk.Answer = _ => "451 later";
        await ChangedContract.Silo(hub, desk).Run(default);
        await unwritten.Ask("billing@customer.example");
        await unwritten.Change(unwritten.First, 12, 3.5m);
        await ChangedContract.Silo(hub, ChangedContract.Sender(desk), ChangedContract.Times with { SettleFor = TimeSpan.FromHours(1) }).Run(default);

        foreach (var contract in (ChangedContract[])[written, unwritten]) await contract.TurnOff();
        desk.Answer = _ => null;
        await ChangedContract.Silo(hub, desk).Run(default);

        Assert.Equal(("parked | 1 | notices_off |  | billing@customer.example", ""), (await written.Notices(), await unwritten.Notices()));
        Assert.Empty(desk.Mails);
        Assert.Equal("409 notice_not_releasable", (await hub.Operator.Post($"/v1/notices/{await Notice(written)}/release")).Problem);
    }

    [Fact]
    public async Task A_contract_asks_over_the_api_and_the_audit_has_it()
    {
        var contract = await ChangedContract.Make(hub);
        var path = $"/v1/contracts/{contract.Id}/notices";
        var body = new { enabled = true, addresses = new[] { "billing@customer.example" } };
        Assert.Equal("""{"enabled":false,"addresses":[]}""", (await hub.Viewer.Get($"/v1/contracts/{contract.Id}")).Json["notices"]!.ToJsonString());

        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Put(path, body)).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Put(path, body)).Problem);
        Assert.Equal("""{"enabled":true,"addresses":["billing@customer.example"]}""", (await hub.Operator.Put(path, body)).Json["notices"]!.ToJsonString());
        await contract.TurnOff();

        var audit = (await hub.Superuser.Get("/v1/audit?limit=2")).Json["items"]!.AsArray();
        Assert.Equal(
            ["contract.notices contract on: billing@customer.example > off: ", "contract.notices contract off:  > on: billing@customer.example"],
            audit.Select(entry => $"{entry!["action"]} {entry["grain"]} {entry["before"]} > {entry["after"]}"));
    }

    [Fact]
    public async Task Addresses_that_will_not_do_are_named()
    {
        const string Path = "/v1/contracts/1/notices";
        Assert.Equal("400 validation_failed addresses", (await hub.Operator.Put(Path, new { enabled = true, addresses = Array.Empty<string>() })).Problem);
        Assert.Equal("400 validation_failed addresses", (await hub.Operator.Put(Path, new { enabled = true, addresses = Enumerable.Range(0, 21).Select(i => $"a{i}@b.example") })).Problem);
        Assert.Equal("400 validation_failed addresses", (await hub.Operator.Put(Path, new { enabled = false, addresses = new[] { "a@b.example", "A@b.example" } })).Problem);
        Assert.Equal("400 validation_failed addresses[1]", (await hub.Operator.Put(Path, new { enabled = true, addresses = new[] { "a@b.example", "a@b.example\r\nBcc: c@d.example" } })).Problem);
        Assert.Equal("400 validation_failed addresses", (await hub.Operator.Put(Path, new { enabled = true })).Problem);
        Assert.Equal("400 validation_failed state", (await hub.Viewer.Get("/v1/notices?state=lost")).Problem);
    }

    [Fact]
    public async Task Notices_are_listed_to_their_msp()
    {
        await using var desk = new MailDesk();
        var contract = await ChangedContract.Make(hub);
        await contract.Ask("billing@customer.example");
        await contract.Change(contract.First, 12, 3.5m);
        await ChangedContract.Silo(hub, desk).Run(default);

        var listed = Assert.Single((await hub.Viewer.Get($"/v1/notices?contract={contract.Id}&state=sent")).Json["items"]!.AsArray())!;

        Assert.Equal($"Backup 2026 {Night} sent 1 1", $"{listed["contract"]!["name"]} {listed["night"]} {listed["state"]} {listed["attempt"]} {listed["lines"]}");
        Assert.Empty((await hub.Viewer.Get($"/v1/notices?contract={contract.Id}&state=due")).Json["items"]!.AsArray());
        Assert.Equal("404 not_found", (await hub.Stranger.Get($"/v1/notices/{listed["id"]}")).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Post($"/v1/notices/{listed["id"]}/release")).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Post($"/v1/notices/{listed["id"]}/release")).Problem);
        Assert.Equal("409 notice_not_releasable", (await hub.Operator.Post($"/v1/notices/{listed["id"]}/release")).Problem);
    }

    private Task<long> Notice(ChangedContract contract) => hub.Sql("select max(id) from notice where contract_id = $1", contract.Id);
}
