using System.Collections.Immutable;
using System.Globalization;
using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Prorating;

/// <summary>A month or two of some lines, told in plain text: what each line is, what happens on which day, and the whole ledger after it.</summary>
/// <remarks>
/// <c>line NAME</c> begins a line, with a word and its value below it. <c>DATE  NAME: …</c> is something that becomes known on that day, and
/// <c>DATE  post</c> a posting run, which takes every period that is ready by then, or by the date after <c>through</c>. Under
/// <c>ledger</c> stands what was posted, in order. Days are first and last, as on an invoice.
/// </remarks>
internal sealed class Scenario
{
    private const string Header = "posted line from through units price amount days";

    private readonly Dictionary<string, StoryLine> lines = new(StringComparer.Ordinal);
    private readonly List<string> ledger = [];
    private long sequence;

    /// <summary>The ledger that the story leads to, row by row.</summary>
    public static List<string> Told(string text)
    {
        var scenario = new Scenario();
        string? name = null;
        foreach (var row in Rows(text).TakeWhile(row => row != "ledger"))
        {
            if (row.StartsWith("line ", StringComparison.Ordinal)) scenario.lines[name = row[5..]] = new();
            else if (name is not null && !char.IsDigit(row[0])) scenario.lines[name].Say(row);
            else if (char.IsDigit(row[0])) scenario.Happens(Day(row[..10]), row[10..].Trim());
        }

        return [Header, .. scenario.ledger, .. scenario.lines.Select(line => $"total {line.Key} {line.Value.Total()}")];
    }

    /// <summary>The ledger that the text expects, row by row.</summary>
    public static List<string> Expected(string text) => [.. Rows(text).SkipWhile(row => row != "ledger").Skip(1)];

    /// <summary>Rows of only one of two ledgers, with a sign before them, between the rows that both have.</summary>
    public static string Difference(List<string> expected, List<string> told)
    {
        var rows = new List<string>();
        var from = 0;
        foreach (var row in expected)
        {
            var at = told.IndexOf(row, from);
            if (at < 0) rows.Add("- " + row);
            else
            {
                rows.AddRange(told[from..at].Select(extra => "+ " + extra));
                rows.Add("  " + row);
                from = at + 1;
            }
        }

        return string.Join('\n', rows.Concat(told[from..].Select(extra => "+ " + extra)));
    }

    private void Happens(DateOnly on, string what)
    {
        if (what.StartsWith("post", StringComparison.Ordinal))
        {
            var through = what.Split(' ') is [_, _, var date] ? Day(date) : on;
            foreach (var (line, story) in lines) ledger.AddRange(story.Post(on, through).Select(row => $"{Text(on)} {line} {row}"));
            return;
        }

        var (name, said) = what.Split(": ", 2) is [var known, var rest] ? (known, rest) : throw new FormatException($"'{what}' is about no line.");
        lines[name].Learn(said.Split(' '), sequence++);
    }

    private static IEnumerable<string> Rows(string text) => text.Split('\n').Select(row => string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Where(row => row.Length > 0 && row[0] != '#');

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>One line of the story, as it is known so far.</summary>
    private sealed class StoryLine
    {
        private readonly Dictionary<string, string> said = [];
        private readonly List<PriceRecord> prices = [];
        private CountTimeline counts = CountTimeline.Empty;
        private ImmutableArray<ProrationLine> posted = [];
        private DateOnly? until;

        public void Say(string row) => said.Add(row[..row.IndexOf(' ', StringComparison.Ordinal)], row[(row.IndexOf(' ', StringComparison.Ordinal) + 1)..]);

        public void Learn(string[] words, long sequence)
        {
            if (words is [var units, "units", "from", var day]) counts = counts.With(new(Day(day), sequence, new(Number(units))));
            else if (words is ["price", var price, "from", var begins]) prices.Add(new(Day(begins), sequence, new(Number(price))));
            else if (words is ["ends", "after", var last]) until = Day(last).AddDays(1);
            else if (words is not ["nothing", ..]) throw new FormatException($"'{string.Join(' ', words)}' is nothing that can happen to a line.");
        }

        public IEnumerable<string> Post(DateOnly on, DateOnly through)
        {
            var terms = Terms();
            var timing = said["billed"].EndsWith("in arrears", StringComparison.Ordinal) ? BillingTiming.Arrears : BillingTiming.Advance;
            var before = PostedCharges.Of(posted);
            var added = Proration.Lines(terms, counts, before, PeriodSelection.Through(terms, timing, through > on ? through : on, before));
            posted = posted.AddRange(added);
            return added.Select(line => string.Create(
                CultureInfo.InvariantCulture,
                $"{Text(line.From)} {Text(line.Until.AddDays(-1))} {line.DeltaUnits:+0.######;-0.######} {line.UnitPrice} {line.Amount.ToString().Split(' ')[0]} {line.Span.Days}/{line.Period.Days}"));
        }

        public string Total() => Money.Sum(posted.Select(line => line.Amount), Terms().Currency).ToString();

        /// <summary><c>billed monthly from 2026-01-31 in advance</c>, or <c>billed monthly by the calendar in arrears</c>.</summary>
        private LineTerms Terms()
        {
            var billed = said["billed"].Split(' ');
            var every = Enum.Parse<BillingPeriod>(billed[0].Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
            var cadence = billed[1] == "by" ? CadenceAlignment.Calendar(every) : CadenceAlignment.Contract(every, Day(billed[2]));
            var service = said["service"].Split(' ');
            return prices.Aggregate(
                new LineTerms(
                    cadence, Currency.Of(said["currency"]), PriceTimeline.Constant(new(Number(said["price"]))), Day(service[1]),
                    until ?? (service.Length > 2 ? Day(service[3]).AddDays(1) : null), Units("minimum"), Units("maximum"), Units("included"),
                    settings: new() { Mode = said.TryGetValue("month-end", out var mode) ? Enum.Parse<CountMode>("MonthEnd" + mode, ignoreCase: true) : CountMode.ProrateDaily }),
                (terms, price) => terms.Priced(price));
        }

        private Units? Units(string word) => said.TryGetValue(word, out var units) ? new(Number(units)) : null;
    }
}
