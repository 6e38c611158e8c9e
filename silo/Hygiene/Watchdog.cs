using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Npgsql;
using UsageBilling.Runtime.Hygiene;

namespace UsageBilling.Silo.Hygiene;

/// <summary>Looks at the database every few seconds, from one silo of all; shows what it saw as metrics and says so when a limit is crossed, once.</summary>
internal sealed class Watchdog : IAsyncDisposable
{
    public const string MeterName = "UsageBilling.Silo";

    private readonly NpgsqlDataSource database;
    private readonly HygieneOptions options;
    private readonly ILogger<Watchdog> log;
    private readonly HashSet<(string Limit, string? Of)> crossed = [];
    private volatile IReadOnlyList<Measure> last = [];
    private WatchPost? post;
    private bool blind;

    public Watchdog(NpgsqlDataSource database, HygieneOptions options, ILogger<Watchdog> log)
    {
        (this.database, this.options, this.log) = (database, options, log);
        foreach (var metric in Gauge.All.GroupBy(gauge => gauge.Metric))
            Meter.CreateObservableGauge(metric.Key, () => Seen([.. metric]), metric.First().Unit, metric.First().Says);
    }

    /// <summary>Shows what was seen last; nothing while another silo looks.</summary>
    public Meter Meter { get; } = new(MeterName);

    /// <summary>Looks once, if this silo has the post or nobody has.</summary>
    /// <returns>Whether it was this silo that looked.</returns>
    public async Task<bool> Look(CancellationToken cancellation)
    {
        try
        {
            post ??= await WatchPost.TryTake(database, cancellation);
            if (post is null) return false;
            last = await post.Look(cancellation);
            blind = false;
            Tell(last);
            return true;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            if (!blind) log.WatchBlind(fault.Message);
            blind = true;
            await Leave();
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Leave();
        Meter.Dispose();
    }

    /// <summary>Whoever has the post next tells of what it finds, and shows it.</summary>
    private async Task Leave()
    {
        last = [];
        crossed.Clear();
        if (post is null) return;
        await post.DisposeAsync();
        post = null;
    }

    private void Tell(IReadOnlyList<Measure> measures)
    {
        foreach (var gauge in Gauge.All)
        {
            if (gauge.Limit is not { } limit) continue;
            var most = options.Limits.GetValueOrDefault(limit, gauge.Most);
            foreach (var seen in measures.Where(gauge.Shows))
            {
                if (gauge.Weighed(seen, measures) > most)
                {
                    if (crossed.Add((limit, seen.Of))) log.LimitCrossed(limit, gauge.Metric, seen.Of ?? "all", Math.Round(seen.Value), most);
                }
                else if (crossed.Remove((limit, seen.Of)))
                {
                    log.LimitKept(limit, gauge.Metric, seen.Of ?? "all", Math.Round(seen.Value));
                }
            }
        }
    }

    private IEnumerable<Measurement<double>> Seen(IReadOnlyList<Gauge> gauges) =>
        from gauge in gauges
        from seen in last
        where gauge.Shows(seen)
        select gauge.Tag is { } tag ? new Measurement<double>(seen.Value, new KeyValuePair<string, object?>(tag, seen.Of)) : new Measurement<double>(seen.Value);
}
