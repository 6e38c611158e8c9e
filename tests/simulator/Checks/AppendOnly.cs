using UsageBilling.Tests.Simulator.Store;

namespace UsageBilling.Tests.Simulator.Checks;

/// <summary>I11 for the simulation: what was appended stays as it was, in the order it came.</summary>
internal sealed class AppendOnly(Database database)
{
    private readonly Dictionary<long, (List<CountRow> Counts, List<LedgerRow> Ledger)> seen = [];
    private List<AuditRow> audit = [];

    public void Check(Func<string, Exception> breach)
    {
        foreach (var line in database.Lines.Values)
        {
            if (seen.TryGetValue(line.Id, out var before) && (!Begins(line.Counts, before.Counts) || !Begins(line.Ledger, before.Ledger)))
                throw breach($"I11: a count record or ledger entry of line {line.Id} was changed");
            seen[line.Id] = ([.. line.Counts], [.. line.Ledger]);
        }

        if (!Begins(database.Audit, audit)) throw breach("I11: the audit was changed");
        audit = [.. database.Audit];
    }

    private static bool Begins<T>(List<T> now, List<T> before)
        where T : class => before.Count <= now.Count && !before.Where((row, index) => !ReferenceEquals(row, now[index])).Any();
}
