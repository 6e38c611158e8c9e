using System.Globalization;
using System.Text.Json.Nodes;

namespace UsageBilling.Benchmarks.Faults;

/// <summary>What the pretended vendors hold when a run begins: the demo's, contracts enough for the changes, and more accounts than fit on a page.</summary>
internal static class Book
{
    public const int LinesEach = 2;
    public const int Units = 20;

    /// <summary>The first number of Kaseya's lines that are not the demo's.</summary>
    public const int FirstKaseyaLine = 900_000;

    /// <summary>Lines that people add to Kaseya's contracts count since then.</summary>
    public const int LinesSinceDaysAgo = 10;

    private const int Companies = 600;
    private const int KaseyaAccounts = 250;
    private const int KaseyaIds = 700_000;
    private const int FirstKaseyaContract = 800_000;
    private const int FirstLine = 100_000;
    private const int FirstContract = 29_700_000;
    private const int FirstCompany = 1_000;
    private const int Service = 45;
    private const int RecurringService = 7;
    private const int Monthly = 2;

    /// <summary>A period began so many days ago, and the changes are in it.</summary>
    private const int PeriodBeganDaysAgo = 12;

    private const int LastDayOfAnyMonth = 28;

    /// <summary>A folder with it, to be deleted.</summary>
    /// <param name="lines">Of each PSA, besides the demo's.</param>
    public static async Task<string> Write(int lines, DateOnly today, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("usagebilling-faults-").FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Seed"), "*.json"))
        {
            var vendor = JsonNode.Parse(await File.ReadAllTextAsync(file, cancellation))!;
            if (Path.GetFileName(file) == "autotask.json") Widen(vendor, lines, today);
            else if (vendor["accounts"] is JsonArray accounts) Widen(vendor, accounts, lines);
            await File.WriteAllTextAsync(Path.Combine(folder, Path.GetFileName(file)), vendor.ToJsonString(), cancellation);
        }

        return folder;
    }

    private static void Widen(JsonNode autotask, int lines, DateOnly today)
    {
        for (var company = 0; company < Companies; company++)
        {
            autotask["companies"]!.AsArray().Add(new JsonObject
            {
                ["id"] = FirstCompany + company, ["companyName"] = $"Customer {company}", ["phone"] = "555 0200", ["companyNumber"] = $"C{FirstCompany + company}",
            });
        }

        var began = today.AddDays(-PeriodBeganDaysAgo).AddMonths(-2);
        began = new(began.Year, began.Month, Math.Min(began.Day, LastDayOfAnyMonth));
        autotask["contracts"] = new JsonArray([.. Enumerable.Range(0, lines).Chunk(LinesEach).Select((numbers, contract) => new JsonObject
        {
            ["id"] = FirstContract + contract, ["companyID"] = FirstCompany + (contract % Companies), ["contractName"] = $"Services {contract}", ["contractType"] = RecurringService,
            ["contractPeriodType"] = Monthly, ["status"] = 1, ["startDate"] = Day(began), ["endDate"] = Day(began.AddMonths(6).AddDays(-1)), ["timeReportingRequiresStartAndStopTimes"] = 0,
            ["lines"] = new JsonArray([.. numbers.Select(number => new JsonObject { ["id"] = FirstLine + number, ["serviceID"] = Service, ["units"] = Units })]),
        })]);
    }

    /// <summary>Copies of the first account of BMS or Vorex, and contracts of theirs, each with a line of as many services.</summary>
    private static void Widen(JsonNode kaseya, JsonArray accounts, int lines)
    {
        var first = accounts.Count;
        for (var number = accounts.Count; number < KaseyaAccounts; number++)
        {
            var account = accounts[0]!.DeepClone();
            (account["id"], account["accountCode"], account["accountName"]) = (KaseyaIds + number, $"F{number}", $"Customer {number}");
            account["locations"] = new JsonArray(new JsonObject { ["id"] = KaseyaIds + number, ["locationName"] = "Main", ["isMain"] = true, ["isActive"] = true });
            accounts.Add(account);
        }

        var contracts = kaseya["contracts"]!.AsArray();
        var (like, services) = (contracts[0]!, kaseya["services"]!.AsArray());
        foreach (var (numbers, at) in Enumerable.Range(0, lines).Chunk(LinesEach).Select((numbers, at) => (numbers, at)))
        {
            var contract = like.DeepClone();
            (contract["id"], contract["contractNumber"], contract["contractName"]) = (FirstKaseyaContract + at, $"F{at}", $"Services {at}");
            contract["accountId"] = KaseyaIds + first + (at % (KaseyaAccounts - first));
            contract["lines"] = new JsonArray([.. numbers.Select((number, nth) => new JsonObject { ["id"] = FirstKaseyaLine + number, ["serviceId"] = services[nth]!["id"]!.DeepClone(), ["units"] = Units })]);
            contracts.Add(contract);
        }
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
