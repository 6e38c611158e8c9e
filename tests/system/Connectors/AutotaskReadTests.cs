using UsageBilling.Interfaces.Vendors;
using static UsageBilling.Tests.System.Connectors.AutotaskScript;

namespace UsageBilling.Tests.System.Connectors;

public sealed class AutotaskReadTests
{
    [Theory]
    [InlineData("/autotask")]
    [InlineData("/autotask/")]
    [InlineData("/autotask/ATServicesRest")]
    [InlineData("/autotask/atservicesrest/")]
    [InlineData("/autotask/ATServicesRest/V1.0/")]
    public async Task The_zone_is_found_from_any_form_of_the_base_url_and_asked_without_credentials(string path)
    {
        await using var desk = new Desk(Zoned(_ => List(Company(0, "Acme MSP"))));

        var test = await desk.Autotask.Test(desk.Access(path), CancellationToken.None);

        Assert.Equal(new VendorAnswer<CredentialProof>.Answered(new CredentialProof("Acme MSP")), test);
        Assert.Equal(
        [
            $"GET {Root}/versioninformation",
            $"GET {Root}/V1.0/zoneInformation?user=hub%40msp.test",
            $"POST {Root}/V1.0/Companies/query",
        ], desk.Vendor.Requests.Select(seen => $"{seen.Method} {seen.Target}"));
        Assert.DoesNotContain(desk.Vendor.Requests.Take(2), seen => seen.Headers.ContainsKey("Secret") || seen.Headers.ContainsKey("ApiIntegrationCode"));
        var query = desk.Vendor.Requests[2];
        Assert.Equal((Desk.Code, "hub@msp.test", Desk.Secret, "application/json"),
            (query.Headers["ApiIntegrationCode"], query.Headers["UserName"], query.Headers["Secret"], query.Headers["Content-Type"]));
        Assert.Equal("""{"filter":[{"op":"eq","field":"id","value":0}],"MaxRecords":500,"IncludeFields":["id","companyName","isActive"]}""", query.Body);
    }

    [Fact]
    public async Task A_zone_is_believed_for_twelve_hours()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json("""{"externalRequestThreshold":10000,"requestThresholdTimeframe":60,"currentTimeframeRequestCount":17}""")));
        var access = desk.Access("/autotask");

        var quota = await desk.Autotask.Quota(access, CancellationToken.None);
        desk.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        await desk.Autotask.Quota(access, CancellationToken.None);
        Assert.Equal(1, desk.Vendor.Count($"{Root}/V1.0/zoneInformation"));
        desk.Clock.Advance(TimeSpan.FromSeconds(1));
        await desk.Autotask.Quota(access, CancellationToken.None);

        Assert.Equal(2, desk.Vendor.Count($"{Root}/V1.0/zoneInformation"));
        Assert.Equal(new VendorAnswer<ObservedQuota>.Answered(new ObservedQuota(17, 10000, 60)), quota);
    }

    [Theory]
    [InlineData("https://evil.test/ATServicesRest/")]
    [InlineData("http://169.254.169.254/ATServicesRest/")]
    [InlineData("http://webservices15.autotask.net/ATServicesRest/")]
    [InlineData("file:///etc/ATServicesRest/")]
    public async Task A_zone_url_that_leads_away_is_not_followed(string zone)
    {
        await using var desk = new Desk(seen => seen.Path.EndsWith("/versioninformation", StringComparison.Ordinal) ? Canned.Json("""{"apiVersions":["V1.0"]}""") : Canned.Json(Zone(zone)));

        Assert.Equal("address_refused", Failure(await desk.Autotask.Test(desk.Access("/autotask"), CancellationToken.None)).Code);
        Assert.Equal(2, desk.Vendor.Requests.Count);
    }

    [Fact]
    public async Task An_unknown_user_a_wrong_secret_and_a_wrong_code_are_told_apart_and_never_tried_twice()
    {
        await using var unknown = new Desk(seen => seen.Path.EndsWith("/versioninformation", StringComparison.Ordinal)
            ? Canned.Json("""{"apiVersions":["V1.0"]}""") : Canned.Json("""{"errors":["Zone information could not be determined"]}""", 500));
        await using var secret = new Desk(Zoned(_ => Canned.Json("""{"errors":["Unauthorized"]}""", 401)));
        await using var code = new Desk(Zoned(_ => Canned.Json("""{"errors":["IntegrationCode is invalid."]}""", 500)));
        await using var rights = new Desk(Zoned(_ => List()));

        Assert.Equal(
            [(VendorFailureKind.Unauthorized, "unknown_user", 2), (VendorFailureKind.Unauthorized, "wrong_secret", 5), (VendorFailureKind.Unauthorized, "integration_code_invalid", 3), (VendorFailureKind.Forbidden, "no_visible_data", 4)],
            [await Tested(unknown), await Tested(secret), await Tested(code), await Tested(rights)]);
        Assert.Equal(1, secret.Vendor.Count($"{Root}/V1.0/Companies/query"));
    }

    [Fact]
    public async Task A_user_who_moved_to_another_zone_is_followed_once()
    {
        var lookups = 0;
        await using var moved = new ScriptedVendor(_ => List(Company(0, "Acme MSP")));
        await using var desk = new Desk(seen => seen.Path.EndsWith("/zoneInformation", StringComparison.Ordinal) && ++lookups > 1
            ? Canned.Json(Zone(moved.Origin + "/ATServicesRest/"))
            : Zoned(_ => Canned.Json("""{"errors":["Unauthorized"]}""", 401))(seen));

        var test = await desk.Autotask.Test(desk.Access("/autotask"), CancellationToken.None);

        Assert.Equal(new VendorAnswer<CredentialProof>.Answered(new CredentialProof("Acme MSP")), test);
        Assert.Equal(["POST /ATServicesRest/V1.0/Companies/query"], moved.Requests.Select(seen => $"{seen.Method} {seen.Target}"));
    }

    [Fact]
    public async Task Accounts_come_from_every_page_and_each_page_is_posted_with_the_same_filter()
    {
        await using var desk = new Desk(Zoned(seen => Entity(seen) switch
        {
            "Companies" => Page($"http://{seen.Headers["Host"]}{Root}//v1.0/companies/query/next?paging=%7b%22pageSize%22%3a500%2c%22nextIds%22%3a%5b205%5d%7d", Company(0, "Acme MSP"), Company(205, "Alder Dental", "0")),
            "Companies/count" => Canned.Json("""{"queryCount":3}"""),
            _ => List(Company(206, "Birch Legal", "1")),
        }));

        var accounts = await desk.Autotask.Accounts(desk.Access("/autotask"), CancellationToken.None);

        Assert.Equal([new ObservedAccount("0", "Acme MSP", true), new ObservedAccount("205", "Alder Dental", false), new ObservedAccount("206", "Birch Legal", true)], Value(accounts));
        Assert.Equal(desk.Vendor.Requests[2].Body, desk.Vendor.Requests[3].Body);
        Assert.Equal(["POST", "POST", "POST"], desk.Vendor.Requests.Skip(2).Select(seen => seen.Method));
        Assert.Equal("""{"filter":[{"op":"gte","field":"id","value":0}]}""", desk.Vendor.Requests[4].Body);
    }

    /// <summary>What the first page, and then the further pages and the count, answer.</summary>
    [Theory]
    [InlineData("empty", "no_visible_data")]
    [InlineData("short", "list_truncated")]
    [InlineData("miscounted", "list_truncated")]
    [InlineData("looping", "page_repeated")]
    [InlineData("circling", "next_page_loops")]
    [InlineData("repeated", "page_repeated")]
    [InlineData("elsewhere", "next_page_refused")]
    [InlineData("otherentity", "next_page_refused")]
    [InlineData("otherport", "next_page_refused")]
    [InlineData("noitems", "answer_not_list")]
    [InlineData("nopaging", "paging_missing")]
    [InlineData("html", "answer_not_json")]
    [InlineData("noname", "row_unreadable")]
    [InlineData("errors", "errors_in_success")]
    public async Task A_list_of_accounts_is_whole_or_a_failure(string fault, string code)
    {
        var pages = 0;
        await using var desk = new Desk(Zoned(seen =>
        {
            if (Entity(seen) == "Companies/count") return Canned.Json($$"""{"queryCount":{{(fault == "empty" ? 0 : 2)}}}""");
            var next = $"http://{seen.Headers["Host"]}{Root}/V1.0/Companies/query/next?paging=1";
            var acme = Company(0, "Acme MSP");
            pages++;
            return fault switch
            {
                "empty" => List(),
                "short" => List(acme),
                "miscounted" => Canned.Json($$"""{"items":[{{acme}}],"pageDetails":{"count":2,"nextPageUrl":null} }"""),
                "looping" => Page(next, acme),
                "circling" => Page(next, Company(pages, "Many")),
                "repeated" => Page(pages == 1 ? next : null, acme),
                "elsewhere" => Page("https://evil.test/V1.0/Companies/query/next", acme),
                "otherentity" => Page(next.Replace("Companies", "Tickets", StringComparison.Ordinal), acme),
                "otherport" => Page($"http://127.0.0.1:1{Root}/V1.0/Companies/query/next", acme),
                "noitems" => Canned.Json("""{"pageDetails":{}}"""),
                "nopaging" => Canned.Json($$"""{"items":[{{acme}}]}"""),
                "html" => Canned.Json("<html></html>"),
                "noname" => List("""{"id":5,"companyName":null,"isActive":true}"""),
                _ => Canned.Json("""{"items":[],"pageDetails":{},"errors":["Something is not right"]}"""),
            };
        }));

        Assert.Equal(code, Failure(await desk.Autotask.Accounts(desk.Access("/autotask"), CancellationToken.None)).Code);
    }

    [Fact]
    public async Task Contracts_are_recurring_ones_with_calendar_days_and_months()
    {
        static string Contract(long id, string period, string status, string from, string through)
            => $$"""{"id":{{id}},"companyID":205,"contractName":"Managed {{id}}","contractType":7,"status":{{status}},"contractPeriodType":{{period}},"startDate":"{{from}}","endDate":"{{through}}"}""";
        await using var desk = new Desk(Zoned(seen => Entity(seen) == "Contracts/count" ? Canned.Json("""{"queryCount":3}""") : List(
            Contract(1, "2", "1", "2026-01-01T00:00:00Z", "2026-12-31T00:00:00.000Z"),
            Contract(2, "\"q\"", "0", "2026-01-01", "2026-12-31T01:00:00+01:00"),
            Contract(3, "5", "1", "2026-03-01T00:00:00", "2027-02-28T00:00:00Z"))));

        var contracts = await desk.Autotask.Contracts(desk.Access("/autotask"), CancellationToken.None);

        Assert.Equal(
        [
            new ObservedContract("1", "205", "Managed 1", true, new(2026, 1, 1), new(2026, 12, 31), 1),
            new ObservedContract("2", "205", "Managed 2", false, new(2026, 1, 1), new(2026, 12, 31), 3),
            new ObservedContract("3", "205", "Managed 3", true, new(2026, 3, 1), new(2027, 2, 28), 12),
        ], Value(contracts));
        Assert.StartsWith("""{"filter":[{"op":"eq","field":"contractType","value":7}]""", desk.Vendor.Requests[2].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_carry_the_name_and_the_price_the_customer_pays()
    {
        static string Line(long id, long service, string prices) => $$"""{"id":{{id}},"contractID":1,"serviceID":{{service}},{{prices}}}""";
        await using var desk = new Desk(Zoned(seen => Entity(seen) == "Services"
            ? List("""{"id":45,"name":"EDR seats","periodType":2,"unitCost":18.00}""", """{"id":46,"name":"Backup","periodType":"3","unitCost":null}""")
            : List(
                Line(8001, 45, """ "unitPrice":23.10,"unitCost":17.5,"internalCurrencyUnitPrice":23.10,"internalCurrencyAdjustedPrice":null """),
                Line(8002, 45, """ "unitPrice":20,"unitCost":null,"internalCurrencyUnitPrice":25,"internalCurrencyAdjustedPrice":22.5 """),
                Line(8003, 46, """ "unitPrice":20,"unitCost":null,"internalCurrencyUnitPrice":20,"internalCurrencyAdjustedPrice":0 """),
                Line(8004, 46, """ "unitPrice":0,"unitCost":null,"internalCurrencyUnitPrice":0,"internalCurrencyAdjustedPrice":5 """),
                Line(8005, 46, """ "unitPrice":20,"adjustedPrice":"19.95","internalCurrencyUnitPrice":25,"internalCurrencyAdjustedPrice":22.5 """),
                Line(8006, 46, """ "unitPrice":null,"internalCurrencyUnitPrice":null,"internalCurrencyAdjustedPrice":null """))));

        var services = await desk.Autotask.Services(desk.Access("/autotask"), ["1", "1"], CancellationToken.None);

        Assert.Equal(
        [
            new ObservedService("8001", "1", "45", "EDR seats", 23.10m, 17.5m, 1),
            new ObservedService("8002", "1", "45", "EDR seats", 18m, 18.00m, 1),
            new ObservedService("8003", "1", "46", "Backup", 0m, null, 3),
            new ObservedService("8004", "1", "46", "Backup", null, null, 3),
            new ObservedService("8005", "1", "46", "Backup", 19.95m, null, 3),
            new ObservedService("8006", "1", "46", "Backup", null, null, 3),
        ], Value(services));
        Assert.Equal(
        [
            """{"filter":[{"op":"in","field":"contractID","value":[1]}],"MaxRecords":500}""",
            """{"filter":[{"op":"in","field":"id","value":[45,46]}],"MaxRecords":500,"IncludeFields":["id","name","periodType","unitCost"]}""",
        ], desk.Vendor.Requests.Skip(2).Select(seen => seen.Body));
    }

    [Fact]
    public async Task A_line_whose_service_is_hidden_fails_the_read()
    {
        await using var desk = new Desk(Zoned(seen => Entity(seen) == "Services" ? List() : List("""{"id":8001,"contractID":1,"serviceID":45}""")));

        Assert.Equal((VendorFailureKind.Forbidden, "service_not_visible"), Told(Failure(await desk.Autotask.Services(desk.Access("/autotask"), ["1"], CancellationToken.None))));
    }

    [Fact]
    public async Task Units_are_asked_for_by_window_in_chunks_of_five_hundred_lines()
    {
        await using var desk = new Desk(Zoned(seen => seen.Body.Contains("8001", StringComparison.Ordinal)
            ? List(
                """{"id":1,"contractServiceID":8001,"units":11,"price":254.10,"startDate":"2026-09-01T00:00:00Z","endDate":"2026-09-15T00:00:00Z","approveAndPostDate":"2026-09-02T10:00:00Z"}""",
                """{"id":2,"contractServiceID":8001,"units":15,"price":346.50,"startDate":"2026-09-16T00:00:00Z","endDate":"2026-09-30T00:00:00Z","approveAndPostDate":null}""")
            : List()));
        var lines = Enumerable.Range(7501, 501).Select(id => $"{id}").ToList();

        var units = await desk.Autotask.Units(desk.Access("/autotask"), lines, new(2026, 9, 1), new(2026, 9, 30), CancellationToken.None);

        Assert.Equal([new ObservedUnits("8001", new(2026, 9, 1), new(2026, 9, 15), 11m, true), new ObservedUnits("8001", new(2026, 9, 16), new(2026, 9, 30), 15m, false)], Value(units));
        Assert.Equal(2, desk.Vendor.Count($"{Root}/V1.0/ContractServiceUnits/query"));
        Assert.Equal(
            """{"filter":[{"op":"in","field":"contractServiceID","value":[8001]},{"op":"lte","field":"startDate","value":"2026-09-30T23:59:59"},{"op":"gte","field":"endDate","value":"2026-09-01T00:00:00"}],"MaxRecords":500,"IncludeFields":["id","contractServiceID","startDate","endDate","units","approveAndPostDate"]}""",
            desk.Vendor.Requests[^1].Body);
    }

    [Fact]
    public async Task Asking_about_nothing_or_about_ids_that_are_not_Autotasks_makes_no_call()
    {
        await using var desk = new Desk(Zoned(_ => List()));

        var nothing = await desk.Autotask.Units(desk.Access("/autotask"), [], new(2026, 9, 1), new(2026, 9, 30), CancellationToken.None);
        var strange = await desk.Autotask.Services(desk.Access("/autotask"), ["1", "1 or 1=1"], CancellationToken.None);

        Assert.Empty(Value(nothing));
        Assert.Equal((VendorFailureKind.Rejected, "remote_id_invalid"), Told(Failure(strange)));
        Assert.Empty(desk.Vendor.Requests);
    }

    [Fact]
    public async Task A_secret_the_vendor_repeats_is_not_repeated_by_us()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json($$"""{"errors":["No: {{Desk.Secret}} with {{Desk.Code}}\nand {{new string('x', 600)}}"]}""", 500)));

        var failure = Failure(await desk.Autotask.Test(desk.Access("/autotask"), CancellationToken.None));

        Assert.Equal((VendorFailureKind.Rejected, "vendor_refused"), Told(failure));
        Assert.StartsWith("Autotask says: No: *** with *** and xxx", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Message.Length, 1, 500);
    }

    private static async Task<(VendorFailureKind, string, int)> Tested(Desk desk)
    {
        var failure = Failure(await desk.Autotask.Test(desk.Access("/autotask"), CancellationToken.None));
        return (failure.Kind, failure.Code, desk.Vendor.Requests.Count);
    }

    private static (VendorFailureKind, string) Told(VendorFailure failure) => (failure.Kind, failure.Code);

    private static T Value<T>(VendorAnswer<T> answer) => Assert.IsType<VendorAnswer<T>.Answered>(answer).Value;

    private static VendorFailure Failure<T>(VendorAnswer<T> answer) => Assert.IsType<VendorAnswer<T>.Failed>(answer).Failure;
}
