using System.Text.Json;
using UsageBilling.Api.Hosting;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Telemetry;

/// <summary>What the api's program tells of itself: to a collector, and in its log.</summary>
public sealed class ApiTelemetryTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Requests_and_the_turns_they_ask_for_reach_a_collector_and_the_log_knows_a_problem_by_its_trace()
    {
        await using var collector = await Collector.Start(
            ["http.server.request.duration", "/v1/lines", "usagebilling-api"], ["GET /v1/lines", "http.route", "http.request.method", "turns Organization", "Npgsql", "usagebilling-api"]);
        using var program = HostingTests.Start(
            hub.ConnectionString,
            new()
            {
                ["UsageBilling__LogForm"] = "json",
                ["Logging__LogLevel__Default"] = "Information",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            },
            "--port", "0", "--parent-stdin");
        var listening = await program.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        using var door = new Door(new Uri(listening![("api listening on ".Length)..]), await hub.Key(hub.Msp, ApiScope.Superuser));

        Assert.Equal(200, (await door.Get("/v1/lines")).Status);
        var (organization, account) = (await hub.Organization(), await hub.Account(await hub.Integration("autotask")));
        Assert.Equal(200, (await door.Put($"/v1/organizations/{organization}/account", new { account_id = account })).Status);
        var trace = (string)(await door.Get("/v1/lines/999999")).Json["traceId"]!;
        while (await program.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            using var entry = JsonDocument.Parse(line);
            if (entry.RootElement.GetProperty("Scopes").EnumerateArray().Any(scope => scope.TryGetProperty("TraceId", out var id) && id.GetString() == trace)) break;
        }

        await collector.Everything();
        program.StandardInput.Close();
        await program.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await program.WaitForExitAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Settings_that_cannot_be_are_all_named_each_in_a_sentence()
    {
        using var program = HostingTests.Start(
            hub.ConnectionString,
            new()
            {
                ["UsageBilling__LogForm"] = "xml", ["UsageBilling__KeyRequestsPerMinute"] = "many", ["UsageBilling__DatabaseWaitSeconds"] = "soon",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "carrier-pigeon",
            });
        var said = await program.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await program.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal((2, 5), (program.ExitCode, said.TrimEnd().Split('\n').Length));
        Assert.All(
            ["UsageBilling__LogForm is text or json, not 'xml'.", "UsageBilling__KeyRequestsPerMinute", "UsageBilling__DatabaseWaitSeconds", "OTEL_EXPORTER_OTLP_ENDPOINT is the address of a collector", "'carrier-pigeon'"],
            sentence => Assert.Contains(sentence, said, StringComparison.Ordinal));
    }
}
