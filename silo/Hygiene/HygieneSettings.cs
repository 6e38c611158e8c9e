using System.Globalization;
using UsageBilling.Runtime.Hygiene;

namespace UsageBilling.Silo.Hygiene;

/// <summary>The environment's settings for tidying up and looking around.</summary>
internal static class HygieneSettings
{
    /// <summary>The options, or one sentence for each setting that will not do.</summary>
    /// <param name="setting">Looks a setting up by its name without <c>UsageBilling__</c>.</param>
    public static (HygieneOptions Options, string? Objection) Read(Func<string, string?> setting)
    {
        var objections = new List<string>();
        var keep = new Retention();
        var options = new HygieneOptions
        {
            Retention = keep with
            {
                ReadingMonths = Number("ReadingRetentionMonths", keep.ReadingMonths, "months", Retention.MonthsMin, Retention.MonthsMax),
                IntentMonths = Number("IntentRetentionMonths", keep.IntentMonths, "months", Retention.MonthsMin, Retention.MonthsMax),
                NightMonths = Number("NightRetentionMonths", keep.NightMonths, "months", Retention.MonthsMin, Retention.MonthsMax),
                NoticeMonths = Number("NoticeRetentionMonths", keep.NoticeMonths, "months", Retention.MonthsMin, Retention.MonthsMax),
                DeliveryDays = Number("DeliveryRetentionDays", keep.DeliveryDays, "days", Retention.DaysMin, Retention.DaysMax),
                RunDays = Number("RunRetentionDays", keep.RunDays, "days", Retention.DaysMin, Retention.DaysMax),
            },
            QuietAt = Quiet(),
            Limits = Limits(),
        };
        return (options, objections.Count == 0 ? null : string.Join('\n', objections));

        int Number(string name, int otherwise, string what, int least, int most)
        {
            if (setting(name) is not { } text) return otherwise;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
            objections.Add($"UsageBilling__{name} takes a number of {what} from {least} to {most}, not '{text}'.");
            return otherwise;
        }

        TimeOnly Quiet()
        {
            var otherwise = new HygieneOptions().QuietAt;
            if (setting("QuietAt") is not { } text) return otherwise;
            if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)) return at;
            objections.Add($"UsageBilling__QuietAt takes a time of day in UTC as HH:mm, not '{text}'.");
            return otherwise;
        }

        Dictionary<string, double> Limits()
        {
            var limits = new Dictionary<string, double>();
            foreach (var pair in (setting("WatchLimits") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var parts = pair.Split('=', 2, StringSplitOptions.TrimEntries);
                if (parts.Length == 2 && Gauge.All.Any(gauge => gauge.Limit == parts[0]) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var most)) limits[parts[0]] = most;
                else objections.Add($"UsageBilling__WatchLimits takes name=number with commas between, of the names {Names}; '{pair}' is not that.");
            }

            return limits;
        }
    }

    private static string Names => string.Join(", ", Gauge.All.Select(gauge => gauge.Limit).OfType<string>().Distinct());
}
