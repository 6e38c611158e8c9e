using System.Globalization;
using System.Text.Json;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Autotask;

/// <summary>A service of the catalogue, as far as its lines need it.</summary>
internal sealed record CatalogueService(long Id, string Name, decimal? UnitCost, int PeriodMonths);

/// <summary>A line on a contract before its service is known.</summary>
internal sealed record ContractService(long Id, long ContractId, long ServiceId, decimal? UnitPrice, decimal? UnitCost);

/// <summary>Autotask's rows in our words. A row that cannot be read fails its list: left out, it would look as if it were gone.</summary>
internal static class AutotaskRows
{
    private const long InEffect = 1;

    public static VendorAnswer<ObservedAccount> AccountFromJson(JsonElement row)
        => row.Whole("id") is { } id && row.Text("companyName") is { } name && row.Flag("isActive") is { } active
            ? Answers.Of(new ObservedAccount(Text(id), name, active))
            : Unreadable<ObservedAccount>("company", row);

    public static VendorAnswer<ObservedContract> ContractFromJson(JsonElement row)
    {
        if (row.Whole("id") is not { } id || row.Whole("companyID") is not { } company || row.Text("contractName") is not { } name) return Unreadable<ObservedContract>("contract", row);
        if (row.Day("startDate") is not { } from || row.Day("endDate") is not { } through) return Unreadable<ObservedContract>("contract", row);
        return Months(row.Text("contractPeriodType")) is { } months
            ? Answers.Of(new ObservedContract(Text(id), Text(company), name, row.Whole("status") == InEffect, from, through, months))
            : UnknownPeriod<ObservedContract>("contract", row);
    }

    public static VendorAnswer<ContractService> LineFromJson(JsonElement row)
        => row.Whole("id") is { } id && row.Whole("contractID") is { } contract && row.Whole("serviceID") is { } service
            ? Answers.Of(new ContractService(id, contract, service, UnitPrice(row), row.Number("unitCost")))
            : Unreadable<ContractService>("contract service", row);

    public static VendorAnswer<CatalogueService> ServiceFromJson(JsonElement row)
    {
        if (row.Whole("id") is not { } id || row.Text("name") is not { } name) return Unreadable<CatalogueService>("service", row);
        return Months(row.Text("periodType")) is { } months
            ? Answers.Of(new CatalogueService(id, name, row.Number("unitCost"), months))
            : UnknownPeriod<CatalogueService>("service", row);
    }

    public static VendorAnswer<ObservedUnits> UnitsFromJson(JsonElement row)
        => row.Whole("contractServiceID") is { } line && row.Day("startDate") is { } from && row.Day("endDate") is { } through && row.Number("units") is { } units
            ? Answers.Of(new ObservedUnits(Text(line), from, through, units, Posted: row.Field("approveAndPostDate") is not null))
            : Unreadable<ObservedUnits>("contract service unit", row);

    public static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>The price the customer pays, in the customer's currency.</summary>
    /// <remarks>
    /// <c>unitPrice</c> is the list price in the customer's currency; a special price is only shown in the internal currency, so it is turned
    /// back with the rate between the two list prices. Newer servers may name <c>adjustedPrice</c> itself.
    /// </remarks>
    private static decimal? UnitPrice(JsonElement row)
    {
        const int DecimalsMax = 4;
        if (row.Number("adjustedPrice") is { } named) return named;
        if (row.Number("internalCurrencyAdjustedPrice") is not { } adjusted) return row.Number("unitPrice");
        if (adjusted == 0m) return 0m;
        if (row.Number("unitPrice") is not { } list || row.Number("internalCurrencyUnitPrice") is not { } internalList) return null;
        if (list == 0m || internalList == 0m) return null;
        return list == internalList ? adjusted : decimal.Round(adjusted * list / internalList, DecimalsMax, MidpointRounding.AwayFromZero);
    }

    /// <summary>Months of a period type: an integer in rows, a text in pick lists, a letter in older answers.</summary>
    private static int? Months(string? periodType) => periodType?.ToUpperInvariant() switch
    {
        "2" or "M" => 1,
        "3" or "Q" => 3,
        "4" or "S" => 6,
        "5" or "Y" => 12,
        _ => null,
    };

    private static VendorAnswer<T> Unreadable<T>(string what, JsonElement row)
        => Answers.Malformed<T>("row_unreadable", $"The {what} {Id(row)} lacks a field that it must have.");

    private static VendorAnswer<T> UnknownPeriod<T>(string what, JsonElement row)
        => Answers.Malformed<T>("period_unknown", $"The {what} {Id(row)} has a period type that is neither monthly, quarterly, semi-annual nor yearly.");

    private static string Id(JsonElement row) => row.Whole("id") is { } id ? Text(id) : "without id";
}
