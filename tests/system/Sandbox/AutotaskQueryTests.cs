using System.Text.Json;
using System.Text.Json.Nodes;

namespace UsageBilling.Tests.System.Sandbox;

public sealed class AutotaskQueryTests
{
    private const string Everything = """{"op":"gte","field":"id","value":0}""";

    [Theory]
    [InlineData("""{"op":"eq","field":"id","value":0}""", "0")]
    [InlineData("""{"op":"noteq","field":"companyName","value":"demo msp"},{"op":"lt","field":"id","value":207}""", "205 206")]
    [InlineData("""{"op":"gt","field":"id","value":212}""", "213 214")]
    [InlineData("""{"op":"gte","field":"id","value":213}""", "213 214")]
    [InlineData("""{"op":"lte","field":"id","value":205}""", "0 205")]
    [InlineData("""{"op":"beginsWith","field":"CompanyName","value":"ELM"}""", "209")]
    [InlineData("""{"op":"endsWith","field":"companyname","value":"ltd."}""", "210")]
    [InlineData("""{"op":"contains","field":"companyName","value":"&"}""", "206 210")]
    [InlineData("""{"op":"exist","field":"postalCode"},{"op":"lt","field":"id","value":206}""", "205")]
    [InlineData("""{"op":"notExist","field":"postalCode"}""", "0")]
    [InlineData("""{"op":"in","field":"id","value":[205,0,999]}""", "0 205")]
    [InlineData("""{"op":"notIn","field":"id","value":[0,205,206,207,208,209,210,211]}""", "212 213 214")]
    [InlineData("""{"op":"eq","field":"isActive","value":false}""", "")]
    [InlineData("""{"op":"lt","field":"createDate","value":"2025-01-01T01:00:00+02:00"}""", "")]
    [InlineData("""{"op":"or","items":[{"op":"eq","field":"id","value":0},{"op":"and","items":[{"op":"gt","field":"id","value":212},{"op":"eq","field":"city","value":"tucson"}]}]}""", "0 214")]
    public async Task A_filter_finds_rows_in_order_of_their_ids(string filter, string ids)
    {
        await using var sandbox = await TestSandbox.Start();
        Assert.Equal(ids, (await sandbox.Query("Companies", filter)).Ids);
    }

    [Theory]
    [InlineData("""{"filter":[{"op":"eq","field":"id","value":"material"}]}""", "Conversion failed when converting varchar 'material' to data type bigint")]
    [InlineData("""{"filter":[{"op":"eq","field":"isActive","value":null}]}""", "Conversion failed when converting varchar '' to data type bit")]
    [InlineData("""{"filter":[{"op":"eq","field":"colour","value":1}]}""", "Unable to find colour in the Company Entity.")]
    [InlineData("""{"filter":[{"op":"like","field":"id","value":1}]}""", "'like' is not a filter operator.")]
    [InlineData("""{"filter":[]}""", "The query must have a filter with at least one condition.")]
    [InlineData("""{"filter":[{"op":"exist","field":"Reviewed on","udf":true},{"op":"exist","field":"Usage billing customer","udf":true}]}""", "Queries are limited to one user-defined field condition.")]
    [InlineData("""{"filter":[{"op":"gte","field":"id","value":0}],"MaxRecords":501}""", "maxCountOfRecordsToReturn must be between 1 and 500")]
    [InlineData("""{"filter":[{"op":"gte","field":"id","value":0}],"MaxRecords":0}""", "maxCountOfRecordsToReturn must be between 1 and 500")]
    [InlineData("""{"filter":[{"op":"gte","field":"id","value":0}],"IncludeFields":["colour"]}""", "Unable to find colour in the Company Entity.")]
    [InlineData("""{"filter":[{"op":"eq","op":"eq","field":"id","value":0}]}""", "The query is not a JSON object.")]
    [InlineData("not json", "The query is not a JSON object.")]
    public async Task A_bad_query_is_a_500_with_errors(string body, string error)
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Autotask("POST", "Companies/query", body)).IsErrors(500, error);
        (await sandbox.Autotask("GET", "Companies/query?search=" + Uri.EscapeDataString(body))).IsErrors(500, error);
    }

    [Fact]
    public async Task More_than_500_or_terms_are_refused()
    {
        await using var sandbox = await TestSandbox.Start();
        var terms = string.Join(",", Enumerable.Range(0, 501).Select(id => $$"""{"op":"eq","field":"id","value":{{id}}}"""));
        (await sandbox.Query("Companies", $$"""{"op":"or","items":[{{terms}}]}""")).IsErrors(500, "Queries are limited to 500 or fewer 'OR' conditions.");
    }

    [Fact]
    public async Task Pages_of_a_POST_query_are_POSTed_with_the_same_body_and_lead_back()
    {
        await using var sandbox = await TestSandbox.Start();
        var body = $$"""{"Filter":[{{Everything}}],"maxrecords":5,"includeFIELDS":["ID","COMPANYNAME"]}""";
        var pages = new List<string>();
        var first = await sandbox.Autotask("POST", "Companies/query", body);
        var reply = first;
        while (reply.Json["pageDetails"]!["nextPageUrl"]?.GetValue<string>() is { } link && pages.Count < 9)
        {
            pages.Add(reply.Ids);
            Assert.Equal(405, (await sandbox.Autotask("GET", link)).Status);
            reply = await sandbox.Autotask("POST", link, body);
        }

        pages.Add(reply.Ids);
        Assert.Equal(["0 205 206 207 208", "209 210 211 212 213", "214"], pages);
        var back = await sandbox.Autotask("POST", reply.Json["pageDetails"]!["prevPageUrl"]!.GetValue<string>(), body);
        Assert.Equal("209 210 211 212 213", back.Ids);
        var start = await sandbox.Autotask("POST", back.Json["pageDetails"]!["prevPageUrl"]!.GetValue<string>(), body);
        Assert.Equal(first, start with { Headers = first.Headers });
    }

    [Fact]
    public async Task Pages_of_a_GET_query_carry_their_search()
    {
        await using var sandbox = await TestSandbox.Start();
        var search = Uri.EscapeDataString($$"""{"filter":[{{Everything}}],"MaxRecords":2,"IncludeFields":["id","companyName"]}""");
        (await sandbox.Autotask("GET", "Companies/query?search=" + search)).Is(200, $$"""
            {"items":[{"id":0,"companyName":"Demo MSP"},{"id":205,"companyName":"Alder Dental Ltd"}],
             "pageDetails":{"count":2,"requestCount":2,"prevPageUrl":null,
              "nextPageUrl":"{{sandbox.Origin}}/autotask/ATServicesRest/V1.0/Companies/query/next?paging=%7b%22pageSize%22%3a2%2c%22previousIds%22%3a%5b-1%5d%2c%22nextIds%22%3a%5b205%5d%7d&search={{search}}"}
            }
            """);
        var next = $"Companies/query/next?paging=%7b%22pageSize%22%3a2%2c%22previousIds%22%3a%5b-1%5d%2c%22nextIds%22%3a%5b205%5d%7d&search={search}";
        Assert.Equal("206 207", (await sandbox.Autotask("GET", next)).Ids);
    }

    [Fact]
    public async Task A_count_counts_every_page()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Autotask("POST", "Companies/query/count", $$"""{"filter":[{{Everything}}],"MaxRecords":2}""")).Is(200, """{"queryCount":11}""");
        (await sandbox.Autotask("GET", "ContractServiceUnits/query/count?search=" + Uri.EscapeDataString($$"""{"filter":[{{Everything}}]}"""))).Is(200, """{"queryCount":2280}""");
    }

    [Fact]
    public async Task An_item_shows_every_property_and_a_missing_one_is_null()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Autotask("GET", "Contracts/999")).Is(200, """{"item":null}""");
        (await sandbox.Autotask("GET", "ContractServices/8001")).Is(200, """
            {"item":{"id":8001,"contractID":29684001,"internalCurrencyAdjustedPrice":3.5,"internalCurrencyUnitPrice":3.5,"internalDescription":null,
             "invoiceDescription":null,"quoteItemID":null,"serviceID":45,"unitCost":2.1,"unitPrice":3.5}}
            """);
        (await sandbox.Autotask("GET", "Contracts/29684001")).Is(200, """
            {"item":{"id":29684001,"billingPreference":null,"billToCompanyContactID":null,"billToCompanyID":null,"companyID":205,"contactID":null,
             "contactName":null,"contractCategory":null,"contractExclusionSetID":null,"contractName":"Alder Dental Ltd – Managed services",
             "contractNumber":null,"contractPeriodType":2,"contractType":7,"description":null,"endDate":"2034-12-31T00:00:00Z","estimatedCost":null,
             "estimatedHours":null,"estimatedRevenue":null,"exclusionContractID":null,"internalCurrencyOverageBillingRate":null,
             "internalCurrencySetupFee":null,"isCompliant":null,"isDefaultContract":null,"opportunityID":null,"organizationalLevelAssociationID":null,
             "overageBillingRate":null,"purchaseOrderNumber":null,"renewedContractID":null,"serviceLevelAgreementID":null,"setupFee":null,
             "setupFeeBillingCodeID":null,"startDate":"2025-01-01T00:00:00Z","status":1,"timeReportingRequiresStartAndStopTimes":0,"userDefinedFields":[]}}
            """);
    }

    [Fact]
    public async Task Children_are_listed_and_read_under_their_parent()
    {
        await using var sandbox = await TestSandbox.Start();
        Assert.Equal("8001 8002", (await sandbox.Autotask("GET", "contracts/29684001/services")).Ids);
        var units = await sandbox.Autotask("GET", "Contracts/29684001/ServiceUnits");
        Assert.Equal((240, null), (units.Json["items"]!.AsArray().Count, units.Json["pageDetails"]!["nextPageUrl"]));
        (await sandbox.Autotask("GET", "Contracts/29684002/Services/8001")).Is(200, """{"item":null}""");
        Assert.Equal(8001, (await sandbox.Autotask("GET", "Contracts/29684001/Services/8001")).Json["item"]!["id"]!.GetValue<int>());
    }

    [Fact]
    public async Task Metadata_tells_access_and_picklists_with_values_as_strings()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Autotask("GET", "ContractServiceAdjustments/entityInformation")).Is(200, """
            {"info":{"name":"ContractServiceAdjustment","canCreate":true,"canDelete":false,"canQuery":false,"canUpdate":false,"userAccessForCreate":"All",
             "userAccessForDelete":"None","userAccessForQuery":"None","userAccessForUpdate":"None","hasUserDefinedFields":false,"supportsWebhookCallouts":false}}
            """);
        var fields = (await sandbox.Autotask("GET", "Services/EntityInformation/Fields")).Json["fields"]!.AsArray();
        var periodType = fields.Single(field => field!["name"]!.GetValue<string>() == "periodType")!;
        Assert.True(JsonNode.DeepEquals(periodType, JsonNode.Parse("""
            {"name":"periodType","dataType":"integer","length":0,"isRequired":true,"isReadOnly":false,"isQueryable":true,"isReference":false,
             "referenceEntityType":"","isPickList":true,"picklistValues":[
              {"value":"2","label":"Monthly","isDefaultValue":true,"sortOrder":1,"parentValue":"","isActive":true,"isSystem":false},
              {"value":"3","label":"Quarterly","isDefaultValue":false,"sortOrder":2,"parentValue":"","isActive":true,"isSystem":false},
              {"value":"4","label":"Semi-Annual","isDefaultValue":false,"sortOrder":3,"parentValue":"","isActive":true,"isSystem":false},
              {"value":"5","label":"Yearly","isDefaultValue":false,"sortOrder":4,"parentValue":"","isActive":true,"isSystem":false}],
             "picklistParentValueField":"","isSupportedWebhookField":false}
            """)), JsonSerializer.Serialize(periodType));
        (await sandbox.Autotask("GET", "Contracts/29684001/Services/entityInformation/userDefinedFields")).Is(200, """{"fields":[]}""");
    }
}
