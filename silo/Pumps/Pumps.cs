using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using UsageBilling.Runtime.Reminders;
using UsageBilling.Runtime.Turns;
using UsageBilling.Silo.Feeds;
using UsageBilling.Silo.Intents;
using UsageBilling.Silo.Jobs;
using UsageBilling.Silo.Reads;
using UsageBilling.Silo.Runs;
using UsageBilling.Silo.Tickets;
using UsageBilling.Silo.Webhooks;

namespace UsageBilling.Silo.Pumps;

/// <summary>The hands of a silo: one pump per kind of work, poked by commits of this process, by notices of others and by Quartz.</summary>
internal sealed class Pumps : BackgroundService
{
    /// <summary>Shards drained at the same time: while one waits for PostgreSQL, another decides.</summary>
    private static readonly int Workers = Math.Max(2, Environment.ProcessorCount);

    private readonly SemaphoreSlim workers = new(Workers, Workers);
    private readonly List<(WorkKinds Kind, Pump Pump)> pumps;
    private readonly IShardDrain lines;
    private readonly WebhookCouriers couriers;
    private readonly NpgsqlDataSource database;
    private readonly WorkSignal signal;
    private readonly TimeProvider clock;
    private readonly ILogger<Pumps> log;

    public Pumps(
        NpgsqlDataSource database, GrainEngines grains, IntegrationReader reader, FeedReader feeds, IntentDispatcher dispatcher, LineDispatcher added, TicketDispatcher tickets, RunWorker runs,
        JobWorker jobs, WebhookCouriers couriers, WorkSignal signal,
        SiloOptions options, ILogger<Pumps> log)
    {
        (lines, this.couriers) = (grains.Lines, couriers);
        (this.database, this.signal, clock, this.log) = (database, signal, options.Clock, log);
        List<(WorkKinds Kind, Pump Pump)> all =
        [
            (WorkKinds.Turns, new("turns", DrainShards, clock, log)),
            (WorkKinds.Reads, new("reads", reader.ReadDue, clock, log)),
            // a pump of its own: what was told does not wait while a vendor answers
            (WorkKinds.Reads, new("feeds", feeds.ReadDue, clock, log)),
            (WorkKinds.Intents, new("intents", async stop => await dispatcher.DispatchDue(stop) | await added.DispatchDue(stop), clock, log)),
            (WorkKinds.Runs, new("runs", runs.DoDue, clock, log)),
            (WorkKinds.Jobs, new("jobs", jobs.DoDue, clock, log)),
            (WorkKinds.Tickets, new("tickets", tickets.DispatchDue, clock, log)),
            (WorkKinds.Webhooks, new("webhooks", couriers.Dispatch, clock, log)),
        ];
        pumps = [.. all.Where(pump => options.Hands.HasFlag(pump.Kind))];
    }

    public void Poke(WorkKinds kinds)
    {
        foreach (var (kind, pump) in pumps)
        {
            if (kinds.HasFlag(kind)) pump.Poke();
        }
    }

    /// <summary>What Quartz's poke of one shard does. With all workers at work it drains nothing itself, for one more would only make them slower, but has every shard looked at after them.</summary>
    public async Task DrainShard(short shard, CancellationToken cancellation)
    {
        if (workers.Wait(TimeSpan.Zero, cancellation)) await DrainFreely(shard, cancellation);
        else Poke(WorkKinds.Turns);
    }

    public override void Dispose()
    {
        workers.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signal.Raised += Poke;
        await using var notices = WorkListener.Start(database, Poke, clock, log);
        try
        {
            await Task.WhenAll(pumps.Select(pump => pump.Pump.Run(stoppingToken)));
        }
        finally
        {
            signal.Raised -= Poke;
            await couriers.AllBack();
        }
    }

    private async Task<bool> DrainShards(CancellationToken cancellation)
    {
        var moved = 0;
        await Parallel.ForEachAsync(
            await lines.DueShards(cancellation),
            new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellation },
            async (shard, stop) =>
            {
                await workers.WaitAsync(stop);
                Interlocked.Add(ref moved, await DrainFreely(shard, stop));
            });
        return moved > 0;
    }

    private async Task<int> DrainFreely(short shard, CancellationToken cancellation)
    {
        try
        {
            return await lines.Drain(shard, cancellation);
        }
        finally
        {
            workers.Release();
        }
    }
}
