using System.Globalization;
using UsageBilling.Connectors;
using UsageBilling.Runtime.Invariants;

namespace UsageBilling.Benchmarks.Faults;

/// <summary>Compares what a PSA applied with what the hub wished and believes, when all is over.</summary>
internal sealed class FaultCheck(Stage stage, FaultPlan plan, StagedPsa psa)
{
    private const int WrongMax = 20;
    private const int Hundred = 100;
    private static readonly string[] Pages = ["docs/OPERATING.md", "connectors/README.md", "connectors/Autotask/README.md", "connectors/Bms/README.md"];
    private static readonly int AutotaskShare = new ConnectorOptions().AutotaskSharePercent;

    private readonly Dictionary<string, bool> checks = [];
    private readonly List<string> wrong = [];
    private Calls calls = new(0, 0, 1, 0);

    /// <param name="settled">Whether everything was settled in time.</param>
    public async Task Run(bool settled, CancellationToken cancellation)
    {
        IReadOnlyList<Applied> journal = [.. (await stage.Vendors.Journal(psa.Psa, cancellation)).Select(psa.Named)];
        Note("settled", settled ? [] : ["something is still owed"]);
        Note("units_applied_once", await Units(journal, cancellation));
        Note("tickets_applied_once", await Tickets(journal, cancellation));
        Note("codes_known", await Codes(cancellation));
        Note("invariants", await Invariants(journal, cancellation));
        calls = await stage.Vendors.Calls(psa.Psa, cancellation);
        Note("within_quota", Quota());
    }

    public async Task<FaultResult> Result(Scenario scenario, int met, int saved, TimeSpan disturbed, TimeSpan recovery, double seconds, CancellationToken cancellation)
    {
        var ends = await Ends(cancellation);
        Dictionary<string, int> Of(string what) => ends.Where(end => end.What == what)
            .GroupBy(end => end.Code.Length > 0 && end.State != "confirmed" ? $"{end.State} {end.Code}" : end.State).ToDictionary(same => same.Key, same => same.Sum(end => end.Count));
        return new(
            scenario.Name, scenario.Percent, psa.Psa.Kind, met, Of("units"), Of("tickets"), ends.Sum(end => end.Again), calls.Made, calls.MostInAnHour, calls.AllowedInAnHour, stage.Kills, saved,
            Math.Round(disturbed.TotalMinutes, 1), Math.Round(recovery.TotalMinutes, 1), Math.Round(seconds), checks, wrong);
    }

    /// <summary>Of each line the PSA applied as many changes of the hub's as the hub has seen confirmed, of as many units, and no more than those that a person must look at besides.</summary>
    private async Task<IEnumerable<string>> Units(IReadOnlyList<Applied> journal, CancellationToken cancellation)
    {
        var applied = journal.Where(entry => entry is { Foreign: false, Line: not null }).GroupBy(entry => entry.Line!)
            .ToDictionary(line => line.Key, line => (Times: line.Count(), Units: line.Sum(entry => entry.Change)));
        var known = await Statement.Rows(
            stage.Database, "fault_lines_applied", row => (Line: row.GetString(0), Certain: row.GetInt32(1), Maybe: row.GetInt32(2), Units: row.GetDecimal(3)), cancellation, psa.Integration);
        return
        [
            .. known.Where(line => applied.GetValueOrDefault(line.Line).Times is var times && (times < line.Certain || times > line.Certain + line.Maybe))
                .Select(line => $"line {line.Line}: {applied.GetValueOrDefault(line.Line).Times} changes applied, {line.Certain} confirmed and {line.Maybe} in question"),
            .. known.Where(line => line.Maybe == 0 && applied.GetValueOrDefault(line.Line).Units != line.Units)
                .Select(line => $"line {line.Line}: {applied.GetValueOrDefault(line.Line).Units:0.##} units applied, {line.Units:0.##} confirmed"),
            .. applied.Keys.Except(known.Select(line => line.Line)).Select(line => $"line {line}: changes applied that nobody wished"),
        ];
    }

    private async Task<IEnumerable<string>> Tickets(IReadOnlyList<Applied> journal, CancellationToken cancellation)
    {
        var posts = journal.Where(entry => entry is { Method: "POST", Kind: "tickets" or "notes" }).ToList();
        var marks = await Statement.Rows(stage.Database, "fault_marks", row => (Mark: row.GetString(0), Kind: row.GetString(1), Seen: row.GetBoolean(2)), cancellation, psa.Integration);
        return marks.Select(mark => (mark, Times: posts.Count(post => post.Body.Contains(mark.Mark, StringComparison.Ordinal))))
            .Where(found => found.Times > 1 || (found.mark.Seen && found.Times == 0))
            .Select(found => $"{found.mark.Kind} {found.mark.Mark}: applied {found.Times} times{(found.mark.Seen ? ", confirmed" : "")}");
    }

    /// <summary>Whatever a person finds parked or rejected is explained where they look it up.</summary>
    private async Task<IEnumerable<string>> Codes(CancellationToken cancellation)
    {
        var pages = string.Concat(await Task.WhenAll(Pages.Select(page => File.ReadAllTextAsync(page, cancellation))));
        return (await Ends(cancellation)).Where(end => end.State is "parked" or "rejected" && !pages.Contains($"`{end.Code}`", StringComparison.Ordinal))
            .Select(end => $"{end.State} with the code '{end.Code}', which is nowhere explained");
    }

    private async Task<IEnumerable<string>> Invariants(IReadOnlyList<Applied> journal, CancellationToken cancellation)
    {
        var edited = journal.Where(entry => entry is { Foreign: true, Line: not null }).Select(entry => entry.Line!).ToHashSet();
        // only Autotask shows units at all
        var shows = psa.Psa.Kind == PretendPsa.Autotask ? await stage.Vendors.Units(psa.Psa, stage.Today, cancellation) : new Dictionary<string, decimal>();
        var view = new VendorView(
            [.. shows.Where(line => !edited.Contains(line.Key)).Select(line => new VendorUnits(psa.Integration, line.Key, stage.Today, line.Value))],
            [.. journal.Where(entry => entry is { Foreign: false, Line: not null }).Select(entry => new VendorApplied(psa.Integration, entry.Line!, entry.On))]);
        return (await new InvariantStore(stage.Database).Breaches(view, null, cancellation)).Select(breach => $"{breach}");
    }

    private IEnumerable<string> Quota()
    {
        var share = psa.Psa.CountsAllTogether ? AutotaskShare : plan.BmsSharePercent;
        if (calls.Refused > 0) yield return string.Create(CultureInfo.InvariantCulture, $"{calls.Refused} calls refused because the hour's were used up");
        if (plan.Strangers == 0 && calls.MostInAnHour * Hundred > calls.AllowedInAnHour * share) yield return string.Create(CultureInfo.InvariantCulture, $"{calls.MostInAnHour} calls in an hour, {share} % of {calls.AllowedInAnHour} are the hub's");
    }

    private Task<IReadOnlyList<(string What, string State, string Code, int Count, int Again)>> Ends(CancellationToken cancellation) => Statement.Rows(
        stage.Database, "fault_ends", row => (row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetInt32(4)), cancellation, psa.Integration);

    private void Note(string check, IEnumerable<string> found)
    {
        var sentences = found.ToList();
        checks[check] = sentences.Count == 0;
        wrong.AddRange(sentences.Take(WrongMax).Select(sentence => $"{check}: {sentence}"));
    }
}
