using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using UsageBilling.Sandbox;

namespace UsageBilling.Benchmarks.Faults;

/// <summary>A write that a vendor applied.</summary>
/// <param name="Kind">The last word of its path, in small letters: <c>tickets</c>, <c>notes</c>.</param>
/// <param name="Line">The line whose units it changed, or that it made; null for what changes no units.</param>
/// <param name="Contract">Null for what changes no units.</param>
/// <param name="Service">What an added line sells; null for all else.</param>
internal sealed record Applied(string Method, string Kind, bool Foreign, string Body, string? Line, string? Contract, string? Service, DateOnly On, decimal Change)
{
    public static Applied FromJson(JsonNode entry) => new(
        (string)entry["method"]!,
        ((string)entry["path"]!).Split('/')[^1].ToLowerInvariant(),
        (bool)entry["foreign"]!,
        entry["body"]?.ToJsonString() ?? "",
        entry["contract_service_id"]?.ToString(),
        entry["contract_id"]?.ToString(),
        (entry["body"] as JsonObject)?["ServiceId"]?.ToString(),
        entry["effective_date"] is { } on ? DateOnly.Parse(((string)on!)[..10], CultureInfo.InvariantCulture) : default,
        entry["unit_change"] is { } change ? (decimal)change : 0m);
}

/// <summary>The calls a vendor counted: those of the hub, the most in any hour of what it allows together, others' included, and how many it refused.</summary>
internal sealed record Calls(int Made, int MostInAnHour, int AllowedInAnHour, int Refused);

/// <summary>The pretended vendors of a run, their faults, and what they tell about themselves.</summary>
internal sealed class VendorWindow : IAsyncDisposable
{
    private const string Control = "_sandbox";
    private const int WholeTimes = 1_000_000;

    private readonly SandboxServer server;
    private readonly HttpClient client;
    private readonly string folder;

    private VendorWindow(SandboxServer server, string folder)
    {
        (this.server, this.folder) = (server, folder);
        client = new HttpClient { BaseAddress = server.BaseUrl };
    }

    /// <param name="lines">Of each PSA.</param>
    public static async Task<VendorWindow> Open(FastClock clock, int lines, CancellationToken cancellation)
    {
        var folder = await Book.Write(lines, DateOnly.FromDateTime(clock.Began.UtcDateTime), cancellation);
        return new(await SandboxServer.Start(new SandboxOptions { Seed = folder, Time = clock }, cancellation), folder);
    }

    public Uri Address(PretendPsa psa) => new(server.BaseUrl, psa.Vendor);

    public async Task Set(PretendPsa psa, JsonObject fault, CancellationToken cancellation)
    {
        using var answer = await client.PostAsJsonAsync(Of(psa, "faults"), fault, cancellation);
        if (!answer.IsSuccessStatusCode) throw new BenchException($"The sandbox would not set a fault: {await answer.Content.ReadAsStringAsync(cancellation)}");
    }

    /// <summary>Somebody else makes so many calls.</summary>
    public async Task Strangers(PretendPsa psa, int calls, CancellationToken cancellation)
    {
        using var answer = await client.PostAsJsonAsync(Of(psa, "traffic"), new JsonObject { ["strangers"] = calls }, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>How often faults were met; from now on there are none.</summary>
    public async Task<int> Recover(PretendPsa psa, int edits, CancellationToken cancellation)
    {
        var left = await client.GetFromJsonAsync<JsonArray>(Of(psa, "faults"), cancellation);
        using var answer = await client.DeleteAsync(Of(psa, "faults"), cancellation);
        answer.EnsureSuccessStatusCode();
        var chances = left!.Where(fault => (int)fault!["times"]! == WholeTimes).ToList();
        return chances.Sum(fault => WholeTimes - (int)fault!["times_left"]!) + edits - (left!.Count - chances.Count);
    }

    public async Task<IReadOnlyList<Applied>> Journal(PretendPsa psa, CancellationToken cancellation)
    {
        var entries = await client.GetFromJsonAsync<JsonArray>(Of(psa, "journal"), cancellation);
        return [.. entries!.Select(entry => Applied.FromJson(entry!))];
    }

    public async Task<Calls> Calls(PretendPsa psa, CancellationToken cancellation)
    {
        var traffic = await client.GetFromJsonAsync<JsonObject>(Of(psa, "traffic"), cancellation);
        var allowance = await client.GetFromJsonAsync<JsonObject>(Of(psa, "allowance"), cancellation);
        var most = allowance!.Select(one => one.Value!).MaxBy(one => (double)one["most"]! / (double)one["allowed"]!)!;
        return new(traffic!.Sum(endpoint => (int)endpoint.Value!["requests"]!), (int)most["most"]!, (int)most["allowed"]!, allowance!.Sum(one => (int)one.Value!["refused"]!));
    }

    /// <summary>The units that Autotask shows of every line on a date, by its own protocol.</summary>
    public async Task<IReadOnlyDictionary<string, decimal>> Units(PretendPsa psa, DateOnly on, CancellationToken cancellation)
    {
        var day = on.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var query = new JsonObject
        {
            ["filter"] = new JsonArray(
                new JsonObject { ["op"] = "lte", ["field"] = "startDate", ["value"] = day }, new JsonObject { ["op"] = "gte", ["field"] = "endDate", ["value"] = day }),
        };
        var units = new Dictionary<string, decimal>();
        for (var next = $"{psa.Vendor}/ATServicesRest/V1.0/ContractServiceUnits/query"; next is not null;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(next, UriKind.RelativeOrAbsolute)) { Content = JsonContent.Create(query) };
            foreach (var (name, value) in new[] { ("ApiIntegrationCode", psa.Code), ("UserName", psa.User), ("Secret", Demo.Secret) }) request.Headers.Add(name, value);
            using var answer = await client.SendAsync(request, cancellation);
            var page = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellation);
            foreach (var row in page!["items"]!.AsArray()) units[row!["contractServiceID"]!.ToString()] = (decimal)row["units"]!;
            next = (string?)page["pageDetails"]!["nextPageUrl"];
        }

        return units;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static Uri Of(PretendPsa psa, string what) => new($"{Control}/{psa.Vendor}/{what}", UriKind.Relative);
}
