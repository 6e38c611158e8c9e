using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask;

namespace UsageBilling.Tests.System.Sandbox;

/// <summary>Tickets with everything around them: notes, places, picklists, a tenant's own fields, charges; and the users who see none of it.</summary>
public sealed class AutotaskTicketTests
{
    private const string Everything = """{"op":"gte","field":"id","value":0}""";

    [Fact]
    public async Task Tickets_are_numbered_by_the_day_and_read_queried_and_counted()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Autotask("POST", "Tickets", Ticket());
        await sandbox.Autotask("POST", "Tickets", Ticket(""" "externalID":"Hub:205:EDR" """));
        await sandbox.Call("POST", "/_sandbox/clock", """{"advance_seconds":86400}""");
        await sandbox.Autotask("POST", "Tickets", Ticket(""" "externalID":"hub:205:edr" """));

        Assert.Equal(["1 T20260921.0001 ", "2 T20260921.0002 Hub:205:EDR", "3 T20260922.0001 hub:205:edr"], await Tickets(sandbox, Everything));
        Assert.Equal(["2 T20260921.0002 Hub:205:EDR", "3 T20260922.0001 hub:205:edr"], await Tickets(sandbox, """{"op":"eq","field":"externalID","value":"hub:205:edr"}"""));
        (await sandbox.Autotask("POST", "Tickets/query/count", $$"""{"filter":[{{Everything}}]}""")).Is(200, """{"queryCount":3}""");
        Assert.Equal("T20260922.0001", (await sandbox.Autotask("GET", "Tickets/3")).Json["item"]!["ticketNumber"]!.GetValue<string>());
        (await sandbox.Autotask("GET", "Tickets/4")).Is(200, """{"item":null}""");
    }

    [Theory]
    [InlineData(""" "title":"{256}" """, "title may hold at most 255 characters.")]
    [InlineData(""" "description":"{8001}" """, "description may hold at most 8000 characters.")]
    [InlineData(""" "resolution":"{32001}" """, "resolution may hold at most 32000 characters.")]
    [InlineData(""" "queueID":5 """, "Value does not reference an existing entity for queueID . ")]
    [InlineData(""" "status":2 """, "Value does not reference an existing entity for status . ")]
    [InlineData(""" "contractID":5 """, "Value does not reference an existing entity for contractID . ")]
    [InlineData(""" "companyLocationID":3003 """, "Value does not reference an existing entity for companyLocationID . ")]
    [InlineData(""" "contactID":4002 """, "Value does not reference an existing entity for contactID . ")]
    [InlineData(""" "issueType":10,"subIssueType":136 """, "Value does not reference an existing entity for subIssueType . ")]
    [InlineData(""" "subIssueType":136 """, "Value does not reference an existing entity for subIssueType . ")]
    [InlineData(""" "userDefinedFields":[{"name":"Colour","value":"red"}] """, "Unable to find Colour in the Ticket Entity.")]
    [InlineData(""" "userDefinedFields":[{"name":"Usage period","value":"{21}"}] """, "Usage period may hold at most 20 characters.")]
    [InlineData(""" "userDefinedFields":[{"name":"Units in dispute","value":"many"}] """, "The value many of Units in dispute is not of type double.")]
    [InlineData(""" "userDefinedFields":[{"name":"Dispute","value":"3"}] """, "Value does not reference an existing entity for Dispute . ")]
    public async Task A_ticket_that_will_not_do_is_a_500_that_says_why_and_leaves_no_trace(string changed, string error)
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Autotask("POST", "Tickets", Ticket(Long(changed)))).IsErrors(500, error);
        Assert.Empty(await Journal(sandbox));
    }

    [Fact]
    public async Task PATCH_closes_a_ticket_and_PUT_empties_what_it_does_not_name()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Autotask("POST", "Tickets", Ticket(""" "description":"31 instead of 28","companyLocationID":3002,"contactID":4001,"issueType":11,"subIssueType":136 """));
        (await sandbox.Autotask("PATCH", "Tickets", """{"id":1,"status":5}""")).Is(200, """{"itemId":1}""");
        Assert.Equal("5 | 2026-09-21T10:00:00Z | 29682885 | 31 instead of 28 | 3002 | T20260921.0001", await Ticket(sandbox, 1));
        (await sandbox.Autotask("PUT", "Tickets", Ticket(""" "id":1 """))).Is(200, """{"itemId":1}""");
        Assert.Equal("1 |  |  |  |  | T20260921.0001", await Ticket(sandbox, 1));
        (await sandbox.Autotask("PUT", "Tickets", """{"id":1,"title":"Only this"}""")).IsErrors(
            500,
            "companyID is required.; on record number [0].",
            "dueDateTime is required.; on record number [0].",
            "priority is required.; on record number [0].",
            "status is required.; on record number [0].");
        (await sandbox.Autotask("PATCH", "Tickets", """{"id":2,"status":5}""")).IsErrors(500, "No matching records found.");
        Assert.Equal(["1 POST Tickets 1", "2 PATCH Tickets 1", "3 PUT Tickets 1"], await Journal(sandbox));
    }

    [Fact]
    public async Task Notes_are_written_under_their_ticket_and_read_anywhere()
    {
        await using var sandbox = await TestSandbox.Start();
        var note = """{"title":"Hub","description":"Seen again.","noteType":3,"publish":2}""";
        await sandbox.Autotask("POST", "Tickets", Ticket());
        await sandbox.Call("POST", "/_sandbox/clock", """{"advance_seconds":60}""");

        (await sandbox.Autotask("POST", "tickets/1/notes/", note)).Is(200, """{"itemId":1}""");
        (await sandbox.Autotask("PATCH", "Tickets/1/Notes", """{"id":1,"description":"Seen twice."}""")).Is(200, """{"itemId":1}""");
        (await sandbox.Autotask("POST", "Tickets/7/Notes", note)).IsErrors(500, "Value does not reference an existing entity for ticketID . ");
        (await sandbox.Autotask("POST", "Tickets/1/Notes", """{"description":"d","noteType":99,"publish":9}""")).IsErrors(
            500,
            "Value does not reference an existing entity for noteType . ",
            "Value does not reference an existing entity for publish . ",
            "title is required.; on record number [0].");
        Assert.Equal(404, (await sandbox.Autotask("POST", "TicketNotes", note)).Status);
        Assert.Equal(405, (await sandbox.Autotask("DELETE", "Tickets/1/Notes/1")).Status);

        Assert.Equal("1", (await sandbox.Autotask("GET", "Tickets/1/Notes")).Ids);
        Assert.Equal("1", (await sandbox.Query("TicketNotes", """{"op":"eq","field":"ticketID","value":1}""")).Ids);
        Assert.Equal("Seen twice.", (await sandbox.Autotask("GET", "TicketNotes/1")).Json["item"]!["description"]!.GetValue<string>());
        Assert.Equal("2026-09-21T10:01:00Z", (await sandbox.Autotask("GET", "Tickets/1")).Json["item"]!["lastActivityDate"]!.GetValue<string>());
        Assert.Equal(["1 POST Tickets 1", "2 POST TicketNotes 1", "3 PATCH TicketNotes 1"], await Journal(sandbox));
    }

    [Theory]
    [InlineData("Tickets", "status", "1 New default system, 5 Complete system, 7 Waiting Customer system, 8 In Progress, 12 On Hold inactive")]
    [InlineData("Tickets", "priority", "4 Critical, 1 High, 2 Medium default, 3 Low")]
    [InlineData("Tickets", "queueID", "29682833 Service Desk, 29683378 Billing, 8 Monitoring Alert")]
    [InlineData("Tickets", "source", "-1 Monitoring default, 4 Email, 8 Usage billing")]
    [InlineData("Tickets", "ticketType", "1 Service Request default, 2 Incident, 5 Alert")]
    [InlineData("Tickets", "issueType", "10 Backup, 11 Billing")]
    [InlineData("Tickets", "subIssueType", "135 Backup failed of 10, 136 Licence count of 11, 137 Unit price of 11")]
    [InlineData("TicketNotes", "noteType", "1 Task Summary system, 2 Task Detail system, 3 Task Notes system, 13 Workflow Rule Note - Task system")]
    [InlineData("TicketNotes", "publish", "1 All Autotask Users, 2 Internal Project Team, 4 Internal & Co-Managed")]
    public async Task Picklists_are_told_with_their_values_as_texts(string entity, string field, string values)
    {
        await using var sandbox = await TestSandbox.Start();
        var fields = (await sandbox.Autotask("GET", entity + "/entityInformation/fields")).Json["fields"]!.AsArray();
        var described = fields.Single(one => one!["name"]!.GetValue<string>() == field)!;

        Assert.Equal(values, string.Join(", ", described["picklistValues"]!.AsArray().Select(Told)));
        Assert.Equal((true, "integer", field == "subIssueType" ? "issueType" : ""),
            (described["isPickList"]!.GetValue<bool>(), described["dataType"]!.GetValue<string>(), described["picklistParentValueField"]!.GetValue<string>()));

        static string Told(JsonNode? value) => value!["value"]!.GetValue<string>() + " " + value["label"]
            + (value["isDefaultValue"]!.GetValue<bool>() ? " default" : "") + (value["isSystem"]!.GetValue<bool>() ? " system" : "")
            + (value["isActive"]!.GetValue<bool>() ? "" : " inactive") + (value["parentValue"]!.GetValue<string>() is { Length: > 0 } parent ? " of " + parent : "");
    }

    [Fact]
    public async Task A_tenants_own_fields_are_defined_kept_changed_one_by_one_and_queried_one_at_a_time()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Autotask("GET", "Companies/entityInformation/userDefinedFields")).Is(200, """
            {"fields":[
             {"name":"Usage billing customer","label":"Usage billing customer","type":"string","length":50,"description":null,"isRequired":false,"isReadOnly":false,"isQueryable":true,
              "isReference":false,"referenceEntityType":null,"isPickList":false,"picklistValues":null,"picklistParentValueField":null,"defaultValue":"","isSupportedWebhookField":false},
             {"name":"Reviewed on","label":"Reviewed on","type":"datetime","length":0,"description":null,"isRequired":false,"isReadOnly":false,"isQueryable":true,
              "isReference":false,"referenceEntityType":null,"isPickList":false,"picklistValues":null,"picklistParentValueField":null,"defaultValue":"","isSupportedWebhookField":false}]}
            """);
        await sandbox.Autotask("POST", "Tickets", Ticket(""" "userDefinedFields":[{"name":"Usage period","value":"2026-09"},{"name":"units in dispute","value":12.5}] """));
        await sandbox.Autotask("POST", "Tickets", Ticket(""" "userDefinedFields":[{"name":"Units in dispute","value":"3"},{"name":"Dispute","value":"1"}] """));

        Assert.Equal("""[{"name":"Usage period","value":"2026-09"},{"name":"Units in dispute","value":"12.5"},{"name":"Dispute","value":null}]""", await Own(sandbox, "Tickets/1"));
        await sandbox.Autotask("PATCH", "Tickets", """{"id":1,"userDefinedFields":[{"name":"Dispute","value":"2"},{"name":"Usage period","value":null}]}""");
        Assert.Equal("""[{"name":"Usage period","value":null},{"name":"Units in dispute","value":"12.5"},{"name":"Dispute","value":"2"}]""", await Own(sandbox, "Tickets/1"));
        await sandbox.Autotask("PUT", "Tickets", Ticket(""" "id":2,"userDefinedFields":[{"name":"Units in dispute","value":"4"}] """));
        Assert.Equal("""[{"name":"Usage period","value":null},{"name":"Units in dispute","value":"4"},{"name":"Dispute","value":null}]""", await Own(sandbox, "Tickets/2"));
        Assert.Equal("""[{"name":"Usage billing customer","value":"alder-dental"},{"name":"Reviewed on","value":"2026-08-31"}]""", await Own(sandbox, "Companies/205"));

        Assert.Equal("2", (await sandbox.Query("Tickets", """{"op":"lt","field":"Units in dispute","value":10,"udf":true}""")).Ids);
        Assert.Equal("1", (await sandbox.Query("Tickets", """{"op":"exist","field":"dispute","udf":true}""")).Ids);
        Assert.Equal("205", (await sandbox.Query("Companies", """{"op":"gte","field":"Reviewed on","value":"2026-08-01T00:00:00Z","udf":true}""")).Ids);
        (await sandbox.Query("Tickets", """{"op":"exist","field":"Colour","udf":true}""")).IsErrors(500, "Unable to find Colour in the Ticket Entity.");
        (await sandbox.Query("Tickets", """{"op":"exist","field":"Dispute","udf":true},{"op":"exist","field":"Usage period","udf":true}""")).IsErrors(
            500, "Queries are limited to one user-defined field condition.");
    }

    [Fact]
    public async Task Places_of_a_company_are_written_under_it_and_a_deleted_id_is_not_given_again()
    {
        await using var sandbox = await TestSandbox.Start();
        Assert.Equal("3001 3002", (await sandbox.Autotask("GET", "Companies/205/Locations")).Ids);
        (await sandbox.Autotask("GET", "CompanyLocations/3002")).Is(200, """
            {"item":{"id":3002,"address1":"9 Spring Lane","address2":null,"alternatePhone1":null,"alternatePhone2":null,"city":"Bath","companyID":205,"countryID":null,
             "description":null,"fax":null,"isActive":true,"isPrimary":false,"isTaxExempt":null,"name":"Bath practice","overrideAccountTaxSettings":null,"phone":null,
             "postalCode":"BA1 1AA","roundtripDistance":null,"state":null,"taxRegionID":null}}
            """);
        (await sandbox.Autotask("POST", "Companies/205/Locations", """{"name":"Wells practice"}""")).Is(200, """{"itemId":3006}""");
        (await sandbox.Autotask("PATCH", "Companies/205/Locations", """{"id":3006,"companyID":206}""")).IsErrors(500, "companyID can not be changed after create.");
        (await sandbox.Autotask("PATCH", "Companies/206/Locations", """{"id":3006,"city":"Wells"}""")).IsErrors(500, "No matching records found.");
        (await sandbox.Autotask("PATCH", "Companies/205/Locations", """{"id":3006,"city":"Wells"}""")).Is(200, """{"itemId":3006}""");
        (await sandbox.Autotask("DELETE", "Companies/206/Locations/3006")).IsErrors(
            500, "No message. No matching records found. The logged in Resource may not have the required permissions to delete the data.");
        (await sandbox.Autotask("DELETE", "Companies/205/Locations/3006")).Is(200, """{"itemId":3006}""");
        (await sandbox.Autotask("GET", "CompanyLocations/3006")).Is(200, """{"item":null}""");
        Assert.Equal("3001 3002", (await sandbox.Autotask("GET", "Companies/205/Locations")).Ids);
        (await sandbox.Autotask("POST", "Companies/205/Locations", """{"name":"Frome practice"}""")).Is(200, """{"itemId":3007}""");
        Assert.Equal(404, (await sandbox.Autotask("POST", "CompanyLocations", """{"name":"x"}""")).Status);
        Assert.Equal(["1 POST CompanyLocations 3006", "2 PATCH CompanyLocations 3006", "3 DELETE CompanyLocations 3006", "4 POST CompanyLocations 3007"], await Journal(sandbox));
    }

    [Fact]
    public async Task Charges_are_worked_out_by_the_server_on_contracts_and_on_tickets()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Autotask("POST", "Tickets", Ticket());
        const string Charge = """{"name":"Metered storage","chargeType":1,"datePurchased":"2026-09-21","unitQuantity":2.5,"unitPrice":4,"unitCost":1.2,"billingCodeID":30100}""";

        (await sandbox.Autotask("POST", "Tickets/1/Charges", Charge)).Is(200, """{"itemId":1}""");
        (await sandbox.Autotask("POST", "Contracts/29684001/Charges", Charge)).Is(200, """{"itemId":1}""");
        (await sandbox.Autotask("PATCH", "Contracts/29684001/Charges", """{"id":1,"unitQuantity":3}""")).Is(200, """{"itemId":1}""");
        (await sandbox.Autotask("POST", "Contracts/29684001/Charges", Charge.Replace(",\"billingCodeID\":30100", "", StringComparison.Ordinal))).IsErrors(
            500, "productID or billingCodeID is required.; on record number [0].");
        (await sandbox.Autotask("POST", "Contracts/29684001/BillingRules", """{"productID":1,"determineUnits":1,"createChargesAsBillable":true,"isActive":true,"startDate":"2026-09-01"}""")).Is(200, """{"itemId":1}""");

        Assert.Equal(("10 3.0 false", "12 3.6 false"), (Amounts((await sandbox.Autotask("GET", "TicketCharges/1")).Json), Amounts((await sandbox.Autotask("GET", "ContractCharges/1")).Json)));
        (await sandbox.Autotask("DELETE", "Tickets/1/Charges/1")).Is(200, """{"itemId":1}""");

        static string Amounts(JsonNode reply) => $"{reply["item"]!["billableAmount"]!.GetValue<decimal>():0.##} {reply["item"]!["extendedCost"]!.GetValue<decimal>():0.0} {reply["item"]!["isBilled"]}";
    }

    [Theory]
    [InlineData("server_error", 500, "")]
    [InlineData("server_error_after_apply", 500, "1 POST Tickets 1")]
    [InlineData("rate_limited", 429, "")]
    [InlineData("unauthorized", 401, "")]
    [InlineData("forbidden", 403, "")]
    [InlineData("ok_with_error", 200, "")]
    public async Task Faults_meet_tickets_as_they_meet_everything(string kind, int status, string journal)
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", $$"""{"kind":"{{kind}}","match":"/tickets","method":"POST"}""");

        var reply = await sandbox.Autotask("POST", "Tickets", Ticket());

        Assert.Equal((status, journal), (reply.Status, string.Join("; ", await Journal(sandbox))));
    }

    [Fact]
    public async Task Lists_of_tickets_and_notes_can_be_stale_short_and_empty()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Autotask("POST", "Tickets", Ticket());
        await sandbox.Fault("autotask", """{"kind":"stale_reads","match":"Tickets/query"}""");
        await sandbox.Autotask("POST", "Tickets", Ticket());
        await sandbox.Autotask("POST", "Tickets/1/Notes", """{"title":"Hub","description":"a","noteType":3,"publish":2}""");

        var told = new List<string> { (await sandbox.Query("Tickets", Everything)).Ids, (await sandbox.Query("Tickets", Everything)).Ids };
        await sandbox.Fault("autotask", """{"kind":"truncated_page","match":"Tickets/query"}""");
        told.Add((await sandbox.Query("Tickets", Everything)).Ids);
        await sandbox.Fault("autotask", """{"kind":"empty_list","match":"/Notes"}""");
        told.Add((await sandbox.Autotask("GET", "Tickets/1/Notes")).Ids);

        Assert.Equal(["1", "1 2", "1", ""], told);
    }

    [Fact]
    public async Task A_user_in_the_wrong_zone_and_one_without_rights_are_shown_nothing_and_may_write_nothing()
    {
        await using var sandbox = await TestSandbox.Start();
        var zone = (await sandbox.Call("GET", "/autotask/ATServicesRest/V1.0/zoneInformation?user=" + Uri.EscapeDataString(AutotaskUsers.Stray))).Json["url"]!.GetValue<string>();
        Assert.Equal(sandbox.Origin + "/autotask/elsewhere/ATServicesRest/", zone);

        (await sandbox.Autotask("GET", zone + "V1.0/Companies/0")).Is(200, """{"item":null}""");
        (await sandbox.Autotask("POST", zone + "V1.0/Companies/query", $$"""{"filter":[{{Everything}}]}""")).Is(
            200, """{"items":[],"pageDetails":{"count":0,"requestCount":500,"prevPageUrl":null,"nextPageUrl":null}}""");
        Assert.Equal("All", (await sandbox.Autotask("GET", zone + "V1.0/Companies/entityInformation")).Json["info"]!["userAccessForQuery"]!.GetValue<string>());
        (await sandbox.Autotask("POST", zone + "V1.0/Tickets", Ticket())).IsErrors(401, "Unauthorized");

        (await sandbox.Autotask("GET", "Companies/0", null, AutotaskUsers.Blind)).Is(200, """{"item":null}""");
        Assert.Equal("None", (await sandbox.Autotask("GET", "Companies/entityInformation", null, AutotaskUsers.Blind)).Json["info"]!["userAccessForQuery"]!.GetValue<string>());
        (await sandbox.Autotask("POST", "Tickets", Ticket(), AutotaskUsers.Blind)).IsErrors(500, "The logged in Resource does not have the adequate permissions to perform this action.");
        Assert.Empty(await Journal(sandbox));
    }

    /// <summary>A whole ticket; of properties that are named twice the given one counts.</summary>
    private static string Ticket(string with = "")
    {
        var ticket = JsonNode.Parse("""{"companyID":205,"title":"Usage mismatch","status":1,"priority":2,"queueID":29682833,"dueDateTime":"2026-09-22T17:00:00Z"}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse("{" + with + "}")!.AsObject())
            ticket[name] = value?.DeepClone();
        return ticket.ToJsonString();
    }

    /// <summary>A number in braces becomes so many letters.</summary>
    private static string Long(string text) => new[] { 21, 256, 8001, 32001 }.Aggregate(text, (grown, letters) => grown.Replace("{" + letters + "}", new string('x', letters), StringComparison.Ordinal));

    private static async Task<IReadOnlyList<string>> Tickets(TestSandbox sandbox, string filter) =>
        [.. (await sandbox.Query("Tickets", filter)).Json["items"]!.AsArray().Select(row => $"{row!["id"]} {row["ticketNumber"]} {row["externalID"]}")];

    private static async Task<string> Ticket(TestSandbox sandbox, int id)
    {
        var row = (await sandbox.Autotask("GET", $"Tickets/{id}")).Json["item"]!;
        return $"{row["status"]} | {row["completedDate"]} | {row["completedByResourceID"]} | {row["description"]} | {row["companyLocationID"]} | {row["ticketNumber"]}";
    }

    private static async Task<string> Own(TestSandbox sandbox, string path) => (await sandbox.Autotask("GET", path)).Json["item"]!["userDefinedFields"]!.ToJsonString();

    private static async Task<IReadOnlyList<string>> Journal(TestSandbox sandbox) =>
        [.. (await sandbox.Call("GET", "/_sandbox/autotask/journal")).Json.AsArray().Select(entry => $"{entry!["sequence"]} {entry["method"]} {entry["entity"]} {entry["item_id"]}")];
}
