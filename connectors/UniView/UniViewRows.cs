using System.Text.Json;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.UniView;

/// <summary>UniView's rows in our words.</summary>
internal static class UniViewRows
{
    // A single tenant beyond this many licences is a vendor's mistake, not a customer.
    private const decimal LicencesMax = 10_000_000m;

    /// <summary>A tenant, or null when its origin is no product of the catalogue.</summary>
    public static ObservedTenant? TenantFromJson(JsonElement row, string remoteId, ArchivedLicences archived)
    {
        if (Product(row.Text("origin")) is not { } product) return null;
        var archivedField = archived == ArchivedLicences.Total ? "numberOfArchivedLicensesTotal" : "numberOfProtectedArchivedUsers";
        return new ObservedTenant(remoteId, product, row.Text("name") ?? remoteId, row.Text("customerId"),
        [
            new ObservedCount("standard_licences", Licences(row, "numberOfProtectedStandardUsers")),
            new ObservedCount("archived_licences", Licences(row, archivedField)),
        ]);
    }

    public static ObservedCustomer CustomerFromJson(JsonElement row, string remoteId) => new(remoteId, row.Text("name") ?? remoteId);

    private static string? Product(string? origin) => origin?.ToUpperInvariant() switch
    {
        "M365" => "spanning-m365",
        "GOOGLEWORKSPACE" => "spanning-gws",
        _ => null,
    };

    private static decimal? Licences(JsonElement row, string field)
        => row.Number(field) is { } count && count is >= 0m and <= LicencesMax && decimal.Truncate(count) == count ? decimal.Truncate(count) : null;
}
