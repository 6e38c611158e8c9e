using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Asking;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms.Crm;

/// <summary>Accounts and their locations. Nothing here writes them.</summary>
internal static class Accounts
{
    private static readonly string[] LocationProperties =
    [
        "id", "createdBy", "createdOn", "modifiedBy", "modifiedOn", "locationName", "isMain", "isActive", "timeZoneId", "dateFormatId", "timeFormatId",
    ];

    private static readonly string[] AddressProperties =
    [
        "id", "createdBy", "createdOn", "modifiedBy", "modifiedOn", "address1", "address2", "city", "state", "zipCode", "countryId", "country", "phone", "fax",
        "latitude", "longitude", "emailAddress", "isMain", "isBilling", "addressTypeId", "addressType",
    ];

    public static IReadOnlyList<string> Properties { get; } =
    [
        "id", "createdBy", "createdOn", "modifiedBy", "modifiedOn", "parentId", "accountCode", "accountTypeId", "accountType", "accountName", "businessTypeId",
        "businessType", "serviceTypeId", "serviceType", "accountManagerId", "accountManagerUserName", "currencyId", "currencyName", "creditLimit", "netDays",
        "salesTaxItemId", "salesTaxItemName", "website", "description", "classId", "className", "isActive", "isBilling", "acquiredDate", "tenantName", "locations",
    ];

    public static Answer Lookup(ListAsked asked, BmsState state)
    {
        var ids = asked.Criteria.AnyOf("Ids");
        var name = asked.Criteria.Contains("Name");
        var withInactive = asked.Criteria.Flag("WithInactiveAccounts") ?? false;
        var found = state.Accounts.Rows.Where(row => ids(Cell.Int(row["id"])) && name(Cell.Text(row["accountName"])) && (withInactive || IsActive(row)));
        return asked.Answer(found, row => new JsonObject
        {
            ["id"] = row["id"]?.DeepClone(),
            ["name"] = row["accountName"]?.DeepClone(),
            ["tenantName"] = row["tenantName"]?.DeepClone(),
            ["isActive"] = IsActive(row),
        });
    }

    public static Answer Summary(ListAsked asked, BmsState state)
    {
        var name = asked.Criteria.Contains("AccountName");
        var code = asked.Criteria.Contains("AccountCode");
        var typeId = asked.Criteria.AnyOf("AccountTypeId");
        var typeName = asked.Criteria.OneOf("AccountTypeName");
        var created = asked.Criteria.Between("CreatedOn");
        var modified = asked.Criteria.Between("ModifiedOn");
        var active = asked.Criteria.Is("IsActive");
        var found = state.Accounts.Rows.Where(row => name(Cell.Text(row["accountName"]))
            && code(Cell.Text(row["accountCode"]))
            && typeId(Cell.Int(row["accountTypeId"]))
            && typeName(Cell.Text(row["accountType"]))
            && created(Cell.Instant(row["createdOn"]))
            && modified(Cell.Instant(row["modifiedOn"]))
            && active(IsActive(row)));
        return asked.Answer(found, Shown);
    }

    /// <summary>One of the few answers without the envelope.</summary>
    public static Answer One(int id, BmsState state) => state.Accounts.Find(id) is { } account
        ? Answer.Json(200, Shown(account))
        : BmsAnswers.Failed(404, BmsAnswers.NotFoundCode, "Not Found", $"Account {id} was not found.");

    public static Answer Locations(ListAsked asked, int accountId, BmsState state)
    {
        if (state.Accounts.Find(accountId) is not { } account)
            return BmsAnswers.Missing("Account", $"{accountId}");
        return asked.Answer(BmsState.LocationsOf(account), location => new JsonObject
        {
            ["id"] = location["id"]?.DeepClone(),
            ["name"] = location["locationName"]?.DeepClone(),
            ["accountId"] = accountId,
            ["isMain"] = Cell.Flag(location["isMain"]) ?? false,
        });
    }

    private static bool IsActive(JsonObject row) => Cell.Flag(row["isActive"]) ?? false;

    private static JsonObject Shown(JsonObject account)
    {
        var shown = Cell.Shown(account, Properties);
        shown["locations"] = new JsonArray([.. BmsState.LocationsOf(account).Select(Location)]);
        return shown;
    }

    private static JsonObject Location(JsonObject location)
    {
        var shown = Cell.Shown(location, LocationProperties);
        shown["isMain"] ??= false;
        shown["isActive"] ??= true;
        shown["addresses"] = new JsonArray([.. (location["addresses"] as JsonArray ?? []).OfType<JsonObject>().Select(Address)]);
        return shown;
    }

    private static JsonObject Address(JsonObject address)
    {
        var shown = Cell.Shown(address, AddressProperties);
        shown["id"] ??= 0;
        shown["isMain"] ??= true;
        shown["isBilling"] ??= true;
        return shown;
    }
}
