using UsageBilling.Sandbox;

namespace UsageBilling.Tests.System.Sandbox;

public sealed class AutotaskDoorTests
{
    [Fact]
    public async Task Versions_and_zone_are_told_without_credentials()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Call("GET", "/autotask/atservicesrest/versioninformation")).Is(200, """{"apiVersions":["V1.0"]}""");
        (await sandbox.Call("GET", "/autotask/ATServicesRest/v1.0/zoneInformation?user=api%40demo.example")).Is(200, $$"""
            {"zoneName":"Sandbox","url":"{{sandbox.Origin}}/autotask/ATServicesRest/","webUrl":"{{sandbox.Origin}}/","ci":910001}
            """);
    }

    [Theory]
    [InlineData("?user=somebody%40else.example")]
    [InlineData("")]
    public async Task The_zone_of_an_unknown_user_is_a_500(string query)
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Call("GET", "/autotask/ATServicesRest/v1.0/zoneInformation" + query)).IsErrors(500, "Zone information could not be determined");
    }

    [Theory]
    [InlineData("/autotask/ATServicesRest/V1.0/Companies/0")]
    [InlineData("/AUTOTASK/atservicesrest/v1.0/companies/0/")]
    [InlineData("//autotask/aTServicesRest//v1.0//COMPANIES//0//")]
    public async Task Paths_are_read_in_any_casing_with_doubled_and_trailing_slashes(string path)
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.Autotask("GET", sandbox.Origin + path);
        Assert.Equal("Demo MSP", reply.Json["item"]!["companyName"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("wrong", Demo.Secret, Demo.IntegrationCode, 401, "Unauthorized")]
    [InlineData(Demo.AutotaskUser, "wrong", Demo.IntegrationCode, 401, "Unauthorized")]
    [InlineData(Demo.AutotaskUser, Demo.Secret, "wrong", 500, "IntegrationCode is invalid.")]
    public async Task Wrong_credentials_are_401_and_a_wrong_integration_code_is_500(string user, string secret, string code, int status, string error)
    {
        await using var sandbox = await TestSandbox.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/autotask/ATServicesRest/V1.0/Companies/0");
        request.Headers.Add("Username", user);
        request.Headers.Add("SECRET", secret);
        request.Headers.Add("apiIntegrationcode", code);
        using var response = await sandbox.Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal($$"""{"errors":["{{error}}"]}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "ContractServiceAdjustments")]
    [InlineData("PATCH", "ContractServiceAdjustments")]
    [InlineData("GET", "Contracts/29684001/ServiceAdjustments")]
    [InlineData("POST", "Contracts/29684001/ServiceUnits")]
    [InlineData("PATCH", "Tickets/1")]
    [InlineData("DELETE", "Companies/205")]
    [InlineData("GET", "Companies/query/next?paging=x")]
    [InlineData("POST", "ThresholdInformation")]
    public async Task A_known_route_with_a_wrong_verb_is_405_with_Message(string method, string path)
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Autotask(method, path)).Is(405, $$"""{"Message":"The requested resource does not support http method '{{method}}'."}""");
    }

    [Theory]
    [InlineData("POST", "ContractServices")]
    [InlineData("POST", "TicketNotes")]
    [InlineData("GET", "ContractServiceAdjustments/1")]
    [InlineData("GET", "Nothing")]
    [InlineData("GET", "Companies/query/other")]
    public async Task An_unknown_route_is_a_404_in_html(string method, string path)
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.Autotask(method, path);
        Assert.Equal((404, "text/html; charset=utf-8"), (reply.Status, reply.Headers["Content-Type"]));
    }

    [Fact]
    public async Task The_threshold_counts_every_call_of_the_last_hour_itself_included_and_then_refuses()
    {
        await using var sandbox = await TestSandbox.Start(new SandboxOptions { HourlyCallsMax = 3 });
        await sandbox.Autotask("GET", "Companies/0");
        await sandbox.Call("GET", "/autotask/ATServicesRest/V1.0/zoneInformation?user=api%40demo.example");
        var info = """{"externalRequestThreshold":3,"requestThresholdTimeframe":60,"currentTimeframeRequestCount":%}""";
        (await sandbox.Autotask("GET", "ThresholdInformation")).Is(200, info.Replace('%', '2'));
        (await sandbox.Autotask("GET", "ThresholdInformation")).Is(200, info.Replace('%', '3'));
        (await sandbox.Autotask("GET", "ThresholdInformation")).IsErrors(429, "The Autotask API request threshold of 3 requests per hour has been exceeded.");
        await sandbox.Call("POST", "/_sandbox/clock", """{"advance_seconds":3600}""");
        (await sandbox.Autotask("GET", "ThresholdInformation")).Is(200, info.Replace('%', '1'));
    }

    [Fact]
    public async Task A_fourth_call_in_flight_to_the_same_object_is_refused_and_another_object_is_not()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", """{"kind":"slow","match":"/companies/","times":3}""");
        Task<Reply>[] slow = [.. Enumerable.Range(0, 3).Select(_ => sandbox.Autotask("GET", "Companies/0"))];
        (await sandbox.Call("GET", "/_sandbox/autotask/held?count=3")).Is(200, """{"held":3}""");
        (await sandbox.Autotask("GET", "Companies/entityInformation")).IsErrors(429, "The Autotask API thread threshold of 3 threads has been exceeded.");
        Assert.Equal(200, (await sandbox.Autotask("GET", "Contracts/1")).Status);
        await sandbox.Call("DELETE", "/_sandbox/autotask/faults");
        Assert.All(await Task.WhenAll(slow), reply => Assert.Equal(200, reply.Status));
        Assert.Equal(200, (await sandbox.Autotask("GET", "Companies/0")).Status);
    }

    [Fact]
    public async Task A_body_over_one_mebibyte_is_refused()
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.Autotask("POST", "Companies/query", new string(' ', 1024 * 1024 + 1));
        Assert.Equal(413, reply.Status);
    }
}
