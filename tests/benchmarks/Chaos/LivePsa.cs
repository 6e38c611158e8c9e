using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using UsageBilling.Benchmarks.Load;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Sandbox;

namespace UsageBilling.Benchmarks.Chaos;

/// <summary>A PSA that answers over HTTP, for a few hundred lines of the population: the sandbox, made to fail now and then.</summary>
internal sealed class LivePsa : IAsyncDisposable
{
    private const int AccountsMax = 10;
    private const int Service = 45;
    private const int CallsMax = 1_000_000;
    private const string Sends = "ServiceAdjustments";

    /// <summary>Of every hundred sends about five get no answer or a bad one; of those one in six is lost before it was applied.</summary>
    private static readonly (string Kind, string Match, double Chance, string More)[] Faults =
    [
        ("timeout_before", Sends, 0.004, ""), ("server_error", Sends, 0.004, ""), ("timeout_after", Sends, 0.02, ""), ("reset_after", Sends, 0.01, ""),
        ("rate_limited", Sends, 0.01, ", \"retry_after_seconds\": 1"), ("server_error", "ContractServiceUnits", 0.01, ""),
    ];

    private readonly SandboxServer server;
    private readonly HttpClient client;
    private readonly Population population;
    private readonly string folder;

    private LivePsa(SandboxServer server, Population population, string folder, long integration)
    {
        (this.server, this.population, this.folder, Integration) = (server, population, folder, integration);
        client = new HttpClient { BaseAddress = server.BaseUrl };
    }

    /// <summary>The hub's integration of it.</summary>
    public long Integration { get; }

    /// <summary>Starts it with the contracts as they stand before the first night, and tells the hub.</summary>
    public static async Task<LivePsa> Start(NpgsqlDataSource database, Population population, int seed, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("usagebilling-chaos-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "autotask.json"), Contracts(population).ToJsonString(), cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "uniview.json"), "{}", cancellation);
        var server = await SandboxServer.Start(new SandboxOptions { Seed = folder, HourlyCallsMax = CallsMax }, cancellation);
        var services = new ServiceCollection();
        SecretVault.AddTo(services, database);
        await using var provider = services.BuildServiceProvider();
        var secret = provider.GetRequiredService<SecretVault>().Protect(1, Demo.Secret);
        var integration = await Statement.Scalar<long>(database, "dispatch_some", cancellation, $"{server.BaseUrl}autotask", Demo.AutotaskUser, secret, Demo.IntegrationCode, (long)Accounts(population));
        var psa = new LivePsa(server, population, folder, integration);
        for (var i = 0; i < Faults.Length; i++) await psa.Fault(Faults[i], unchecked(seed + i), cancellation);
        return psa;
    }

    /// <summary>Whether what it applied is, line by line and night by night, exactly what was wished.</summary>
    public async Task<bool> HasExactlyWhatWasWished(IReadOnlyList<DateOnly> nights, CancellationToken cancellation)
    {
        var journal = await client.GetFromJsonAsync<JsonArray>(new Uri("_sandbox/autotask/journal", UriKind.Relative), cancellation);
        var applied = journal!.Where(entry => entry!["contract_service_id"] is not null)
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry!["contract_service_id"]} {entry["effective_date"]} {entry["units_before"]}->{entry["units_after"]}"));
        return applied.Order(StringComparer.Ordinal).SequenceEqual(Wished(nights).Order(StringComparer.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static int Accounts(Population population) => Math.Min(AccountsMax, population.Accounts);

    private static long LineId(int account, int line) => (account * (long)Population.LinesPerContract) + line + 1;

    private IEnumerable<string> Wished(IReadOnlyList<DateOnly> nights) =>
        from account in Enumerable.Range(0, Accounts(population))
        from number in Enumerable.Range(1, nights.Count)
        where population.Changes(account, number)
        from line in Enumerable.Range(0, Population.LinesPerContract)
        select string.Create(
            CultureInfo.InvariantCulture,
            $"{LineId(account, line)} {nights[number - 1]:yyyy-MM-dd} {population.Units(account, line, number - 1)}->{population.Units(account, line, number)}");

    private static JsonObject Contracts(Population population)
    {
        var today = DateOnly.FromDateTime(Machine.Clock.GetUtcNow().UtcDateTime);
        return new()
        {
            ["companies"] = new JsonArray(new JsonObject { ["id"] = 0, ["companyName"] = "msp 1", ["phone"] = "555 0100" }),
            ["services"] = new JsonArray(new JsonObject { ["id"] = Service, ["name"] = "licence", ["billingCodeID"] = 30100, ["periodType"] = 2, ["unitPrice"] = 2, ["unitCost"] = 1 }),
            ["contracts"] = new JsonArray([.. Enumerable.Range(0, Accounts(population)).Select(account => new JsonObject
            {
                ["id"] = account + 1, ["companyID"] = 0, ["contractName"] = $"contract {account}",
                ["startDate"] = Day(today.AddMonths(-2)), ["endDate"] = Day(today.AddMonths(4)),
                ["lines"] = new JsonArray([.. Enumerable.Range(0, Population.LinesPerContract).Select(line => new JsonObject
                {
                    ["id"] = LineId(account, line), ["serviceID"] = Service, ["units"] = population.Units(account, line, 0),
                })]),
            })]),
        };
    }

    private async Task Fault((string Kind, string Match, double Chance, string More) fault, int seed, CancellationToken cancellation)
    {
        using var body = new StringContent(string.Create(
            CultureInfo.InvariantCulture, $$"""{"kind": "{{fault.Kind}}", "match": "{{fault.Match}}", "chance": {{fault.Chance}}, "seed": {{seed}}, "times": 1000000{{fault.More}}}"""));
        using var answer = await client.PostAsync(new Uri("_sandbox/autotask/faults", UriKind.Relative), body, cancellation);
        if (!answer.IsSuccessStatusCode) throw new BenchException($"The sandbox would not set a fault: {await answer.Content.ReadAsStringAsync(cancellation)}");
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
