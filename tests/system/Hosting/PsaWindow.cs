using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using UsageBilling.Runtime.Invariants;
using UsageBilling.Sandbox;

namespace UsageBilling.Tests.System.Hosting;

/// <summary>What Autotask shows: units over its own protocol, and the journal of every write it applied.</summary>
internal sealed class PsaWindow(Hub hub)
{
    /// <summary>Every adjustment applied: line, date, change, units before and after.</summary>
    public async Task<string> Journal()
    {
        var entries = await hub.Vendors.GetFromJsonAsync<JsonArray>(new Uri("_sandbox/autotask/journal", UriKind.Relative));
        return DemoMsp.Named(string.Join("\n", entries!
            .Where(entry => entry!["contract_service_id"] is not null)
            .Select(entry => string.Create(CultureInfo.InvariantCulture,
                $"{entry!["contract_service_id"]} {entry["effective_date"]} {entry["unit_change"]} {entry["units_before"]}->{entry["units_after"]}{((bool)entry["foreign"]! ? " foreign" : "")}"))
            .Order(StringComparer.Ordinal)));
    }

    /// <summary>What Autotask can tell about the hub's writes: units on the last days of both nights, and every change it applied for the hub.</summary>
    public async Task<VendorView> View()
    {
        var entries = (await hub.Vendors.GetFromJsonAsync<JsonArray>(new Uri("_sandbox/autotask/journal", UriKind.Relative)))!.Where(entry => entry!["contract_service_id"] is not null).ToList();
        var foreign = entries.Where(entry => (bool)entry!["foreign"]!).Select(entry => $"{entry!["contract_service_id"]}").ToHashSet();
        List<VendorUnits> shows = [];
        foreach (var date in new[] { DemoSeed.FirstNight, DemoSeed.FirstNight.AddDays(1) })
            shows.AddRange((await RowsOn(date)).Select(row => new VendorUnits(DemoMsp.Autotask.Value, $"{row["contractServiceID"]}", date, (decimal)row["units"]!)).Where(row => !foreign.Contains(row.ServiceRemoteId)));
        return new(shows, [.. entries.Where(entry => !(bool)entry!["foreign"]!).Select(entry =>
            new VendorApplied(DemoMsp.Autotask.Value, $"{entry!["contract_service_id"]}", DateOnly.Parse($"{entry["effective_date"]}"[..10], CultureInfo.InvariantCulture)))]);
    }

    /// <summary>The units of every line on a date: line and units.</summary>
    public async Task<string> UnitsOn(DateOnly date) =>
        string.Join("\n", (await RowsOn(date)).Select(row => $"{row["contractServiceID"]} {row["units"]}").Order(StringComparer.Ordinal));

    private async Task<IReadOnlyList<JsonNode>> RowsOn(DateOnly date)
    {
        var day = DemoMsp.Iso(date);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("autotask/ATServicesRest/V1.0/ContractServiceUnits/query", UriKind.Relative));
        request.Headers.Add("ApiIntegrationCode", Demo.IntegrationCode);
        request.Headers.Add("UserName", Demo.AutotaskUser);
        request.Headers.Add("Secret", Demo.Secret);
        request.Content = new StringContent(
            $$"""{"filter":[{"op":"lte","field":"startDate","value":"{{day}}"},{"op":"gte","field":"endDate","value":"{{day}}"}]}""", Encoding.UTF8, "application/json");
        using var response = await hub.Vendors.SendAsync(request);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync());
        return [.. body!["items"]!.AsArray().Select(row => row!)];
    }
}
