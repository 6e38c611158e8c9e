namespace UsageBilling.Tests.System.Sandbox;

public sealed class ControlTests
{
    [Fact]
    public async Task The_clock_is_shown_set_and_advanced_and_dates_what_the_vendors_do()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Call("GET", "/_sandbox/clock")).Is(200, """{"now":"2026-09-21T10:00:00.000Z"}""");
        (await sandbox.Call("POST", "/_sandbox/clock", """{"now":"2026-11-21T12:00:00Z"}""")).Is(200, """{"now":"2026-11-21T12:00:00.000Z"}""");
        (await sandbox.Call("POST", "/_sandbox/clock", """{"advance_seconds":86400}""")).Is(200, """{"now":"2026-11-22T12:00:00.000Z"}""");
        await sandbox.Adjust(29684001, 8001, 1, "2026-11-22");
        var journal = (await sandbox.Call("GET", "/_sandbox/autotask/journal")).Json;
        Assert.Equal("2026-11-22T12:00:00.000Z", journal[0]!["at"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"now":"yesterday"}""")]
    [InlineData("""{"advance_seconds":-1}""")]
    [InlineData("""{"now":"2026-11-21T12:00:00Z","advance_seconds":1}""")]
    public async Task A_clock_that_cannot_be_set_says_how(string body)
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.Call("POST", "/_sandbox/clock", body);
        Assert.Equal((400, "Send {\"now\":\"2026-11-21T12:00:00Z\"} or {\"advance_seconds\":n} with n from 0 to 100 years."), (reply.Status, reply.Json["detail"]!.GetValue<string>()));
        (await sandbox.Call("GET", "/_sandbox/clock")).Is(200, """{"now":"2026-09-21T10:00:00.000Z"}""");
    }

    [Fact]
    public async Task Traffic_is_counted_by_endpoint_and_strangers_use_up_the_hour()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.Call("GET", "/_sandbox/autotask/traffic")).Is(200, "{}");
        await sandbox.Adjust(29684001, 8001, 1, "2026-11-22");
        await sandbox.Call("GET", "/autotask/ATServicesRest/V1.0/ThresholdInformation");
        (await sandbox.Call("GET", "/_sandbox/autotask/traffic")).Is(
            200, """{"ContractServiceAdjustments":{"requests":1,"turned_away":0,"at_once_most":1},"ThresholdInformation":{"requests":1,"turned_away":1,"at_once_most":1}}""");
        (await sandbox.Call("POST", "/_sandbox/autotask/traffic", """{"strangers":9000}""")).Is(200, """{"strangers":9000}""");
        Assert.Equal(9002, (await sandbox.Autotask("GET", "ThresholdInformation")).Json["currentTimeframeRequestCount"]!.GetValue<int>());
        (await sandbox.Call("GET", "/_sandbox/autotask/allowance")).Is(200, """{"all endpoints":{"allowed":10000,"most":9002,"refused":0}}""");
        (await sandbox.Call("GET", "/_sandbox/uniview/allowance")).Is(200, "{}");
        Assert.Equal(400, (await sandbox.Call("POST", "/_sandbox/uniview/traffic", """{"strangers":1}""")).Status);
        Assert.Equal(400, (await sandbox.Call("POST", "/_sandbox/autotask/traffic", """{"strangers":0}""")).Status);
    }

    [Fact]
    public async Task The_index_names_the_vendors_and_the_demo_credentials()
    {
        await using var sandbox = await TestSandbox.Start();
        var index = await sandbox.Call("GET", "/");
        Assert.Equal("text/plain; charset=utf-8", index.Headers["Content-Type"]);
        foreach (var word in new[] { $"{sandbox.Origin}/autotask/ATServicesRest/", "api@demo.example", "DEMOINTEGRATIONCODE0000001", "demo-client", "demo-secret", "/_sandbox/clock" }
            .Concat(["/bms-us ", "/bms-emea ", "/vorex ", "Demo MSP Europe", "Demo MSP Vorex"]))
            Assert.Contains(word, index.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/_sandbox/nobody/faults")]
    [InlineData("/_sandbox/autotask/nothing")]
    [InlineData("/nothing")]
    public async Task What_does_not_exist_is_a_404_that_leads_to_the_index(string path)
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.Call("GET", path);
        Assert.Equal(404, reply.Status);
        Assert.Contains("GET / lists what there is", reply.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }
}
