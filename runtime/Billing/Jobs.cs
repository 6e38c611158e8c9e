using System.Globalization;
using Npgsql;
using UsageBilling.Interfaces.Billing;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Billing;

/// <summary>What a job does.</summary>
public enum JobAction
{
    /// <summary>Posts what is ready, normal and prorated.</summary>
    Post = 1,

    /// <summary>Posts what is ready, and invoices what is posted.</summary>
    PostAndBill = 2,

    /// <summary>Invoices what is posted.</summary>
    GenerateInvoice = 3,
}

/// <summary>A job as somebody wants it.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Contract">Null: all that the msp has.</param>
/// <param name="At">The time of day in the msp's zone at which a date's run begins.</param>
public sealed record JobEntry(string Name, long? Contract, JobAction Action, JobSchedule Schedule, TimeOnly At)
{
    /// <summary>The action as it is stored.</summary>
    internal string ActionText => Action switch
    {
        JobAction.Post => "post",
        JobAction.PostAndBill => "post_and_bill",
        JobAction.GenerateInvoice => "generate_invoice",
        _ => throw new InvalidOperationException($"{Action} is not an action."),
    };

    internal short? MonthDay => Schedule is JobSchedule.Monthly monthly ? (short)monthly.Day : null;

    /// <summary>1 is Monday.</summary>
    internal short? WeekDay => Schedule is JobSchedule.Weekly weekly ? (short)(((int)weekly.Day + 6) % 7 + 1) : null;

    internal DateOnly? DatedOn => (Schedule as JobSchedule.Dated)?.On;

    /// <summary>Reads name, contract, action, the three kinds of schedule and the time of day, from a column on.</summary>
    public static JobEntry FromRow(NpgsqlDataReader row, int column) => new(
        row.GetString(column), row.IsDBNull(column + 1) ? null : row.GetInt64(column + 1), ActionOf(row.GetString(column + 2)),
        !row.IsDBNull(column + 3) ? new JobSchedule.Monthly(row.GetInt16(column + 3))
            : !row.IsDBNull(column + 4) ? new JobSchedule.Weekly((DayOfWeek)(row.GetInt16(column + 4) % 7))
            : new JobSchedule.Dated(row.Date(column + 5)),
        row.GetFieldValue<TimeOnly>(column + 6));

    /// <summary>When a date's run begins.</summary>
    internal DateTimeOffset RunAt(DateOnly date, string zone) => NightCalendar.Of(zone, At).RunAt(date);

    /// <summary>For the audit.</summary>
    internal string Words() => string.Create(
        CultureInfo.InvariantCulture, $"{Name}: {ActionText} {(Contract is { } contract ? $"contract {contract}" : "all")}, {ScheduleWords()} at {At:HH:mm}");

    private static JobAction ActionOf(string text) => text switch
    {
        "post" => JobAction.Post,
        "post_and_bill" => JobAction.PostAndBill,
        "generate_invoice" => JobAction.GenerateInvoice,
        _ => throw new InvalidOperationException($"'{text}' is not an action."),
    };

    private string ScheduleWords() => Schedule switch
    {
        JobSchedule.Monthly { Day: JobSchedule.Monthly.Last } => "the last day of each month",
        JobSchedule.Monthly monthly => string.Create(CultureInfo.InvariantCulture, $"day {monthly.Day} of each month"),
        JobSchedule.Weekly weekly => $"every {weekly.Day}",
        JobSchedule.Dated dated => dated.On.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"{Schedule} is not a schedule."),
    };
}

/// <summary>How keeping a job ended. Only after <see cref="Kept"/> anything changed.</summary>
public abstract record JobAnswer
{
    private JobAnswer()
    {
    }

    /// <summary>It is as wanted.</summary>
    public sealed record Kept(long Id) : JobAnswer;

    /// <summary>The msp has no such job.</summary>
    public sealed record Unknown : JobAnswer;

    /// <summary>The msp has no such contract.</summary>
    public sealed record ContractUnknown : JobAnswer;

    /// <summary>Its only date has passed, or the job has run on it.</summary>
    public sealed record DatePassed(DateOnly On) : JobAnswer;

    /// <summary>The msp has <see cref="JobStore.JobsMax"/> already.</summary>
    public sealed record TooMany : JobAnswer;
}
