using System.Globalization;
using System.Text.Json.Nodes;

namespace UsageBilling.Benchmarks.Faults;

/// <summary>What people want of the hub in a run, in three acts: half of the changes and every alert; the other half, and that alerts still are so; and that alerts are over.</summary>
internal sealed class Story(Stage stage, FaultPlan plan)
{
    private const int FirstDaysAgo = 5;
    private const int EditDaysAgo = 4;
    private const int SecondDaysAgo = 2;
    private const int FirstMore = 3;
    private const int SecondMore = 5;

    /// <summary>One line in so many ends with the units it began with: a read from before the changes shows by chance what is wished.</summary>
    private const int BackOneIn = 3;

    private readonly Dictionary<long, List<long>> alerts = [];

    public async Task Begin(CancellationToken cancellation)
    {
        foreach (var psa in stage.Psas)
        {
            alerts[psa.Integration] = [];
            for (var number = 0; number < plan.Tickets; number++)
            {
                var identity = string.Create(CultureInfo.InvariantCulture, $"{psa.Psa.Kind} {number}");
                alerts[psa.Integration].Add(await Statement.Scalar<long>(stage.Database, "fault_alert", cancellation, identity));
                await Raise(psa, number, cancellation);
            }

            foreach (var line in psa.Lines) await stage.People.GiveUnits(line, Book.Units + FirstMore, stage.Today.AddDays(-FirstDaysAgo), cancellation);
        }
    }

    public async Task Continue(CancellationToken cancellation)
    {
        foreach (var psa in stage.Psas)
        {
            await Statement.Execute(stage.Database, "fault_import", cancellation, psa.Integration);
            for (var number = 0; number < plan.Tickets; number += 2) await Raise(psa, number, cancellation);
            foreach (var (line, number) in psa.Lines.Select((line, number) => (line, number)))
                await stage.People.GiveUnits(line, number % BackOneIn == 0 ? Book.Units : Book.Units + SecondMore, stage.Today.AddDays(-SecondDaysAgo), cancellation);
        }
    }

    public async Task End(CancellationToken cancellation)
    {
        foreach (var psa in stage.Psas)
        {
            await Statement.Execute(stage.Database, "fault_import", cancellation, psa.Integration);
            for (var number = 0; number < plan.Tickets; number += 2) await stage.People.Clear(alerts[psa.Integration][number], psa.Settings, cancellation);
        }
    }

    /// <summary>Somebody else's hands, each just before a change of the hub's to the same contract.</summary>
    /// <returns>How many.</returns>
    public async Task<int> Edits(StagedPsa psa, double chance, CancellationToken cancellation)
    {
        var dice = new Random(plan.Seed);
        List<RemoteLine> edited = [.. psa.Remotes.Where(_ => dice.NextDouble() < chance)];
        foreach (var line in edited)
        {
            await stage.Vendors.Set(psa.Psa, new JsonObject
            {
                ["kind"] = Scenario.ForeignEdit, ["method"] = "POST", ["match"] = psa.Psa.Changes.Replace("{0}", line.Contract, StringComparison.Ordinal),
                ["contract_service_id"] = long.Parse(line.Own, CultureInfo.InvariantCulture), ["unit_change"] = 1,
                ["effective_date"] = stage.Today.AddDays(-EditDaysAgo).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            }, cancellation);
        }

        return edited.Count;
    }

    private Task Raise(StagedPsa psa, int number, CancellationToken cancellation) =>
        stage.People.Raise(alerts[psa.Integration][number], psa.Integration, string.Create(CultureInfo.InvariantCulture, $"Backup {number} failed"), psa.Settings, cancellation);
}
