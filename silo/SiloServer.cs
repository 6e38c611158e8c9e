using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;
using Quartz;
using UsageBilling.Connectors;
using UsageBilling.Grains.Desk;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Runtime.Desk;
using UsageBilling.Runtime.Feeds;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Migrations;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Quotas;
using UsageBilling.Runtime.Runs;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Runtime.Telemetry;
using UsageBilling.Runtime.Tickets;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Webhooks;
using UsageBilling.Silo.Desk;
using UsageBilling.Silo.Feeds;
using UsageBilling.Silo.Hygiene;
using UsageBilling.Silo.Intents;
using UsageBilling.Silo.Jobs;
using UsageBilling.Silo.Notices;
using UsageBilling.Silo.Reads;
using UsageBilling.Silo.Runs;
using UsageBilling.Silo.Scheduling;
using UsageBilling.Silo.Tickets;
using UsageBilling.Silo.Webhooks;

namespace UsageBilling.Silo;

/// <summary>One silo. Any number of them share one PostgreSQL; tests start as many as they like in one process.</summary>
public sealed class SiloServer : IAsyncDisposable
{
    private static readonly TimeSpan StopLongest = TimeSpan.FromSeconds(15);

    private readonly WebApplication application;

    private SiloServer(WebApplication application) => this.application = application;

    /// <summary>Where <c>/health</c> answers; null when it serves none.</summary>
    public Uri? HealthUrl => application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address
        ? new Uri(address)
        : null;

    /// <summary>Waits for PostgreSQL, brings the schema up to date and starts working.</summary>
    /// <exception cref="MigrationException">The schema does not fit this program.</exception>
    /// <exception cref="SecretKeyException">The key file is missing, or is not the one that protects this database.</exception>
    /// <exception cref="DatabaseAbsentException">PostgreSQL took no connection for as long as it was waited for.</exception>
    /// <exception cref="NpgsqlException">PostgreSQL refuses this login or database.</exception>
    /// <exception cref="OperationCanceledException">The process was told to stop before the silo was up.</exception>
    public static async Task<SiloServer> Start(SiloOptions options, CancellationToken cancellation)
    {
        // Made anew at each try: a host that could not start cannot be started again, and Quartz's first connection may fail as well as ours
        using var log = LoggerFactory.Create(logging => AddLog(logging, options));
        return await DatabaseWait.Start(
            () => StartOnce(options, cancellation),
            options.DatabaseWait,
            options.Clock,
            reason => log.CreateLogger<SiloServer>().WaitsForDatabase(options.DatabaseWait.TotalSeconds, reason),
            cancellation);
    }

    /// <summary>Waits until somebody stops the process.</summary>
    public Task Stopped(CancellationToken cancellation) => application.WaitForShutdownAsync(cancellation);

    /// <summary>Finishes the turns and calls under way, hands the rest over by leaving it due, and stops.</summary>
    /// <remarks>With PostgreSQL gone the scheduler would wait for it for ever; after the longest time the silo goes without saying goodbye, as if it had died.</remarks>
    public async ValueTask DisposeAsync()
    {
        var clock = application.Services.GetRequiredService<TimeProvider>();
        try
        {
            await application.StopAsync(CancellationToken.None).WaitAsync(StopLongest, clock);
            await application.DisposeAsync();
        }
        catch (TimeoutException)
        {
            application.Services.GetRequiredService<ILogger<SiloServer>>().LeftWithoutGoodbye(StopLongest.TotalSeconds);
        }
    }

    private static async Task<SiloServer> StartOnce(SiloOptions options, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        AddLog(builder.Logging, options);
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = StopLongest;
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.StopHost;
        });
        var keyFile = options.SecretsKeyFile is { } path ? KeyFile.Read(path) : null;
        await using var starting = NpgsqlDataSource.Create(Connection(options, null));
        await MigrationRunner.Run(starting, cancellation);
        AddDatabase(builder.Services, options, await HubRoles.Read(starting, cancellation), keyFile);
        AddHands(builder.Services, options);
        Schedule.AddQuartz(builder.Services, options);
        AddHealth(builder, options);
        var application = builder.Build();
        try
        {
            await KeyRingStart.Begin(starting, application.Services, options.Clock, cancellation);
            MapHealth(application);
            await application.StartAsync(cancellation);
            return new SiloServer(application);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    private static void AddLog(ILoggingBuilder logging, SiloOptions options) => logging
        .AddHubConsole(options.LogForm)
        .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
        .AddFilter("Quartz", options.QuartzLog)
        // Last, so that a level of the environment wins over one of ours
        .AddConfiguration(new ConfigurationBuilder().AddEnvironmentVariables().Build().GetSection("Logging"));

    /// <summary>Everything a silo does with the rows of msps it does as the role of silos. What needs the login itself, because it owns the tables or sees other sessions, has pools of its own.</summary>
    private static void AddDatabase(IServiceCollection services, SiloOptions options, HubRoles roles, KeyFile? keyFile)
    {
        var source = NpgsqlDataSource.Create(HubRoles.WorkingAs(
            Connection(options, "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=10s"), roles.Silo));
        services.AddSingleton(_ => source);
        services.AddSingleton(options);
        services.AddSingleton(options.Clock);
        SecretVault.AddTo(services, source, keyFile);
    }

    private static NpgsqlConnectionStringBuilder Connection(SiloOptions options, string? settings) => new(options.ConnectionString)
    {
        ApplicationName = "usagebilling-silo",
        GssEncryptionMode = GssEncryptionMode.Disable,
        Options = settings,
        MaxAutoPrepare = 100,
        IncludeFailedBatchedCommand = true,
    };

    private static void AddHands(IServiceCollection services, SiloOptions options)
    {
        services.AddSingleton<WorkSignal>().AddSingleton<EngineMeter>();
        services.AddSingleton<GrainEngines>();
        services.AddSingleton(provider => provider.GetRequiredService<GrainEngines>().Tenants);
        services.AddSingleton(provider => provider.GetRequiredService<GrainEngines>().Contracts);
        services.AddSingleton<CallPermits>().AddSingleton<ObservedBudgets>();
        services.AddSingleton(provider => new ConnectorSet(options.Connectors, options.Clock, provider.GetRequiredService<CallPermits>()));
        services.AddSingleton(options.Intents);
        services.AddSingleton<IGrainDoor<IntegrationMessage>>(provider => provider.GetRequiredService<GrainEngines>().Integrations);
        services.AddSingleton<VendorDoor>().AddSingleton<IVendorDoor>(provider => provider.GetRequiredService<VendorDoor>());
        services.AddSingleton<ILockSessions, PostgresLockSessions>();
        services.AddSingleton<INightReads, NightReads>().AddSingleton<IntegrationReader>();
        services.AddSingleton<FeedStore>().AddSingleton<FeedReader>();
        services.AddSingleton<IIntentStore, IntentStore>().AddSingleton<IntentSender>().AddSingleton<IntentDispatcher>();
        services.AddSingleton(provider => new EffectiveSettings(provider.GetRequiredService<NpgsqlDataSource>(), EffectiveDesk.Of));
        services.AddSingleton<AddedLineStore>().AddSingleton<LineTickets>().AddSingleton<LineSender>().AddSingleton<LineDispatcher>();
        services.AddSingleton<RunStore>().AddSingleton<ImportStore>().AddSingleton<PsaImport>().AddSingleton<SourceImport>();
        services.AddSingleton<DriftStore>().AddSingleton<Reconciler>().AddSingleton<RunWorker>();
        services.AddSingleton<DeskValueStore>().AddSingleton<LookupReader>();
        services.AddSingleton<TicketStore>().AddSingleton<TicketSender>().AddSingleton<TicketDispatcher>();
        services.AddSingleton(provider => JobWorker.Over(provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<WorkSignal>(), provider.GetRequiredService<ILogger<JobWorker>>()));
        services.AddSingleton(options.Webhooks).AddSingleton<DeliveryStore>().AddSingleton<WebhookCouriers>();
        services.AddSingleton<Pumps.Pumps>();
        services.AddHostedService(provider => provider.GetRequiredService<Pumps.Pumps>());
        services.AddSingleton<HygieneService>();
        services.AddHostedService(provider => provider.GetRequiredService<HygieneService>());
        services.AddHostedService<NoticeService>();
        services.AddHostedService(_ => new TelemetryExport("usagebilling-silo", options.Telemetry, Watchdog.MeterName, "UsageBilling.Connectors", "Quartz"));
        services.AddHostedService<Schedule>();
    }

    private static void AddHealth(WebApplicationBuilder builder, SiloOptions options)
    {
        builder.Services.AddRoutingCore();
        builder.Services.AddHealthChecks().AddQuartz();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (options.HealthPort is { } port) kestrel.Listen(port == 0 ? IPAddress.Loopback : IPAddress.Any, port);
            else kestrel.Listen(IPAddress.Loopback, 0);
        });
    }

    private static void MapHealth(WebApplication application)
    {
        application.UseRouting();
        application.MapHealthChecks("/health/live", new() { Predicate = _ => false });
        application.MapHealthChecks("/health/ready");
    }
}
