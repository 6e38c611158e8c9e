using System.Collections.Immutable;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>The count each day of a period's service is charged for, still to be clamped: change day, policies, month-end.</summary>
internal static class BillableDays
{
    /// <summary>Spans in order and without gaps. In the average mode still each day's own count: averages are taken where they are priced.</summary>
    public static ImmutableArray<CountSegment> Of(LineTerms terms, CountTimeline counts, DateRange service)
    {
        var settings = terms.Settings;
        var days = Held(settings, (settings.ChangeDay == ChangeDay.Old ? counts.DayLater() : counts).Within(service), service);
        return settings.Mode switch
        {
            CountMode.MonthEndLast => [new(service, days[^1].Record)],
            CountMode.MonthEndMax => [new(service, Highest(days))],
            _ => days,
        };
    }

    private static ImmutableArray<CountSegment> Held(ProrationSettings settings, ImmutableArray<CountSegment> days, DateRange service)
    {
        if (settings is { Increases: ChangePolicy.Immediate, Decreases: ChangePolicy.Immediate }) return days;
        return settings.Increases == ChangePolicy.HighWater ? [new(service, Highest(days))] : [.. Waiting(settings, days)];
    }

    private static CountRecord? Highest(ImmutableArray<CountSegment> days) => days.Select(day => day.Record).MaxBy(record => record?.Units);

    /// <summary>Each span keeps the units before it where its own must wait. What was counted first is no change.</summary>
    private static IEnumerable<CountSegment> Waiting(ProrationSettings settings, ImmutableArray<CountSegment> days)
    {
        CountRecord? charged = null;
        foreach (var day in days)
        {
            if (charged is null || day.Record is null) charged = day.Record;
            else if (day.Record.Units > charged.Units && settings.Increases == ChangePolicy.Immediate) charged = day.Record;
            else if (day.Record.Units < charged.Units && settings.Decreases == ChangePolicy.Immediate) charged = day.Record;
            yield return day with { Record = charged };
        }
    }
}
