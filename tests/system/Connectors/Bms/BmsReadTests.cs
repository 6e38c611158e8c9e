using UsageBilling.Interfaces.Vendors;
using static UsageBilling.Tests.System.Connectors.Bms.BmsScript;

namespace UsageBilling.Tests.System.Connectors.Bms;

public sealed class BmsReadTests
{
    private const string AccountsPath = "crm/accounts/summary";
    private const string ContractsPath = "finance/contracts/summary";
    private const string Catalogue = "admin/finance/services/search";

    [Fact]
    public async Task Accounts_come_from_every_page_active_or_not()
    {
        await using var desk = new Desk(SignedIn(seen => Number(seen) == 1
            ? Page(3, Account(41, "Alder Dental"), Account(42, "Birch Legal", "false"))
            : Page(3, """{"Id":43,"AccountName":"Cedar Vet","IsActive":true}""")));

        var accounts = await desk.Bms.Accounts(desk.Access(Base), CancellationToken.None);

        Assert.Equal([new ObservedAccount("41", "Alder Dental", true), new ObservedAccount("42", "Birch Legal", false), new ObservedAccount("43", "Cedar Vet", true)], Value(accounts));
        Assert.Equal(
            [$"GET {Base}/v2/{AccountsPath}?PageSize=100&PageNumber=1", $"GET {Base}/v2/{AccountsPath}?PageSize=100&PageNumber=2"],
            desk.Vendor.Requests.Skip(1).Select(seen => $"{seen.Method} {seen.Target}"));
    }

    /// <summary>Each page is written as its rows and the total that it promises, if it does.</summary>
    [Theory]
    [InlineData("1,2 4 | 3,4 4", "1,2,3,4")]
    [InlineData("1,2 4 | 3 4 | 4 4", "1,2,3,4")]
    [InlineData("1,2 4 | 1,2 4", "page_repeated")]
    [InlineData("1,2 4 | 2,3 4", "row_repeated")]
    [InlineData("1,1 2", "row_repeated")]
    [InlineData("1,2 4 | 3,4 5", "total_changed")]
    [InlineData("1,2 4 | 3,4 none", "total_changed")]
    [InlineData("1,2 4 | 4", "list_truncated")]
    [InlineData("1,2 4 | 3 4 | 4", "list_truncated")]
    [InlineData("4", "list_truncated")]
    [InlineData("1,2,3 2", "list_longer_than_total")]
    [InlineData("1,2 3 | 3,4 3", "list_longer_than_total")]
    [InlineData("1,2 200001", "too_many_records")]
    [InlineData("1,? 2", "row_without_id")]
    [InlineData("1,2 none |", "1,2")]
    [InlineData("1,2 none | 3 none", "1,2,3")]
    [InlineData("1,2 none | 3,4 none | none", "1,2,3,4")]
    [InlineData("1,2 none | 1,2 none", "page_repeated")]
    [InlineData("1,2 none | 2,3 none", "row_repeated")]
    [InlineData("1,2 none | 3 3", "total_changed")]
    [InlineData("0", "no_visible_data")]
    [InlineData("none", "no_visible_data")]
    public async Task A_list_is_whole_or_a_failure(string pages, string told)
    {
        var script = pages.Split('|');
        await using var desk = new Desk(SignedIn(seen => Scripted(script[Number(seen) - 1].Trim())));

        var accounts = await desk.Bms.Accounts(desk.Access(Base), CancellationToken.None);

        Assert.Equal(told, accounts is VendorAnswer<IReadOnlyList<ObservedAccount>>.Failed failed ? failed.Failure.Code : string.Join(',', Value(accounts).Select(account => account.RemoteId)));
        Assert.Equal(script.Length, desk.Vendor.Requests.Count - 1);
    }

    /// <summary>Every answer a read can get, and what it means.</summary>
    [Theory]
    [InlineData(200, "<html>", "Malformed answer_not_json")]
    [InlineData(200, "[]", "Malformed answer_unreadable")]
    [InlineData(200, """{"result":[],"totalRecords":0}""", "Malformed answer_unreadable")]
    [InlineData(200, """{"success":true,"result":null,"totalRecords":0}""", "Malformed answer_not_list")]
    [InlineData(200, """{"success":true,"result":{"id":1}}""", "Malformed answer_not_list")]
    [InlineData(200, """{"success":true,"error":{"message":"Partly"},"result":[]}""", "Malformed errors_in_success")]
    [InlineData(200, """{"success":true,"result":[{"id":1,"accountName":null,"isActive":true}],"totalRecords":1}""", "Malformed row_unreadable")]
    [InlineData(200, """{"success":true,"result":[{"id":1,"accountName":"Alder"}],"totalRecords":1}""", "Malformed row_unreadable")]
    [InlineData(200, """{"success":true,"result":[{"id":-1,"accountName":"Alder","isActive":true}],"totalRecords":1}""", "Malformed row_unreadable")]
    [InlineData(200, """{"success":false}""", "Rejected vendor_refused")]
    [InlineData(200, """{"success":false,"error":{"message":"Something is not right"}}""", "Rejected vendor_refused")]
    [InlineData(200, """{"Success":false,"Error":{"Message":"You do not have permission to view accounts."}}""", "Forbidden not_permitted")]
    [InlineData(200, """{"success":false,"error":{"message":"No","details":"The user has no API access."}}""", "Forbidden no_api_access")]
    [InlineData(200, """{"success":false,"error":{"message":"No","subErrors":["Too many requests, wait"]}}""", "RateLimited quota_exhausted")]
    [InlineData(200, """{"success":false,"error":{"message":"Execution Timeout Expired."}}""", "ServerError vendor_timed_out")]
    [InlineData(400, """{"success":false,"error":{"message":"The value is not valid."}}""", "Rejected vendor_refused")]
    [InlineData(403, "", "Forbidden forbidden")]
    [InlineData(403, """{"success":false,"error":{"message":"The user has no API access."}}""", "Forbidden no_api_access")]
    [InlineData(429, "", "RateLimited quota_exhausted")]
    [InlineData(500, """{"success":false,"error":{"message":"Internal Server Error"}}""", "ServerError server_error")]
    [InlineData(302, "", "Malformed redirect_refused")]
    public async Task An_answer_that_is_no_list_is_a_failure(int status, string body, string told)
    {
        await using var desk = new Desk(SignedIn(_ => Canned.Json(body, status)));

        Assert.Equal(told, Told(await desk.Bms.Accounts(desk.Access(Base), CancellationToken.None)));
    }

    [Fact]
    public async Task Contracts_find_their_account_by_a_name_that_only_one_has()
    {
        await using var desk = new Desk(SignedIn(seen => About(seen) == AccountsPath
            ? Page(4, Account(41, "Alder Dental"), Account(42, "Birch Legal"), Account(43, "Birch Legal", "false"), Account(44, "Cedar Vet"))
            : Page(9,
                Contract(1, "Alder Dental", "Monthly"),
                Contract(2, " Alder Dental ", "quarterly", status: "Inactive"),
                Contract(3, "Cedar Vet", "Semi-Annually"),
                Contract(4, "Cedar Vet", "Yearly", type: "Recurring Services"),
                Contract(5, "Birch Legal", "Monthly"),
                Contract(6, "Elm Bakery", "Monthly"),
                Contract(7, "alder dental", "Monthly"),
                Contract(8, "Cedar Vet", "Weekly"),
                Contract(9, "Cedar Vet", "Monthly", type: "Time & Material"))));

        var contracts = Value(await desk.Bms.Contracts(desk.Access(Base), CancellationToken.None));

        Assert.Equal(
        [
            "1 of 41, 1 months, active",
            "2 of 41, 3 months",
            "3 of 44, 6 months, active",
            "4 of 44, 12 months, active",
            "5 left out: AccountAmbiguous",
            "6 left out: AccountUnknown",
            "7 left out: AccountUnknown",
            "8 left out: PeriodUnknown",
        ], contracts.Select(Written));
        Assert.Equal(new ObservedContract("1", "41", "Managed 1", true, new(2026, 1, 1), new(2026, 12, 31), 1), contracts[0]);
    }

    [Fact]
    public async Task A_contract_without_a_day_fails_the_list_and_one_without_a_name_is_called_by_its_number()
    {
        var rows = new Queue<string>([
            """{"id":1,"contractName":null,"contractNumber":"CN-9","accountName":"Alder","contractType":"Recurring Service","status":"Active","billingCycle":"Monthly","startDate":"2026-01-01T00:00:00","endDate":"2026-12-31T23:59:59-05:00"}""",
            """{"id":1,"contractName":"x","accountName":"Alder","contractType":"Recurring Service","billingCycle":"Monthly","startDate":null,"endDate":"2026-12-31T00:00:00"}"""]);
        await using var desk = new Desk(SignedIn(seen => About(seen) == AccountsPath ? Page(1, Account(41, "Alder")) : Page(1, rows.Dequeue())));

        var named = Value(await desk.Bms.Contracts(desk.Access(Base), CancellationToken.None));
        var undated = await desk.Bms.Contracts(desk.Access(Base), CancellationToken.None);

        Assert.Equal([new ObservedContract("1", "41", "CN-9", true, new(2026, 1, 1), new(2026, 12, 31), 1)], named);
        Assert.Equal("Malformed row_unreadable", Told(undated));
    }

    [Fact]
    public async Task Lines_are_asked_for_by_service_and_given_by_contract()
    {
        await using var desk = new Desk(SignedIn(Lines));

        var services = await desk.Bms.Services(desk.Access(Base), ["1", "3"], CancellationToken.None);

        Assert.Equal(
        [
            new ObservedService("801", "1", "45", "EDR seats for Alder", 23.1m, 17.5m, 1),
            new ObservedService("803", "3", "46", "Backup", null, null, 1),
        ], Value(services));
        Assert.Equal(
        [
            $"POST {Base}/v2/{Catalogue} {{\"PageSize\":100,\"PageNumber\":1,\"Filter\":{{}}}}",
            $"POST {Base}/v2/admin/finance/services/45/relatedservices/search {{\"PageSize\":100,\"PageNumber\":1,\"Filter\":{{}}}}",
            $"POST {Base}/v2/admin/finance/services/46/relatedservices/search {{\"PageSize\":100,\"PageNumber\":1,\"Filter\":{{}}}}",
        ], desk.Vendor.Requests.Skip(1).Select(seen => $"{seen.Method} {seen.Target} {seen.Body}"));
    }

    [Fact]
    public async Task Lines_are_remembered_for_ten_minutes_or_until_the_contracts_are_read_again()
    {
        await using var desk = new Desk(SignedIn(seen => About(seen) == AccountsPath ? Page(1, Account(41, "Alder")) : About(seen) == ContractsPath ? Page(0) : Lines(seen)));
        var access = desk.Access(Base);

        await desk.Bms.Services(access, ["1"], CancellationToken.None);
        desk.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.Equal(["802"], Value(await desk.Bms.Services(access, ["2"], CancellationToken.None)).Select(line => line.RemoteId));
        Assert.Equal(1, desk.Vendor.Count($"{Base}/v2/{Catalogue}"));
        desk.Clock.Advance(TimeSpan.FromTicks(1));
        await desk.Bms.Services(access, ["1"], CancellationToken.None);
        Assert.Equal(2, desk.Vendor.Count($"{Base}/v2/{Catalogue}"));
        await desk.Bms.Contracts(access, CancellationToken.None);
        await desk.Bms.Services(access, ["1"], CancellationToken.None);

        Assert.Equal(3, desk.Vendor.Count($"{Base}/v2/{Catalogue}"));
    }

    [Fact]
    public async Task A_service_whose_lines_cannot_be_read_fails_the_read_and_is_not_remembered()
    {
        var failing = true;
        await using var desk = new Desk(SignedIn(seen => failing && About(seen).Contains("46", StringComparison.Ordinal) ? No("No") : Lines(seen)));

        Assert.Equal("Rejected vendor_refused", Told(await desk.Bms.Services(desk.Access(Base), ["1"], CancellationToken.None)));
        failing = false;
        Assert.Equal("answered", Told(await desk.Bms.Services(desk.Access(Base), ["1"], CancellationToken.None)));
    }

    [Fact]
    public async Task A_catalogue_without_services_is_one_that_cannot_be_seen()
    {
        await using var desk = new Desk(SignedIn(_ => Page(0)));

        Assert.Equal("Forbidden no_visible_data", Told(await desk.Bms.Services(desk.Access(Base), ["1"], CancellationToken.None)));
    }

    [Fact]
    public async Task Units_can_be_neither_read_nor_changed_and_nobody_is_asked()
    {
        await using var desk = new Desk(SignedIn(_ => Page(0)));
        var access = desk.Access(Base);

        var units = Failure(await desk.Bms.Units(access, ["801"], new(2026, 9, 1), new(2026, 9, 30), CancellationToken.None));
        var change = await desk.Bms.ChangeUnits(access, new UnitsChange("1", "801", new(2026, 9, 16), 4m), CancellationToken.None);
        var quota = Failure(await desk.Bms.Quota(access, CancellationToken.None));
        var nothing = Value(await desk.Bms.Services(access, [], CancellationToken.None));

        Assert.Equal((VendorFailureKind.Rejected, "units_not_readable", "refused: units_not_changeable", "quota_not_readable", 0), (units.Kind, units.Code, Told(change), quota.Code, nothing.Count));
        Assert.Equal((false, false, null), (desk.Bms.Capabilities.ChangesUnits, desk.Bms.Capabilities.ReadsUnits, desk.Bms.Capabilities.ObservableQuota));
        Assert.Empty(desk.Vendor.Requests);
    }

    private static Canned Lines(Seen seen) => About(seen) switch
    {
        Catalogue => Page(2, """{"id":45,"name":"EDR seats"}""", """{"id":46,"name":"Backup"}"""),
        "admin/finance/services/45/relatedservices/search" => Page(2,
            """{"id":801,"serviceId":45,"contractId":1,"serviceName":"EDR seats for Alder","effectiveDate":"2026-01-01T00:00:00","unitCost":17.5,"unitPrice":23.1}""",
            """{"id":802,"serviceId":45,"contractId":2,"serviceName":"EDR seats","effectiveDate":"2026-01-01T00:00:00","unitCost":17.5,"unitPrice":23.1}"""),
        _ => Page(1, """{"Id":803,"ServiceId":46,"ContractId":3,"ServiceName":null}"""),
    };

    private static string Contract(int id, string account, string cycle, string type = "Recurring Service", string status = "Active")
        => $$"""{"id":{{id}},"contractName":"Managed {{id}}","accountName":"{{account}}","contractType":"{{type}}","status":"{{status}}","billingCycle":"{{cycle}}","startDate":"2026-01-01T00:00:00Z","endDate":"2026-12-31T00:00:00Z"}""";

    private static string Written(ObservedContract contract) => contract.LeftOutBecause is { } reason
        ? $"{contract.RemoteId} left out: {reason}{(contract.AccountRemoteId.Length == 0 ? "" : " but placed")}"
        : $"{contract.RemoteId} of {contract.AccountRemoteId}, {contract.PeriodMonths} months{(contract.Active ? ", active" : "")}";

    private static Canned Scripted(string page)
    {
        var words = page.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var total = words.Length > 0 && words[^1] != "none" ? int.Parse(words[^1], global::System.Globalization.CultureInfo.InvariantCulture) : (int?)null;
        var rows = words.Length < 2 ? [] : words[0].Split(',').Select(id => id == "?" ? """{"accountName":"x","isActive":true}""" : $$"""{"id":{{id}},"accountName":"x","isActive":true}""").ToArray();
        return total is { } promised ? Page(promised, rows) : Rows(rows);
    }
}
