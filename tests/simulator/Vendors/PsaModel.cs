using UsageBilling.Tests.Simulator.Time;

namespace UsageBilling.Tests.Simulator.Vendors;

/// <summary>A change of units that the PSA applied.</summary>
/// <param name="Foreign">Whether other hands than the hub's did it.</param>
internal sealed record Adjustment(string Service, DateOnly On, decimal Delta, decimal Before, DateTimeOffset At, bool Foreign);

/// <summary>A PSA that keeps dated differences: it knows no key by which it would recognise a repeat, and one change per line and date.</summary>
internal sealed class PsaModel(VirtualClock clock)
{
    private readonly Dictionary<string, Line> lines = [];
    private readonly List<Adjustment> journal = [];

    public IReadOnlyList<Adjustment> Journal => journal;

    public IEnumerable<string> Services => lines.Keys;

    public void Add(string service, DateOnly from, DateOnly through, decimal units) => lines.Add(service, new(from, through, units));

    public void MoveEnd(string service, DateOnly through) => lines[service] = lines[service] with { Through = through };

    public bool Covers(string service, DateOnly on) => lines[service].From <= on && on <= lines[service].Through;

    /// <summary>The dates on which the units may differ from the day before, within a range.</summary>
    public IEnumerable<DateOnly> Steps(string service, DateOnly from, DateOnly through) => journal
        .Where(change => change.Service == service && change.On > from && change.On <= through).Select(change => change.On).Append(from).Distinct().Order();

    public decimal Units(string service, DateOnly on, DateTimeOffset asOf) =>
        lines[service].Opening + journal.Where(change => change.Service == service && change.On <= on && change.At <= asOf).Sum(change => change.Delta);

    public decimal Units(string service, DateOnly on) => Units(service, on, clock.Now);

    /// <summary>Applies a change, or says why not.</summary>
    /// <returns>Null when it is applied.</returns>
    public string? Apply(string service, DateOnly on, decimal delta, bool foreign)
    {
        if (!Covers(service, on)) return "outside_contract";
        if (journal.Exists(change => change.Service == service && change.On == on)) return "date_taken";
        var least = journal.Where(change => change.Service == service && change.On > on).Select(change => Units(service, change.On)).Append(Units(service, on)).Min();
        if (least + delta < 0) return "below_zero";
        journal.Add(new(service, on, delta, Units(service, on), clock.Now, foreign));
        return null;
    }

    private sealed record Line(DateOnly From, DateOnly Through, decimal Opening);
}
