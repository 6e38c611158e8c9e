using System.Diagnostics.Metrics;

namespace UsageBilling.Connectors;

/// <summary>What an operator can watch: meter <c>UsageBilling.Connectors</c>.</summary>
internal sealed class ConnectorCounters : IDisposable
{
    private readonly Meter _meter = new("UsageBilling.Connectors");
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _circuits;
    private readonly Counter<long> _ignored;

    public ConnectorCounters()
    {
        _attempts = _meter.CreateCounter<long>("usagebilling.connectors.attempts", description: "Attempts of vendor calls, by vendor and result");
        _retries = _meter.CreateCounter<long>("usagebilling.connectors.retries", description: "Reads tried again");
        _circuits = _meter.CreateCounter<long>("usagebilling.connectors.circuits_opened", description: "Circuit breakers that opened");
        _ignored = _meter.CreateCounter<long>("usagebilling.connectors.tenants_ignored", description: "Tenants of an origin the catalogue does not know");
    }

    public void Attempted(string vendor, string result) => _attempts.Add(1, new("vendor", vendor), new("result", result));

    public void Retried() => _retries.Add(1);

    public void CircuitOpened() => _circuits.Add(1);

    public void TenantIgnored(string vendor) => _ignored.Add(1, new KeyValuePair<string, object?>("vendor", vendor));

    public void Dispose() => _meter.Dispose();
}
