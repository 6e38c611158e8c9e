using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>When periods are charged, and what the PSA is wished to bill.</summary>
public sealed class ChargeAndWishTests
{
    [Fact]
    public void A_boundary_charges_the_period_that_begins_and_waits_for_the_next()
    {
        var line = Lines.Manual(12m);
        var entry = new LedgerEntry(
            "charge", new(Lines.Day("1 Oct"), Lines.Day("1 Nov")), new(Lines.Day("1 Oct"), Lines.Day("1 Nov")), 12m, new(23.10m), new(277.20m, Currency.Of("USD")),
            Lines.Day("1 Oct"), Lines.Day("1 Sep"), 1);
        Assert.Equal(
            LineDecisions.Accepts(
                line with { ChargedUntil = Lines.Day("1 Nov") },
                new Effect.AddLedgerEntry(entry),
                new Effect.RemindAtNight(ReminderName.Boundary, Lines.Day("1 Nov"))),
            LineDecisions.Decide(line, new ServiceLineMessage.BoundaryReached(), Lines.Turn("1 Oct")));
    }

    [Fact]
    public void A_boundary_reached_twice_or_late_charges_every_period_once()
    {
        var late = LineDecisions.Decide(Lines.Manual(12m), new ServiceLineMessage.BoundaryReached(), Lines.Turn("3 Dec"));
        Assert.Equal(["1 Oct", "1 Nov", "1 Dec"], late.Effects.OfType<Effect.AddLedgerEntry>().Select(effect => Lines.Text(effect.Entry.Period.From)));
        var again = LineDecisions.Decide(late.State, new ServiceLineMessage.BoundaryReached(), Lines.Turn("4 Dec"));
        Assert.Equal(LineDecisions.Accepts(late.State, new Effect.Forget(ReminderName.Boundary)), again);
    }

    [Fact]
    public void A_contract_that_ends_within_a_period_is_charged_for_its_days_and_wakes_no_more()
    {
        var line = Lines.Manual(12m) with { Contract = new(Lines.Day("1 Jan"), Lines.Day("16 Oct")) };
        var decision = LineDecisions.Decide(line, new ServiceLineMessage.BoundaryReached(), Lines.Turn("1 Oct"));
        var entry = Assert.Single(decision.Effects.OfType<Effect.AddLedgerEntry>()).Entry;
        Assert.Equal((new DateRange(Lines.Day("1 Oct"), Lines.Day("16 Oct")), 134.13m), (entry.Days, entry.Amount.Amount));
        Assert.Equal(new Effect.Forget(ReminderName.Boundary), decision.Effects[^1]);
    }

    [Fact]
    public void A_contract_that_was_given_a_later_end_is_charged_again()
    {
        var ended = Lines.Manual(12m) with { ChargedUntil = Lines.Day("1 Nov") };
        foreach (var line in new[] { ended, ended with { Basis = Lines.Licences } })
        {
            var decision = LineDecisions.Told(line, "16 Sep", InputCause.Mapping);
            Assert.Equal(LineDecisions.Accepts(line, new Effect.RemindAtNight(ReminderName.Boundary, Lines.Day("1 Nov"))), decision);
        }
    }

    [Fact]
    public void On_the_first_night_of_its_contract_a_line_counts_what_its_tenants_have() => LineMonth.Tells(
        Lines.Uncounted with { Contract = new(Lines.Day("1 Oct"), Lines.Day("1 Dec")) }, """
        day    | message                             | units | held                          | ledger                              | wishes
        20 Sep | alder is 40, map alder from 1 Sep   | none  |                               |                                     |
        1 Oct  | boundary                            | 40    |                               | charge +40 1 Oct to 31 Oct = 924.00 | 40 from 1 Oct
        2 Oct  | alder 41                            | 41    |                               | adjustment +1 2 Oct to 31 Oct = 22.35 | 41 from 2 Oct
        1 Nov  | boundary                            | 41    |                               | charge +41 1 Nov to 30 Nov = 947.10 |
        1 Dec  | alder 42                            | 41, line_ended |                      |                                     |
        2 Dec  | alder is 42 on 30 Nov, told 30 Nov  | 42    |                               | adjustment +1 30 Nov to 30 Nov = 0.77 | 42 from 30 Nov
        """);

    [Theory]
    [InlineData(UnitRounding.Up, "13.2", "14")]
    [InlineData(UnitRounding.Nearest, "13.5", "14")]
    [InlineData(UnitRounding.Nearest, "13.4", "13")]
    [InlineData(UnitRounding.Down, "13.9", "13")]
    public void Fractions_become_the_whole_units_the_psa_takes(UnitRounding rounding, string usage, string wish) => LineMonth.Tells(
        Lines.Manual(12m).With(terms => terms with { Rounding = rounding, UnitPrice = new(0m) }), $"""
        day    | message                  | units   | held | ledger                                        | wishes
        16 Sep | give {usage} from 16 Sep | {usage} |      | adjustment +{usage[1..].Replace("3", "1", StringComparison.Ordinal)} 16 Sep to 30 Sep = 0.00 | {wish} from 16 Sep
        """);

    [Fact]
    public void Where_rounding_or_a_bound_hides_the_change_nothing_is_wished() => LineMonth.Tells(
        Lines.Manual(12m).With(terms => terms with { Minimum = new(10m), Maximum = new(20m), UnitPrice = new(30m) }), """
        day    | message                | units | held | ledger                                   | wishes
        16 Sep | give 12.2 from 16 Sep  | 12.2  |      | adjustment +0.2 16 Sep to 30 Sep = 3.00  | 13 from 16 Sep
        16 Sep | give 12.4 from 16 Sep  | 12.4  |      | adjustment +0.2 16 Sep to 30 Sep = 3.00  |
        17 Sep | give 12.5 from 17 Sep  | 12.5  |      | adjustment +0.1 17 Sep to 30 Sep = 1.40  |
        18 Sep | give 25 from 18 Sep    | 25    |      | adjustment +7.5 18 Sep to 30 Sep = 97.50 | 20 from 18 Sep
        19 Sep | give 30 from 19 Sep    | 30    |      |                                          |
        20 Sep | give 3 from 20 Sep     | 3     |      | adjustment -10 20 Sep to 30 Sep = -110.00 | 10 from 20 Sep
        21 Sep | give 0 from 21 Sep     | 0     |      |                                          |
        """);

    [Fact]
    public void A_back_dated_change_wishes_the_later_dates_again_so_that_a_psa_of_differences_comes_out_right() => LineMonth.Tells(Lines.Manual(12m), """
        day    | message              | units | held | ledger                                  | wishes
        10 Sep | give 14 from 10 Sep  | 14    |      | adjustment +2 10 Sep to 30 Sep = 32.34  | 14 from 10 Sep
        20 Sep | give 20 from 20 Sep  | 20    |      | adjustment +6 20 Sep to 30 Sep = 50.82  | 20 from 20 Sep
        21 Sep | give 14 from 5 Sep   | 20    |      | adjustment +2 5 Sep to 9 Sep = 7.70     | 14 from 5 Sep; 14 from 10 Sep; 20 from 20 Sep
        22 Sep | give 12 from 10 Sep  | 20    |      | adjustment -2 10 Sep to 19 Sep = -15.40 | 12 from 10 Sep; 20 from 20 Sep
        """);

    [Fact]
    public void A_back_dated_change_wishes_every_later_date_again_also_where_a_bound_hides_that_the_units_changed() => LineMonth.Tells(
        Lines.Manual(12m).With(terms => terms with { Maximum = new(20m), UnitPrice = new(30m) }), """
        day    | message              | units | held | ledger                                   | wishes
        10 Sep | give 25 from 10 Sep  | 25    |      | adjustment +8 10 Sep to 30 Sep = 168.00  | 20 from 10 Sep
        12 Sep | give 30 from 12 Sep  | 30    |      |                                          |
        21 Sep | give 18 from 5 Sep   | 30    |      | adjustment +6 5 Sep to 9 Sep = 30.00     | 18 from 5 Sep; 20 from 10 Sep; 20 from 12 Sep
        """);

    [Fact]
    public void A_psa_that_bills_the_months_peak_hears_of_more_units_from_the_first_and_of_fewer_from_the_first_of_the_next() => LineMonth.Tells(
        Lines.Manual(12m) with { Psa = Lines.Psa with { Timing = UnitTiming.MonthPeak } }, """
        day    | message              | units | held | ledger                                  | wishes
        10 Sep | give 14 from 10 Sep  | 14    |      | adjustment +2 10 Sep to 30 Sep = 32.34  | 14 from 1 Sep; 14 from 1 Oct
        12 Sep | give 13 from 12 Sep  | 13    |      | adjustment -1 12 Sep to 30 Sep = -14.63 | 13 from 1 Oct
        13 Sep | give 14 from 13 Sep  | 14    |      | adjustment +1 13 Sep to 30 Sep = 13.86  | 14 from 1 Oct
        20 Sep | give 20 from 20 Sep  | 20    |      | adjustment +6 20 Sep to 30 Sep = 50.82  | 20 from 1 Sep; 20 from 1 Oct
        """);

    [Fact]
    public void A_psa_that_hears_of_changes_with_the_next_month_keeps_the_month_as_it_began() => LineMonth.Tells(
        Lines.Manual(12m) with { Psa = Lines.Psa with { Timing = UnitTiming.NextMonth }, Contract = new(Lines.Day("1 Jan"), Lines.Day("1 Nov")) }, """
        day    | message              | units | held | ledger                                  | wishes
        10 Sep | give 14 from 10 Sep  | 14    |      | adjustment +2 10 Sep to 30 Sep = 32.34  | 14 from 1 Oct
        12 Sep | give 13 from 12 Sep  | 13    |      | adjustment -1 12 Sep to 30 Sep = -14.63 | 13 from 1 Oct
        1 Oct  | boundary             | 13    |      | charge +13 1 Oct to 31 Oct = 300.30     |
        5 Oct  | give 15 from 5 Oct   | 15    |      | adjustment +2 5 Oct to 31 Oct = 40.24   |
        """);

    [Fact]
    public void A_change_in_a_charged_period_adjusts_every_period_charged_since()
    {
        var line = Lines.Manual(12m) with { ChargedUntil = Lines.Day("1 Dec") };
        var decision = LineDecisions.Decide(line, new ServiceLineMessage.GiveUnits(new(16m), Lines.Day("16 Sep")), Lines.Turn("3 Nov"));
        Assert.Equal(
            [("adjustment", 46.20m), ("adjustment", 92.40m), ("adjustment", 92.40m)],
            decision.Effects.OfType<Effect.AddLedgerEntry>().Select(effect => (effect.Entry.Kind, effect.Entry.Amount.Amount)));
    }

    [Fact]
    public void A_count_record_of_a_day_that_has_one_gets_the_next_number()
    {
        var line = Lines.Manual(12m) with { Counts = [new(Lines.Day("1 Sep"), 3, new(12m), Lines.Day("1 Sep"), "person"), new(Lines.Day("9 Sep"), 1, new(13m), Lines.Day("9 Sep"), "person")] };
        var decision = LineDecisions.Decide(line, new ServiceLineMessage.GiveUnits(new(11m), Lines.Day("1 Sep")), Lines.Turn("10 Sep"));
        Assert.Equal(["1 Sep 3: 12", "1 Sep 4: 11", "9 Sep 1: 13"], decision.State.Counts.Select(count => $"{Lines.Text(count.EffectiveOn)} {count.Sequence}: {count.Units}"));
    }
}
