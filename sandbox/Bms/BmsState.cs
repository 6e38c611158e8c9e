using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox.Bms;

/// <summary>Every row of one pretended tenant that can change, in the vendor's names.</summary>
internal sealed class BmsState(BmsLists lists)
{
    public BmsLists Lists { get; } = lists;

    /// <summary>With their locations and addresses inside.</summary>
    public Table Accounts { get; } = new();

    /// <summary>The catalogue.</summary>
    public Table Services { get; } = new();

    public Table Contracts { get; } = new();

    /// <summary>Services of contracts: the only rows with units.</summary>
    public Table Lines { get; } = new();

    public Table Tickets { get; } = new();

    public Table Notes { get; } = new();

    public IEnumerable<JsonObject> LinesOf(int contractId) => Lines.Rows.Where(line => Cell.Int(line["contractId"]) == contractId);

    public static IEnumerable<JsonObject> LocationsOf(JsonObject account) => (account["locations"] as JsonArray ?? []).OfType<JsonObject>();

    public JsonObject? Location(int? accountId, int? locationId) =>
        Accounts.Find(accountId) is { } account ? LocationsOf(account).FirstOrDefault(location => Cell.Int(location["id"]) == locationId) : null;

    public BmsState Copy()
    {
        var copy = new BmsState(Lists);
        copy.Restore(ToJson());
        return copy;
    }

    public JsonObject ToJson() => new(All().Select(table => KeyValuePair.Create(table.Name, (JsonNode?)table.Rows.ToJson())));

    public void Restore(JsonObject saved)
    {
        foreach (var (name, table) in All())
        {
            if (saved[name] is JsonArray rows)
                table.Restore(rows);
        }
    }

    private IEnumerable<(string Name, Table Rows)> All() =>
        [("accounts", Accounts), ("services", Services), ("contracts", Contracts), ("lines", Lines), ("tickets", Tickets), ("notes", Notes)];
}
