using UsageBilling.Connectors;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Telemetry;
using UsageBilling.Runtime.Turns;
using UsageBilling.Silo.Hygiene;
using UsageBilling.Silo.Intents;
using UsageBilling.Silo.Notices;
using UsageBilling.Silo.Webhooks;

namespace UsageBilling.Silo;

/// <summary>How a silo is started.</summary>
public sealed record SiloOptions
{
    /// <summary>The PostgreSQL that carries the grains.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The file whose key protects vendor secrets, the same for every silo and api; null leaves the key ring open for whoever has the database.</summary>
    public string? SecretsKeyFile { get; init; }

    /// <summary>Where vendors may be reached, and how patiently.</summary>
    public ConnectorOptions Connectors { get; init; } = new();

    /// <summary>Sources besides those that the connectors serve; asked first.</summary>
    public IReadOnlyList<IProductSource> ProductSources { get; init; } = [];

    /// <summary>Service desks besides those that the connectors serve; asked first.</summary>
    public IReadOnlyList<IPsaDesk> Desks { get; init; } = [];

    /// <summary>What this silo does. One without <see cref="WorkKinds.Intents"/> leaves them to the others.</summary>
    public WorkKinds Hands { get; init; } = WorkKinds.Turns | WorkKinds.Reads | WorkKinds.Intents | WorkKinds.Runs | WorkKinds.Jobs | WorkKinds.Tickets | WorkKinds.Webhooks;

    /// <summary>When intents, and what is owed about tickets, are tried again and looked at again.</summary>
    public IntentTimes Intents { get; init; } = new();

    /// <summary>How long after a night has begun PSAs are compared with what the hub wishes there; null when this silo starts no comparison.</summary>
    public TimeSpan? ReconcileAfter { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How contracts are told of changed units; null when this silo tells nobody.</summary>
    public NoticeOptions? Notices { get; init; }

    /// <summary>When events are delivered to webhooks, tried again and given up.</summary>
    public WebhookTimes Webhooks { get; init; } = new();

    /// <summary>What is tidied up, and what is looked at.</summary>
    public HygieneOptions Hygiene { get; init; } = new();

    /// <summary>How its log is written.</summary>
    public LogForm LogForm { get; init; }

    /// <summary>OpenTelemetry's own settings, named as in the environment; null when neither metrics nor traces are sent anywhere.</summary>
    public IConfiguration? Telemetry { get; init; }

    /// <summary>How long a PostgreSQL is waited for that takes no connections yet.</summary>
    public TimeSpan DatabaseWait { get; init; } = Runtime.Migrations.DatabaseWait.Usual;

    /// <summary>How often Quartz pokes each shard and each pump. What the signals miss waits at most this long.</summary>
    public TimeSpan PokeEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a silo checks in with the cluster.</summary>
    public TimeSpan CheckIn { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Port of <c>/health</c> on all addresses; 0 picks a free one on the loopback, null serves none.</summary>
    public int? HealthPort { get; init; }

    /// <summary>From which level on Quartz's own log is shown.</summary>
    public LogLevel QuartzLog { get; init; } = LogLevel.Warning;

    /// <summary>Where instants come from for waits and durations; due times are the database's.</summary>
    public required TimeProvider Clock { get; init; }
}
