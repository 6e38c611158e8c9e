namespace UsageBilling.Tests.System.Sandbox;

public sealed class AutotaskWriteTests
{
    private const string Ticket = """
        {"companyID":205,"title":"Usage mismatch","status":1,"priority":2,"queueID":29682833,"dueDateTime":"2026-09-22T17:00:00Z","externalID":"hub:205:2026-09"}
        """;

    [Fact]
    public async Task A_ticket_is_created_found_by_its_external_id_noted_closed_and_reopened()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Autotask("POST", "Tickets/", Ticket)).Is(200, """{"itemId":1}""");
        Assert.Equal("1", (await sandbox.Query("Tickets", """{"op":"eq","field":"externalID","value":"hub:205:2026-09"},{"op":"noteq","field":"status","value":5}""")).Ids);
        (await sandbox.Autotask("POST", "Tickets/1/Notes", """{"title":"Hub","description":"Still there.","noteType":1,"publish":1}""")).Is(200, """{"itemId":1}""");
        (await sandbox.Autotask("GET", "TicketNotes/1")).Is(200, """
            {"item":{"id":1,"createDateTime":"2026-09-21T10:00:00Z","creatorResourceID":29682885,"description":"Still there.","impersonatorCreatorResourceID":null,
             "impersonatorUpdaterResourceID":null,"lastActivityDate":"2026-09-21T10:00:00Z","noteType":1,"publish":1,"ticketID":1,"title":"Hub"}}
            """);
        (await sandbox.Autotask("PATCH", "Tickets", """{"id":1,"status":5,"resolution":"Synced"}""")).Is(200, """{"itemId":1}""");
        Assert.Equal("T20260921.0001 5 Synced 2026-09-21T10:00:00Z Usage mismatch", await Shown(sandbox));
        await sandbox.Autotask("PATCH", "Tickets", """{"id":1,"status":1}""");
        Assert.Equal("T20260921.0001 1 Synced  Usage mismatch", await Shown(sandbox));
    }

    [Theory]
    [InlineData("\"queueID\":29682833,", "", "QueueID is required when no assignedResourceID and assignedResourceRoleID are given.; on record number [0].")]
    [InlineData("\"queueID\":29682833,", "\"assignedResourceID\":5,\"queueID\":29682833,", "When assigning a Resource, you must assign both a assignedResourceID and assignedResourceRoleID.")]
    [InlineData("\"dueDateTime\":\"2026-09-22T17:00:00Z\",", "", "dueDateTime is required.; on record number [0].")]
    [InlineData("\"priority\":2", "\"priority\":77", "Value does not reference an existing entity for priority . ")]
    [InlineData("\"companyID\":205", "\"companyID\":999", "Value does not reference an existing entity for companyID . ")]
    [InlineData("hub:205:2026-09", "123456789012345678901234567890123456789012345678901", "externalID may hold at most 50 characters.")]
    public async Task A_bad_ticket_is_a_500_that_says_why(string from, string to, string error)
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.Autotask("POST", "Tickets", Ticket.Replace(from, to, StringComparison.Ordinal));
        Assert.Equal((500, error), (reply.Status, reply.Json["errors"]![0]!.GetValue<string>()));
        Assert.Equal("", (await sandbox.Query("Tickets", """{"op":"gte","field":"id","value":0}""")).Ids);
    }

    [Fact]
    public async Task A_ticket_without_queue_needs_resource_and_role()
    {
        await using var sandbox = await TestSandbox.Start();
        var body = Ticket.Replace("\"queueID\":29682833", "\"assignedResourceID\":5,\"assignedResourceRoleID\":6", StringComparison.Ordinal);
        (await sandbox.Autotask("POST", "Tickets", body)).Is(200, """{"itemId":1}""");
    }

    [Fact]
    public async Task PATCH_changes_what_is_listed_and_PUT_empties_what_is_not()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Autotask("PATCH", "Companies", """{"id":205,"city":"Bath"}""")).Is(200, """{"itemId":205}""");
        Assert.Equal("Alder Dental Ltd, Bath BS1 4DJ", await Address(sandbox));
        (await sandbox.Autotask("PUT", "Companies", """{"id":205,"companyName":"Alder","companyType":1,"ownerResourceID":1,"phone":"1","city":"Bath"}""")).Is(200, """{"itemId":205}""");
        Assert.Equal("Alder, Bath ", await Address(sandbox));
        (await sandbox.Autotask("PUT", "Companies", """{"id":205,"companyName":"Alder"}""")).IsErrors(
            500,
            "companyType is required.; on record number [0].",
            "ownerResourceID is required.; on record number [0].",
            "phone is required.; on record number [0].");
        (await sandbox.Autotask("PATCH", "Companies", """{"id":1,"city":"Bath"}""")).IsErrors(500, "No matching records found.");
    }

    [Fact]
    public async Task A_new_service_is_sold_on_a_new_contract_with_units_from_zero()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Autotask("POST", "Companies", """{"companyName":"Kapok","companyType":1,"ownerResourceID":1,"phone":"1"}""")).Is(200, """{"itemId":215}""");
        (await sandbox.Autotask("POST", "Services", """{"name":"IT Glue","unitPrice":2,"periodType":2,"billingCodeID":1}""")).Is(200, """{"itemId":48}""");
        (await sandbox.Autotask("POST", "Contracts", """
            {"companyID":215,"contractName":"K","contractType":7,"contractPeriodType":3,"status":1,"startDate":"2026-01-31","endDate":"2026-12-31","timeReportingRequiresStartAndStopTimes":0}
            """)).Is(200, """{"itemId":29684011}""");
        (await sandbox.Autotask("POST", "Contracts/29684011/Services", """{"serviceID":48,"adjustedPrice":1.5}""")).Is(200, """{"itemId":8020}""");
        Assert.Equal(
            ["2026-01-31..2026-04-29 0 units 0", "2026-04-30..2026-07-30 0 units 0", "2026-07-31..2026-10-30 0 units 0", "2026-10-31..2026-12-31 0 units 0"],
            await sandbox.Units(8020, "2026-01-01", "2027-01-01"));
        await sandbox.Adjust(29684011, 8020, 3, "2026-10-31");
        Assert.Equal(["2026-10-31..2026-12-31 3 units 4.5"], await sandbox.Units(8020, "2026-12-31", "2026-12-31"));
        (await sandbox.Autotask("PATCH", "Contracts/29684011/Services", """{"id":8020,"adjustedPrice":1.25,"serviceID":45}""")).IsErrors(500, "serviceID can not be changed after create.");
        (await sandbox.Autotask("PATCH", "Contracts/29684011/Services", """{"id":8020,"adjustedPrice":1.25}""")).Is(200, """{"itemId":8020}""");
        var line = (await sandbox.Autotask("GET", "ContractServices/8020")).Json["item"]!;
        Assert.Equal((1.25m, 2m, false), (line["internalCurrencyAdjustedPrice"]!.GetValue<decimal>(), line["unitPrice"]!.GetValue<decimal>(), line.AsObject().ContainsKey("adjustedPrice")));
    }

    [Fact]
    public async Task The_journal_holds_every_write_as_it_was_received_and_no_refused_one()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Autotask("POST", "Companies", """{"companyName":"Kapok"}""");
        await sandbox.Autotask("PATCH", "companies/", """{"id":205,"City":"Bath"}""");
        (await sandbox.Call("GET", "/_sandbox/autotask/journal")).Is(200, """
            [{"sequence":1,"at":"2026-09-21T10:00:00.000Z","method":"PATCH","path":"/autotask/ATServicesRest/V1.0/companies/","entity":"Companies","item_id":"205",
              "foreign":false,"body":{"id":205,"City":"Bath"},"contract_id":null,"contract_service_id":null,"effective_date":null,"unit_change":null,
              "units_before":null,"units_after":null}]
            """);
        Assert.Equal(405, (await sandbox.Call("DELETE", "/_sandbox/autotask/journal")).Status);
    }

    private static async Task<string> Shown(TestSandbox sandbox)
    {
        var item = (await sandbox.Autotask("GET", "Tickets/1")).Json["item"]!;
        return $"{item["ticketNumber"]} {item["status"]} {item["resolution"]} {item["completedDate"]} {item["title"]}";
    }

    private static async Task<string> Address(TestSandbox sandbox)
    {
        var item = (await sandbox.Autotask("GET", "Companies/205")).Json["item"]!;
        return $"{item["companyName"]}, {item["city"]} {item["postalCode"]}";
    }
}
