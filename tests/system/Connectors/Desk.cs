using UsageBilling.Connectors;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.System.Connectors;

/// <summary>A scripted vendor, a clock moved by hand and the connectors between them.</summary>
internal sealed class Desk : IAsyncDisposable
{
    public const string Secret = "s3cret-of-the-test";
    public const string Code = "TRACKING-OF-THE-TEST";

    public Desk(Func<Seen, Canned> answer, Func<ConnectorOptions, ConnectorOptions>? options = null)
    {
        Vendor = new ScriptedVendor(answer);
        var quick = new ConnectorOptions { AllowLoopback = true, RetryDelay = TimeSpan.Zero, BreakerCallsMin = 100 };
        Set = new ConnectorSet(options is null ? quick : options(quick), Clock, Permits);
    }

    public HandClock Clock { get; } = new();

    public AllPermitted Permits { get; } = new();

    public ScriptedVendor Vendor { get; }

    public ConnectorSet Set { get; }

    public IProductSource UniView => Set.ProductSource("uniview")!;

    public IPsaConnector Autotask => Set.PsaConnector("autotask")!;

    public IPsaConnector Bms => Set.PsaConnector("bms")!;

    public IPsaLines BmsLines => Set.PsaLinesOf("bms")!;

    public IPsaDesk BmsDesk => Set.PsaDesk("bms")!;

    /// <summary>Access to the vendor at a path below its origin.</summary>
    public VendorAccess Access(string path = "", string user = "hub@msp.test") => AccessTo(Vendor.Origin + path, user);

    public static VendorAccess AccessTo(string baseUrl, string user = "hub@msp.test") => new(new IntegrationId(7), new Uri(baseUrl), user, Secret, Code);

    public async ValueTask DisposeAsync()
    {
        await Set.DisposeAsync();
        await Vendor.DisposeAsync();
    }
}
