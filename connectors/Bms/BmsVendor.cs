using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>Everything the hub can do with a PSA of Kaseya's: one API under two names.</summary>
internal sealed class BmsVendor
{
    public const string BmsKind = "bms";
    public const string VorexKind = "vorex";

    // The vendor names no limit of calls at once
    private const int CallsPerEndpointMax = 4;

    // Each endpoint for itself, everybody together
    private const int CallsPerHour = 1_500;
    private const int MinutesPerHour = 60;

    public BmsVendor(string kind, VendorLine line, ConnectorOptions options, TimeProvider time)
    {
        var tokens = new BmsTokens(line, time);
        var calls = new BmsCalls(line, tokens);
        var lists = new BmsLists(calls);
        var catalogue = new BmsCatalogue(lists, time);
        Connector = new BmsConnector(kind, calls, tokens, lists, catalogue, Limits(options));
        Lines = new BmsLines(kind, calls, catalogue);
        Desk = new BmsDesk(kind, calls, lists, options);
    }

    public IPsaConnector Connector { get; }

    public IPsaLines Lines { get; }

    public IPsaDesk Desk { get; }

    public static VendorLimits Limits(ConnectorOptions options) => new(CallsPerEndpointMax, new CallQuota(CallsPerHour, options.BmsSharePercent, MinutesPerHour, PerEndpoint: true));
}
