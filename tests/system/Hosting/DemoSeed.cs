using System.Globalization;
using System.Text.Json.Nodes;

namespace UsageBilling.Tests.System.Hosting;

/// <summary>
/// The demo's seed on a calendar that suits today: it is about noon in the msp's zone, and billing periods begin about two weeks from now,
/// so that a test means the same on every day of the year.
/// </summary>
internal static class DemoSeed
{
    /// <summary>Run time before which the night is still yesterday's, and one after which it is today's.</summary>
    public const string LaterToday = "18:00", EarlierToday = "06:00";

    private static readonly DateTimeOffset Now = Hub.Clock.GetUtcNow();
    private static readonly int HoursAhead = 12 - Now.Hour;

    /// <summary>A zone in which it is about noon.</summary>
    public static string Zone { get; } = HoursAhead == 0 ? "Etc/GMT" : string.Create(CultureInfo.InvariantCulture, $"Etc/GMT{(HoursAhead > 0 ? "-" : "+")}{Math.Abs(HoursAhead)}");

    /// <summary>The last night while the run time is <see cref="LaterToday"/>.</summary>
    public static DateOnly FirstNight { get; } = DateOnly.FromDateTime(Now.UtcDateTime.AddHours(HoursAhead)).AddDays(-1);

    /// <summary>The billing period that holds the first two nights.</summary>
    public static (DateOnly From, DateOnly Until) Period { get; } = PeriodOf(FirstNight);

    private static int AnchorDay => Math.Min(FirstNight.AddDays(15).Day, 28);

    /// <summary>A folder with the demo's seed, its contracts anchored on another day of the month.</summary>
    public static string Folder { get; } = Write();

    /// <summary>The same with more domains than fit on one page: 490 that belong to no customer, last by name.</summary>
    public static string WideFolder()
    {
        var folder = Temporary();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.json")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var domains = Path.Combine(folder, "uniview.json");
        var more = string.Join(",\n", Enumerable.Range(0, 490).Select(i => $$"""{"id": "z-{{i:000}}", "name": "zz-{{i:000}}.example", "origin": "M365", "numberOfProtectedStandardUsers": 1, "numberOfArchivedLicensesTotal": 0}"""));
        File.WriteAllText(domains, File.ReadAllText(domains).Replace("\"domains\": [", $"\"domains\": [{more},", StringComparison.Ordinal));
        return folder;
    }

    /// <summary>The same with another Autotask.</summary>
    public static string WithAutotask(Action<JsonNode> change)
    {
        var folder = Temporary();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.json")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var path = Path.Combine(folder, "autotask.json");
        var autotask = JsonNode.Parse(File.ReadAllText(path))!;
        change(autotask);
        File.WriteAllText(path, autotask.ToJsonString());
        return folder;
    }

    private static (DateOnly From, DateOnly Until) PeriodOf(DateOnly night)
    {
        var from = new DateOnly(night.Year, night.Month, AnchorDay);
        if (from > night) from = from.AddMonths(-1);
        return (from, from.AddMonths(1));
    }

    /// <summary>A folder that goes with the process.</summary>
    private static string Temporary()
    {
        var folder = Directory.CreateTempSubdirectory("usagebilling-seed-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    private static string Write()
    {
        var folder = Temporary();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Seed")))
        {
            var text = File.ReadAllText(file).Replace("\"startDate\": \"2025-01-01\"", string.Create(CultureInfo.InvariantCulture, $"\"startDate\": \"2025-01-{AnchorDay:00}\""), StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(file)), text);
        }

        return folder;
    }
}
