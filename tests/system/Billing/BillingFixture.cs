using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Billing;

/// <summary>An api over a fresh database, with lines whose units a person gives: monthly, charged to the end of this month, at 4.20 USD.</summary>
public sealed class BillingFixture : IAsyncLifetime
{
    public HubFixture Hub { get; } = new();

    /// <summary>Another key that may post.</summary>
    public Door Second { get; private set; } = null!;

    public DateOnly First => Hub.Night.AddDays(1 - Hub.Night.Day);

    public int DaysInMonth => DateTime.DaysInMonth(First.Year, First.Month);

    public async Task InitializeAsync()
    {
        await Hub.InitializeAsync();
        Second = new(Hub.BaseUrl, await Hub.Key(Hub.Msp, ApiScope.Operator));
    }

    public async Task DisposeAsync()
    {
        Second.Dispose();
        await Hub.DisposeAsync();
    }

    /// <summary>A customer of its own with one contract, and a line of it with a manual basis.</summary>
    internal async Task<Customer> Customer()
    {
        var psa = await Hub.Integration("autotask");
        var account = await Hub.Account(psa);
        return await Line(psa, account);
    }

    /// <summary>Units from a day of this month on: an adjustment for its remaining days.</summary>
    internal async Task Give(Customer customer, int units, int day = 1) => Assert.Equal(
        200, (await Hub.Operator.Put($"/v1/lines/{customer.Line}/units", new { units = units.ToString(CultureInfo.InvariantCulture), effective_on = Iso(First.AddDays(day - 1)) })).Status);

    internal async Task<JsonNode> Plan(Customer customer)
    {
        var made = await Hub.Operator.Post("/v1/plans", new { through = Iso(Hub.Night), account = customer.Account });
        Assert.True(made.Status == 201, made.Text);
        return made.Json;
    }

    internal Task<Answer> Apply(JsonNode plan, Door? door = null) => (door ?? Hub.Operator).Post($"/v1/plans/{plan["id"]}/apply", new { hash = (string)plan["hash"]! });

    internal async Task<JsonArray> Review(Customer customer, string rest = "") =>
        (await Hub.Viewer.Get($"/v1/review?account={customer.Account}{rest}")).Json["items"]!.AsArray();

    /// <summary>What the line says of itself in a list of items: kind, units, amount.</summary>
    internal static string Words(JsonNode items) =>
        string.Join(", ", items.AsArray().Select(item => $"{item!["kind"]} {item["units"]} {item["amount"]}{(item["blocked"] is { } blocked ? $" {blocked["code"]}" : "")}"));

    internal static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private async Task<Customer> Line(long psa, long account)
    {
        var line = await Hub.Line(psa, account);
        await Hub.Sql("update service_line set charged_until = $2, minimum = 0 where id = $1", line, First.AddMonths(1));
        Assert.Equal(200, (await Hub.Operator.Put($"/v1/lines/{line}/basis", new { kind = "manual" })).Status);
        return new(account, await Hub.Sql("select contract_id from service_line where id = $1", line), line, psa);
    }
}

internal sealed record Customer(long Account, long Contract, long Line, long Psa);
