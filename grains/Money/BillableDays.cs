using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>The units each day of a period's service is charged for: change day, policies, minimum and maximum, month-end.</summary>
internal static class BillableDays
{
    /// <summary>Spans in order and without gaps. In the average mode still each day's own units: averages are taken where they are priced.</summary>
    public static IEnumerable<(DateRange Span, Units Units)> Of(LineTerms terms, CountTimeline counts, DateRange service)
    {
        var settings = terms.Settings;
        var known = settings.ChangeDay == ChangeDay.Old ? counts.DayLater() : counts;
        var days = Clamped(terms, Held(settings, known, service));
        return settings.Mode switch
        {
            CountMode.MonthEndLast => [(service, days.Last().Units)],
            CountMode.MonthEndMax => [(service, days.Max(day => day.Units))],
            _ => days,
        };
    }

    private static IEnumerable<(DateRange Span, Units Units)> Clamped(LineTerms terms, IEnumerable<CountSegment> days)
    {
        foreach (var day in days) yield return (day.Span, terms.Clamped(day.Record?.Units));
    }

    private static IEnumerable<CountSegment> Held(ProrationSettings settings, CountTimeline counts, DateRange service)
    {
        var days = counts.Within(service);
        if (settings is { Increases: ChangePolicy.Immediate, Decreases: ChangePolicy.Immediate }) return days;
        if (settings.Increases == ChangePolicy.HighWater) return [new(service, days.Select(day => day.Record).MaxBy(record => record?.Units))];
        return Waiting(settings, days);
    }

    /// <summary>Each span keeps the units before it where its own must wait. What was counted first is no change.</summary>
    private static IEnumerable<CountSegment> Waiting(ProrationSettings settings, IEnumerable<CountSegment> days)
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
