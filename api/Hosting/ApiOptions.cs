using UsageBilling.Api.Access;
using UsageBilling.Interfaces.Webhooks;
using UsageBilling.Runtime.Telemetry;

namespace UsageBilling.Api.Hosting;

/// <summary>How an api is started.</summary>
public sealed record ApiOptions
{
    /// <summary>The database, as Npgsql spells it. Its schema is brought up to date at the start.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The file whose key protects vendor secrets, the same for every silo; null leaves the key ring open for whoever has the database.</summary>
    public string? SecretsKeyFile { get; init; }

    /// <summary>Port; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether to listen on every address of the machine instead of 127.0.0.1 only: what a container needs.</summary>
    public bool EveryAddress { get; init; }

    /// <summary>How long a PostgreSQL is waited for that takes no connections yet.</summary>
    public TimeSpan DatabaseWait { get; init; } = Runtime.Migrations.DatabaseWait.Usual;

    /// <summary>How long a request waits for a run before it answers 202.</summary>
    public TimeSpan RunWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many requests a key and an msp may make of this process.</summary>
    public RequestLimits Limits { get; init; } = RequestLimits.Usual;

    /// <summary>Which addresses may be webhooks; the silos', too, ask it at every call.</summary>
    public ReceiverRule Receivers { get; init; } = ReceiverRule.Strict;

    /// <summary>Where time comes from; null takes the machine's clock.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>OpenTelemetry's own settings, named as in the environment; null when neither metrics nor traces are sent anywhere.</summary>
    public IConfiguration? Telemetry { get; init; }

    /// <summary>How its log is written.</summary>
    public LogForm LogForm { get; init; }

    /// <summary>Whether warnings and errors go to the console.</summary>
    public bool LogToConsole { get; init; }
}
