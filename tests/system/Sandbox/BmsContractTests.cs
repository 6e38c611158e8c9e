namespace UsageBilling.Tests.System.Sandbox;

public sealed class BmsContractTests
{
    private const string Us = "bms-us";
    private const string AddTo = "finance/contracts/recurringservices/16001/services";

    [Fact]
    public async Task A_line_is_added_by_a_list_and_answered_by_one_object_with_units_as_a_double()
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.Bms(Us, "POST", AddTo, """
            [{"ServiceId":40,"ServiceName":"Three more users","ServiceDescription":"From 16 September","Units":3,"UnitCost":2.1,"UnitPrice":3.5,"EffectiveDate":"2026-09-16T00:00:00Z","SortOrder":4}]
            """);
        Assert.Equal(
            """{"id":40007,"createdBy":11,"createdOn":"2026-09-21T10:00:00Z","modifiedBy":null,"modifiedOn":null,"serviceId":40,"serviceName":"Three more users","description":"From 16 September","contractId":16001,"contractName":"Cedar Freight Inc. – Managed services","totalCost":6.3,"totalPrice":10.5,"units":3.0,"unitCost":2.1,"unitPrice":3.5,"margin":1.4,"originalUnitPrice":3.5,"originalUnitCost":2.1,"effectiveDate":"2026-09-16T00:00:00Z","sortOrder":4}""",
            reply.Body[reply.Body.IndexOf("{\"id\"", StringComparison.Ordinal)..^1]);
        Assert.Equal(["1 POST contractservices 40007 2026-09-16 0->3"], await sandbox.BmsJournal(Us));
        Assert.Equal("182.3", await BillingPrice(sandbox));
    }

    [Fact]
    public async Task Several_lines_are_added_together_or_not_at_all_and_the_last_is_answered()
    {
        await using var sandbox = await TestSandbox.Start();
        const string good = """{"serviceId":41,"units":2,"unitPrice":1.25,"effectiveDate":"2026-09-16"}""";
        var refused = await sandbox.Bms(Us, "POST", AddTo, $$"""[{{good}},{"serviceId":99,"units":-1,"effectiveDate":"2040-01-01"},{"serviceId":41,"units":2.5,"effectiveDate":"soon"}]""");
        Assert.Equal(
            [
                "The [1].ServiceId 99 does not exist.",
                "The [1].EffectiveDate must lie in the contract.",
                "The field [1].Units must be between 0 and 2147483647.",
                "The value of [2].EffectiveDate is not valid.",
                "The value of [2].Units is not valid.",
            ],
            Errors(refused));
        Assert.Empty(await sandbox.BmsJournal(Us));
        var done = await sandbox.Bms(Us, "POST", AddTo, $"[{good},{good}]");
        Assert.Equal("40008 Spanning Backup for Microsoft 365 – Archived licence 0", $"{done.Json["result"]!["id"]} {done.Json["result"]!["serviceName"]} {done.Json["result"]!["sortOrder"]}");
        Assert.Equal(["1 POST contractservices 40007 2026-09-16 0->2", "2 POST contractservices 40008 2026-09-16 0->2"], await sandbox.BmsJournal(Us));
    }

    [Theory]
    [InlineData("99", "[]", "Contract 99 was not found.")]
    [InlineData("16001", "[]", "Validation Error")]
    [InlineData("16001", "{}", "Validation Error")]
    [InlineData("16001", "not json", "Validation Error")]
    public async Task Lines_that_cannot_be_added_are_a_200_that_says_so(string contract, string body, string message)
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.Bms(Us, "POST", $"finance/contracts/recurringservices/{contract}/services", body);
        Assert.Equal((200, message), (reply.Status, reply.Json["error"]!["message"]!.ToString()));
    }

    [Fact]
    public async Task A_contract_is_made_with_its_lines()
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.Bms(Us, "POST", "finance/contracts/recurringservices", """
            {"contractName":"Backup","accountId":4003,"slaId":31,"billingCycleId":82,"startDate":"2026-10-01","endDate":"2027-09-30","issueInvoiceOn":true,
             "isNotificationEnabled":true,"notificationEmails":["clerk@demo.example"],"services":[{"serviceId":40,"units":5,"unitPrice":3.5,"effectiveDate":"2026-10-01"}]}
            """);
        var contract = reply.Json["result"]!.AsObject();
        Assert.Equal((28, 17), (contract.Count, contract["services"]![0]!.AsObject().Count));
        Assert.Equal(
            "16004 CN-016004 Juniper Community Clinic Active Monthly 17.5 true clerk@demo.example 5.0",
            $"{contract["id"]} {contract["contractNumber"]} {contract["accountName"]} {contract["statusName"]} {contract["billingCycleName"]} {contract["contractBillingPrice"]} {contract["issueInvoiceOnId"]} {contract["notificationEmails"]![0]} {contract["services"]![0]!["units"]!.ToJsonString()}");
        Assert.Equal(["1 POST contracts 16004"], await sandbox.BmsJournal(Us));
    }

    [Fact]
    public async Task A_contract_that_cannot_be_made_says_everything_that_is_wrong()
    {
        await using var sandbox = await TestSandbox.Start();
        var refused = await sandbox.Bms(Us, "POST", "finance/contracts/recurringservices", """{"accountId":1,"billingCycleId":9,"slaId":9,"startDate":"2026-10-01","endDate":"2026-10-01","services":[7]}""");
        Assert.Equal(
            [
                "The ContractName field is required.", "The AccountId 1 does not exist.", "The BillingCycleId 9 does not exist.", "The SLAId 9 does not exist.",
                "The EndDate must be after the StartDate.", "Services[0] is not a JSON object.",
            ],
            Errors(refused));
        Assert.Empty(await sandbox.BmsJournal(Us));
    }

    [Fact]
    public async Task A_contract_is_switched_off_and_on()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Bms(Us, "PUT", "finance/contracts/16001/deactivate")).Is(200, """
            {"success":true,"error":null,"result":{"id":16001,"contractName":"Cedar Freight Inc. – Managed services","contractDescription":null,"contractNumber":"CN-016001",
              "statusId":2,"statusName":"Inactive","typeId":1,"typeName":"Recurring Service"}}
            """);
        Assert.Equal("false", (await sandbox.Bms(Us, "GET", "finance/contracts/lookup?Ids=16001")).Json["result"]![0]!["isActive"]!.ToJsonString());
        Assert.Equal("Active", (await sandbox.Bms(Us, "PUT", "finance/contracts/16001/activate")).Json["result"]!["statusName"]!.ToString());
        Assert.Equal("Contract 9 was not found.", (await sandbox.Bms(Us, "PUT", "finance/contracts/9/activate")).Json["error"]!["message"]!.ToString());
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("GET")]
    public async Task No_verb_changes_or_shows_the_units_of_a_line_that_exists(string method)
    {
        await using var sandbox = await TestSandbox.Start();
        foreach (var path in new[] { AddTo, AddTo + "/40001", "finance/contracts/16001/services/40001", "admin/finance/services/40/relatedservices/40001" })
            Assert.InRange((await sandbox.Bms(Us, method, path, "[]")).Status, 404, 405);
    }

    private static async Task<string> BillingPrice(TestSandbox sandbox) =>
        (await sandbox.Bms(Us, "GET", "finance/contracts/summary?Filter.AccountName=Cedar")).Json["result"]![0]!["contractBillingPrice"]!.ToJsonString();

    private static IEnumerable<string> Errors(Reply reply)
    {
        Assert.Equal((200, "false"), (reply.Status, reply.Json["success"]!.ToJsonString()));
        return reply.Json["error"]!["subErrors"]!.AsArray().Select(error => error!.ToString());
    }
}
