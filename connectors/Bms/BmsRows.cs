using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>A contract as its list shows it: the account by name only, and its cycle as a word.</summary>
internal sealed record BmsContract(string RemoteId, string Name, string? AccountName, bool Active, DateOnly StartsOn, DateOnly EndsThrough, int? PeriodMonths);

/// <summary>A service of the catalogue.</summary>
internal sealed record BmsService(string RemoteId, string Name);

/// <summary>A line of a contract that sells a service of the catalogue. The API shows no units of it.</summary>
internal sealed record BmsLine(string RemoteId, string ContractRemoteId, string? Name, DateOnly? EffectiveOn, decimal? UnitPrice, decimal? UnitCost);

/// <summary>Kaseya's rows in our words. A row that cannot be read fails its list: left out, it would look as if it were gone.</summary>
internal static class BmsRows
{
    private const string Active = "Active";
    private const string RecurringServices = "recurring";

    public static VendorAnswer<ObservedAccount> AccountFromJson(BmsRow row)
        => row.Id("id") is { } id && row.Text("accountName") is { } name && row.Flag("isActive") is { } active
            ? Answers.Of(new ObservedAccount(id, name, active))
            : Unreadable<ObservedAccount>("account", row);

    /// <summary>A contract, or null in its place when it is of a type that carries no services.</summary>
    public static VendorAnswer<BmsContract?> ContractFromJson(BmsRow row)
    {
        if (row.Id("id") is not { } id || row.Text("contractType") is not { } type) return Unreadable<BmsContract?>("contract", row);
        if (!type.Contains(RecurringServices, StringComparison.OrdinalIgnoreCase)) return Answers.Of<BmsContract?>(null);
        if (row.Day("startDate") is not { } from || row.Day("endDate") is not { } through) return Unreadable<BmsContract?>("contract", row);
        var active = Active.Equals(row.Text("status"), StringComparison.OrdinalIgnoreCase);
        return Answers.Of<BmsContract?>(new(id, row.Text("contractName") ?? row.Text("contractNumber") ?? id, row.Text("accountName")?.Trim(), active, from, through, Months(row.Text("billingCycle"))));
    }

    public static VendorAnswer<BmsService> ServiceFromJson(BmsRow row)
        => row.Id("id") is { } id && row.Text("name") is { } name ? Answers.Of(new BmsService(id, name)) : Unreadable<BmsService>("service", row);

    public static VendorAnswer<BmsLine> LineFromJson(BmsRow row)
        => row.Id("id") is { } id && row.Id("contractId") is { } contract
            ? Answers.Of(new BmsLine(id, contract, row.Text("serviceName"), row.Day("effectiveDate"), row.Number("unitPrice"), row.Number("unitCost")))
            : Unreadable<BmsLine>("line", row);

    public static VendorAnswer<T> Unreadable<T>(string what, BmsRow row)
        => Answers.Malformed<T>("row_unreadable", $"The {what} {row.Id("id") ?? "without id"} lacks a field that it must have.");

    private static int? Months(string? cycle) => cycle?.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant() switch
    {
        "MONTHLY" => 1,
        "QUARTERLY" => 3,
        "SEMIANNUAL" or "SEMIANNUALLY" or "HALFYEARLY" or "SEMIYEARLY" => 6,
        "ANNUAL" or "ANNUALLY" or "YEARLY" => 12,
        _ => null,
    };
}
