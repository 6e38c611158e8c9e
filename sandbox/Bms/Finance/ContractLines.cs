using System.Text.Json;
using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Asking;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Finance;

/// <summary>Services of contracts. Units are whole when they are written, and shown with a point by the answer to that write only: no read shows them.</summary>
internal static class ContractLines
{
    public const string Entity = "contractservices";

    private static readonly string[] Sums = ["units", "unitCost", "unitPrice"];
    private static readonly string[] TextCriteria = ["ServiceName", "ServiceDescription", "ContractName", "AccountName"];
    private static readonly string[] DateCriteria = ["EffectiveDate", "ContractStartDate", "ContractEndDate"];
    private static readonly string[] AmountCriteria = ["UnitCost", "UnitPrice"];

    /// <summary>What a row has, in the vendor's names.</summary>
    public static IReadOnlyList<string> Kept { get; } =
    [
        "id", "createdBy", "createdOn", "modifiedBy", "modifiedOn", "serviceId", "serviceName", "serviceDescription", "contractId", "units", "unitCost", "unitPrice",
        "effectiveDate", "sortOrder",
    ];

    /// <summary>Where a service of the catalogue is used, without units.</summary>
    public static Answer Related(ListAsked asked, int serviceId, BmsState state)
    {
        if (state.Services.Find(serviceId) is null)
            return BmsAnswers.Missing("Service", $"{serviceId}");
        var texts = TextCriteria.Select(name => (Property: Camel(name), Suits: asked.Criteria.Contains(name))).ToList();
        var dates = DateCriteria.Select(name => (Property: Camel(name), Suits: asked.Criteria.Between(name))).ToList();
        var amounts = AmountCriteria.Select(name => (Property: Camel(name), Suits: asked.Criteria.Exactly(name))).ToList();
        var found = state.Lines.Rows.Where(row => Cell.Int(row["serviceId"]) == serviceId).Select(row => Use(row, state)).Where(row =>
            texts.TrueForAll(text => text.Suits(Cell.Text(row[text.Property])))
            && dates.TrueForAll(date => date.Suits(Cell.Instant(row[date.Property])))
            && amounts.TrueForAll(amount => amount.Suits(Cell.Number(row[amount.Property]))));
        return asked.Answer(found, row => row);
    }

    /// <summary>The answer to the adding of lines to a contract that exists.</summary>
    public static JsonObject Added(JsonObject row, string? contractName)
    {
        var shown = Cell.Shown(row, ["id", "createdBy", "createdOn", "modifiedBy", "modifiedOn", "serviceId", "serviceName"]);
        shown["description"] = row["serviceDescription"]?.DeepClone();
        Price(shown, row, contractName);
        shown["margin"] = Margin(row);
        shown["originalUnitPrice"] = shown["unitPrice"]?.DeepClone();
        shown["originalUnitCost"] = shown["unitCost"]?.DeepClone();
        return Dated(shown, row);
    }

    /// <summary>A line in the answer to the making of a contract.</summary>
    public static JsonObject InContract(JsonObject row, string? contractName)
    {
        var shown = Cell.Shown(row, ["id", "createdBy", "createdOn", "modifiedBy", "modifiedOn", "serviceId", "serviceName", "serviceDescription"]);
        Price(shown, row, contractName);
        return Dated(shown, row);
    }

    public static decimal Price(JsonObject row) => (Cell.Number(row["units"]) ?? 0) * (Cell.Number(row["unitPrice"]) ?? 0);

    private static void Price(JsonObject shown, JsonObject row, string? contractName)
    {
        shown["contractId"] = row["contractId"]?.DeepClone();
        shown["contractName"] = contractName;
        shown["totalCost"] = Cell.Double((Cell.Number(row["units"]) ?? 0) * (Cell.Number(row["unitCost"]) ?? 0));
        shown["totalPrice"] = Cell.Double(Price(row));
        foreach (var sum in Sums)
            shown[sum] = Cell.Double(Cell.Number(row[sum]) ?? 0);
    }

    private static JsonObject Dated(JsonObject shown, JsonObject row)
    {
        shown["effectiveDate"] = row["effectiveDate"]?.DeepClone();
        shown["sortOrder"] = row["sortOrder"]?.DeepClone() ?? 0;
        return shown;
    }

    private static JsonObject Use(JsonObject row, BmsState state)
    {
        var contract = state.Contracts.Find(Cell.Int(row["contractId"]))!;
        return new JsonObject
        {
            ["id"] = row["id"]?.DeepClone(),
            ["serviceId"] = row["serviceId"]?.DeepClone(),
            ["contractId"] = row["contractId"]?.DeepClone(),
            ["accountId"] = contract["accountId"]?.DeepClone(),
            ["serviceName"] = row["serviceName"]?.DeepClone(),
            ["serviceDescription"] = row["serviceDescription"]?.DeepClone(),
            ["contractName"] = contract["contractName"]?.DeepClone(),
            ["accountName"] = state.Accounts.Find(Cell.Int(contract["accountId"]))?["accountName"]?.DeepClone(),
            ["effectiveDate"] = row["effectiveDate"]?.DeepClone(),
            ["contractStartDate"] = contract["startDate"]?.DeepClone(),
            ["contractEndDate"] = contract["endDate"]?.DeepClone(),
            ["unitCost"] = Cell.Double(Cell.Number(row["unitCost"]) ?? 0),
            ["unitPrice"] = Cell.Double(Cell.Number(row["unitPrice"]) ?? 0),
            ["marginType"] = 0,
            ["margin"] = Margin(row),
            ["excludeFromContractBulkUpdates"] = false,
        };
    }

    private static JsonNode Margin(JsonObject row) => Cell.Double((Cell.Number(row["unitPrice"]) ?? 0) - (Cell.Number(row["unitCost"]) ?? 0));

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
