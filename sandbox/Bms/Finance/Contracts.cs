using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Asking;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Finance;

/// <summary>Contracts as the vendor lets them be read: heads only, with names in place of ids, and nothing of their services.</summary>
internal static class Contracts
{
    public const int ActiveStatus = 1;
    public const int InactiveStatus = 2;

    /// <summary>The only type that can be made here.</summary>
    public const int TypeId = 1;
    public const string TypeName = "Recurring Service";

    /// <summary>What a row has, in the vendor's names.</summary>
    public static IReadOnlyList<string> Kept { get; } =
    [
        "id", "createdBy", "createdOn", "modifiedBy", "modifiedOn", "contractName", "accountId", "slaId", "referenceNumber", "statusId", "contractNumber", "billingCycleId",
        "startDate", "endDate", "isDefaultContract", "issueInvoiceOn", "isFiscalBilling", "isNotificationEnabled", "notificationEmails",
    ];

    public static Answer Lookup(ListAsked asked, BmsState state, DateTimeOffset now)
    {
        var ids = asked.Criteria.AnyOf("Ids");
        var account = asked.Criteria.AnyOf("AccountId");
        var name = asked.Criteria.Contains("Name");
        var runningOnly = asked.Criteria.Flag("ExcludeExpiredContracts") ?? false;
        var found = state.Contracts.Rows.Where(row => ids(Cell.Int(row["id"]))
            && account(Cell.Int(row["accountId"]))
            && name(Cell.Text(row["contractName"]))
            && (!runningOnly || Cell.Instant(row["endDate"]) >= now));
        return asked.Answer(found, row => new JsonObject
        {
            ["id"] = row["id"]?.DeepClone(),
            ["name"] = row["contractName"]?.DeepClone(),
            ["isDefault"] = row["isDefaultContract"]?.DeepClone(),
            ["slaId"] = row["slaId"]?.DeepClone(),
            ["slaName"] = state.Lists.Name(BmsLists.Slas, Cell.Int(row["slaId"])),
            ["isActive"] = Cell.Int(row["statusId"]) == ActiveStatus,
            ["endDate"] = row["endDate"]?.DeepClone(),
        });
    }

    public static Answer Summary(ListAsked asked, BmsState state)
    {
        var type = asked.Criteria.OneOf("ContractType");
        var name = asked.Criteria.Contains("ContractName");
        var cycle = asked.Criteria.OneOf("BillingCycle");
        var account = asked.Criteria.Contains("AccountName");
        var status = asked.Criteria.OneOf("Status");
        var found = state.Contracts.Rows.Select(row => Summarised(row, state)).Where(row => type(TypeName)
            && name(Cell.Text(row["contractName"]))
            && cycle(Cell.Text(row["billingCycle"]))
            && account(Cell.Text(row["accountName"]))
            && status(Cell.Text(row["status"])));
        return asked.Answer(found, row => row);
    }

    public static JsonNode Price(JsonObject contract, BmsState state) => Cell.Double(state.LinesOf(Cell.Int(contract["id"])!.Value).Sum(ContractLines.Price));

    private static JsonObject Summarised(JsonObject row, BmsState state) => new()
    {
        ["id"] = row["id"]?.DeepClone(),
        ["contractName"] = row["contractName"]?.DeepClone(),
        ["accountName"] = state.Accounts.Find(Cell.Int(row["accountId"]))?["accountName"]?.DeepClone(),
        ["contractType"] = TypeName,
        ["contractBillingPrice"] = Price(row, state),
        ["status"] = state.Lists.Name(BmsLists.ContractStatuses, Cell.Int(row["statusId"])),
        ["contractNumber"] = row["contractNumber"]?.DeepClone(),
        ["billingCycle"] = state.Lists.Name(BmsLists.BillingCycles, Cell.Int(row["billingCycleId"])),
        ["startDate"] = row["startDate"]?.DeepClone(),
        ["endDate"] = row["endDate"]?.DeepClone(),
    };
}
