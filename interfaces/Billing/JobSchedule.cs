namespace UsageBilling.Interfaces.Billing;

/// <summary>On which dates a job runs. Dates only: at which instant a date's run begins is the calendar's business.</summary>
public abstract record JobSchedule
{
    private JobSchedule()
    {
    }

    /// <summary>The first date of the schedule on or after a date; null when there is none any more.</summary>
    public abstract DateOnly? FirstFrom(DateOnly date);

    /// <summary>The first date of the schedule after a date; null when there is none any more.</summary>
    public DateOnly? FirstAfter(DateOnly date) => date == DateOnly.MaxValue ? null : FirstFrom(date.AddDays(1));

    /// <summary>Once a month.</summary>
    /// <param name="Day">1 to 31; a month without that day has its last instead. <see cref="Last"/> is the last day of every month.</param>
    public sealed record Monthly(int Day) : JobSchedule
    {
        /// <summary>The number that stands for the last day of the month.</summary>
        public const int Last = 32;

        /// <inheritdoc/>
        public override DateOnly? FirstFrom(DateOnly date)
        {
            var here = In(date.Year, date.Month);
            if (here >= date) return here;
            return (date.Year, date.Month) == (DateOnly.MaxValue.Year, DateOnly.MaxValue.Month) ? null
                : date.Month == 12 ? In(date.Year + 1, 1) : In(date.Year, date.Month + 1);
        }

        /// <summary>From the day that was asked for, never from the month before: the 31st is 28 February, and 31 March again.</summary>
        private DateOnly In(int year, int month) => new(year, month, Math.Min(Day, DateTime.DaysInMonth(year, month)));
    }

    /// <summary>Once a week.</summary>
    public sealed record Weekly(DayOfWeek Day) : JobSchedule
    {
        private const int Week = 7;

        /// <inheritdoc/>
        public override DateOnly? FirstFrom(DateOnly date)
        {
            var days = ((int)Day - (int)date.DayOfWeek + Week) % Week;
            return DateOnly.MaxValue.DayNumber - date.DayNumber < days ? null : date.AddDays(days);
        }
    }

    /// <summary>Once.</summary>
    public sealed record Dated(DateOnly On) : JobSchedule
    {
        /// <inheritdoc/>
        public override DateOnly? FirstFrom(DateOnly date) => On >= date ? On : null;
    }
}
