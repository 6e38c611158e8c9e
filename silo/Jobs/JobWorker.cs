using Microsoft.Extensions.Logging;
using Npgsql;
using UsageBilling.Grains.Billing;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Postings;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Silo.Jobs;

/// <summary>Does the runs of billing jobs that are due. A run whose silo dies did not happen, and is still due for the others.</summary>
internal sealed class JobWorker(JobRunner runner, ILogger<JobWorker> log)
{
    /// <summary>Runs at the same time; each holds a connection.</summary>
    private const int AtOnceMax = 4;

    public static JobWorker Over(NpgsqlDataSource database, WorkSignal signal, ILogger<JobWorker> log)
    {
        var postings = new PostingStore(database, new(database, new ServiceLineGrain(), new ServiceLineTable(), signal), ApprovalPolicy.Judge);
        return new(new(database, postings, new InvoiceStore(database, ItemWords.Of)), log);
    }

    /// <summary>Does every run that nobody else does. True when any was done: the next date of a job may be due as well.</summary>
    public async Task<bool> DoDue(CancellationToken cancellation)
    {
        var done = 0;
        await Parallel.ForEachAsync(await runner.Due(cancellation), Each.AtOnce(AtOnceMax, cancellation), async (due, stop) =>
        {
            if (await DoOne(due, stop)) Interlocked.Increment(ref done);
        });
        return done > 0;
    }

    private async Task<bool> DoOne(DueJob due, CancellationToken cancellation)
    {
        try
        {
            if (await runner.Run(due, cancellation) is not { } end) return false;
            if (end.Code is { } code) log.JobRunEnded(end.Run, code);
            return true;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            log.JobBroke(due.Work.ToString(), due.Id, $"{fault.GetType().Name}: {fault.Message}");
            await runner.PutOff(due, fault, cancellation);
            return false;
        }
    }
}
