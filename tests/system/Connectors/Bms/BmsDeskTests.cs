using UsageBilling.Interfaces.Vendors;
using static UsageBilling.Tests.System.Connectors.Bms.BmsScript;

namespace UsageBilling.Tests.System.Connectors.Bms;

public sealed class BmsDeskTests
{
    private const string Tickets = Base + "/v2/servicedesk/tickets";
    private static readonly DateTimeOffset s_openedAt = new(2026, 9, 21, 4, 30, 0, TimeSpan.FromHours(2));

    private static readonly NewTicket s_ticket = new("alert:17", "Backup failed", "The last good backup is of 19 September.", "41", s_openedAt, s_openedAt.AddDays(1))
    {
        Location = "51",
        Status = "1",
        Priority = "3",
        TicketType = "2",
        Source = "0",
    };

    [Fact]
    public async Task The_lists_come_with_a_call_each_and_locations_with_their_accounts()
    {
        await using var desk = new Desk(SignedIn(seen => About(seen) switch
        {
            "system/statuses/lookup" => Rows("""{"id":1,"name":"New","isActive":true}""", """{"id":9,"name":"Closed","isActive":false}"""),
            "system/priorities/lookup" => Rows("""{"Id":3,"Name":"High","IsDefault":true}"""),
            "system/queues/lookup" => Rows("""{"id":7,"name":"Service desk","isActive":true}"""),
            "system/issuetypes/lookup" => Rows("""{"id":5,"name":"Backup","isActive":true}"""),
            "system/lookup/TicketTypes" => No("Table not found"),
            "system/tenantlookup/TicketTypes" => Rows("""{"id":2,"name":"Incident","isDefault":true,"isActive":true}"""),
            "system/lookup/TicketSources" => Rows("""{"id":0,"name":"Client portal","isDefault":false,"isActive":true}"""),
            _ => Page(2,
                Account(41, "Alder Dental", locations: """[{"id":51,"locationName":"Main","isMain":true,"isActive":true},{"id":52,"locationName":"Barn","isMain":false,"isActive":false}]"""),
                Account(42, "Birch Legal", "false", "null")),
        }));

        Assert.Equal(
        [
            new DeskValue(DeskList.Status, "1", "New", true, false),
            new DeskValue(DeskList.Status, "9", "Closed", false, false),
            new DeskValue(DeskList.Priority, "3", "High", true, true),
            new DeskValue(DeskList.Queue, "7", "Service desk", true, false),
            new DeskValue(DeskList.IssueType, "5", "Backup", true, false),
            new DeskValue(DeskList.TicketType, "2", "Incident", true, true),
            new DeskValue(DeskList.Source, "0", "Client portal", true, false),
            new DeskValue(DeskList.Location, "51", "Main", true, true, "41"),
            new DeskValue(DeskList.Location, "52", "Barn", false, false, "41"),
        ], Value(await desk.BmsDesk.Values(desk.Access(Base), CancellationToken.None)));
    }

    [Fact]
    public async Task Tables_have_the_names_that_are_set_and_one_that_nobody_knows_is_absent()
    {
        await using var desk = new Desk(
            SignedIn(seen => About(seen) switch
            {
                "system/lookup/Ticket%20kinds" => Rows("""{"id":2,"name":"Incident","isActive":true}"""),
                "system/lookup/Origins" => Canned.Json("", 404),
                "system/tenantlookup/Origins" => Rows(),
                "crm/accounts/summary" => Page(1, Account(41, "Alder Dental")),
                _ => Rows(),
            }),
            options => options with { BmsTicketTypes = "Ticket kinds", BmsTicketSources = "Origins" });

        Assert.Equal([new DeskValue(DeskList.TicketType, "2", "Incident", true, false)], Value(await desk.BmsDesk.Values(desk.Access(Base), CancellationToken.None)));
    }

    [Theory]
    [InlineData("system/queues/lookup", 403, "", "Forbidden forbidden")]
    [InlineData("system/lookup/TicketTypes", 500, "", "ServerError server_error")]
    [InlineData("system/tenantlookup/TicketSources", 429, "", "RateLimited quota_exhausted")]
    [InlineData("system/statuses/lookup", 200, """{"success":true,"result":[{"id":1,"name":null}]}""", "Malformed row_unreadable")]
    [InlineData("system/statuses/lookup", 200, """{"success":true,"result":[{"id":1,"name":"New"}],"totalRecords":2}""", "Malformed list_truncated")]
    [InlineData("crm/accounts/summary", 200, """{"success":true,"result":[{"id":41,"locations":[{"id":51}]}],"totalRecords":1}""", "Malformed row_unreadable")]
    public async Task A_list_that_cannot_be_read_fails_all_of_them(string about, int status, string body, string told)
    {
        await using var desk = new Desk(SignedIn(seen => About(seen) == about ? Canned.Json(body, status) : Rows()));

        Assert.Equal(told, Told(await desk.BmsDesk.Values(desk.Access(Base), CancellationToken.None)));
    }

    [Fact]
    public async Task A_ticket_carries_its_mark_at_the_end_of_its_title()
    {
        await using var desk = new Desk(SignedIn(_ => Ok("""{"id":7001,"ticketNumber":"T-7001"}""")));

        var outcome = await desk.BmsDesk.Open(desk.Access(Base), s_ticket with { Queue = "7", IssueType = "5" }, CancellationToken.None);

        Assert.Equal("applied", Told(outcome));
        Assert.Equal(
            """
            {"Title":"Backup failed [alert:17]","Details":"The last good backup is of 19 September.","OpenDate":"2026-09-21T02:30:00Z","DueDate":"2026-09-22T02:30:00Z",
            "AccountId":41,"LocationId":51,"StatusId":1,"PriorityId":3,"TypeId":2,"SourceId":0,"QueueId":7,"IssueTypeId":5}
            """.Replace("\n", "", StringComparison.Ordinal),
            Assert.Single(desk.Vendor.Requests, seen => seen.Path == Tickets).Body);
    }

    [Fact]
    public async Task A_ticket_without_what_Kaseya_demands_is_refused_without_a_call_and_all_of_it_is_named()
    {
        await using var desk = new Desk(SignedIn(_ => Ok("""{"id":7001}""")));

        var bare = Assert.IsType<SendOutcome.Refused>(await desk.BmsDesk.Open(desk.Access(Base), s_ticket with { Location = null, TicketType = null, Source = null }, CancellationToken.None));
        var strange = Assert.IsType<SendOutcome.Refused>(await desk.BmsDesk.Open(desk.Access(Base), s_ticket with { Status = "0" }, CancellationToken.None));

        Assert.Equal(("ticket_setting_missing", "Kaseya opens no ticket without location, ticket type, source: the settings name none."), (bare.Code, bare.Message));
        Assert.Equal(("remote_id_invalid", "The status has no id of Kaseya's."), (strange.Code, strange.Message));
        Assert.Empty(desk.Vendor.Requests);
    }

    [Theory]
    [InlineData(200, """{"success":true,"result":null}""", "in doubt: Malformed answer_unreadable")]
    [InlineData(200, """{"success":false,"error":{"message":"Validation Error","subErrors":["The QueueId field is required."]}}""", "refused: vendor_refused")]
    [InlineData(500, "", "in doubt: ServerError server_error")]
    [InlineData(403, "", "not sent: Forbidden forbidden")]
    public async Task An_answer_says_what_became_of_a_ticket(int status, string body, string told)
    {
        await using var desk = new Desk(SignedIn(_ => Canned.Json(body, status)));

        Assert.Equal((told, 1), (Told(await desk.BmsDesk.Open(desk.Access(Base), s_ticket, CancellationToken.None)), desk.Vendor.Count(Tickets)));
    }

    [Fact]
    public async Task A_ticket_is_found_by_its_mark_and_no_other_by_a_part_of_theirs()
    {
        await using var desk = new Desk(SignedIn(seen => Number(seen) == 1
            ? Page(4, Ticket(7001, "Backup failed [alert:17]", "2026-09-21T02:30:00Z"), Ticket(7002, "Backup failed [alert:171]", "2026-09-21T03:30:00Z"))
            : Page(4, Ticket(7003, "Re: Backup failed [alert:17] (moved)", "2026-09-22T02:30:00"), """{"id":7004,"title":null}""")));

        var found = Value(await desk.BmsDesk.Find(desk.Access(Base), "alert:17", CancellationToken.None));

        Assert.Equal(
        [
            new ObservedTicket("7003", "T-7003", "41", "Re: Backup failed [alert:17] (moved)", "1", new(2026, 9, 22, 2, 30, 0, TimeSpan.Zero), null),
            new ObservedTicket("7001", "T-7001", "41", "Backup failed [alert:17]", "1", new(2026, 9, 21, 2, 30, 0, TimeSpan.Zero), null),
        ], found);
        Assert.Equal("""{"PageSize":100,"PageNumber":1,"Filter":{"Title":"alert:17","ExcludeCompleted":0}}""", desk.Vendor.Requests[1].Body);
    }

    [Fact]
    public async Task A_search_that_finds_everything_is_a_failure_and_a_marked_ticket_that_cannot_be_read_too()
    {
        await using var vague = new Desk(SignedIn(_ => Page(1001, Ticket(7001, "Backup failed", "2026-09-21T02:30:00Z"))));
        await using var torn = new Desk(SignedIn(_ => Page(1, """{"id":7001,"title":"Backup failed [alert:17]","accountId":41,"statusId":1}""")));

        Assert.Equal("Malformed too_many_records", Told(await vague.BmsDesk.Find(vague.Access(Base), "alert:17", CancellationToken.None)));
        Assert.Equal("Malformed row_unreadable", Told(await torn.BmsDesk.Find(torn.Access(Base), "alert:17", CancellationToken.None)));
    }

    [Fact]
    public async Task A_note_is_internal_and_carries_its_mark_at_the_end()
    {
        await using var desk = new Desk(SignedIn(_ => Ok("""{"id":31}""")), options => options with { BmsNoteType = 4 });
        var note = new NewNote("alert:17:2", "Still failing", "Third day.", s_openedAt);

        var outcome = await desk.BmsDesk.AddNote(desk.Access(Base), "7001", note, CancellationToken.None);
        var strange = await desk.BmsDesk.AddNote(desk.Access(Base), "T-7001", note, CancellationToken.None);

        Assert.Equal(("applied", "refused: remote_id_invalid"), (Told(outcome), Told(strange)));
        var request = Assert.Single(desk.Vendor.Requests, seen => seen.Path == Tickets + "/7001/notes");
        Assert.Equal("""{"Details":"Still failing\n\nThird day.\n\n[alert:17:2]","IsInternal":true,"TypeId":4,"NoteDate":"2026-09-21T02:30:00Z"}""", request.Body);
    }

    [Fact]
    public async Task Notes_come_newest_first_and_their_list_does_not_say_how_long_it_is()
    {
        await using var desk = new Desk(SignedIn(seen => Number(seen) == 1 ? Rows("""{"id":31,"details":"one [alert:17:1]"}""", """{"id":33,"details":null}""") : Rows("""{"id":32,"details":"two"}""")));

        var notes = Value(await desk.BmsDesk.Notes(desk.Access(Base), "7001", CancellationToken.None));
        var strange = await desk.BmsDesk.Notes(desk.Access(Base), "", CancellationToken.None);

        Assert.Equal([new ObservedNote("33", ""), new ObservedNote("32", "two"), new ObservedNote("31", "one [alert:17:1]")], notes);
        Assert.Equal("Rejected remote_id_invalid", Told(strange));
    }

    [Fact]
    public async Task A_status_is_set_by_a_patch()
    {
        await using var desk = new Desk(SignedIn(_ => Canned.Json("""{"success":true}""")));

        var outcome = await desk.BmsDesk.SetStatus(desk.Access(Base), "7001", "9", CancellationToken.None);
        var strange = await desk.BmsDesk.SetStatus(desk.Access(Base), "7001", "closed", CancellationToken.None);

        Assert.Equal(("applied", "refused: remote_id_invalid"), (Told(outcome), Told(strange)));
        var request = Assert.Single(desk.Vendor.Requests, seen => seen.Path == Tickets + "/7001");
        Assert.Equal(("PATCH", "application/json-patch+json", """[{"op":"replace","path":"/StatusId","value":9}]"""), (request.Method, request.Headers["Content-Type"], request.Body));
    }

    private static string Ticket(int id, string title, string openedAt)
        => $$"""{"id":{{id}},"ticketNumber":"T-{{id}}","title":"{{title}}","accountId":41,"statusId":1,"openDate":"{{openedAt}}"}""";
}
