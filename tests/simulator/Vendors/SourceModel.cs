using UsageBilling.Interfaces.Vendors;
using UsageBilling.Tests.Simulator.Hub;
using UsageBilling.Tests.Simulator.Time;

namespace UsageBilling.Tests.Simulator.Vendors;

/// <summary>A tenant as its source shows it now.</summary>
internal sealed record SourceTenant(string Product, string RemoteId, IReadOnlyDictionary<string, decimal> Units);

/// <summary>A product source: it shows the present only.</summary>
internal sealed class SourceModel
{
    private IReadOnlyList<SourceTenant> now = [];

    public IReadOnlyList<SourceTenant> Before { get; private set; } = [];

    public IReadOnlyList<SourceTenant> Now
    {
        get => now;
        set => (Before, now) = (now, value);
    }
}

/// <summary>One silo's way to a source.</summary>
internal sealed class SourceConnectorModel(Host host, Process process, SourceModel source, VendorFaults faults) : IProductSource
{
    private enum Fate
    {
        Failed,
        CutShort,
        Truncated,
        Nulls,
        Zeros,
        Halved,
        Stale,
        Empty,
    }

    public string Kind => "source";

    public async Task<SourceRead> Read(VendorAccess access, CancellationToken cancellation)
    {
        var dice = faults.Dice;
        await host.Pace.Step(process, dice.Within(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2)));
        if (faults.Refuses()) return new([], VendorFaults.Failure(VendorFailureKind.Unauthorized, "credentials_refused"));
        var fate = faults.Draw(Enum.GetValues<Fate>());
        var seen = (fate == Fate.Stale ? source.Before : source.Now).Select(tenant => Observed(tenant, fate, dice)).ToList();
        await host.Pace.Step(process, dice.Within(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(3)));
        return fate switch
        {
            Fate.Failed => new([], VendorFaults.Failure(VendorFailureKind.ServerError, "server_error")),
            Fate.CutShort => new(Some(seen, dice), VendorFaults.Failure(VendorFailureKind.Malformed, "page_repeated")),
            Fate.Truncated => new(Some(seen, dice), null),
            Fate.Empty => new([], null),
            _ => new(seen, null),
        };
    }

    public Task<VendorAnswer<CredentialProof>> Test(VendorAccess access, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<VendorAnswer<IReadOnlyList<ObservedCustomer>>> Customers(VendorAccess access, CancellationToken cancellation) => throw new NotSupportedException();

    private static List<ObservedTenant> Some(List<ObservedTenant> seen, Dice dice) => seen[..dice.Below(seen.Count + 1)];

    private static ObservedTenant Observed(SourceTenant tenant, Fate? fate, Dice dice) => new(
        tenant.RemoteId, tenant.Product, tenant.RemoteId, null, [.. tenant.Units.Select(count => new ObservedCount(count.Key, fate switch
        {
            Fate.Nulls when dice.Happens(0.5) => null,
            Fate.Zeros => 0m,
            Fate.Halved => decimal.Floor(count.Value / 2),
            _ => count.Value,
        }))]);
}
