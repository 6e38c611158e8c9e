namespace UsageBilling.Tests.System.Sandbox;

public sealed class BmsTicketTests
{
    private const string Us = "bms-us";

    public static string Ticket(string title, int status = 1) =>
        $$"""
        {"Title":"{{title}}","Details":"Alert [ub:41]","AccountId":4001,"LocationId":8002,"StatusId":{{status}},"PriorityId":12,"TypeId":63,"SourceId":0,"QueueId":23,"OpenDate":"2026-09-21T09:00:00Z"}
        """;

    [Fact]
    public async Task A_ticket_is_opened_and_shown_with_the_names_behind_its_ids()
    {
        await using var sandbox = await TestSandbox.Start();
        var made = await sandbox.Bms(Us, "POST", "servicedesk/tickets", Ticket("Backup failed"));
        var ticket = made.Json["result"]!.AsObject();
        Assert.Equal(89, ticket.Count);
        Assert.Equal(
            "20001 TKT-020001 | Backup failed | Cedar Freight Inc. | Main | New | High | Alert | Client Portal | Alerts | Usage Billing | 2026-09-21T09:00:00Z",
            $"{ticket["id"]} {string.Join(" | ", new[] { "ticketNumber", "title", "accountName", "locationName", "statusName", "priorityName", "typeName", "sourceName", "queueName", "createdByName", "openDate" }.Select(name => ticket[name]!.ToString()))}");
        Assert.Equal(made.Body, (await sandbox.Bms(Us, "GET", "servicedesk/tickets/20001")).Body);
        Assert.Equal(["1 POST tickets 20001"], await sandbox.BmsJournal(Us));
    }

    [Fact]
    public async Task A_ticket_without_what_it_needs_is_a_200_that_lists_it()
    {
        await using var sandbox = await TestSandbox.Start();
        var refused = await sandbox.Bms(Us, "POST", "servicedesk/tickets", "{}");
        Assert.Equal("400 Validation Error", $"{refused.Json["error"]!["code"]} {refused.Json["error"]!["message"]}");
        Assert.Equal(
            new[] { "Title", "Details", "AccountId", "LocationId", "StatusId", "PriorityId", "TypeId", "SourceId", "OpenDate" }.Select(name => $"The {name} field is required."),
            Errors(refused));
        Assert.Empty(await sandbox.BmsJournal(Us));
    }

    [Theory]
    [InlineData("\"LocationId\":8002", "\"LocationId\":8004", "The LocationId 8004 does not exist.")]
    [InlineData("\"QueueId\":23", "\"QueueId\":0", "The field QueueId must be between 1 and 2147483647.")]
    [InlineData("\"StatusId\":1", "\"StatusId\":\"x\"", "The value of StatusId is not valid.")]
    [InlineData("\"QueueId\":23", "\"ContractId\":16002", "The ContractId 16002 does not exist.")]
    [InlineData("\"QueueId\":23", "\"IssueTypeId\":51,\"SubIssueTypeId\":57", "The SubIssueTypeId 57 does not exist.")]
    [InlineData("\"Title\":\"T\"", "\"Title\":\"\"", "The Title field is required.")]
    public async Task A_ticket_that_names_what_is_not_there_is_refused(string part, string instead, string error)
    {
        await using var sandbox = await TestSandbox.Start();
        var refused = await sandbox.Bms(Us, "POST", "servicedesk/tickets", Ticket("T").Replace(part, instead, StringComparison.Ordinal));
        Assert.Equal([error], Errors(refused));
    }

    [Fact]
    public async Task A_ticket_can_take_the_default_contract_of_its_account()
    {
        await using var sandbox = await TestSandbox.Start();
        var made = await sandbox.Bms(Us, "POST", "servicedesk/tickets", Ticket("T").Replace("\"QueueId\":23", "\"UseDefaultContract\":true", StringComparison.Ordinal));
        Assert.Equal("16001 CN-016001", $"{made.Json["result"]!["contractId"]} {made.Json["result"]!["contractNumber"]}");
    }

    [Fact]
    public async Task Tickets_are_found_by_a_query_by_a_body_and_counted_by_bare_names()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Bms(Us, "POST", "servicedesk/tickets", Ticket("Backup failed"));
        await sandbox.Bms(Us, "POST", "servicedesk/tickets", Ticket("Backup late", status: 5));
        var all = await sandbox.Bms(Us, "GET", "servicedesk/tickets");
        Assert.Equal(("20000 20001 20002", 3, 71), (Ids(all), all.Json["totalRecords"]!.GetValue<int>(), all.Json["result"]![0]!.AsObject().Count));
        Assert.Equal("20001", Ids(await sandbox.Bms(Us, "GET", "servicedesk/tickets?Filter.Details=%5Bub:41%5D&Filter.ExcludeCompleted=1")));
        Assert.Equal("20001 20002", Ids(await Search(sandbox, """{"filter":{"title":"BACKUP","statusNames":"New, Completed","accountIds":"4001,4002"}}""")));
        Assert.Equal("20002", Ids(await Search(sandbox, """{"PageSize":2,"PageNumber":2,"Filter":{"QueueNames":null}}""")));
        Assert.Equal("20000", Ids(await Search(sandbox, """{"Filter":{"OpenDateTo":"2026-09-20T00:00:00Z","SourceIds":"1"}}""")));
        (await sandbox.Bms(Us, "GET", "servicedesk/tickets/count?Title=backup&excludecompleted=true")).Is(200, """{"success":true,"error":null,"result":{"count":1}}""");
        Assert.False((await sandbox.Bms(Us, "GET", "servicedesk/tickets/count?OpenDateFrom=soon")).Json["success"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_summary_has_its_ids_as_texts_and_no_total()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Bms(Us, "POST", "servicedesk/tickets", Ticket("Backup failed"));
        (await sandbox.Bms(Us, "GET", "servicedesk/tickets/summary?Filter.AccountId=4001&Filter.ExcludedIds=20000")).Is(200, """
            {"success":true,"error":null,"result":[{"id":20001,"title":"Backup failed","ticketNumber":"TKT-020001","statusName":"New","statusId":"1","statusColor":"#1b75bb",
              "priorityId":"12","priorityName":"High","priorityColor":"#e67e22"}]}
            """);
    }

    [Theory]
    [InlineData("/StatusId", "5")]
    [InlineData("statusid", "\"5\"")]
    public async Task A_patch_gives_a_ticket_another_status(string path, string value)
    {
        await using var sandbox = await TestSandbox.Start();
        var done = (await sandbox.Bms(Us, "PATCH", "servicedesk/tickets/20000", $$"""[{"op":"replace","path":"{{path}}","value":{{value}}}]""")).Json["result"]!;
        Assert.Equal("Completed 2026-09-21T10:00:00Z 2026-09-21T10:00:00Z", $"{done["statusName"]} {done["completedDate"]} {done["lastStatusUpdate"]}");
        await sandbox.Call("POST", "/_sandbox/clock", """{"advance_seconds":60}""");
        var open = (await sandbox.Bms(Us, "PATCH", "servicedesk/tickets/20000", """[{"op":"Replace","path":"/statusId","value":3},{"op":"add","path":"PriorityId","value":11}]""")).Json["result"]!;
        Assert.Equal("In Progress Critical  2026-09-21T10:01:00Z", $"{open["statusName"]} {open["priorityName"]} {open["completedDate"]} {open["reOpenedDate"]}");
        Assert.Equal(["1 PATCH tickets 20000", "2 PATCH tickets 20000"], await sandbox.BmsJournal(Us));
    }

    [Theory]
    [InlineData("""[{"op":"replace","path":"/Colour","value":5}]""", "The target location specified by path segment 'Colour' was not found.")]
    [InlineData("""[{"op":"remove","path":"/QueueId"}]""", "The operation 'remove' is not supported.")]
    [InlineData("""[{"op":"replace","path":"/PriorityId","value":11},{"op":"replace","path":"/StatusId","value":99}]""", "The StatusId 99 does not exist.")]
    [InlineData("""{"statusId":5}""", "The body is not a JSON array of operations.")]
    public async Task A_patch_is_applied_wholly_or_not_at_all(string body, string error)
    {
        await using var sandbox = await TestSandbox.Start();
        Assert.Equal([error], Errors(await sandbox.Bms(Us, "PATCH", "servicedesk/tickets/20000", body)));
        Assert.Equal("Medium", (await sandbox.Bms(Us, "GET", "servicedesk/tickets/20000")).Json["result"]!["priorityName"]!.ToString());
        Assert.Empty(await sandbox.BmsJournal(Us));
    }

    [Fact]
    public async Task Notes_are_added_and_read_in_pages_without_a_total()
    {
        await using var sandbox = await TestSandbox.Start();
        const string note = """{"details":"Again [ub:41:2]","isInternal":true,"typeId":71,"noteDate":"2026-09-21T10:00:00Z"}""";
        (await sandbox.Bms(Us, "POST", "servicedesk/tickets/20000/notes", note)).Is(200, """
            {"success":true,"error":null,"result":{"id":1,"createdBy":11,"createdOn":"2026-09-21T10:00:00Z","modifiedBy":null,"modifiedOn":null,"details":"Again [ub:41:2]",
              "isInternal":true,"typeId":71,"typeName":"General","createdByName":"Usage Billing","createdByEmail":"api@demo.example","modifiedByName":null,"attachments":[]}}
            """);
        await sandbox.Bms(Us, "POST", "servicedesk/tickets/20000/notes", note.Replace("\"typeId\":71", "\"typeId\":0,\"statusId\":5", StringComparison.Ordinal));
        var page = await sandbox.Bms(Us, "GET", "servicedesk/tickets/20000/notes?PageSize=1&PageNumber=2");
        Assert.Equal(("2", false), (Ids(page), page.Json.AsObject().ContainsKey("totalRecords")));
        Assert.Equal("Completed", (await sandbox.Bms(Us, "GET", "servicedesk/tickets/20000")).Json["result"]!["statusName"]!.ToString());
        Assert.Equal(["1 POST notes 1", "2 POST notes 2"], await sandbox.BmsJournal(Us));
    }

    [Fact]
    public async Task A_note_without_what_it_needs_and_a_ticket_that_is_not_there_are_refused()
    {
        await using var sandbox = await TestSandbox.Start();
        Assert.Equal(
            new[] { "Details", "IsInternal", "TypeId", "NoteDate" }.Select(name => $"The {name} field is required."),
            Errors(await sandbox.Bms(Us, "POST", "servicedesk/tickets/20000/notes", "{}")));
        foreach (var (method, path, body) in new[] { ("GET", "9", null), ("GET", "9/notes", null), ("POST", "9/notes", "{}"), ("PATCH", "9", "[]") })
            Assert.Equal("Ticket 9 was not found.", (await sandbox.Bms(Us, method, "servicedesk/tickets/" + path, body)).Json["error"]!["message"]!.ToString());
    }

    private static Task<Reply> Search(TestSandbox sandbox, string body) => sandbox.Bms(Us, "POST", "servicedesk/tickets/search", body);

    private static string Ids(Reply reply) => string.Join(" ", reply.Json["result"]!.AsArray().Select(row => row!["id"]!.ToString()));

    private static IEnumerable<string> Errors(Reply reply)
    {
        Assert.Equal((200, "false"), (reply.Status, reply.Json["success"]!.ToJsonString()));
        return reply.Json["error"]!["subErrors"]!.AsArray().Select(error => error!.ToString());
    }
}
