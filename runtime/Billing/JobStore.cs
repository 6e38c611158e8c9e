using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Billing;

/// <summary>Keeps jobs, and when each is due next. The instant follows from the job's date, its time of day and the msp's zone.</summary>
public sealed class JobStore(NpgsqlDataSource database, WorkSignal signal)
{
    /// <summary>Jobs of one msp.</summary>
    public const int JobsMax = 1_000;

    /// <summary>Makes a job. Its first run is at the first date of its schedule that has not begun.</summary>
    public Task<JobAnswer> Add(MspId msp, JobEntry wanted, string actor, CancellationToken cancellation) => Alone(
        msp,
        null,
        async connection =>
        {
            var (now, zone) = await Calendar(connection, msp, cancellation);
            if (!await Knows(connection, msp, wanted.Contract, cancellation)) return new JobAnswer.ContractUnknown();
            if (await connection.One("Billing/job_count", command => command.With(msp.Value), row => row.GetInt64(0), cancellation) >= JobsMax) return new JobAnswer.TooMany();
            if (Next(wanted, now, zone, ranOn: null) is not { } next) return new JobAnswer.DatePassed(wanted.DatedOn!.Value);
            var id = await connection.One(
                "Billing/add_job", command => Fill(command.With(msp.Value).With(actor), wanted).With<DateOnly?>(next).With<DateTimeOffset?>(wanted.RunAt(next, zone)), row => row.GetInt64(0), cancellation);
            await connection.Audit(msp, actor, "job.created", id, "", wanted.Words(), cancellation);
            return new JobAnswer.Kept(id);
        },
        cancellation);

    /// <summary>Changes a job. With the same schedule its next run stays, one that is overdue included; with another one it is the first that has not begun.</summary>
    /// <param name="precondition">Must hold of the job; null for nothing.</param>
    public Task<JobAnswer> Change(MspId msp, long id, JobEntry wanted, string actor, Precondition? precondition, CancellationToken cancellation) => Alone(
        msp,
        precondition,
        async connection =>
        {
            var (now, zone) = await Calendar(connection, msp, cancellation);
            var rows = await connection.Rows("Billing/job_to_change", command => command.With(msp.Value).With(id), Known.FromRow, cancellation);
            if (rows is not [var known]) return new JobAnswer.Unknown();
            if (!await Knows(connection, msp, wanted.Contract, cancellation)) return new JobAnswer.ContractUnknown();
            var next = known.NextOn;
            if ((wanted.Schedule, wanted.At) != (known.Entry.Schedule, known.Entry.At) && (next = Next(wanted, now, zone, known.RanOn)) is null)
                return new JobAnswer.DatePassed(wanted.DatedOn!.Value);
            await connection.Do(
                "Billing/change_job",
                command => Fill(command.With(msp.Value).With(id), wanted).With(next).With<DateTimeOffset?>(next is { } on ? wanted.RunAt(on, zone) : null),
                cancellation);
            if (wanted != known.Entry) await connection.Audit(msp, actor, "job.changed", id, known.Entry.Words(), wanted.Words(), cancellation);
            return new JobAnswer.Kept(id);
        },
        cancellation);

    /// <summary>Ends a job. Its history stays; what waited for a person waits for nobody any more.</summary>
    /// <param name="precondition">Must hold of the job; null for nothing.</param>
    public Task<JobAnswer> Delete(MspId msp, long id, string actor, Precondition? precondition, CancellationToken cancellation) => Alone(
        msp,
        precondition,
        async connection =>
        {
            var rows = await connection.Rows("Billing/job_to_change", command => command.With(msp.Value).With(id), Known.FromRow, cancellation);
            if (rows is not [var known]) return new JobAnswer.Unknown();
            await connection.Do("Billing/delete_job", command => command.With(msp.Value).With(id), cancellation);
            await connection.Audit(msp, actor, "job.deleted", id, known.Entry.Words(), "", cancellation);
            return new JobAnswer.Kept(id);
        },
        cancellation);

    /// <summary>Asks for a run now, through today. Asking again before it has begun is the same run.</summary>
    /// <returns>The run; null when the msp has no such job.</returns>
    public async Task<long?> Ask(MspId msp, long id, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, cancellation);
        var today = await InvoiceStore.Today(connection, msp.Value, cancellation);
        var runs = await connection.Rows("Billing/ask_run", command => command.With(msp.Value).With(id).With(today).With(actor), row => row.GetInt64(0), cancellation);
        await transaction.CommitAsync(cancellation);
        signal.Raise(WorkKinds.Jobs);
        return runs.Count > 0 ? runs[0] : null;
    }

    /// <summary>Moves every due instant of the msp's jobs to another zone; their dates stay. Inside the transaction that changes the zone.</summary>
    internal static async Task Move(NpgsqlConnection connection, MspId msp, string zone, CancellationToken cancellation)
    {
        var jobs = await connection.Rows(
            "Billing/jobs_to_move", command => command.With(msp.Value), row => (Id: row.GetInt64(0), On: row.Date(1), At: row.GetFieldValue<TimeOnly>(2)), cancellation);
        await connection.Do(
            "Billing/move_jobs", command => command.Column(jobs, job => job.Id).Column(jobs, job => NightCalendar.Of(zone, job.At).RunAt(job.On)), cancellation);
    }

    /// <summary>The first date of the schedule that has not begun, and on which the job has not run.</summary>
    private static DateOnly? Next(JobEntry wanted, DateTimeOffset now, string zone, DateOnly? ranOn)
    {
        var today = NightCalendar.Of(zone, TimeOnly.MinValue).NightAt(now);
        var next = wanted.Schedule.FirstFrom(ranOn >= today ? ranOn.Value.AddDays(1) : today);
        return next is { } on && wanted.RunAt(on, zone) <= now ? wanted.Schedule.FirstAfter(on) : next;
    }

    private static NpgsqlBatchCommand Fill(NpgsqlBatchCommand command, JobEntry job) => command
        .With(job.Name).With(job.Contract).With(job.ActionText).With(job.MonthDay).With(job.WeekDay).With(job.DatedOn).With(job.At);

    private static Task<(DateTimeOffset Now, string Zone)> Calendar(NpgsqlConnection connection, MspId msp, CancellationToken cancellation) =>
        connection.One("Billing/msp_today", command => command.With(msp.Value), row => (row.Instant(0), row.GetString(1)), cancellation);

    private static async Task<bool> Knows(NpgsqlConnection connection, MspId msp, long? contract, CancellationToken cancellation) =>
        await connection.One("Billing/scope", command => command.With(msp.Value).With<long?>(null).With(contract), row => row.GetBoolean(1), cancellation);

    private async Task<JobAnswer> Alone(MspId msp, Precondition? precondition, Func<NpgsqlConnection, Task<JobAnswer>> change, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, cancellation);
        if (precondition is not null) await precondition(connection, cancellation);
        var answer = await change(connection);
        if (answer is JobAnswer.Kept) await transaction.CommitAsync(cancellation);
        return answer;
    }

    private sealed record Known(JobEntry Entry, DateOnly? NextOn, DateOnly? RanOn)
    {
        public static Known FromRow(NpgsqlDataReader row) => new(JobEntry.FromRow(row, 0), row.MaybeDate(7), row.MaybeDate(8));
    }
}
