using UsageBilling.Sandbox;

namespace UsageBilling.Tests.System.Sandbox;

public sealed class AutotaskAdjustmentTests
{
    private const int Contract = 29684001;
    private const int Line = 8001;

    [Fact]
    public async Task An_adjustment_splits_the_period_and_moves_every_later_row()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Adjust(Contract, Line, 4, "2026-09-16")).Is(200, """{"itemId":null}""");
        Assert.Equal(
            [
                "2026-08-01..2026-08-31 25 units 87.5",
                "2026-09-01..2026-09-15 25 units 87.5",
                "2026-09-16..2026-09-30 29 units 101.5",
                "2026-10-01..2026-10-31 29 units 101.5",
            ],
            await sandbox.Units(Line, "2026-08-31", "2026-10-01"));
        Assert.Equal(["2034-12-01..2034-12-31 29 units 101.5"], await sandbox.Units(Line, "2034-12-31", "2034-12-31"));
        Assert.Equal(["2026-10-01..2026-10-31 4 units 5"], await sandbox.Units(8002, "2026-10-01", "2026-10-01"));
        Assert.Equal(["1 line 8001 2026-09-16 4 25->29"], await sandbox.AdjustmentsJournalled());
    }

    [Fact]
    public async Task Later_and_earlier_adjustments_add_up()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Adjust(Contract, Line, 10, "2026-10-10");
        await sandbox.Adjust(Contract, Line, -5, "2026-09-01");
        await sandbox.Adjust(Contract, Line, 1, "2026-10-20T23:30:00-02:00");
        Assert.Equal(
            [
                "2026-09-01..2026-09-30 20 units 70",
                "2026-10-01..2026-10-09 20 units 70",
                "2026-10-10..2026-10-20 30 units 105",
                "2026-10-21..2026-10-31 31 units 108.5",
            ],
            await sandbox.Units(Line, "2026-09-01", "2026-10-31"));
        Assert.Equal(
            ["1 line 8001 2026-10-10 10 25->35", "2 line 8001 2026-09-01 -5 25->20", "3 line 8001 2026-10-21 1 30->31"],
            await sandbox.AdjustmentsJournalled());
    }

    [Fact]
    public async Task Bundles_are_adjusted_like_services_and_keep_their_price()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Autotask("POST", "Contracts/29684001/ServiceBundles", """{"serviceBundleID":60}""")).Is(200, """{"itemId":1}""");
        var change = """{"contractServiceBundleID":1,"unitChange":3,"effectiveDate":"2026-09-16","adjustedUnitPrice":1}""";
        (await sandbox.Autotask("POST", "Contracts/29684001/ServiceBundleAdjustments", change)).Is(200, """{"itemId":null}""");
        (await sandbox.Autotask("POST", "ContractServiceBundleAdjustments", change)).IsErrors(500, "Attempt to insert duplicate data into contract_service_bundle_period");
        (await sandbox.Autotask("POST", "ContractServiceBundleAdjustments", change.Replace("2026-09-16", "2035-01-01", StringComparison.Ordinal))).IsErrors(
            500, "ContractServiceBundleAdjustment effectiveDate must be between the start date and end date of the Contract referenced by contractID.");

        var rows = (await sandbox.Query("ContractServiceBundleUnits", """{"op":"lte","field":"startDate","value":"2026-09-30"},{"op":"gte","field":"endDate","value":"2026-09-01"}""")).Json["items"]!.AsArray();
        Assert.Equal(
            ["2026-09-01 0 units 0", "2026-09-16 3 units 13.5"],
            rows.Select(row => $"{row!["startDate"]!.ToString()[..10]} {row["units"]} units {row["price"]!.GetValue<decimal>():0.##}").Order(StringComparer.Ordinal));
        Assert.Equal(["1 line  POST ContractServiceBundles", "2 line 1 POST ContractServiceBundleAdjustments"], (await sandbox.Call("GET", "/_sandbox/autotask/journal")).Json.AsArray()
            .Select(entry => $"{entry!["sequence"]} line {entry["contract_service_id"]} {entry["method"]} {entry["entity"]}"));
        (await sandbox.Autotask("DELETE", "ServiceBundles/60")).IsErrors(500, "The ServiceBundle is in use and can not be deleted.");
        (await sandbox.Autotask("POST", "ServiceBundles", """{"name":"Unsold","periodType":2,"billingCodeID":30100}""")).Is(200, """{"itemId":61}""");
        (await sandbox.Autotask("DELETE", "ServiceBundles/61")).Is(200, """{"itemId":61}""");
    }

    [Fact]
    public async Task A_second_adjustment_on_the_same_date_is_refused_and_applies_nothing()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Adjust(Contract, Line, 4, "2026-09-16");
        (await sandbox.Adjust(Contract, Line, 4, "2026-09-16")).IsErrors(500, "Attempt to insert duplicate data into contract_service_period");
        Assert.Equal(["2026-09-16..2026-09-30 29 units 101.5"], await sandbox.Units(Line, "2026-09-16", "2026-09-30"));
        Assert.Equal(["1 line 8001 2026-09-16 4 25->29"], await sandbox.AdjustmentsJournalled());
        (await sandbox.Adjust(Contract, 8002, 4, "2026-09-16")).Is(200, """{"itemId":null}""");
    }

    [Theory]
    [InlineData("""{"contractServiceID":8001,"unitChange":1,"effectiveDate":"2035-01-01"}""", "ContractServiceAdjustment effectiveDate must be between the start date and end date of the Contract referenced by contractID.")]
    [InlineData("""{"contractServiceID":8001,"unitChange":1,"effectiveDate":"2024-12-31"}""", "ContractServiceAdjustment effectiveDate must be between the start date and end date of the Contract referenced by contractID.")]
    [InlineData("""{"contractServiceID":8001,"unitChange":1.5,"effectiveDate":"2026-09-16"}""", "The value 1.5 of unitChange is not of type integer.")]
    [InlineData("""{"contractServiceID":8001,"unitChange":-26,"effectiveDate":"2026-09-16"}""", "The units of a service can not go below 0 (they are 25 and the change is -26).")]
    [InlineData("""{"contractServiceID":8001,"unitChange":1}""", "effectiveDate is required.; on record number [0].")]
    [InlineData("""{"contractServiceID":8001,"effectiveDate":"2026-09-16"}""", "unitChange is required.; on record number [0].")]
    [InlineData("""{"contractServiceID":8003,"unitChange":1,"effectiveDate":"2026-09-16"}""", "Value does not reference an existing entity for contractServiceID . ")]
    [InlineData("""{"contractServiceID":1,"unitChange":1,"effectiveDate":"2026-09-16"}""", "Value does not reference an existing entity for contractServiceID . ")]
    [InlineData("""{"serviceID":999,"unitChange":1,"effectiveDate":"2026-09-16"}""", "Value does not reference an existing entity for serviceID . ")]
    [InlineData("""{"contractID":29684002,"contractServiceID":8001,"unitChange":1,"effectiveDate":"2026-09-16"}""", "The contractID in the body is not the contract in the url.")]
    public async Task A_bad_adjustment_is_refused_and_changes_nothing(string body, string error)
    {
        await using var sandbox = await TestSandbox.Start();
        var before = await sandbox.Units(Line, "2025-01-01", "2034-12-31");
        (await sandbox.Autotask("POST", $"Contracts/{Contract}/ServiceAdjustments", body)).IsErrors(500, error);
        Assert.Equal(before, await sandbox.Units(Line, "2025-01-01", "2034-12-31"));
        (await sandbox.Call("GET", "/_sandbox/autotask/journal")).Is(200, "[]");
        Assert.Equal("", (await sandbox.Query("ContractNotes", """{"op":"gte","field":"id","value":0}""")).Ids);
    }

    [Fact]
    public async Task The_units_of_a_later_row_may_not_go_below_zero_either()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Adjust(Contract, Line, -20, "2027-01-01");
        (await sandbox.Adjust(Contract, Line, -6, "2026-09-16")).IsErrors(500, "The units of a service can not go below 0 (they are 5 and the change is -6).");
        (await sandbox.Adjust(Contract, Line, -5, "2026-09-16")).Is(200, """{"itemId":null}""");
        Assert.Equal(["2027-01-01..2027-01-31 0 units 0"], await sandbox.Units(Line, "2027-01-01", "2027-01-01"));
    }

    [Fact]
    public async Task The_pair_of_contract_and_service_names_the_line_too_on_either_url()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Autotask("POST", "ContractServiceAdjustments", """{"contractID":29684001,"serviceID":46,"unitChange":1,"effectiveDate":"2026-09-21"}""")).Is(200, """{"itemId":null}""");
        (await sandbox.Autotask("POST", "ContractServiceAdjustments", TestSandbox.AdjustmentBody(8001, 2, "2026-09-21"))).Is(200, """{"itemId":null}""");
        Assert.Equal(["1 line 8002 2026-09-21 1 4->5", "2 line 8001 2026-09-21 2 25->27"], await sandbox.AdjustmentsJournalled());
    }

    [Fact]
    public async Task A_pair_that_matches_no_line_silently_creates_one()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Autotask("POST", $"Contracts/{Contract}/ServiceAdjustments", """{"serviceID":47,"unitChange":6,"effectiveDate":"2026-09-16"}""")).Is(200, """{"itemId":null}""");
        Assert.Equal("8001 8002 8020", (await sandbox.Autotask("GET", $"Contracts/{Contract}/Services")).Ids);
        Assert.Equal(
            ["2026-09-01..2026-09-15 0 units 0", "2026-09-16..2026-09-30 6 units 19.2"],
            await sandbox.Units(8020, "2026-09-01", "2026-09-30"));
    }

    [Fact]
    public async Task AllowRepeatService_adds_the_same_service_again()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Autotask("POST", $"Contracts/{Contract}/ServiceAdjustments", """{"serviceID":45,"unitChange":6,"effectiveDate":"2026-09-16","allowRepeatService":true}""");
        Assert.Equal(["1 line 8020 2026-09-16 6 0->6"], await sandbox.AdjustmentsJournalled());
    }

    [Fact]
    public async Task A_price_change_without_units_holds_from_its_date()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Autotask("POST", $"Contracts/{Contract}/ServiceAdjustments", """{"contractServiceID":8001,"unitChange":0,"adjustedUnitPrice":4,"effectiveDate":"2026-10-01"}""");
        Assert.Equal(["2026-09-01..2026-09-30 25 units 87.5", "2026-10-01..2026-10-31 25 units 100"], await sandbox.Units(Line, "2026-09-30", "2026-10-01"));
    }

    [Fact]
    public async Task Every_adjustment_leaves_a_contract_note()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Adjust(Contract, Line, 4, "2026-09-16");
        var notes = await sandbox.Query("ContractNotes", """{"op":"eq","field":"contractID","value":29684001}""");
        notes.Is(200, """
            {"items":[{"id":1,"contractID":29684001,"createDateTime":"2026-09-21T10:00:00Z","creatorResourceID":29682885,
              "description":"Spanning Backup for Microsoft 365 – Standard licence: units changed by +4 from 25 to 29, effective 2026-09-16.",
              "impersonatorCreatorResourceID":null,"impersonatorUpdaterResourceID":null,"lastActivityDate":"2026-09-21T10:00:00Z","title":"Contract service adjusted"}],
             "pageDetails":{"count":1,"requestCount":500,"prevPageUrl":null,"nextPageUrl":null}}
            """);
    }

    [Fact]
    public async Task Adjustments_sent_at_once_are_each_applied_once()
    {
        await using var sandbox = await TestSandbox.Start(new SandboxOptions { ThreadsMax = 50 });
        var sent = await Task.WhenAll(Enumerable.Range(1, 28).Select(day => sandbox.Adjust(Contract, Line, 1, $"2027-02-{day:00}")));
        Assert.All(sent, reply => Assert.Equal(200, reply.Status));
        Assert.Equal(28, (await sandbox.AdjustmentsJournalled()).Count);
        Assert.Equal(["2027-03-01..2027-03-31 53 units 185.5"], await sandbox.Units(Line, "2027-03-01", "2027-03-01"));
    }
}
