using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using UsageBilling.Runtime.Hygiene;
using UsageBilling.Silo.Pumps;

namespace UsageBilling.Silo.Hygiene;

/// <summary>Tidies up when Quartz pokes and the day's run is due, and looks around every few seconds.</summary>
internal sealed class HygieneService : BackgroundService
{
    /// <summary>The janitor's lock and its work, the two watches, and one to spare.</summary>
    private const int ConnectionsMax = 5;

    private readonly NpgsqlDataSource database;
    private readonly Janitor janitor;
    private readonly Watchdog watchdog;
    private readonly SilenceWatch silences;
    private readonly Pump pump;
    private readonly SiloOptions options;
    private readonly ILogger<HygieneService> log;

    public HygieneService(SiloOptions options, ILogger<HygieneService> log, ILogger<Watchdog> watchLog, ILogger<SilenceWatch> silenceLog)
    {
        (this.options, this.log) = (options, log);
        database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            ApplicationName = "usagebilling-hygiene",
            GssEncryptionMode = GssEncryptionMode.Disable,
            MaxPoolSize = ConnectionsMax,
            // A rebuilt index takes minutes; a lock that turns wait behind is given up before they notice
            Options = "-c statement_timeout=10min -c lock_timeout=5s -c idle_in_transaction_session_timeout=10s",
        });
        janitor = new(database, options.Hygiene.Retention, options.Clock);
        watchdog = new(database, options.Hygiene, watchLog);
        silences = new(new SilentSessions(database), options.Hygiene, options.Clock, silenceLog);
        pump = new("janitor", Tidy, options.Clock, log);
    }

    public void Poke() => pump.Poke();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(
                pump.Run(stoppingToken),
                Every(options.Hygiene.WatchEvery, watchdog.Look, stoppingToken),
                Every(options.Hygiene.SilenceEvery, silences.Look, stoppingToken));
        }
        finally
        {
            await watchdog.DisposeAsync();
            await database.DisposeAsync();
        }
    }

    private async Task Every(TimeSpan interval, Func<CancellationToken, Task> look, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, options.Clock);
        do
        {
            await look(stopping);
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    /// <returns>Never that there is more: what is left is tomorrow's.</returns>
    private async Task<bool> Tidy(CancellationToken stopping)
    {
        foreach (var step in await janitor.RunIfDue(options.Hygiene.QuietAt, stopping))
        {
            if (step.Fault is { } fault) log.JanitorFault(step.Name, fault);
            else if (step.Rows >= 0) log.JanitorStep(step.Name, step.Rows, step.Took.TotalMilliseconds);
        }

        return false;
    }
}
