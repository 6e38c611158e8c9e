using UsageBilling.Connectors.Autotask;
using UsageBilling.Connectors.Bms;
using UsageBilling.Connectors.Http;
using UsageBilling.Connectors.UniView;
using UsageBilling.Connectors.Webhooks;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors;

/// <summary>Every connector of this process, by the kind of integration it serves. One set per process: it holds connections, circuits, tokens and zones.</summary>
public sealed class ConnectorSet : IDisposable, IAsyncDisposable
{
    private readonly ConnectorCounters _counters = new();
    private readonly GuardedTransport _transport;

    /// <param name="permits">Asked before every call; it speaks for all silos.</param>
    public ConnectorSet(ConnectorOptions options, TimeProvider time, ICallPermits permits)
    {
        _transport = new GuardedTransport(options, time);
        Receivers = new Receivers(options, time);
        var pipelines = new CallPipelines(options, time, _counters, permits);
        ProductSources = [UniView(options, time, pipelines)];
        var autotask = Autotask(options, time, pipelines);
        BmsVendor[] kaseya = [Bms(BmsVendor.BmsKind, options, time, pipelines), Bms(BmsVendor.VorexKind, options, time, pipelines)];
        PsaConnectors = [autotask.Connector, .. kaseya.Select(vendor => vendor.Connector)];
        PsaLines = [.. kaseya.Select(vendor => vendor.Lines)];
        PsaDesks = [autotask.Desk, .. kaseya.Select(vendor => vendor.Desk)];
    }

    /// <summary>Everything that counts can be read from.</summary>
    public IReadOnlyList<IProductSource> ProductSources { get; }

    /// <summary>Every PSA that can be read and posted to.</summary>
    public IReadOnlyList<IPsaConnector> PsaConnectors { get; }

    /// <summary>Every PSA where more units are an added line.</summary>
    public IReadOnlyList<IPsaLines> PsaLines { get; }

    /// <summary>Every PSA whose tickets can be opened, noted and closed.</summary>
    public IReadOnlyList<IPsaDesk> PsaDesks { get; }

    /// <summary>Whoever wants to be told by webhook.</summary>
    public Receivers Receivers { get; }

    /// <summary>The source of a kind of integration, or null when the kind is not a product's.</summary>
    public IProductSource? ProductSource(string kind) => ProductSources.FirstOrDefault(source => source.Kind == kind);

    /// <summary>The connector of a kind of integration, or null when the kind is not a PSA's.</summary>
    public IPsaConnector? PsaConnector(string kind) => PsaConnectors.FirstOrDefault(connector => connector.Kind == kind);

    /// <summary>What adds lines for a kind of integration, or null when the PSA changes the units of a line instead.</summary>
    public IPsaLines? PsaLinesOf(string kind) => PsaLines.FirstOrDefault(lines => lines.Kind == kind);

    /// <summary>The service desk of a kind of integration, or null when the kind is not a PSA's.</summary>
    public IPsaDesk? PsaDesk(string kind) => PsaDesks.FirstOrDefault(desk => desk.Kind == kind);

    /// <summary>Closes the connections; calls under way fail.</summary>
    public void Dispose()
    {
        _transport.Dispose();
        Receivers.Dispose();
        _counters.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private UniViewSource UniView(ConnectorOptions options, TimeProvider time, CallPipelines pipelines)
    {
        var line = new VendorLine(UniViewSource.KindName, UniViewAddress.Rule(options), UniViewSource.Limits(options), _transport, pipelines, _counters);
        return new UniViewSource(new UniViewCalls(line, new UniViewTokens(line, time)), options, _counters);
    }

    private (AutotaskConnector Connector, AutotaskDesk Desk) Autotask(ConnectorOptions options, TimeProvider time, CallPipelines pipelines)
    {
        var line = new VendorLine(AutotaskConnector.KindName, AutotaskAddress.Rule(options), AutotaskConnector.Limits(options), _transport, pipelines, _counters);
        var zones = new AutotaskZones(line, options, time);
        var calls = new AutotaskCalls(line, zones);
        return (new AutotaskConnector(calls, zones, AutotaskConnector.Limits(options)), new AutotaskDesk(calls, time));
    }

    private BmsVendor Bms(string kind, ConnectorOptions options, TimeProvider time, CallPipelines pipelines)
        => new(kind, new VendorLine(kind, BmsAddress.Rule(kind, options), BmsVendor.Limits(options), _transport, pipelines, _counters), options, time);
}
