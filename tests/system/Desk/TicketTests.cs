using UsageBilling.Interfaces.Vendors;
using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Desk;

/// <summary>Alerts become tickets: one each, whatever goes wrong on the way.</summary>
public sealed class TicketTests(DeskHub desks) : IClassFixture<DeskHub>
{
    [Fact]
    public async Task An_alert_opens_a_ticket_its_repeat_is_a_note_and_its_end_closes_it()
    {
        var (integration, organization, desk) = await Ready();
        await using var silo = await desks.StartSilo(desk);
        var name = desks.Hub.Name("disk");

        var raised = await Tell(name, organization, "high", "Disk is full");
        await desks.Settled(integration);
        Assert.Equal("201 open high 1 0", Said(raised));
        Assert.Equal("2 20 5 1 1 Disk is full", desk.Shown);
        var shown = (await desks.Door.Get($"/v1/alerts/{raised.Json["id"]}")).Json["ticket"]!;
        Assert.Equal("T0001 https://bms.test/tickets/1 open", $"{shown["number"]} {shown["link"]} {shown["state"]}");

        Assert.Equal("200 open critical 1 1", Said(await Tell(name, organization, "critical", "Disk is full")));
        await desks.Settled(integration);
        Assert.Equal("2 20 5 1 1 Disk is full | Raised 2 times so far, now as critical: Disk is full", desk.Shown);

        Assert.Equal("200 cleared critical 1 1", Said(await Clear(name)));
        await desks.Settled(integration);
        Assert.Equal("2 20 5 1 9 Disk is full | Raised 2 times so far, now as critical: Disk is full", desk.Shown);
        Assert.Equal("200 cleared critical 1 1", Said(await Clear(name)));

        Assert.Equal("200 open high 2 0", Said(await Tell(name, organization, "high", "Disk is full again")));
        await desks.Settled(integration);
        Assert.EndsWith("\n2 20 5 1 1 Disk is full again", desk.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_severity_that_is_not_synced_makes_no_ticket_until_it_grows()
    {
        var (integration, organization, desk) = await Ready();
        await using var silo = await desks.StartSilo(desk);
        var name = desks.Hub.Name("printer");

        var raised = await Tell(name, organization, "low", "Toner is low");
        Assert.Equal("201 open low 1 0", Said(raised));
        Assert.Null(raised.Json["ticket"]);
        Assert.Equal(0, await desks.Hub.Sql("select count(*) from ticket where integration_id = $1", integration));

        await Tell(name, organization, "critical", "It burns");
        await desks.Settled(integration);
        Assert.Equal("2 20 5 1 1 It burns", desk.Shown);
    }

    [Fact]
    public async Task A_telling_that_comes_twice_is_taken_once_and_repeats_that_wait_are_one_note()
    {
        var (integration, organization, desk) = await Ready();
        var name = desks.Hub.Name("twice");

        await Tell(name, organization, "high", "Down", "e1");
        Assert.Equal("200 open high 1 0", Said(await Tell(name, organization, "high", "Down", "e1")));
        foreach (var told in new[] { "e2", "e3", "e3", "e4" }) await Tell(name, organization, "high", "Down", told);
        await using var silo = await desks.StartSilo(desk);
        await desks.Settled(integration);

        Assert.Equal("2 20 5 1 1 Down | Raised 4 times so far, now as high: Down", desk.Shown);
    }

    [Fact]
    public async Task Ten_who_tell_at_once_open_one_ticket()
    {
        var (integration, organization, desk) = await Ready();
        var name = desks.Hub.Name("crowd");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Tell(name, organization, "high", "Down")));
        await using var silo = await desks.StartSilo(desk);
        await desks.Settled(integration);

        Assert.Equal("2 20 5 1 1 Down | Raised 10 times so far, now as high: Down", desk.Shown);
    }

    [Theory]
    [InlineData(DeskFault.LostAfter)]
    [InlineData(DeskFault.LostBefore)]
    [InlineData(DeskFault.NotSent)]
    public async Task Whatever_becomes_of_an_answer_there_is_one_ticket_one_note_and_one_end(DeskFault fault)
    {
        var (integration, organization, desk) = await Ready();
        var name = desks.Hub.Name("fault");
        await using var silo = await desks.StartSilo(desk);
        await using var other = await desks.StartSilo(desk);

        desk.Faults.Enqueue(fault);
        await Tell(name, organization, "high", "Down");
        await desks.Settled(integration);
        desk.Faults.Enqueue(fault);
        await Tell(name, organization, "high", "Down");
        await desks.Settled(integration);
        desk.Faults.Enqueue(fault);
        await Clear(name);
        await desks.Settled(integration);

        Assert.Equal("2 20 5 1 9 Down | Raised 2 times so far, now as high: Down", desk.Shown);
        Assert.Equal(3, await desks.Hub.Sql("select count(*) from ticket_write where integration_id = $1 and state = 'confirmed'", integration));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silo_that_died_after_its_mark_leaves_a_write_that_is_looked_for(bool arrived)
    {
        var (integration, organization, desk) = await Ready();
        await Tell(desks.Hub.Name("orphan"), organization, "high", "Down");
        if (arrived)
        {
            await using var dying = await desks.StartSilo(desk);
            await desks.Settled(integration);
        }

        // what its death leaves: the mark is committed, the answer is not
        await desks.Hub.Sql("update ticket set state = 'owed', remote_id = null, number = null where integration_id = $1", integration);
        await desks.Hub.Sql("update ticket_write set state = 'sending', attempt = 1, sending_at = now(), due_at = now() where integration_id = $1", integration);
        await using var silo = await desks.StartSilo(desk);
        await desks.Settled(integration);

        Assert.Equal("2 20 5 1 1 Down", desk.Shown);
        Assert.Equal(1, await desks.Hub.Sql("select count(*) from ticket where integration_id = $1 and state = 'open' and number = 'T0001'", integration));
    }

    [Fact]
    public async Task What_the_psa_refuses_waits_for_a_person_and_goes_on_in_order()
    {
        var (integration, organization, desk) = await Ready();
        var name = desks.Hub.Name("refused");
        desk.Faults.Enqueue(DeskFault.Refused);
        await using var silo = await desks.StartSilo(desk);

        var ticket = (long)(await Tell(name, organization, "high", "Down")).Json["ticket"]!["id"]!;
        await desks.Until("the parked ticket", $"select exists (select 1 from ticket_write where ticket_id = {ticket} and state = 'parked')");
        await Tell(name, organization, "high", "Down");
        var owed = (await desks.Door.Get($"/v1/tickets/{ticket}")).Json["owed"]!;
        Assert.Equal("open parked rejected The queue is gone.", $"{owed["kind"]} {owed["state"]} {owed["code"]} {owed["sentence"]}");
        Assert.Equal("", desk.Shown);
        Assert.Equal("404 not_found", (await desks.Hub.Stranger.Post($"/v1/tickets/{ticket}/release")).Problem);
        Assert.Equal("409 integration_in_use organizations tickets", (await desks.Hub.Superuser.Send(HttpMethod.Delete, $"/v1/integrations/{integration}", null)).Problem);

        Assert.Equal(200, (await desks.Door.Post($"/v1/tickets/{ticket}/release")).Status);
        await desks.Settled(integration);

        Assert.Equal("2 20 5 1 1 Down | Raised 2 times so far, now as high: Down", desk.Shown);
        Assert.Equal("409 ticket_not_releasable", (await desks.Door.Post($"/v1/tickets/{ticket}/release")).Problem);
    }

    [Fact]
    public async Task Refused_credentials_park_the_integration_and_its_tickets_wait()
    {
        var (integration, organization, desk) = await Ready();
        desk.Faults.Enqueue(DeskFault.Unauthorized);
        await using var silo = await desks.StartSilo(desk);

        await Tell(desks.Hub.Name("locked"), organization, "high", "Down");
        await desks.Until("the refusal", $"select credentials = 3 from integration where id = {integration}");
        await desks.Hub.Superuser.Put($"/v1/integrations/{integration}", new { secret = "hunter3" });
        await desks.Settled(integration);

        Assert.Equal("2 20 5 1 1 Down", desk.Shown);
    }

    [Fact]
    public async Task A_test_ticket_is_a_real_one_with_its_number_and_its_link()
    {
        var (integration, organization, desk) = await Ready();
        await using var silo = await desks.StartSilo(desk);

        var run = await desks.Door.Post($"/v1/integrations/{integration}/test-ticket");
        Assert.Equal("200 done ticket_opened The PSA has the ticket T0001. T0001 https://bms.test/tickets/1 open", RunSaid(run));
        Assert.Equal("1 10 5 - 1 Test ticket of the billing hub", desk.Shown);
        await desks.Door.Post($"/v1/integrations/{integration}/test-ticket", new { organization_id = organization });
        Assert.EndsWith("\n2 20 5 - 1 Test ticket of the billing hub", desk.Shown, StringComparison.Ordinal);

        desk.Faults.Enqueue(DeskFault.Refused);
        Assert.Equal("200 failed rejected The queue is gone.   withdrawn", RunSaid(await desks.Door.Post($"/v1/integrations/{integration}/test-ticket")));
        desk.Faults.Enqueue(DeskFault.NotSent);
        Assert.Equal("200 failed rate_limited Too many calls.   withdrawn", RunSaid(await desks.Door.Post($"/v1/integrations/{integration}/test-ticket")));
        desk.LooksFail = new(VendorFailureKind.ServerError, "server_error", "Down.");
        Assert.Equal("200 failed server_error Down.   withdrawn", RunSaid(await desks.Door.Post($"/v1/integrations/{integration}/test-ticket")));
        desk.LooksFail = null;
        desk.Faults.Enqueue(DeskFault.LostAfter);
        Assert.Equal("200 done ticket_opened The PSA has the ticket T0003. T0003 https://bms.test/tickets/3 open", RunSaid(await desks.Door.Post($"/v1/integrations/{integration}/test-ticket")));
        Assert.Equal(3, desk.Shown.Split('\n').Length);
        Assert.Equal("409 integration_without_desk", (await desks.Door.Post($"/v1/integrations/{await desks.Hub.Integration("uniview")}/test-ticket")).Problem);
        Assert.Equal("422 ticket_without_account", (await desks.Door.Post($"/v1/integrations/{await desks.Bms()}/test-ticket")).Problem);
        Assert.Equal("404 organization_unknown", (await desks.Door.Post($"/v1/integrations/{integration}/test-ticket", new { organization_id = 999999 })).Problem);
        Assert.Equal("403 scope_insufficient", (await desks.Hub.Viewer.Post($"/v1/integrations/{integration}/test-ticket")).Problem);
    }

    [Fact]
    public async Task Tickets_are_listed_by_account_state_and_dates()
    {
        var (integration, organization, desk) = await Ready();
        var (closed, open) = (desks.Hub.Name("closed"), desks.Hub.Name("open"));
        await using (await desks.StartSilo(desk))
        {
            await Tell(closed, organization, "high", "First");
            await Clear(closed);
            await desks.Door.Post("/v1/alerts", new { identity = open, state = "raised", severity = "high", title = "Second", account_id = await Account(integration, "1") });
            await desks.Settled(integration);
        }

        await Tell(desks.Hub.Name("owed"), organization, "high", "Third");
        await desks.Hub.Sql("update ticket set opened_at = opened_at - interval '3 days' where integration_id = $1 and title = 'First'", integration);
        var (today, before) = (desks.Hub.Night, desks.Hub.Night.AddDays(-3));

        Assert.Equal("Third owed, Second open, First closed", await Listed($"integration={integration}"));
        Assert.Equal("First closed", await Listed($"integration={integration}&status=closed"));
        Assert.Equal("Third owed, First closed", await Listed($"account={await Account(integration, "2")}"));
        Assert.Equal("First closed", await Listed($"integration={integration}&to={before:yyyy-MM-dd}"));
        Assert.Equal("Third owed, Second open", await Listed($"integration={integration}&from={today.AddDays(-1):yyyy-MM-dd}"));
        Assert.Equal("First closed", await Listed($"integration={integration}&from={before:yyyy-MM-dd}&to={before:yyyy-MM-dd}"));
        var first = await desks.Door.Get($"/v1/tickets?integration={integration}&limit=2");
        Assert.Equal("First", (string?)(await desks.Door.Get($"/v1/tickets?integration={integration}&limit=2&cursor={first.Json["next_cursor"]}")).Json["items"]![0]!["title"]);
        Assert.Equal("400 validation_failed status", (await desks.Door.Get("/v1/tickets?status=lost")).Problem);
        Assert.Equal("400 validation_failed to", (await desks.Door.Get("/v1/tickets?from=2026-11-02&to=2026-11-01")).Problem);
        Assert.Equal("400 parameter_invalid from", (await desks.Door.Get("/v1/tickets?from=yesterday")).Problem);
        Assert.Empty((await desks.Hub.Stranger.Get("/v1/tickets")).Json["items"]!.AsArray());
        Assert.Equal("404 not_found", (await desks.Hub.Stranger.Get($"/v1/tickets/{first.Json["items"]![0]!["id"]}")).Problem);
        Assert.Empty((await desks.Hub.Stranger.Get("/v1/alerts")).Json["items"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"identity":"","state":"raised","severity":"high","title":"a"}""", "400 validation_failed identity")]
    [InlineData("""{"identity":"a","state":"perhaps"}""", "400 validation_failed state")]
    [InlineData("""{"identity":"a","state":"raised","severity":"awful","title":"a"}""", "400 validation_failed severity")]
    [InlineData("""{"identity":"a","state":"raised","severity":"high"}""", "400 validation_failed title")]
    [InlineData("""{"identity":"a","state":"raised"}""", "400 validation_failed severity title")]
    [InlineData("""{"identity":"a","state":"raised","severity":"high","title":"a","details":"a\u0000b"}""", "400 validation_failed details")]
    [InlineData("""{"identity":"a","state":"raised","severity":"high","title":"a","event":"a\nb"}""", "400 validation_failed event")]
    [InlineData("""{"identity":"a","state":"raised","severity":"high","title":"a","organization_id":999999}""", "404 organization_unknown")]
    [InlineData("""{"identity":"a","state":"raised","severity":"high","title":"a","account_id":999999}""", "404 account_unknown")]
    [InlineData("""{"identity":"a","state":"raised","severity":"high","title":"a","integration_id":999999}""", "404 psa_unknown")]
    [InlineData("""{"identity":"never told","state":"cleared"}""", "404 alert_unknown")]
    [InlineData("""{"identity":"a","state":"raised","colour":"red"}""", "400 field_unknown colour")]
    public async Task A_telling_that_cannot_be_is_refused(string body, string problem) => Assert.Equal(problem, (await desks.Door.PostText("/v1/alerts", body)).Problem);

    [Fact]
    public async Task Where_a_ticket_would_go_must_be_clear()
    {
        var (first, second) = (await desks.BmsWithLists(), await desks.BmsWithLists());
        var body = new { identity = desks.Hub.Name("unclear"), state = "raised", severity = "high", title = "a", integration_id = first };

        Assert.Equal("422 ticket_without_account", (await desks.Door.Post("/v1/alerts", body)).Problem);
        Assert.Equal("422 psa_unclear", (await desks.Door.Post("/v1/alerts", new { body.identity, body.state, body.severity, body.title })).Problem);
        Assert.Equal("404 account_unknown", (await desks.Door.Post("/v1/alerts", new { body.identity, body.state, body.severity, body.title, body.integration_id, account_id = await Account(second, "1") })).Problem);
        Assert.Equal("403 scope_insufficient", (await desks.Hub.Viewer.Post("/v1/alerts", body)).Problem);
        Assert.Equal(0, await desks.Hub.Sql("select count(*) from alert where identity = $1", body.identity));
    }

    /// <summary>A BMS with settings, an organization that is mapped to its account 2, and its desk.</summary>
    private async Task<(long Integration, long Organization, PretendDesk Desk)> Ready()
    {
        var integration = await desks.BmsWithLists();
        var set = await desks.Door.Put(
            $"/v1/integrations/{integration}/settings",
            new { settings = new { account = "1", queue = "5", close_status = "9", priority_critical = "1", priority_high = "1", priority_low = "do_not_sync" } });
        Assert.True(set.Status == 200, set.Text);
        return (integration, await desks.Organization(integration, "2"), new PretendDesk());
    }

    private Task<Answer> Tell(string identity, long organization, string severity, string title, string? told = null) =>
        desks.Door.Post("/v1/alerts", new { identity, state = "raised", severity, title, organization_id = organization, @event = told });

    private Task<Answer> Clear(string identity) => desks.Door.Post("/v1/alerts", new { identity, state = "cleared" });

    private Task<long> Account(long integration, string remote) => desks.Hub.Sql("select id from psa_account where integration_id = $1 and remote_id = $2", integration, remote);

    private async Task<string> Listed(string filter) =>
        string.Join(", ", (await desks.Hub.Viewer.Get($"/v1/tickets?{filter}")).Json["items"]!.AsArray().Select(ticket => $"{ticket!["title"]} {ticket["state"]}"));

    private static string Said(Answer alert) => $"{alert.Status} {alert.Json["state"]} {alert.Json["severity"]} {alert.Json["occurrence"]} {alert.Json["repeats"]}";

    private static string RunSaid(Answer run) =>
        $"{run.Status} {run.Json["state"]} {run.Json["code"]} {run.Json["sentence"]} {run.Json["ticket"]!["number"]} {run.Json["ticket"]!["link"]} {run.Json["ticket"]!["state"]}";
}
