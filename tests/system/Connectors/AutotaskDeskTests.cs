using System.Text.Json.Nodes;
using UsageBilling.Interfaces.Vendors;
using static UsageBilling.Tests.System.Connectors.AutotaskScript;

namespace UsageBilling.Tests.System.Connectors;

/// <summary>Tickets of Autotask, on the wire.</summary>
public sealed class AutotaskDeskTests
{
    private const string Tickets = Root + "/V1.0/Tickets";
    private const string Notes = Tickets + "/7120/Notes";
    private const string Query = Root + "/V1.0/Tickets/query";
    private const string TicketFields = Root + "/V1.0/Tickets/entityInformation/fields";
    private const string NoteFields = Root + "/V1.0/TicketNotes/entityInformation/fields";

    private static readonly DateTimeOffset s_due = new(2026, 9, 22, 19, 0, 0, TimeSpan.FromHours(2));

    private static readonly NewTicket s_ticket = new("hub:alert-17", "Usage mismatch: EDR", "31 instead of 28.", "205", s_due.AddDays(-1), s_due)
    {
        Queue = "29682833", Status = "1", Priority = "2",
    };

    private static readonly NewNote s_note = new("hub:alert-17:2", "Seen again", "Still 31.\n", s_due);

    [Fact]
    public async Task A_ticket_is_one_request_with_what_is_set_and_nothing_else()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json("""{"itemId":7120}""")));
        var whole = s_ticket with { Location = "3001", Source = "-1", TicketType = "5", IssueType = "11" };

        var outcomes = (await Open(desk), await Told(desk, whole), await Told(desk, whole with { AccountRemoteId = "0" }));

        Assert.Equal(("applied", "applied", "applied"), outcomes);
        const string Begins = """{"companyID":205,"title":"Usage mismatch: EDR","description":"31 instead of 28.","dueDateTime":"2026-09-22T17:00:00Z","externalID":"hub:alert-17","status":1,"priority":2,"queueID":29682833""";
        const string Rest = ""","ticketType":5,"source":-1,"issueType":11,"companyLocationID":3001}""";
        Assert.Equal(
            [Begins + "}", Begins + Rest, Begins.Replace("205", "0", StringComparison.Ordinal) + Rest],
            desk.Vendor.Requests.Where(seen => seen.Path == Tickets).Select(seen => seen.Body));
    }

    /// <summary>What Autotask demands and nobody set: from the tenant's lists, which are read once an hour.</summary>
    [Theory]
    [InlineData("status:3*|priority:9,8*|queueID:77,78*", "status 3 priority 8 queue 78")]
    [InlineData("status:3=New,4=Old|priority:9=High,8=medium|queueID:77*", "status 3 priority 8 queue 77")]
    [InlineData("status:3*|priority:!8*,9=Medium|queueID:77*", "status 3 priority 9 queue 77")]
    [InlineData("status:1=Neu,5=Fertig|priority:9=Medium|queueID:77*", "status 1 priority 9 queue 77")]
    [InlineData("status:!1=New,5=Complete|priority:9=Medium|queueID:77*", "refused: status_needed")]
    [InlineData("status:3*|priority:8*|queueID:77,78", "refused: queue_needed")]
    [InlineData("status:3*|priority:8*", "refused: queue_needed")]
    [InlineData("status:3*|priority:8=High|queueID:77*", "refused: priority_needed")]
    [InlineData("status:3=Offen|priority:8*|queueID:77*", "refused: status_needed")]
    public async Task A_ticket_that_leaves_things_to_the_PSA_takes_the_tenants_own_choice(string lists, string told)
    {
        await using var desk = new Desk(Zoned(seen => seen.Path == TicketFields ? Canned.Json(Fields(lists)) : Canned.Json("""{"itemId":1}""")));
        var bare = s_ticket with { Queue = null, Status = null, Priority = null };

        var first = await Told(desk, bare);
        await Told(desk, bare);
        desk.Clock.Advance(TimeSpan.FromHours(1));
        await Told(desk, bare);

        var sent = desk.Vendor.Requests.Where(seen => seen.Path == Tickets).Select(seen => JsonNode.Parse(seen.Body)!)
            .Select(body => $"status {body["status"]} priority {body["priority"]} queue {body["queueID"]}").Distinct().ToList();
        Assert.Equal(told, sent.Count == 0 ? first : Assert.Single(sent));
        Assert.Equal(2, desk.Vendor.Count(TicketFields));
    }

    [Theory]
    [InlineData("2O5", null)]
    [InlineData("205", "1 or 1=1")]
    [InlineData("205", "")]
    public async Task An_id_that_is_not_Autotasks_is_refused_without_a_call(string account, string? queue)
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json("""{"itemId":1}""")));

        var told = await Told(desk, s_ticket with { AccountRemoteId = account, Queue = queue });
        var note = Told(await Autotask(desk).AddNote(desk.Access("/autotask"), "x", s_note, CancellationToken.None));
        var status = Told(await Autotask(desk).SetStatus(desk.Access("/autotask"), "7120", "closed", CancellationToken.None));

        Assert.Equal(("refused: remote_id_invalid", "refused: remote_id_invalid", "refused: remote_id_invalid", 0), (told, note, status, desk.Vendor.Requests.Count));
    }

    /// <summary>Every answer a ticket, a note and a status can get, and what is then known; nothing is sent twice.</summary>
    [Theory]
    [InlineData(200, """{"itemId":7120}""", "applied")]
    [InlineData(200, """{"itemId":7120,"errors":["no"]}""", "in doubt: Malformed errors_in_success")]
    [InlineData(200, "<html>", "in doubt: Malformed answer_unreadable")]
    [InlineData(302, "", "in doubt: Malformed redirect_refused")]
    [InlineData(401, """{"errors":["Unauthorized"]}""", "not sent: Unauthorized wrong_secret")]
    [InlineData(403, "", "not sent: Forbidden forbidden")]
    [InlineData(404, "<html>", "not sent: Rejected route_not_found")]
    [InlineData(405, """{"Message":"The requested resource does not support http method 'POST'."}""", "not sent: Rejected method_not_allowed")]
    [InlineData(429, """{"errors":["The Autotask API thread threshold of 3 threads has been exceeded."]}""", "not sent: RateLimited thread_limit")]
    [InlineData(429, """{"errors":["Too many requests in the last hour."]}""", "not sent: RateLimited quota_exhausted")]
    [InlineData(429, "", "not sent: RateLimited rate_limited")]
    [InlineData(500, """{"errors":["IntegrationCode is invalid."]}""", "not sent: Unauthorized integration_code_invalid")]
    [InlineData(500, """{"errors":["dueDateTime is required.; on record number [0]."]}""", "refused: vendor_refused")]
    [InlineData(500, """{"errors":["The logged in Resource does not have the adequate permissions to create this entity type."]}""", "refused: not_permitted")]
    [InlineData(500, """{"errors":["Execution Timeout Expired."]}""", "in doubt: ServerError vendor_timed_out")]
    [InlineData(500, "<html>", "in doubt: ServerError server_error")]
    [InlineData(503, "", "in doubt: ServerError server_error")]
    public async Task An_answer_says_whether_it_was_done_refused_not_sent_or_nobody_knows(int status, string body, string told)
    {
        await using var desk = new Desk(Zoned(seen => seen.Path == NoteFields ? Canned.Json(NoteLists) : Canned.Json(body, status)));

        Assert.Equal((told, 1), (await Open(desk), desk.Vendor.Count(Tickets)));
        Assert.Equal((told, 1), (await AddNote(desk), desk.Vendor.Count(Notes)));
        Assert.Equal((told, 2), (await SetStatus(desk), desk.Vendor.Count(Tickets)));
    }

    [Fact]
    public async Task A_lost_answer_is_in_doubt_and_what_never_left_is_not_sent()
    {
        await using var reset = new Desk(Zoned(seen => seen.Path == NoteFields ? Canned.Json(NoteLists) : Canned.Reset));
        await using var silent = new Desk(Zoned(_ => Canned.Silence));
        silent.Vendor.Arrived = seen =>
        {
            if (seen.Path == Tickets) silent.Clock.Advance(TimeSpan.FromSeconds(30));
        };
        await using var gone = new Desk(Zoned(_ => Canned.Silence), options => options with { ReadAttemptsMax = 1 });
        var access = gone.Access("/autotask");
        await gone.Vendor.DisposeAsync();

        Assert.Equal(("in doubt: ServerError connection_lost", "in doubt: ServerError connection_lost"), (await Open(reset), await AddNote(reset)));
        Assert.Equal(("in doubt: TimedOut no_answer_in_time", 1), (await Open(silent), silent.Vendor.Count(Tickets)));
        Assert.Equal("not sent: Unreachable connect_failed", Told(await Autotask(gone).Open(access, s_ticket, CancellationToken.None)));
        Assert.Equal("not sent: Unreachable connect_failed", Told(await Autotask(gone).AddNote(access, "7120", s_note, CancellationToken.None)));
    }

    [Fact]
    public async Task A_write_that_is_broken_off_while_it_still_reads_was_not_sent()
    {
        using var stopping = new CancellationTokenSource();
        await using var desk = new Desk(Zoned(_ => Canned.Silence));
        desk.Vendor.Arrived = seen =>
        {
            if (seen.Path == NoteFields) stopping.Cancel();
        };

        var note = await Autotask(desk).AddNote(desk.Access("/autotask"), "7120", s_note, stopping.Token);

        Assert.Equal(("not sent: Unreachable cancelled_before_send", 0), (Told(note), desk.Vendor.Count(Notes)));
    }

    /// <summary>Kind and audience of a note are what this tenant calls them; what customers can read is never chosen.</summary>
    [Theory]
    [InlineData("noteType:1=Task Summary,2=Task Detail,3=Task Notes|publish:1=All Autotask Users,2=Internal Project Team,4=Internal & Co-Managed", "3 2")]
    [InlineData("noteType:31=task detail,30=Task Summary|publish:1=All Autotask Users*,12=Internal Users Only", "31 12")]
    [InlineData("noteType:!3=Task Notes,40=Anything,41=Preferred*|publish:2=internal project team", "41 2")]
    [InlineData("noteType:3=Task Notes|publish:1=All Autotask Users*", "refused: note_kind_unknown")]
    [InlineData("noteType:3=Task Notes|publish:1=All Autotask Users,!2=Internal Project Team", "refused: note_kind_unknown")]
    [InlineData("noteType:40=Anything|publish:2=Internal Project Team", "refused: note_kind_unknown")]
    public async Task A_note_is_for_the_msps_own_people_and_ends_with_its_mark(string lists, string told)
    {
        await using var desk = new Desk(Zoned(seen => seen.Path == NoteFields ? Canned.Json(Fields(lists)) : Canned.Json("""{"itemId":9001}""")));

        var outcome = await AddNote(desk);

        var sent = desk.Vendor.Requests.Where(seen => seen.Path == Notes).Select(seen => seen.Body).ToList();
        if (sent.Count == 0)
        {
            Assert.Equal(told, outcome);
            return;
        }

        var kinds = told.Split(' ');
        Assert.Equal($$"""{"title":"Seen again","description":"Still 31.\n\nhub:alert-17:2","noteType":{{kinds[0]}},"publish":{{kinds[1]}}}""", Assert.Single(sent));
    }

    [Fact]
    public async Task A_status_is_a_PATCH_with_the_id_in_its_body()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json("""{"itemId":7120}""")));

        var told = await SetStatus(desk);

        var sent = Assert.Single(desk.Vendor.Requests, seen => seen.Path == Tickets);
        Assert.Equal(("applied", "PATCH", """{"id":7120,"status":5}"""), (told, sent.Method, sent.Body));
    }

    [Fact]
    public async Task Tickets_are_found_by_their_mark_exactly_newest_first_with_a_way_to_them()
    {
        static string Row(long id, string mark, string opened) => $$"""{"id":{{id}},"companyID":205,"createDate":"{{opened}}","externalID":"{{mark}}","status":5,"ticketNumber":"T20260921.000{{id}}","title":"Usage mismatch"}""";
        await using var desk = new Desk(Rows(
            Row(1, "hub:alert-17", "2026-09-20T10:00:00Z"), Row(2, "HUB:ALERT-17", "2026-09-21T10:00:00Z"), Row(3, "hub:alert-17", "2026-09-21T12:00:00.000Z")));

        var found = Value(await Autotask(desk).Find(desk.Access("/autotask"), "hub:alert-17", CancellationToken.None));

        Assert.Equal(
        [
            new ObservedTicket("3", "T20260921.0003", "205", "Usage mismatch", "5", new(2026, 9, 21, 12, 0, 0, TimeSpan.Zero), new("http://127.0.0.1/Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketID=3")),
            new ObservedTicket("1", "T20260921.0001", "205", "Usage mismatch", "5", new(2026, 9, 20, 10, 0, 0, TimeSpan.Zero), new("http://127.0.0.1/Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketID=1")),
        ], found);
        Assert.Equal(
            """{"filter":[{"op":"eq","field":"externalID","value":"hub:alert-17"}],"MaxRecords":500,"IncludeFields":["id","companyID","createDate","externalID","status","ticketNumber","title"]}""",
            Assert.Single(desk.Vendor.Requests, seen => seen.Path == Query).Body);
    }

    [Fact]
    public async Task A_search_that_shows_less_than_there_is_is_a_failure()
    {
        await using var desk = new Desk(Zoned(seen => Entity(seen).EndsWith("/count", StringComparison.Ordinal) ? Canned.Json("""{"queryCount":1}""") : List()));

        Assert.Equal("list_truncated", Failure(await Autotask(desk).Find(desk.Access("/autotask"), "m", CancellationToken.None)).Code);
        Assert.Equal("list_truncated", Failure(await Autotask(desk).Notes(desk.Access("/autotask"), "1", CancellationToken.None)).Code);
    }

    [Theory]
    [InlineData("""{"id":1,"createDate":"2026-09-20T10:00:00Z","externalID":"m","status":5}""", "row_unreadable")]
    [InlineData("""{"id":1,"companyID":205,"createDate":null,"externalID":"m","status":5}""", "row_unreadable")]
    [InlineData("""{"companyID":205,"createDate":"2026-09-20T10:00:00Z","externalID":"m","status":5}""", "row_without_id")]
    public async Task A_ticket_that_cannot_be_read_fails_the_search_instead_of_looking_as_if_it_were_not_there(string row, string code)
    {
        await using var desk = new Desk(Rows(row));

        Assert.Equal(code, Failure(await Autotask(desk).Find(desk.Access("/autotask"), "m", CancellationToken.None)).Code);
    }

    [Fact]
    public async Task A_web_address_that_leads_away_is_no_way_to_a_ticket()
    {
        await using var desk = new Desk(seen => seen.Path.EndsWith("/zoneInformation", StringComparison.Ordinal)
            ? Canned.Json($$"""{"zoneName":"x","url":"http://{{seen.Headers["Host"]}}{{Root}}/","webUrl":"https://evil.test/","ci":1}""")
            : Rows("""{"id":1,"companyID":205,"createDate":"2026-09-20T10:00:00Z","externalID":"m","status":5,"ticketNumber":null,"title":"t"}""")(seen));

        var found = Assert.Single(Value(await Autotask(desk).Find(desk.Access("/autotask"), "m", CancellationToken.None)));

        Assert.Null(found.Link);
        Assert.Null(found.Number);
    }

    [Fact]
    public async Task Notes_come_newest_first_and_at_most_five_hundred()
    {
        await using var desk = new Desk(Zoned(seen => Entity(seen) == "TicketNotes"
            ? Page($"http://{seen.Headers["Host"]}{Root}/V1.0/TicketNotes/query/next?paging=1", [.. Enumerable.Range(1, 500).Select(id => $$"""{"id":{{id}},"description":"note {{id}}"}""")])
            : Entity(seen) == "TicketNotes/count" ? Canned.Json("""{"queryCount":502}""")
            : List("""{"id":501,"description":null}""", """{"id":502,"description":"last"}""")));

        var notes = Value(await Autotask(desk).Notes(desk.Access("/autotask"), "7120", CancellationToken.None));
        var strange = await Autotask(desk).Notes(desk.Access("/autotask"), "-", CancellationToken.None);

        Assert.Equal((500, new ObservedNote("502", "last"), new ObservedNote("501", ""), new ObservedNote("3", "note 3")), (notes.Count, notes[0], notes[1], notes[^1]));
        Assert.Equal("remote_id_invalid", Failure(strange).Code);
        Assert.StartsWith("""{"filter":[{"op":"eq","field":"ticketID","value":7120}]""", desk.Vendor.Requests[2].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_are_every_list_with_what_is_chosen_by_itself_and_what_may_not_be_chosen_any_more()
    {
        await using var desk = new Desk(Zoned(seen => seen.Path == TicketFields
            ? Canned.Json(Fields("status:1=New*,5=Complete,!12=On Hold|priority:2=Medium|queueID:8=Alerts|source:-1=Monitoring|ticketType:5=Alert|issueType:11=Billing|subIssueType:136=Licences|creatorType:"))
            : Entity(seen) == "CompanyLocations/count" ? Canned.Json("""{"queryCount":2}""")
            : List("""{"id":3001,"companyID":205,"name":"Bristol","isActive":true}""", """{"id":3005,"companyID":207,"name":null,"isActive":0}""")));

        Assert.Equal(
        [
            new DeskValue(DeskList.Queue, "8", "Alerts", true, false), new DeskValue(DeskList.Status, "1", "New", true, true), new DeskValue(DeskList.Status, "5", "Complete", true, false),
            new DeskValue(DeskList.Status, "12", "On Hold", false, false), new DeskValue(DeskList.TicketType, "5", "Alert", true, false), new DeskValue(DeskList.Source, "-1", "Monitoring", true, false),
            new DeskValue(DeskList.Priority, "2", "Medium", true, false), new DeskValue(DeskList.IssueType, "11", "Billing", true, false),
            new DeskValue(DeskList.Location, "3001", "Bristol", true, false, "205"), new DeskValue(DeskList.Location, "3005", "3005", false, false, "207"),
        ], Value(await Autotask(desk).Values(desk.Access("/autotask"), CancellationToken.None)));
    }

    [Theory]
    [InlineData("""{"fields":[]}""", "lists_missing")]
    [InlineData("""{"fields":[{"name":"status","isPickList":true,"picklistValues":[{"label":"New"}]}]}""", "row_unreadable")]
    [InlineData("""{"item":null}""", "answer_not_list")]
    [InlineData("<html>", "answer_not_json")]
    public async Task Lists_that_cannot_be_read_are_a_failure_and_not_empty(string body, string code)
    {
        await using var desk = new Desk(Zoned(seen => seen.Path == TicketFields ? Canned.Json(body) : Entity(seen) == "CompanyLocations/count" ? Canned.Json("""{"queryCount":0}""") : List()));

        Assert.Equal(code, Failure(await Autotask(desk).Values(desk.Access("/autotask"), CancellationToken.None)).Code);
    }

    private static string NoteLists => Fields("noteType:3=Task Notes|publish:2=Internal Project Team");

    /// <summary>A list of one page with its count.</summary>
    private static Func<Seen, Canned> Rows(params string[] rows) =>
        Zoned(seen => Entity(seen).EndsWith("/count", StringComparison.Ordinal) ? Canned.Json($$"""{"queryCount":{{rows.Length}}}""") : List(rows));

    /// <summary>Metadata from <c>field:value=label,…|…</c>; an exclamation mark before a value means inactive, a star behind it the default.</summary>
    private static string Fields(string lists) => $$"""{"fields":[{{string.Join(',', lists.Split('|').Select(list => Field(list.Split(':'))))}}]}""";

    private static string Field(string[] list)
    {
        var values = list[1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(choice =>
        {
            var named = choice.Trim('!', '*').Split('=');
            return $$"""{"value":"{{named[0]}}","label":"{{named[^1]}}","isDefaultValue":{{Json(choice.EndsWith('*'))}},"sortOrder":1,"parentValue":"","isActive":{{Json(!choice.StartsWith('!'))}},"isSystem":false}""";
        });
        return $$"""{"name":"{{list[0]}}","dataType":"integer","isPickList":true,"picklistValues":[{{string.Join(',', values)}}]}""";
    }

    private static string Json(bool flag) => flag ? "true" : "false";

    private static IPsaDesk Autotask(Desk desk) => desk.Set.PsaDesk("autotask")!;

    private static Task<string> Open(Desk desk) => Told(desk, s_ticket);

    private static async Task<string> Told(Desk desk, NewTicket ticket) => Told(await Autotask(desk).Open(desk.Access("/autotask"), ticket, CancellationToken.None));

    private static async Task<string> AddNote(Desk desk) => Told(await Autotask(desk).AddNote(desk.Access("/autotask"), "7120", s_note, CancellationToken.None));

    private static async Task<string> SetStatus(Desk desk) => Told(await Autotask(desk).SetStatus(desk.Access("/autotask"), "7120", "5", CancellationToken.None));

    private static string Told(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Applied => "applied",
        SendOutcome.Refused refused => $"refused: {refused.Code}",
        SendOutcome.NotSent notSent => $"not sent: {notSent.Failure.Kind} {notSent.Failure.Code}",
        SendOutcome.InDoubt doubt => $"in doubt: {doubt.Failure.Kind} {doubt.Failure.Code}",
        _ => throw new InvalidOperationException(),
    };

    private static T Value<T>(VendorAnswer<T> answer) => Assert.IsType<VendorAnswer<T>.Answered>(answer).Value;

    private static VendorFailure Failure<T>(VendorAnswer<T> answer) => Assert.IsType<VendorAnswer<T>.Failed>(answer).Failure;
}
