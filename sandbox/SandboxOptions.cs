namespace UsageBilling.Sandbox;

/// <summary>How a sandbox is started. Everything has a default that suits a demo.</summary>
public sealed record SandboxOptions
{
    /// <summary>Port on 127.0.0.1; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether to listen on every address instead of the loopback: only for a container network of one's own.</summary>
    public bool AnyAddress { get; init; }

    /// <summary>
    /// Folder with <c>autotask.json</c> and <c>uniview.json</c>, and with <c>bms-us.json</c>, <c>bms-emea.json</c> and <c>vorex.json</c> for those of the three
    /// that are wanted; null takes the demo shipped beside the binary.
    /// </summary>
    public string? Seed { get; init; }

    /// <summary>File the state is kept in across restarts; null keeps it in memory only.</summary>
    public string? State { get; init; }

    /// <summary>Where time comes from; null takes the machine's clock.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Autotask: calls allowed in a rolling 60 minutes, all integrations together.</summary>
    public int HourlyCallsMax { get; init; } = 10_000;

    /// <summary>Autotask: concurrent calls allowed per integration code and object endpoint.</summary>
    public int ThreadsMax { get; init; } = 3;

    /// <summary>BMS and Vorex: calls allowed in a rolling 60 minutes per endpoint.</summary>
    public int EndpointCallsMax { get; init; } = 1500;

    /// <summary>UniView, BMS and Vorex: lifetime of an access token.</summary>
    public int TokenSeconds { get; init; } = 3600;
}
