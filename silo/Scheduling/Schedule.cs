using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Silo.Scheduling;

/// <summary>What Quartz holds: one durable repeating poke per shard, one for the hands and one for the janitor. Never a trigger per grain.</summary>
internal sealed class Schedule(ISchedulerFactory schedulers, SiloOptions options, ILogger<Schedule> log) : IHostedService
{
    private const string Group = "pokes";

    public static void AddQuartz(IServiceCollection services, SiloOptions options)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "usagebilling";
                scheduler.GenerateInstanceId = true;
                scheduler.IdleWaitTime = TimeSpan.FromSeconds(2);
                scheduler.PropagateTraceContext = false;
            });
            quartz.UseDefaultThreadPool(4);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(NpgsqlFactory.Instance, Connection(options));
                store.ConfigureStore(ado => ado.DbRetryInterval = TimeSpan.FromSeconds(2));
                store.ProvisionSchema();
                store.UseClustering(cluster =>
                {
                    cluster.CheckinInterval = options.CheckIn;
                    cluster.CheckinMisfireThreshold = options.CheckIn + TimeSpan.FromSeconds(2);
                });
            });
        });
        services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = true);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var pokes = Enumerable.Range(0, Shard.Count).Select(ShardPokeOf).Append(HandsPoke()).Append(JanitorPoke()).ToDictionary(poke => poke.Job, poke => poke.Triggers);
        await scheduler.ScheduleJobs(pokes, new ScheduleJobOptions { Replace = true }, cancellationToken);
        log.Up(Shard.Count, options.PokeEvery.TotalSeconds);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private (IJobDetail Job, IReadOnlyCollection<ITrigger> Triggers) ShardPokeOf(int shard)
    {
        var name = $"shard-{shard.ToString("00", CultureInfo.InvariantCulture)}";
        var job = JobBuilder.Create<ShardPoke>().WithIdentity(name, Group).UsingJobData(ShardPoke.Shard, shard.ToString(CultureInfo.InvariantCulture)).StoreDurably().Build();
        return (job, [Every(options.PokeEvery, name)]);
    }

    private (IJobDetail Job, IReadOnlyCollection<ITrigger> Triggers) HandsPoke() =>
        (JobBuilder.Create<HandsPoke>().WithIdentity("hands", Group).StoreDurably().Build(), [Every(options.PokeEvery, "hands")]);

    private (IJobDetail Job, IReadOnlyCollection<ITrigger> Triggers) JanitorPoke() =>
        (JobBuilder.Create<JanitorPoke>().WithIdentity("janitor", Group).StoreDurably().Build(), [Every(options.Hygiene.JanitorEvery, "janitor")]);

    private static ITrigger Every(TimeSpan interval, string name) => TriggerBuilder.Create()
        .WithIdentity(name, Group)
        .StartNow()
        .WithSimpleSchedule(schedule => schedule.WithInterval(interval).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount))
        .Build();

    /// <summary>
    /// Quartz has a pool of its own, so that a storm of turns cannot starve its check-ins: its threads and three more. A silo that stands
    /// still in the middle of a round would keep Quartz's locks and with them the whole cluster; PostgreSQL takes them back after a while.
    /// </summary>
    private static string Connection(SiloOptions options) => new NpgsqlConnectionStringBuilder(options.ConnectionString)
    {
        ApplicationName = "usagebilling-quartz",
        MaxPoolSize = 8,
        CommandTimeout = 10,
        Options = "-c idle_in_transaction_session_timeout=6s",
    }.ConnectionString;
}
