using System.Globalization;
using Npgsql;
using UsageBilling.Interfaces.Keys;
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

    /// <summary>The plan that a run waited for was applied.</summary>
    Approved = 3,
}

/// <summary>A job whose date has come, or a run that can go on.</summary>
/// <param name="Id">Of the job when <paramref name="Work"/> is scheduled, else of the run.</param>
public sealed record DueJob(DueWork Work, long Id);

/// <summary>What became of it.</summary>
/// <param name="Code">As the history has it.</param>
public sealed record JobRunEnd(long Run, string Code);

/// <summary>
/// Carries out runs of jobs. Plan, posting, invoices, the row of the history and the job's next date are one transaction: a run happened whole, or
/// not at all and is still due.
/// </summary>
public sealed class JobRunner(NpgsqlDataSource database, PostingStore postings, InvoiceStore invoices)
{
    /// <summary>Runs looked up at once.</summary>
    public const int DueMax = 100;

    /// <summary>Attempts of a run that meets a mistake of ours; then its row says so, and the job goes on with its next date.</summary>
    public const int AttemptsMax = 5;

    private const int ChangedMax = 3;
    private const int TransientSeconds = 5;
    private const int MistakeSeconds = 30;

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
            var outcome = await Act(connection, run, cancellation);
            if (outcome.State == Outcome.Again && tries < ChangedMax) continue;
            if (outcome.State == Outcome.Again) throw new InvalidOperationException($"What run {run.Id} is to post changed {ChangedMax} times while it was planned.");
            await End(connection, due.Work, run, outcome, cancellation);
            await transaction.CommitAsync(cancellation);
            return new(run.Id, outcome.Code);
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
            await End(connection, due.Work, run, new(Outcome.Failed, "internal_error", $"{fault.GetType().Name}, {AttemptsMax} times. The log of the silo has the reason."), cancellation);
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
    private static async Task<Claimed?> Claim(NpgsqlConnection connection, DueJob due, CancellationToken cancellation)
    {
        if (due.Work != DueWork.Scheduled)
            return (await connection.Rows("Billing/claim_run", command => command.With(due.Id), Claimed.FromRow, cancellation)).SingleOrDefault();
        if ((await connection.Rows("Billing/claim_job", command => command.With(due.Id), Claimed.FromRow, cancellation)).SingleOrDefault() is not { } job) return null;
        var run = await connection.One("Billing/add_run", command => command.With(job.Job).With(job.Msp.Value).With(job.Through), row => row.GetInt64(0), cancellation);
        return job with { Id = run };
    }

    private async Task<Outcome> Act(NpgsqlConnection connection, Claimed run, CancellationToken cancellation)
    {
        if (run.Plan is not null) return await Bill(connection, run, new(Outcome.Done, "posted", $"A person applied plan {run.Plan}.") { Plan = run.Plan, Posting = run.Posting }, cancellation);
        if (run.Entry.Action == JobAction.GenerateInvoice) return await Bill(connection, run, Outcome.Nothing, cancellation);
        var posted = await Post(connection, run, cancellation);
        return posted.State == Outcome.Done ? await Bill(connection, run, posted, cancellation) : posted;
    }

    private async Task<Outcome> Post(NpgsqlConnection connection, Claimed run, CancellationToken cancellation)
    {
        var scope = new PlanScope(run.Through, null, run.Entry.Contract is { } contract ? new ContractId(contract) : null);
        var answer = await postings.Plan(connection, run.Msp, scope, run.Actor, cancellation);
        if (answer is PlanAnswer.Empty empty) return Outcome.Nothing with { Sentence = empty.Blocked > 0 ? $"Nothing is ready to post; {Count(empty.Blocked, "item")} blocked." : Outcome.Nothing.Sentence };
        if (answer is PlanAnswer.TooLarge) return new(Outcome.Failed, "plan_too_large", $"More than {PostingStore.ItemsMax} items are ready: post by account, or make a job for each contract.");
        if (answer is not PlanAnswer.Made { Plan: var plan }) throw new InvalidOperationException($"Planning ended with {answer}.");
        return await postings.Apply(connection, run.Msp, plan.Id, plan.Hash, run.Actor, Approval.ByItself, cancellation) switch
        {
            ApplyAnswer.Applied applied => new(
                Outcome.Done, "posted", $"Posting {applied.Posting}: {Count(plan.Items - plan.Blocked, "item")}{(plan.Blocked > 0 ? $", {plan.Blocked} blocked" : "")}.") { Plan = plan.Id, Posting = applied.Posting },
            ApplyAnswer.PersonNeeded needed => new(
                Outcome.Waits, "waits_for_approval", $"{Count(needed.Attention.Count, "contract")} changed by more than may be posted without a person: plan {plan.Id} waits for one.") { Plan = plan.Id },
            ApplyAnswer.Changed => new(Outcome.Again, "", ""),
            var other => throw new InvalidOperationException($"Applying plan {plan.Id} ended with {other}."),
        };
    }

    /// <summary>What is to be invoiced after the posting, if the job invoices.</summary>
    private async Task<Outcome> Bill(NpgsqlConnection connection, Claimed run, Outcome posted, CancellationToken cancellation)
    {
        if (run.Entry.Action == JobAction.Post) return posted;
        var (made, carried) = (0, 0);
        for (var more = true; more;)
        {
            var step = await invoices.Make(connection, new(run.Msp, null, run.Entry.Contract, run.Through, null, run.Actor, run.Id), cancellation);
            made += step.Invoices.Count;
            carried = step.CarriedForward.Count;
            more = step.More && step.Invoices.Count > 0;
        }

        var sentence = $"{Count(made, "invoice")}.{(carried > 0 ? $" {Count(carried, "account")} carried forward." : "")}";
        if (made == 0) return posted with { Sentence = carried > 0 ? $"{posted.Sentence} {sentence}" : posted.Sentence };
        return posted.Posting is null
            ? posted with { Code = "invoiced", Sentence = sentence }
            : posted with { Code = "posted_and_invoiced", Sentence = $"{posted.Sentence} {sentence}" };
    }

    private static async Task End(NpgsqlConnection connection, DueWork work, Claimed run, Outcome outcome, CancellationToken cancellation)
    {
        await connection.Do(
            "Billing/end_run",
            command => command.With(run.Id).With(outcome.State).With(outcome.Code).With(outcome.Sentence).With(outcome.Plan).With(outcome.Posting),
            cancellation);
        if (outcome.Posting is not null) await connection.Do("Billing/overtake_runs", command => command.With(run.Job).With(run.Id), cancellation);
        if (work != DueWork.Scheduled) return;
        var next = run.Entry.Schedule.FirstAfter(run.Through);
        await connection.Do(
            "Billing/next_date", command => command.With(run.Job).With(next).With<DateTimeOffset?>(next is { } on ? run.Entry.RunAt(on, run.Zone) : null), cancellation);
    }

    private static string Count(int number, string thing) => string.Create(CultureInfo.InvariantCulture, $"{number} {thing}{(number == 1 ? "" : "s")}");

    private sealed record Outcome(string State, string Code, string Sentence)
    {
        public const string Done = "done", Failed = "failed", Waits = "waits_for_approval", Again = "again";

        public static readonly Outcome Nothing = new(Done, "nothing_to_do", "Nothing is ready.");

        public long? Plan { get; init; }

        public long? Posting { get; init; }
    }

    private sealed record Claimed(long Id, long Job, MspId Msp, string Zone, DateOnly Through, int Attempt, JobEntry Entry, long? Plan, long? Posting)
    {
        public string Actor => string.Create(CultureInfo.InvariantCulture, $"job {Job}");

        public static Claimed FromRow(NpgsqlDataReader row) => new(
            row.GetInt64(0), row.GetInt64(1), new(row.GetInt64(2)), row.GetString(3), row.Date(4), row.GetInt16(5), JobEntry.FromRow(row, 6),
            row.IsDBNull(13) ? null : row.GetInt64(13), row.IsDBNull(14) ? null : row.GetInt64(14));
    }
}
