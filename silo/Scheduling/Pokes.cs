using System.Globalization;
using Quartz;
using UsageBilling.Runtime.Turns;
using UsageBilling.Silo.Hygiene;

namespace UsageBilling.Silo.Scheduling;

/// <summary>Quartz's poke of one shard: drains what the signals missed. Runs on one silo of the cluster at a time; row locks keep it right if it runs on two.</summary>
internal sealed class ShardPoke(Pumps.Pumps pumps) : IJob
{
    public const string Shard = "shard";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await pumps.DrainShard(short.Parse(context.MergedJobDataMap.GetString(Shard)!, CultureInfo.InvariantCulture), cancellationToken);
}

/// <summary>Quartz's poke of the pumps that work across shards: reads, intents, runs, jobs, tickets and webhooks.</summary>
internal sealed class HandsPoke(Pumps.Pumps pumps) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        pumps.Poke(WorkKinds.Reads | WorkKinds.Intents | WorkKinds.Runs | WorkKinds.Jobs | WorkKinds.Tickets | WorkKinds.Webhooks);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Quartz's poke of the janitor, which knows itself whether its day has come.</summary>
internal sealed class JanitorPoke(HygieneService hygiene) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        hygiene.Poke();
        return ValueTask.CompletedTask;
    }
}
