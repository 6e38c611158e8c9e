using System.Globalization;
using System.Text.Json;
using Npgsql;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Billing;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>What is billed by itself, and when.</summary>
/// <param name="Contract">The one it is for; null when it is for all.</param>
/// <param name="All">Whether it is for all that the msp has.</param>
/// <param name="Action"><c>post</c>, <c>post_and_bill</c> or <c>generate_invoice</c>.</param>
/// <param name="NextOn">The date of its next run, and through which that posts and invoices; null when there is none any more.</param>
/// <param name="NextAt">When that begins.</param>
internal sealed record JobResource(
    long Id, string Name, NamedResource? Contract, bool All, string Action, JobScheduleResource Schedule, DateOnly? NextOn, DateTimeOffset? NextAt,
    DateTimeOffset CreatedAt, string CreatedBy)
{
    internal static JobResource FromRow(NpgsqlDataReader row)
    {
        var job = JobEntry.FromRow(row, 1);
        return new(
            row.GetInt64(0), job.Name, job.Contract is { } contract ? new(contract, row.GetString(8)) : null, job.Contract is null, Words.Of(job.Action),
            JobScheduleResource.Of(job.Schedule, job.At), row.MaybeDate(9), row.MaybeInstant(10), row.Instant(11), row.GetString(12));
    }
}

/// <summary>When a job runs.</summary>
/// <param name="Kind"><c>monthly</c>, <c>weekly</c> or <c>dated</c>.</param>
/// <param name="At">The time of day in the msp's zone, <c>HH:mm</c>.</param>
/// <param name="Day">Monthly: 1 to 31, where a shorter month has its last day, or <c>last</c>.</param>
/// <param name="Weekday">Weekly: <c>monday</c> to <c>sunday</c>.</param>
/// <param name="On">Dated: the one date.</param>
internal sealed record JobScheduleResource(string Kind, string At, JsonElement? Day = null, string? Weekday = null, DateOnly? On = null)
{
    private const int DayMax = 31;

    internal static JobScheduleResource Of(JobSchedule schedule, TimeOnly at)
    {
        var time = at.ToString("HH:mm", CultureInfo.InvariantCulture);
        return schedule switch
        {
            JobSchedule.Monthly { Day: JobSchedule.Monthly.Last } => new("monthly", time, JsonSerializer.SerializeToElement("last")),
            JobSchedule.Monthly monthly => new("monthly", time, JsonSerializer.SerializeToElement(monthly.Day)),
            JobSchedule.Weekly weekly => new("weekly", time, Weekday: Words.Of(weekly.Day)),
            JobSchedule.Dated dated => new("dated", time, On: dated.On),
            _ => throw new InvalidOperationException($"{schedule} is not a schedule."),
        };
    }

    internal IEnumerable<FieldError> Check()
    {
        if (MspEntry.TimeOf(At) is null) yield return new("schedule.at", "Must be a time of day to the minute, for example \"06:00\".");
        if (Kind is not ("monthly" or "weekly" or "dated")) yield return new("schedule.kind", "Must be monthly, weekly or dated.");
        if (Kind == "monthly" ? MonthDay is null : Day is not null) yield return new("schedule.day", $"Must be 1 to {DayMax} or \"last\" when the schedule is monthly, and absent else.");
        if (Kind == "weekly" ? WeekDay is null : Weekday is not null) yield return new("schedule.weekday", $"Must be one of {Words.All<DayOfWeek>()} when the schedule is weekly, and absent else.");
        if (Kind == "dated" ? On is null : On is not null) yield return new("schedule.on", "Must be a date when the schedule is dated, and absent else.");
    }

    internal JobSchedule ToSchedule() => Kind switch
    {
        "monthly" => new JobSchedule.Monthly(MonthDay!.Value),
        "weekly" => new JobSchedule.Weekly(WeekDay!.Value),
        _ => new JobSchedule.Dated(On!.Value),
    };

    private int? MonthDay => Day switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var day) && day is >= 1 and <= DayMax => day,
        { ValueKind: JsonValueKind.String } word when word.ValueEquals("last") => JobSchedule.Monthly.Last,
        _ => null,
    };

    private DayOfWeek? WeekDay => Weekday is null ? null : Words.Parse<DayOfWeek>(Weekday);
}

/// <summary>A job as somebody wants it.</summary>
/// <param name="Contract">The one that it is for; or else <paramref name="All"/>.</param>
internal sealed record NewJob(string Name, string Action, JobScheduleResource Schedule, long? Contract = null, bool All = false) : IChecked
{
    private const int NameMax = 200;

    public IEnumerable<FieldError> Check()
    {
        foreach (var error in Checks.Text("name", Name, NameMax).Concat(Schedule.Check())) yield return error;
        if (Words.Parse<JobAction>(Action) is null) yield return new("action", $"Must be one of {Words.All<JobAction>()}.");
        if (Contract is null != All) yield return new("contract", "Name one contract, or say \"all\": true; not both, and not neither.");
    }

    internal JobEntry ToEntry() => new(Name.Trim(), Contract, Words.Parse<JobAction>(Action)!.Value, Schedule.ToSchedule(), MspEntry.TimeOf(Schedule.At)!.Value);
}

/// <summary>One run of a job.</summary>
/// <param name="ScheduledOn">The date that it was for; null when a person asked.</param>
/// <param name="Through">Through which it posts and invoices: its own date, however late it ran.</param>
/// <param name="Result"><c>asked</c>, <c>running</c>, <c>waits_for_approval</c>, <c>done</c>, <c>failed</c> or <c>overtaken</c>.</param>
/// <param name="Plan">What was planned; what a person has to apply while it waits.</param>
/// <param name="Parts">What became of its accounts, when one plan could not hold them all; else null.</param>
/// <param name="InvoiceCount">How many invoices it made; <paramref name="Invoices"/> are the first of them.</param>
internal sealed record JobRunResource(
    long Id, DateOnly? ScheduledOn, DateOnly Through, string? AskedBy, string Result, string? Code, string? Sentence, long? Plan, long? Posting, JobPartsResource? Parts,
    long InvoiceCount, IReadOnlyList<long> Invoices, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    public const int InvoicesShown = 100;

    internal bool Ended => Result is not ("asked" or "running");

    internal static JobRunResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.MaybeDate(1), row.Date(2), row.Text(3), row.GetString(4), row.Text(5), row.Text(6),
        row.IsDBNull(7) ? null : row.GetInt64(7), row.IsDBNull(8) ? null : row.GetInt64(8), row.GetInt64(13) == 0 ? null : JobPartsResource.FromRow(row, 13),
        row.GetInt64(11), row.GetFieldValue<long[]>(12), row.MaybeInstant(9), row.MaybeInstant(10));
}

/// <summary>Parts of a run, counted by what became of them. What is in none of the counts is still to be done.</summary>
internal sealed record JobPartsResource(long Total, long Posted, long Empty, long Waiting, long Failed, long Overtaken)
{
    internal static JobPartsResource FromRow(NpgsqlDataReader row, int column) => new(
        row.GetInt64(column), row.GetInt64(column + 1), row.GetInt64(column + 2), row.GetInt64(column + 3), row.GetInt64(column + 4), row.GetInt64(column + 5));
}

/// <summary>An account of a run that posts account by account.</summary>
/// <param name="Contract">When the account by itself is more than one plan may have: this contract of it.</param>
/// <param name="State"><c>due</c>, <c>posted</c>, <c>empty</c> (nothing was ready, or it is blocked), <c>waiting</c> for a person, <c>failed</c> or <c>overtaken</c>.</param>
/// <param name="Items">That were posted, or wait.</param>
/// <param name="Blocked">That were left out.</param>
/// <param name="Plan">What was planned; what a person has to apply while it waits.</param>
internal sealed record JobPartResource(
    int Part, NamedResource Account, NamedResource? Contract, string State, int Items, int Blocked, string? Code, long? Plan, long? Posting)
{
    internal static JobPartResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt32(0), new(row.GetInt64(1), row.GetString(2)), row.IsDBNull(3) ? null : new(row.GetInt64(3), row.GetString(4)), row.GetString(5), row.GetInt32(6),
        row.GetInt32(7), row.Text(8), row.IsDBNull(9) ? null : row.GetInt64(9), row.IsDBNull(10) ? null : row.GetInt64(10));
}
