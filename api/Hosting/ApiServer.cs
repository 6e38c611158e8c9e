using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Migrations;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Runtime.Telemetry;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Api.Hosting;

/// <summary>The api on a real port. Tests start as many as they like; disposing stops it.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    /// <summary>The largest body a request may have.</summary>
    public const int BodyBytesMax = 1024 * 1024;

    private static readonly TimeSpan StopLongest = TimeSpan.FromSeconds(5);

    private readonly WebApplication application;
    private readonly NpgsqlDataSource database;
    private readonly WorkNotifier notifier;

    private ApiServer(WebApplication application, NpgsqlDataSource database, WorkNotifier notifier)
    {
        this.application = application;
        this.database = database;
        this.notifier = notifier;
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        BaseUrl = new Uri(addresses.First());
    }

    /// <summary>Where it listens, for example <c>http://127.0.0.1:8080/</c>.</summary>
    public Uri BaseUrl { get; }

    /// <summary>What it is composed of.</summary>
    public IServiceProvider Services => application.Services;

    /// <summary>Waits for PostgreSQL, brings the schema up to date and starts listening.</summary>
    /// <exception cref="ApiCannotStartException">The database or the key file cannot be used or the port is taken; the message says which.</exception>
    public static async Task<ApiServer> Start(ApiOptions options, CancellationToken cancellation)
    {
#pragma warning disable RS0030 // the composition root names the wall clock
        var clock = options.Clock ?? TimeProvider.System;
#pragma warning restore RS0030
        var keyFile = KeyFileOf(options);
        var roles = await Migrate(options, clock, cancellation);
        var database = Connections.Interactive(options.ConnectionString, roles);
        var application = Build(options, database, keyFile, clock);
        try
        {
            await using (var starting = Connections.Starting(options.ConnectionString)) await KeyRingStart.Begin(starting, application.Services, clock, cancellation);
            await application.StartAsync(cancellation);
        }
        catch (Exception failure) when (failure is IOException or SecretKeyException)
        {
            await application.DisposeAsync();
            await database.DisposeAsync();
            throw new ApiCannotStartException(failure is SecretKeyException ? failure.Message : $"Port {options.Port} cannot be used: {failure.Message}", failure);
        }

        var signal = application.Services.GetRequiredService<WorkSignal>();
        return new(application, database, WorkNotifier.Start(database, signal, clock, application.Services.GetRequiredService<ILogger<WorkNotifier>>()));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await notifier.DisposeAsync();
        await application.DisposeAsync();
        await database.DisposeAsync();
    }

    private static KeyFile? KeyFileOf(ApiOptions options)
    {
        try
        {
            return options.SecretsKeyFile is { } path ? KeyFile.Read(path) : null;
        }
        catch (SecretKeyException failure)
        {
            throw new ApiCannotStartException(failure.Message, failure);
        }
    }

    private static async Task<HubRoles> Migrate(ApiOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
            throw new ApiCannotStartException("There is no database: set UsageBilling__Connection to a PostgreSQL connection string.", null);
        try
        {
            await using var database = Connections.Starting(options.ConnectionString);
            using var log = LoggerFactory.Create(logging => { if (options.LogToConsole) LogToConsole(logging, options.LogForm); });
            await DatabaseWait.Start(
                () => MigrationRunner.Run(database, cancellation),
                options.DatabaseWait,
                clock,
                reason => log.CreateLogger<ApiServer>().WaitsForDatabase(options.DatabaseWait.TotalSeconds, reason),
                cancellation);
            return await HubRoles.Read(database, cancellation);
        }
        catch (Exception failure) when (failure is MigrationException or DatabaseAbsentException)
        {
            throw new ApiCannotStartException(failure.Message, failure);
        }
        catch (ArgumentException failure)
        {
            throw new ApiCannotStartException("UsageBilling__Connection is not a PostgreSQL connection string: " + failure.Message, failure);
        }
        catch (Exception failure) when (Transient.Is(failure) || failure is NpgsqlException)
        {
            throw new ApiCannotStartException($"The database of UsageBilling__Connection cannot be used: {failure.Message}", failure);
        }
    }

    private static WebApplication Build(ApiOptions options, NpgsqlDataSource database, KeyFile? keyFile, TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(ApiServer).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            if (options.EveryAddress) kestrel.ListenAnyIP(options.Port);
            else kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            kestrel.AddServerHeader = false;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopLongest);
        if (options.LogToConsole) LogToConsole(builder.Logging, options.LogForm);
        builder.Services.AddApi(options, database, keyFile, clock);
        var application = builder.Build();
        application.UseApi();
        Program.Map(application);
        return application;
    }

    /// <summary>To stderr: the first line of stdout is the address. What keeps the api from starting is said once, in our own words.</summary>
    private static void LogToConsole(ILoggingBuilder logging, LogForm form)
    {
        logging.AddHubConsole(form);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // Says nothing at this level, but is what gives every request its trace
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Critical);
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // Last, so that a level of the environment wins over one of ours
        logging.AddConfiguration(Settings.Read().GetSection("Logging"));
    }
}
