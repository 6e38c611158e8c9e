using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Grains.Prorating;
using UsageBilling.Grains.Prorating.Cases;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Billing;

/// <summary>A line of a turn, computed again, and the total of its period before and after it.</summary>
public sealed record RecountedLine(ProrationLine Line, Accrual ExactBefore, Accrual ExactAfter, Money Before, Money After);

/// <summary>What a turn posted for a period, computed again from what was on record.</summary>
/// <param name="Request">What was asked: the case of it gives the same to anybody.</param>
/// <param name="Earlier">What stood before the turn, in the lines of one posting.</param>
/// <param name="Lines">What the turn adds, in the order of its entries.</param>
public sealed record EntryRecount(ProrationRequest Request, ImmutableArray<ProrationLine> Earlier, ImmutableArray<RecountedLine> Lines)
{
    private EntryFacts Facts { get; init; } = null!;

    /// <summary>Computes a turn again.</summary>
    public static EntryRecount Of(EntryFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var request = facts.Request();
        var lines = ProrationPreview.Of(request) is ProrationAnswer.Computed computed ? computed.Lines : [];
        var run = facts.IsCharge ? 0 : 1;
        ImmutableArray<ProrationLine> earlier = [.. lines.Where(line => line.Run < run).Select(line => line.Line)];
        return new(request, earlier, [.. Summed(facts, earlier, lines.Where(line => line.Run == run).Select(line => line.Line))]) { Facts = facts };
    }

    /// <summary>What the period came to before the turn.</summary>
    public Money Before => Money.Sum(Earlier.Select(line => line.Amount), Facts.Terms.Currency);

    /// <summary>What the ledger had of it.</summary>
    public Money InLedger => Money.Sum(Facts.Before.Select(entry => entry.Entry.Amount), Facts.Terms.Currency);

    /// <summary>What of it is in no ledger, because the PSA had charged the period by itself.</summary>
    public Money ByPsa => Facts.IsCharge || Facts.Before.Any(entry => entry.Entry.Kind == "charge") ? Money.Zero(Facts.Terms.Currency) : Before - InLedger;

    /// <summary>The line that an entry is, or null where the turn comes out with fewer.</summary>
    public RecountedLine? LineOf(EntryKey key)
    {
        var index = Facts.Turn.ToList().FindIndex(entry => entry.Key == key);
        return index >= 0 && index < Lines.Length ? Lines[index] : null;
    }

    /// <summary>Whether every entry of the turn comes out as it was posted, on top of what the ledger has.</summary>
    public bool Agrees => Facts.Turn.Count == Lines.Length && Facts.Turn.Zip(Lines).All(pair => IsSame(pair.First.Entry, pair.Second.Line))
        && (!Facts.Terms.Settings.SumsToTotal || Before == InLedger + ByPsa);

    /// <summary>A case for <c>./prorate</c>: what stood before, what the turn was told, and as expected lines what it posted.</summary>
    public JsonObject Case(string id, string description)
    {
        var expected = Earlier.Select(line => new ExpectedLine(line.From, line.Until, line.DeltaUnits, line.Amount.Amount, 0, line.UnitPrice.Value))
            .Concat(Facts.Turn.Select(entry => Expected(entry.Entry, Facts.IsCharge ? 0 : 1)));
        return CaseJson.Of(id, description, Request, expected, Before + Money.Sum(Facts.Turn.Select(entry => entry.Entry.Amount), Facts.Terms.Currency));
    }

    /// <summary>How the amount of a line comes about, in numbers.</summary>
    public static string Formula(RecountedLine recounted)
    {
        ArgumentNullException.ThrowIfNull(recounted);
        var (line, currency) = (recounted.Line, recounted.Line.Amount.Currency);
        var weight = new PeriodDays(line.DayCount, line.Period.Span).Weight(line.Span);
        var exact = line.Kind == ChargeKind.Units
            ? string.Create(CultureInfo.InvariantCulture, $"{line.DeltaUnits:0.######} × {line.UnitPrice} × {weight} / {line.DaysInPeriod} = {line.Accrual}")
            : line.Accrual.ToString();
        return recounted.After - recounted.Before == line.Amount && Rounding.Round(recounted.ExactAfter, currency) == recounted.After
            ? $"{exact}; the period's total rises from {recounted.ExactBefore} to {recounted.ExactAfter}; rounded {recounted.After}, less {recounted.Before} posted before, = {line.Amount}"
            : $"{exact}, rounded by itself, = {line.Amount}";
    }

    private static IEnumerable<RecountedLine> Summed(EntryFacts facts, IEnumerable<ProrationLine> earlier, IEnumerable<ProrationLine> turn)
    {
        var exact = Accrual.Zero(new PeriodDays(facts.Terms.Settings.DayCount, facts.Period.Span).Denominator);
        var rounded = Money.Zero(facts.Terms.Currency);
        foreach (var line in earlier) (exact, rounded) = (exact + line.Accrual, rounded + line.Amount);
        foreach (var line in turn)
        {
            var after = (Exact: exact + line.Accrual, Rounded: rounded + line.Amount);
            yield return new(line, exact, after.Exact, rounded, after.Rounded);
            (exact, rounded) = after;
        }
    }

    private static bool IsSame(LedgerEntry entry, ProrationLine line) =>
        (entry.Days, entry.UnitsDelta, entry.UnitPrice, entry.Amount) == (line.Span, line.DeltaUnits, line.UnitPrice, line.Amount);

    private static ExpectedLine Expected(LedgerEntry entry, int run) =>
        new(entry.Days.From, entry.Days.Until, entry.UnitsDelta, entry.Amount.Amount, run, entry.UnitPrice.Value);
}
