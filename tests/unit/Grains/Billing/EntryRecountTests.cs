using System.Text.Json;
using UsageBilling.Grains.Billing;
using UsageBilling.Grains.Prorating;
using UsageBilling.Grains.Prorating.Cases;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;
using UsageBilling.Silo.Commands.Prorate;
using LineTerms = UsageBilling.Grains.Prorating.LineTerms;

namespace UsageBilling.Tests.Unit.Grains.Billing;

/// <summary>Turns of one June are posted as a line posts them, and computed again from what is on record.</summary>
public sealed class EntryRecountTests
{
    private static readonly AlignedPeriod June = new(0, new(new(2026, 6, 1), new(2026, 7, 1)));

    private static readonly RecordedCount[] Counts =
    [
        Count(1, "2026-05-20", 10m), Count(3, "2026-06-10", 11m), Count(4, "2026-06-05", 14.5m), Count(4, "2026-06-10", 9m, sequence: 2), Count(7, "2026-05-01", 99m), Count(7, "2026-06-29", 0m),
    ];

    public static TheoryData<string> Settings => ["plain", "limits", "graduated", "volume", "prices", "old", "thirty", "pairs", "high"];

    [Theory, MemberData(nameof(Settings))]
    public void Every_turn_comes_out_as_it_was_posted_and_as_a_case_for_anybody(string name)
    {
        var terms = Terms(name);
        var entries = Ledger(terms);
        Assert.NotEmpty(entries);
        foreach (var entry in entries)
        {
            var facts = Facts(terms, entries, entry.Key);
            var recount = EntryRecount.Of(facts);

            Assert.True(recount.Agrees);
            Assert.Equal(0m, recount.ByPsa.Amount);
            Assert.Equal(entry.Entry.Amount, recount.LineOf(entry.Key)!.Line.Amount);
            Assert.EndsWith($"= {entry.Entry.Amount}", EntryRecount.Formula(recount.LineOf(entry.Key)!), StringComparison.Ordinal);
            Assert.True(Computed(recount).Matches);
        }
    }

    public static TheoryData<string> Changed => [.. Others];

    private static string[] Others => ["plain", "minimum", "maximum", "included", "commitment", "graduated", "volume", "prices", "earlier", "high", "last", "average"];

    /// <summary>Turn 4 changes the terms besides three counts: what it had found is part of what it follows from.</summary>
    [Theory, MemberData(nameof(Changed))]
    public void A_turn_that_changed_the_terms_comes_out_as_it_was_posted_and_as_a_case(string before)
    {
        // A line never loses a price; an average is cut where one begins.
        foreach (var after in Others.Where(after => (before, after) != ("prices", "average"))) ComesOut(Other(before), Other(after));
    }

    [Theory, MemberData(nameof(Settings))]
    public void A_request_that_was_written_down_is_read_as_it_was(string name)
    {
        var terms = Terms(name);
        var request = Facts(terms, Ledger(terms), new(4, 1)).Request();
        var problems = new List<Problem>();

        var read = ProrationCase.FromJson(Element(CaseJson.Of("x", "Licence", request, [], Money.Zero(terms.Currency))), problems);

        Assert.Empty(problems);
        Assert.Equal(Flat(request), Flat(read.Request));
        Assert.Equal("Licence", read.Description);
    }

    [Fact]
    public void The_formula_shows_units_price_days_and_both_totals()
    {
        var terms = Terms("plain");
        var recount = EntryRecount.Of(Facts(terms, Ledger(terms), new(3, 1)));

        Assert.Equal(
            "1 × 30 × 21 / 30 = 630/30; the period's total rises from 9000/30 to 9630/30; rounded 321.00 USD, less 300.00 USD posted before, = 21.00 USD",
            EntryRecount.Formula(recount.LineOf(new(3, 1))!));
    }

    [Fact]
    public void What_the_psa_had_charged_by_itself_is_what_no_entry_has()
    {
        var terms = Terms("plain");
        var entries = Ledger(terms).Where(entry => entry.Entry.Kind != "charge").ToList();

        var recount = EntryRecount.Of(Facts(terms, entries, new(4, 1)));

        Assert.Equal(("True", "300.00 USD", "21.00 USD"), (recount.Agrees.ToString(), recount.ByPsa.ToString(), recount.InLedger.ToString()));
    }

    [Fact]
    public void A_ledger_with_another_amount_or_other_terms_does_not_agree()
    {
        var terms = Terms("plain");
        var entries = Ledger(terms).ToList();
        var wrong = entries.Select(entry => entry.Key == new EntryKey(3, 1) ? entry with { Entry = entry.Entry with { Amount = new(21.01m, Currency.Of("USD")) } } : entry).ToList();

        Assert.False(EntryRecount.Of(Facts(terms, wrong, new(3, 1))).Agrees);
        Assert.False(EntryRecount.Of(Facts(terms, wrong, new(4, 1))).Agrees);
        Assert.False(Computed(EntryRecount.Of(Facts(terms, wrong, new(3, 1)))).Matches);
        Assert.False(EntryRecount.Of(Facts(Terms("prices"), entries, new(3, 1))).Agrees);
        Assert.False(EntryRecount.Of(Facts(terms.Ending(new(2026, 6, 15)), entries, new(1, 1))).Agrees);
    }

    [Fact]
    public void The_days_of_a_period_are_shown_with_what_they_cost()
    {
        var period = ChargedPeriod.Of(Terms("graduated"), Facts(Terms("graduated"), [], new(4, 1)).Timeline(after: true), June);

        Assert.Equal(
            "4/10: 5×10=200/30 5×8=160/30 | 5/14.5: 5×10=250/30 5×8=200/30 4.5×6=135/30 | 21/9: 5×10=1050/30 4×8=672/30",
            string.Join(" | ", period.Days.Select(days => $"{days.Weight}/{days.Counted}: {string.Join(' ', days.Charges.Select(charge => FormattableString.Invariant($"{charge.Units:0.##}×{charge.Price}={charge.Accrual}")))}")));
    }

    private static LineTerms Terms(string name)
    {
        var tiers = new Tiers(name == "volume" ? TierKind.Volume : TierKind.Graduated, [new(new(5m), new(10m), new(0m)), new(new(10m), new(8m), new(0m)), new(null, new(6m), new(0m))]);
        var prices = name is "graduated" or "volume" ? PriceTimeline.Constant(new(0m), tiers) : PriceTimeline.Constant(new(30m));
        var settings = name switch
        {
            "old" => new ProrationSettings { ChangeDay = ChangeDay.Old },
            "thirty" => new() { DayCount = DayCount.Fixed30 },
            "pairs" => new() { LineStyle = LineStyle.CreditAndCharge },
            "high" => new() { Decreases = ChangePolicy.HighWater },
            _ => ProrationSettings.Default,
        };
        var terms = name == "limits"
            ? new LineTerms(new(BillingPeriod.Monthly, June.Span.From), Currency.Of("KWD"), prices, new(2026, 6, 3), new(2026, 6, 30), new(2m), new(12m), new(1.5m), null, settings)
            : new LineTerms(new(BillingPeriod.Monthly, June.Span.From), Currency.Of("USD"), prices, new(2026, 1, 1), null, null, null, null, null, settings);
        return name == "prices" ? terms.Priced(new(new(2026, 5, 1), 0, new(31.115m))).Priced(new(new(2026, 6, 20), 0, new(7m))) : terms;
    }

    private static void ComesOut(LineTerms found, LineTerms left)
    {
        var entries = Ledger(version => version < 4 ? found : left);
        foreach (var entry in entries)
        {
            var facts = Facts(entry.Key.Version < 4 ? found : left, entries, entry.Key) with { Found = entry.Key.Version == 4 ? found : null };
            var recount = EntryRecount.Of(facts);
            var problems = new List<Problem>();
            var read = ProrationCase.FromJson(Element(CaseJson.Of("x", "Licence", recount.Request, [], Money.Zero(found.Currency))), problems);

            Assert.True(recount.Agrees, $"{entry}");
            Assert.True(Computed(recount).Matches, $"{entry}");
            Assert.Empty(problems);
            Assert.Equal(Flat(recount.Request), Flat(read.Request));
        }
    }

    private static LineTerms Other(string name)
    {
        var settings = name switch
        {
            "high" => new ProrationSettings { Increases = ChangePolicy.HighWater, Decreases = ChangePolicy.HighWater },
            "last" => new() { Mode = CountMode.MonthEndLast },
            "average" => new() { Mode = CountMode.MonthEndAverage },
            _ => ProrationSettings.Default,
        };
        var plain = Terms(name is "graduated" or "volume" or "prices" ? name : "plain");
        var terms = new LineTerms(
            plain.Cadence, plain.Currency, plain.Prices, plain.ServiceFrom, null, name == "minimum" ? new(12m) : null, name == "maximum" ? new(9.5m) : null,
            name == "included" ? new(3m) : null, name == "commitment" ? new(400.125m) : null, settings);
        return name == "earlier" ? terms.Priced(new(new(2026, 5, 28), 0, new(28m))) : terms;
    }

    private static List<PostedEntry> Ledger(LineTerms terms) => Ledger(_ => terms);

    /// <summary>Charged by turn 1, corrected by turns 3, 4 and 7.</summary>
    private static List<PostedEntry> Ledger(Func<int, LineTerms> termsAt)
    {
        var (entries, posted) = (new List<PostedEntry>(), PostedCharges.None);
        foreach (var version in (int[])[1, 3, 4, 7])
        {
            var terms = termsAt(version);
            var lines = Proration.Lines(terms, Facts(terms, [], new(version, 1)).Timeline(after: true), posted, [June]);
            posted = posted.With(lines);
            entries.AddRange(lines.Select((line, index) => new PostedEntry(new(version, (short)(index + 1)), new(
                version == 1 ? "charge" : "adjustment", June.Span, line.Span, line.DeltaUnits, line.UnitPrice, line.Amount, line.From, line.From, 1))));
        }

        return entries;
    }

    private static EntryFacts Facts(LineTerms terms, IReadOnlyList<PostedEntry> entries, EntryKey key) => new(
        terms, June, key, [.. Counts.Where(count => count.Version <= key.Version).OrderBy(count => count.Count.EffectiveOn).ThenBy(count => count.Count.Sequence)],
        [.. entries.Where(entry => entry.Key.Version <= key.Version)]);

    private static CaseResult Computed(EntryRecount recount) => CaseResult.Of(Element(recount.Case("x", "Licence")));

    private static JsonElement Element(global::System.Text.Json.Nodes.JsonObject json) => JsonDocument.Parse(json.ToJsonString()).RootElement;

    /// <summary>Lists compare by what is in them.</summary>
    private static string Flat(ProrationRequest request) => JsonSerializer.Serialize(request);

    private static RecordedCount Count(int version, string on, decimal units, int sequence = 1) =>
        new(version, new(DateOnly.Parse(on, global::System.Globalization.CultureInfo.InvariantCulture), sequence, new(units), new(2026, 6, 1), "person"));
}
