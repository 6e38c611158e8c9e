using System.Text.Json.Nodes;

namespace UsageBilling.Tests.System.Sandbox;

public sealed class BmsReadTests
{
    private const string Us = "bms-us";

    [Fact]
    public async Task A_list_without_a_total_is_an_envelope_of_rows()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Bms(Us, "GET", "crm/accounts/lookup?Filter.Name=freight")).Is(200, """
            {"success":true,"error":null,"result":[{"id":4001,"name":"Cedar Freight Inc.","tenantName":"Demo MSP","isActive":true}]}
            """);
    }

    [Fact]
    public async Task A_list_with_a_total_counts_the_rows_of_all_pages()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Bms(Us, "GET", "finance/contracts/summary?Filter.AccountName=cedar&Filter.BillingCycle=MONTHLY&Filter.Status=Active")).Is(200, """
            {"success":true,"error":null,"result":[{"id":16001,"contractName":"Cedar Freight Inc. – Managed services","accountName":"Cedar Freight Inc.",
              "contractType":"Recurring Service","contractBillingPrice":171.8,"status":"Active","contractNumber":"CN-016001","billingCycle":"Monthly",
              "startDate":"2025-01-01T00:00:00Z","endDate":"2034-12-31T00:00:00Z"}],"totalRecords":1}
            """);
        var page = await sandbox.Bms(Us, "GET", "finance/contracts/summary?PageSize=1&PageNumber=2");
        Assert.Equal("16002 of 3", $"{Ids(page)} of {page.Json["totalRecords"]}");
    }

    [Theory]
    [InlineData("crm/accounts/lookup?PageSize=2&PageNumber=1", "4000 4001")]
    [InlineData("crm/accounts/lookup?pagesize=2&pagenumber=2", "4002 4003")]
    [InlineData("crm/accounts/lookup?PageSize=2&PageNumber=3", "")]
    [InlineData("crm/accounts/lookup?PageSize=2&PageNumber=0", "4000 4001")]
    [InlineData("crm/accounts/lookup?PageSize=2&PageNumber=2&Filter.WithInactiveAccounts=true&filter.ids=4001&FILTER.IDS=4004&Filter.Ids=4002", "4004")]
    [InlineData("crm/accounts/lookup?Sort=Name&Exclude=x&Filter.Nobody=1", "4000 4001 4002 4003")]
    [InlineData("crm/accounts/summary?PageSize=3&PageNumber=2", "4003 4004")]
    [InlineData("CRM/Accounts/Summary/?Filter.IsActive=false", "4004")]
    [InlineData("finance/contracts/lookup?AccountId=4002", "16002")]
    [InlineData("finance/contracts/lookup?Ids=16001&Ids=16003&ExcludeExpiredContracts=true", "16001 16003")]
    [InlineData("admin/finance/services/lookup?Filter.Name=google", "42")]
    public async Task Lists_are_filtered_and_paged_by_names_in_any_casing(string path, string ids)
    {
        await using var sandbox = await TestSandbox.Start();
        Assert.Equal(ids, Ids(await sandbox.Bms(Us, "GET", path)));
    }

    [Fact]
    public async Task A_page_holds_at_most_100_rows_whatever_is_asked_for()
    {
        await using var sandbox = await TestSandbox.Start();
        for (var made = 0; made < 101; made++)
            await sandbox.Bms(Us, "POST", "servicedesk/tickets", BmsTicketTests.Ticket($"Ticket {made}"));
        Assert.Equal(100, await Count(sandbox, "servicedesk/tickets?PageSize=500"));
        Assert.Equal(100, await Count(sandbox, "servicedesk/tickets"));
        Assert.Equal(2, await Count(sandbox, "servicedesk/tickets?PageSize=500&PageNumber=2"));
    }

    [Fact]
    public async Task A_value_that_cannot_be_read_is_a_200_that_names_it()
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.Bms(Us, "GET", "crm/accounts/summary?Filter.AccountTypeId=x");
        Assert.Equal((200, "The value 'x' is not valid for AccountTypeId."), (reply.Status, reply.Json["error"]!["subErrors"]![0]!.ToString()));
    }

    [Fact]
    public async Task One_account_is_answered_without_an_envelope()
    {
        await using var sandbox = await TestSandbox.Start();
        var account = (await sandbox.Bms(Us, "GET", "crm/accounts/summary/4001")).Json.AsObject();
        Assert.Equal(31, account.Count);
        Assert.Equal("4001 A4001 Cedar Freight Inc. USD", $"{account["id"]} {account["accountCode"]} {account["accountName"]} {account["currencyName"]}");
        Assert.Equal("Omaha", account["locations"]![0]!["addresses"]![0]!["city"]!.ToString());
        Assert.Equal(404, (await sandbox.Bms(Us, "GET", "crm/accounts/summary/99")).Status);
    }

    [Fact]
    public async Task The_locations_of_an_account_say_which_is_the_main_one()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Bms(Us, "GET", "crm/accounts/4002/locations/lookup")).Is(200, """
            {"success":true,"error":null,"result":[{"id":8004,"name":"Main","accountId":4002,"isMain":true},{"id":8005,"name":"Warehouse","accountId":4002,"isMain":false}]}
            """);
        Assert.Equal("Account 99 was not found.", (await sandbox.Bms(Us, "GET", "crm/accounts/99/locations/lookup")).Json["error"]!["message"]!.ToString());
    }

    [Fact]
    public async Task A_contract_in_a_lookup_shows_its_end_and_nothing_of_its_services()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Bms(Us, "GET", "finance/contracts/lookup?AccountId=4001")).Is(200, """
            {"success":true,"error":null,"result":[{"id":16001,"name":"Cedar Freight Inc. – Managed services","isDefault":true,"slaId":31,"slaName":"Standard","isActive":true,
              "endDate":"2034-12-31T00:00:00Z"}]}
            """);
        await sandbox.Call("POST", "/_sandbox/clock", """{"now":"2035-01-01T12:00:00Z"}""");
        Assert.Equal("", await Later(sandbox, "finance/contracts/lookup?ExcludeExpiredContracts=true"));
    }

    [Fact]
    public async Task The_catalogue_is_searched_by_a_body_and_read_one_by_one()
    {
        await using var sandbox = await TestSandbox.Start();
        var found = await sandbox.Bms(Us, "POST", "admin/finance/services/search", """{"pageSize":1,"PageNumber":2,"filter":{"name":"MICROSOFT","IsActive":1}}""");
        Assert.Equal("41 of 2", $"{Ids(found)} of {found.Json["totalRecords"]}");
        Assert.Equal(23, found.Json["result"]![0]!.AsObject().Count);
        var service = (await sandbox.Bms(Us, "GET", "admin/finance/services/41")).Json["result"]!.AsObject();
        Assert.Equal((25, "1.25"), (service.Count, service["unitPrice"]!.ToJsonString()));
    }

    [Fact]
    public async Task Where_a_service_is_used_is_told_without_units()
    {
        await using var sandbox = await TestSandbox.Start();
        var found = await sandbox.Bms(Us, "POST", "admin/finance/services/42/relatedservices/search", """{"Filter":{"AccountName":"cedar","EffectiveDateFrom":"2024-01-01T00:00:00Z"}}""");
        found.Is(200, """
            {"success":true,"error":null,"result":[{"id":40002,"serviceId":42,"contractId":16001,"accountId":4001,
              "serviceName":"Spanning Backup for Google Workspace – Standard licence","serviceDescription":"Daily backup of one Google Workspace user.",
              "contractName":"Cedar Freight Inc. – Managed services","accountName":"Cedar Freight Inc.","effectiveDate":"2025-01-01T00:00:00Z",
              "contractStartDate":"2025-01-01T00:00:00Z","contractEndDate":"2034-12-31T00:00:00Z","unitCost":1.95,"unitPrice":3.2,"marginType":0,"margin":1.25,
              "excludeFromContractBulkUpdates":false}],"totalRecords":1}
            """);
        Assert.Equal("", Ids(await sandbox.Bms(Us, "POST", "admin/finance/services/42/relatedservices/search", """{"Filter":{"UnitPrice":3.3}}""")));
    }

    [Theory]
    [InlineData("system/statuses/lookup", "1 New,2 Assigned,3 In Progress,4 Waiting Customer,5 Completed")]
    [InlineData("system/priorities/lookup", "11 Critical,12 High,13 Medium,14 Low")]
    [InlineData("system/queues/lookup", "21 Help Desk,22 Billing,23 Alerts,24 Old Projects")]
    [InlineData("system/slas/lookup", "31 Standard")]
    [InlineData("system/worktypes/lookup", "41 Remote,42 On Site")]
    [InlineData("system/issuetypes/lookup?Filter.Name=lic", "52 Licensing")]
    [InlineData("system/issuetypes/51/issuesubtypes/lookup", "56 Backup failed")]
    [InlineData("system/lookup/TicketTypes", "61 Service Request,62 Incident,63 Alert")]
    [InlineData("system/lookup/ticketsources", "0 Client Portal,1 Phone,2 In Person,3 On Site,4 Email,5 Monitoring System,6 Voice Mail,7 Verbal,8 Other,9 Recurring")]
    public async Task The_lists_of_the_service_desk_have_ids_and_names(string path, string rows)
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.Bms(Us, "GET", path);
        Assert.Equal(rows, string.Join(",", reply.Json["result"]!.AsArray().Select(row => $"{row!["id"]} {row["name"]}")));
        Assert.False(reply.Json.AsObject().ContainsKey("totalRecords"));
    }

    [Fact]
    public async Task A_lookup_table_that_nobody_knows_is_not_found()
    {
        await using var sandbox = await TestSandbox.Start();
        Assert.Equal("Lookup table Colours was not found.", (await sandbox.Bms(Us, "GET", "system/lookup/Colours")).Json["error"]!["message"]!.ToString());
    }

    [Fact]
    public async Task An_unknown_path_is_404_a_wrong_verb_405_and_a_body_that_is_not_json_415()
    {
        await using var sandbox = await TestSandbox.Start();
        Assert.Equal(404, (await sandbox.Bms(Us, "GET", "finance/nothing")).Status);
        var verb = await sandbox.Bms(Us, "DELETE", "servicedesk/tickets");
        Assert.Equal((405, "GET,POST"), (verb.Status, verb.Headers["Allow"]));
        Assert.Equal(415, (await sandbox.Bms(Us, "POST", "servicedesk/tickets/search")).Status);
    }

    [Fact]
    public async Task Each_region_has_a_tenant_of_its_own()
    {
        await using var sandbox = await TestSandbox.Start();
        Assert.Equal("5000 5001 5002 5003", Ids(await sandbox.Bms("bms-emea", "GET", "crm/accounts/lookup")));
        Assert.Equal("6000 6001 6002", Ids(await sandbox.Bms("vorex", "GET", "crm/accounts/lookup")));
        await sandbox.Bms("bms-emea", "PUT", "finance/contracts/20001/deactivate");
        Assert.Equal(["1 PUT contracts 20001"], await sandbox.BmsJournal("bms-emea"));
        Assert.Empty(await sandbox.BmsJournal(Us));
    }

    private static string Ids(Reply reply) => string.Join(" ", reply.Json["result"]!.AsArray().Select(row => row!["id"]!.ToString()));

    private static async Task<int> Count(TestSandbox sandbox, string path) => (await sandbox.Bms(Us, "GET", path)).Json["result"]!.AsArray().Count;

    /// <summary>The ids of a list read with a token of that day.</summary>
    private static async Task<string> Later(TestSandbox sandbox, string path)
    {
        var token = (await sandbox.BmsSignIn(Us)).Json["result"]!["accessToken"]!.ToString();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{Us}/v2/{path}");
        request.Headers.Authorization = new("Bearer", token);
        using var response = await sandbox.Http.SendAsync(request);
        return string.Join(" ", JsonNode.Parse(await response.Content.ReadAsStringAsync())!["result"]!.AsArray().Select(row => row!["id"]!.ToString()));
    }
}
