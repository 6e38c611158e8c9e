using Npgsql;
using UsageBilling.Runtime.Postings;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Billing;

/// <summary>What a job's pump has to do.</summary>
public enum DueWork
{
    /// <summary>A date of the job has come.</summary>
    Scheduled = 1,

    /// <summary>A person asked for a run.</summary>
    Asked = 2,

    /// <summary>A plan that a run waited for was applied.</summary>
    Approved = 3,

    /// <summary>A run has parts left.</summary>
    Parts = 4,
}

/// <summary>A job whose date has come, or a run that can go on.</summary>
/// <param name="Id">Of the job when <paramref name="Work"/> is scheduled, else of the run.</param>
public sealed record DueJob(DueWork Work, long Id);

/// <summary>What became of it.</summary>
/// <param name="Code">As the history has it; null when a part of the run is done, and it goes on.</param>
public sealed record JobRunEnd(long Run, string? Code);

/// <summary>
/// Carries out runs of jobs. Plan, posting, invoices, the row of the history and the job's next date are one transaction: a run happened whole, or
/// not at all and is still due. What one plan cannot hold is posted in parts, each of them such a transaction.
/// </summary>
public sealed class JobRunner(NpgsqlDataSource database, PostingStore postings, InvoiceStore invoices)
{
    /// <summary>Runs looked up at once.</summary>
    public const int DueMax = 100;

    /// <summary>Attempts of a run that meets a mistake of ours; then its row says so, and the job goes on with its next date.</summary>
    public const int AttemptsMax = 5;

    /// <summary>Parts of one run: accounts, and contracts of accounts that are too large for one plan.</summary>
    public const int PartsMax = 100_000;

    private const string Mistake = "internal_error";
    private const int ChangedMax = 3;
    private const int TransientSeconds = 5;
    private const int MistakeSeconds = 30;

    private readonly JobWork acting = new(postings, invoices);

    /// <summary>What is due now, the oldest first.</summary>
    public async Task<IReadOnlyList<DueJob>> Due(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Rows("Billing/due_jobs", command => command.With(DueMax), row => new DueJob((DueWork)row.GetInt32(0), row.GetInt64(1)), cancellation);
    }

    /// <summary>Does it, if nobody else does it and it is still due.</summary>
    /// <returns>Null when it was not done here.</returns>
    public async Task<JobRunEnd?> Run(DueJob due, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(due);
        for (var tries = 1; ; tries++)
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            if (await Claim(connection, due, cancellation) is not { } run) return null;
            var outcome = await acting.Do(connection, run, cancellation);
            if (outcome.State == RunOutcome.Again && tries < ChangedMax) continue;
            if (outcome.State == RunOutcome.Again) throw new InvalidOperationException($"What run {run.Id} is to post changed {ChangedMax} times while it was planned.");
            await End(connection, due.Work, run, outcome, cancellation);
            await transaction.CommitAsync(cancellation);
            return new(run.Id, outcome.State == RunOutcome.Running ? null : outcome.Code);
        }
    }

    /// <summary>After a fault: a later attempt. One that is a mistake of ours is counted, and after <see cref="AttemptsMax"/> the run has failed.</summary>
    public async Task PutOff(DueJob due, Exception fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(due);
        var mistake = !Transient.Is(fault);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await Claim(connection, due, cancellation) is not { } run) return;
        if (mistake && run.Attempt + 1 >= AttemptsMax)
        {
            if (!await JobWork.GiveUpPart(connection, run, Mistake, cancellation))
                await End(connection, due.Work, run, new(RunOutcome.Failed, Mistake, $"{fault.GetType().Name}, {AttemptsMax} times. The log of the silo has the reason."), cancellation);
        }
        else
        {
            if (due.Work == DueWork.Scheduled) await connection.Do("Billing/undo_run", command => command.With(run.Id), cancellation);
            await connection.Do(
                due.Work == DueWork.Scheduled ? "Billing/put_off_job" : "Billing/put_off_run",
                command => command.With(due.Id).With(mistake ? 1 : 0).With(mistake ? MistakeSeconds << run.Attempt : TransientSeconds), cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Takes the job's row, or the run's, until the end of the transaction; whoever comes meanwhile passes by.</summary>
    private static async Task<ClaimedRun?> Claim(NpgsqlConnection connection, DueJob due, CancellationToken cancellation)
    {
        if (due.Work != DueWork.Scheduled)
            return (await connection.Rows("Billing/claim_run", command => command.With(due.Id), ClaimedRun.FromRow, cancellation)).SingleOrDefault();
        if ((await connection.Rows("Billing/claim_job", command => command.With(due.Id), ClaimedRun.FromRow, cancellation)).SingleOrDefault() is not { } job) return null;
        var run = await connection.One("Billing/add_run", command => command.With(job.Job).With(job.Msp.Value).With(job.Through), row => row.GetInt64(0), cancellation);
        return job with { Id = run };
    }

    private static async Task End(NpgsqlConnection connection, DueWork work, ClaimedRun run, RunOutcome outcome, CancellationToken cancellation)
    {
        await connection.Do(
            "Billing/end_run",
            command => command.With(run.Id).With(outcome.State).With(outcome.Code).With(outcome.Sentence).With(outcome.Plan).With(outcome.Posting),
            cancellation);
        if (outcome.PostedAll) await connection.Do("Billing/overtake_runs", command => command.With(run.Job).With(run.Id), cancellation);
        if (work != DueWork.Scheduled) return;
        var next = run.Entry.Schedule.FirstAfter(run.Through);
        await connection.Do(
            "Billing/next_date", command => command.With(run.Job).With(next).With<DateTimeOffset?>(next is { } on ? run.Entry.RunAt(on, run.Zone) : null), cancellation);
    }
}
