using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using UsageBilling.Sandbox;

namespace UsageBilling.Tests.System.Sandbox;

/// <summary>A sandbox of its own on a free port, with the clock standing at 2026-09-21 10:00 UTC.</summary>
internal sealed class TestSandbox : IAsyncDisposable
{
    private readonly SandboxServer server;
    private readonly Dictionary<string, string> bmsTokens = [];
    private string? token;

    private TestSandbox(SandboxServer server)
    {
        this.server = server;
        Http = new HttpClient { BaseAddress = server.BaseUrl, Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Http { get; }

    public string Origin => server.BaseUrl.GetLeftPart(UriPartial.Authority);

    public static async Task<TestSandbox> Start(SandboxOptions? options = null)
    {
        var started = await SandboxServer.Start((options ?? new SandboxOptions()) with { Time = new StandingClock() }, CancellationToken.None);
        return new TestSandbox(started);
    }

    /// <summary>A call to <c>/autotask/ATServicesRest/V1.0/…</c> or to a whole url, with the demo credentials.</summary>
    public Task<Reply> Autotask(string method, string path, string? body = null, CancellationToken cancellation = default) =>
        Autotask(method, path, body, Demo.AutotaskUser, cancellation);

    /// <summary>The same as another of the tenant's api users.</summary>
    public Task<Reply> Autotask(string method, string path, string? body, string user, CancellationToken cancellation = default)
    {
        var request = Request(method, path.StartsWith("http", StringComparison.Ordinal) ? path : "/autotask/ATServicesRest/V1.0/" + path, body);
        request.Headers.Add("ApiIntegrationCode", Demo.IntegrationCode);
        request.Headers.Add("UserName", user);
        request.Headers.Add("Secret", Demo.Secret);
        return Send(request, cancellation);
    }

    public Task<Reply> Query(string entity, string filter) => Autotask("POST", entity + "/query", $$"""{"filter":[{{filter}}]}""");

    public async Task<Reply> UniView(string path, CancellationToken cancellation = default)
    {
        token ??= await Token();
        var request = Request("GET", "/uniview/" + path, null);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Send(request, cancellation);
    }

    public async Task<string> Token()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = Demo.ClientId,
            ["client_secret"] = Demo.Secret,
        });
        using var response = await Http.PostAsync(new Uri("/uniview/connect/token", UriKind.Relative), form);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["access_token"]!.GetValue<string>();
    }

    /// <summary>A call to <c>/{region}/v2/…</c> as the API employee.</summary>
    public async Task<Reply> Bms(string region, string method, string path, string? body = null, CancellationToken cancellation = default)
    {
        if (!bmsTokens.TryGetValue(region, out var bearer))
            bmsTokens[region] = bearer = (await BmsSignIn(region)).Json["result"]!["accessToken"]!.GetValue<string>();
        var request = Request(method, $"/{region}/v2/{path}", body);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return await Send(request, cancellation);
    }

    /// <summary>A sign-in with a url-encoded form; fields given by name replace those of the API employee, empty ones are left out.</summary>
    public Task<Reply> BmsSignIn(string region, params (string Name, string Value)[] instead)
    {
        var tenant = region switch { "bms-us" => "Demo MSP", "bms-emea" => "Demo MSP Europe", _ => "Demo MSP Vorex" };
        var form = new Dictionary<string, string> { ["GrantType"] = "password", ["UserName"] = Demo.BmsUser, ["Password"] = Demo.Secret, ["Tenant"] = tenant };
        foreach (var (name, value) in instead)
            form[name] = value;
        return BmsForm(region, "authenticate", new FormUrlEncodedContent(form.Where(field => field.Value.Length > 0)));
    }

    public Task<Reply> BmsForm(string region, string what, HttpContent form) =>
        Send(new HttpRequestMessage(HttpMethod.Post, $"/{region}/v2/security/{what}") { Content = form }, CancellationToken.None);

    /// <summary>The journal, one line per write: what was written to what, and the units of lines.</summary>
    public async Task<IReadOnlyList<string>> BmsJournal(string region)
    {
        var journal = await Call("GET", $"/_sandbox/{region}/journal");
        return
        [
            .. journal.Json.AsArray().Select(entry =>
                $"{entry!["sequence"]} {entry["method"]} {entry["entity"]} {entry["item_id"]}{(entry["units_after"] is { } after ? $" {entry["effective_date"]} {entry["units_before"]}->{after}" : "")}{(entry["foreign"]!.GetValue<bool>() ? " foreign" : "")}"),
        ];
    }

    public Task<Reply> Call(string method, string path, string? body = null) => Send(Request(method, path, body), CancellationToken.None);

    public async Task<Reply> Fault(string vendor, string body)
    {
        var set = await Call("POST", $"/_sandbox/{vendor}/faults", body);
        Assert.Equal(201, set.Status);
        return set;
    }

    /// <summary>The journal, one line per write: what was done to which line on which date.</summary>
    public async Task<IReadOnlyList<string>> AdjustmentsJournalled()
    {
        var journal = await Call("GET", "/_sandbox/autotask/journal");
        return
        [
            .. journal.Json.AsArray().Select(entry =>
                $"{entry!["sequence"]} line {entry["contract_service_id"]} {entry["effective_date"]} {entry["unit_change"]} {entry["units_before"]}->{entry["units_after"]}{(entry["foreign"]!.GetValue<bool>() ? " foreign" : "")}"),
        ];
    }

    /// <summary>The units of a line between two dates, one line per row, by date.</summary>
    public async Task<IReadOnlyList<string>> Units(int contractServiceId, string from, string through)
    {
        var reply = await Query("ContractServiceUnits", $$"""
            {"op":"eq","field":"contractServiceID","value":{{contractServiceId}}},
            {"op":"lte","field":"startDate","value":"{{through}}"},{"op":"gte","field":"endDate","value":"{{from}}"}
            """);
        return
        [
            .. reply.Json["items"]!.AsArray()
                .Select(row => $"{row!["startDate"]!.ToString()[..10]}..{row["endDate"]!.ToString()[..10]} {row["units"]} units {row["price"]!.GetValue<decimal>():0.##}")
                .Order(StringComparer.Ordinal),
        ];
    }

    public Task<Reply> Adjust(int contractId, int contractServiceId, int change, string effectiveDate, CancellationToken cancellation = default) =>
        Autotask("POST", $"Contracts/{contractId}/ServiceAdjustments", AdjustmentBody(contractServiceId, change, effectiveDate), cancellation);

    public static string AdjustmentBody(int contractServiceId, int change, string effectiveDate) =>
        $$"""{"contractServiceID":{{contractServiceId}},"unitChange":{{change}},"effectiveDate":"{{effectiveDate}}"}""";

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await server.DisposeAsync();
    }

    private static HttpRequestMessage Request(string method, string path, string? body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        // A long body waits until it is asked for: one that is refused unread would find the connection closed in the middle of sending
        request.Headers.ExpectContinue = body?.Length > ushort.MaxValue;
        return request;
    }

    private async Task<Reply> Send(HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
        {
            using var response = await Http.SendAsync(request, cancellation);
            var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(",", header.Value));
            return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellation), headers);
        }
    }

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 9, 21, 10, 0, 0, TimeSpan.Zero);
    }
}
