using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>Lines that begin to be charged at another time: nothing is charged twice, nothing is skipped, and what was charged stays.</summary>
public sealed class TimingTests
{
    private static readonly DateOnly First = Lines.Day("2 Sep");
    private static readonly DateOnly Last = new(2027, 3, 1);

    [Fact]
    public void A_line_is_charged_in_arrears_from_a_period_on_and_in_advance_again() => LineMonth.Tells(Lines.Manual(10m), """
        day        | message                         | units            | held | ledger                                                                              | wishes
        1 Oct      | boundary                        | 10               |      | charge +10 1 Oct to 31 Oct = 231.00                                                 |
        5 Oct      | terms in arrears from 20 Oct    | 10, terms_fixed  |      |                                                                                     |
        5 Oct      | terms in arrears from 1 Nov     | 10               |      |                                                                                     |
        5 Oct      | terms in arrears from 9 Nov     | 10, nothing_changed |   |                                                                                     |
        17 Oct     | give 12 from 17 Oct             | 12               |      | adjustment +2 17 Oct to 31 Oct = 22.35                                              | 12 from 17 Oct
        1 Nov      | boundary                        | 12               |      |                                                                                     |
        10 Nov     | give 14 from 10 Nov             | 14               |      |                                                                                     | 14 from 10 Nov
        1 Dec      | boundary                        | 14               |      | charge +12 1 Nov to 9 Nov = 83.16; charge +14 10 Nov to 30 Nov = 226.38             |
        5 Dec      | give 13 from 20 Nov             | 13               |      | adjustment -1 20 Nov to 30 Nov = -8.47                                              | 13 from 20 Nov
        5 Dec      | terms in advance from 30 Nov    | 13, terms_fixed  |      |                                                                                     |
        5 Dec      | terms in advance from 5 Dec     | 13               |      |                                                                                     |
        5 Dec      | boundary                        | 13               |      | charge +13 1 Dec to 31 Dec = 300.30                                                 |
        1 Jan 2027 | boundary                        | 13               |      |                                                                                     |
        """);

    [Fact]
    public void In_advance_from_a_period_on_the_one_before_and_the_one_that_begins_are_charged_together() =>
        LineMonth.Tells(Lines.Manual(10m).With(terms => terms with { Timing = BillingTiming.Arrears }), """
        day    | message                        | units | held | ledger                                                                   | wishes
        1 Oct  | boundary                       | 10    |      |                                                                          |
        5 Oct  | terms in advance from 1 Nov    | 10    |      |                                                                          |
        1 Nov  | boundary                       | 10    |      | charge +10 1 Oct to 31 Oct = 231.00; charge +10 1 Nov to 30 Nov = 231.00 |
        1 Dec  | boundary                       | 10    |      | charge +10 1 Dec to 31 Dec = 231.00                                      |
        """);

    [Fact]
    public void A_month_that_was_charged_in_advance_is_made_true_on_its_own_day_though_the_next_is_charged_later() => LineMonth.Tells(Lines.Manual(10m), """
        day    | message                                           | units | held | ledger                               | wishes
        20 Sep | terms mode MonthEndLast from 1 Oct                | 10    |      |                                      |
        1 Oct  | boundary                                          | 10    |      | charge +10 1 Oct to 31 Oct = 231.00  |
        3 Oct  | terms mode MonthEndLast in arrears from 1 Nov     | 10    |      |                                      |
        10 Oct | give 14 from 10 Oct                               | 14    |      |                                      | 14 from 10 Oct
        1 Nov  | boundary                                          | 14    |      | adjustment +4 1 Oct to 31 Oct = 92.40 |
        12 Nov | give 15 from 12 Nov                               | 15    |      |                                      | 15 from 12 Nov
        1 Dec  | boundary                                          | 15    |      | charge +15 1 Nov to 30 Nov = 346.50  |
        """);

    [Fact]
    public void Units_become_whole_otherwise_from_a_period_on_for_the_psa_alone() => LineMonth.Tells(Lines.Manual(10m), """
        day    | message                          | units                 | held | ledger                                  | wishes
        16 Sep | give 10.5 from 16 Sep            | 10.5                  |      | adjustment +0.5 16 Sep to 30 Sep = 5.78 | 11 from 16 Sep
        17 Sep | terms whole down from 1 Oct      | 10.5                  |      |                                         | 10 from 1 Oct
        17 Sep | terms whole down from 1 Oct      | 10.5, nothing_changed |      |                                         |
        18 Sep | terms whole nearest from 1 Sep   | 10.5                  |      |                                         |
        1 Oct  | boundary                         | 10.5                  |      | charge +10.5 1 Oct to 31 Oct = 242.55   |
        2 Oct  | give 11.4 from 2 Oct             | 11.4                  |      | adjustment +0.9 2 Oct to 31 Oct = 20.12 | 11 from 2 Oct
        """);

    [Fact]
    public void An_entry_names_the_terms_of_its_period()
    {
        var world = new LineWorld(Lines.Manual(10m));

        world.Say("give 11 from 16 Sep", Lines.Day("16 Sep"));
        world.Say("terms included 1 from 1 Oct", Lines.Day("17 Sep"));
        world.Say("terms included 2 from 1 Oct", Lines.Day("17 Sep"));
        world.Say("boundary", Lines.Day("1 Oct"));
        world.Say("terms included 3 from 1 Nov", Lines.Day("2 Oct"));
        world.Say("terms included 3 from 1 Oct", Lines.Day("2 Oct"));
        world.Say("give 12 from 29 Sep", Lines.Day("3 Oct"));

        var october = Lines.Day("1 Oct");
        Assert.Equal(
            [null, new TermsKey(october, 2), new(october, 3), null, new(october, 3)],
            world.TakeEffects().OfType<Effect.AddLedgerEntry>().Select(effect => effect.Entry.Terms));
    }

    [Fact]
    public void A_line_is_woken_when_its_next_period_becomes_due()
    {
        var world = new LineWorld(Lines.Manual(10m));

        world.Say("terms in arrears from 1 Oct", Lines.Day("5 Sep"));
        Assert.Equal([new Effect.RemindAtNight(ReminderName.Boundary, Lines.Day("1 Nov"))], world.TakeEffects().OfType<Effect.RemindAtNight>());
        world.Say("terms included 2 in arrears from 1 Oct", Lines.Day("6 Sep"));
        Assert.Empty(world.TakeEffects().OfType<Effect.RemindAtNight>());
        world.Say("terms plain from 1 Oct", Lines.Day("7 Sep"));
        Assert.Equal([new Effect.RemindAtNight(ReminderName.Boundary, Lines.Day("1 Oct"))], world.TakeEffects().OfType<Effect.RemindAtNight>());
    }

    [Fact]
    public void A_line_that_is_not_charged_on_its_first_night_any_more_is_counted_on_it_all_the_same()
    {
        var ahead = Lines.Uncounted with { Contract = new(Lines.Day("1 Oct"), new(2027, 1, 1)) };
        var world = new LineWorld(ahead);

        world.Say("terms in arrears from 1 Oct", Lines.Day("5 Sep"));

        Assert.Equal(
            [new Effect.RemindAtNight(ReminderName.Boundary, Lines.Day("1 Nov")), new Effect.TellItself(Lines.Day("1 Oct"), InputCause.Reading)],
            world.TakeEffects().Where(effect => effect is not Effect.Audit));
    }

    /// <summary>Any units and any changes of timing in half a year: the same money as in a line whose timing never changed, each period charged once and on its day.</summary>
    [Fact]
    public void Whenever_the_timing_changes_each_period_is_charged_once_on_its_day_and_comes_to_the_same() => Prop.ForAll(Stories().ToArbitrary(), story =>
    {
        var (told, plain) = (new Played(Lines.Manual(12m)), new Played(Lines.Manual(12m)));
        for (var day = First; day <= Last; day = day.AddDays(1))
        {
            foreach (var message in story.Where(known => known.Day == day).Select(known => known.Message))
            {
                told.Say(message, day);
                if (!message.StartsWith("terms", StringComparison.Ordinal)) plain.Say(message, day);
            }

            told.Wake(day);
            plain.Wake(day);
        }

        Assert.Equal(plain.Periods(), told.Periods());
        Assert.Equal(plain.Charged(), told.Charged());
        Assert.Equal([], told.Late());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    private static Gen<List<(DateOnly Day, string Message)>> Stories() =>
        (from offset in Gen.Choose(0, 118)
         from ahead in Gen.Choose(-10, 70)
         from units in Gen.Choose(0, 30)
         from kind in Gen.Choose(0, 3)
         let day = First.AddDays(offset)
         let other = new[] { First, day.AddDays(kind == 3 && ahead > 0 ? -ahead : ahead), Lines.Day("30 Dec") }.Order().ElementAt(1)
         select (day, kind > 1
             ? string.Create(CultureInfo.InvariantCulture, $"give {units} from {Lines.Text(other)}")
             : $"terms in {(units % 2 == 0 ? "arrears" : "advance")} from {Lines.Text(other)}")).ListOf(25).Select(known => known.ToList());

    /// <summary>A line that is woken when it asked for it.</summary>
    private sealed class Played(ServiceLineState line)
    {
        private readonly LineWorld world = new(line);
        private readonly List<LedgerEntry> ledger = [];
        private readonly List<string> late = [];
        private DateOnly boundary = line.ChargedUntil;
        private DateOnly changed = First;

        public void Say(string message, DateOnly day)
        {
            var before = world.Line.ChargedUntil;
            world.Say(message, day);
            if (message.StartsWith("terms", StringComparison.Ordinal)) changed = day;
            foreach (var effect in world.TakeEffects())
            {
                if (effect is Effect.AddLedgerEntry { Entry: var entry }) ledger.Add(entry);
                if (effect is Effect.RemindAtNight { Night: var night }) boundary = night;
                if (effect is Effect.Forget) boundary = DateOnly.MaxValue;
            }

            if (message == "boundary") late.AddRange(ledger.Where(entry => entry.Kind == "charge" && entry.Night == day && entry.Period.From >= before && !IsOnItsDay(entry, day)).Select(entry => $"{entry.Period} on {day}"));
        }

        public void Wake(DateOnly day)
        {
            while (boundary <= day) Say("boundary", day);
        }

        /// <summary>The money of each period that has any.</summary>
        public IEnumerable<string> Periods() => ledger.GroupBy(entry => entry.Period.From).OrderBy(period => period.Key)
            .Where(period => period.Sum(entry => entry.Amount.Amount) != 0)
            .Select(period => FormattableString.Invariant($"{period.Key}: {period.Sum(entry => entry.Amount.Amount):0.00}"));

        /// <summary>Every charged period with the nights on which it was charged: one each. A period without units has no entry.</summary>
        public IEnumerable<string> Charged() => ledger.Where(entry => entry.Kind == "charge").GroupBy(entry => entry.Period.From).OrderBy(period => period.Key)
            .Where(period => period.Select(entry => entry.Night).Distinct().Count() > 1).Select(period => $"{period.Key} twice").Append($"{world.Line.ChargedUntil}");

        public IReadOnlyList<string> Late() => late;

        /// <summary>In advance on the first day, or on the day on which somebody made it so; in arrears on the day after the last.</summary>
        private bool IsOnItsDay(LedgerEntry entry, DateOnly day)
        {
            var change = world.Line.Terms.Changes.LastOrDefault(known => known.From <= entry.Period.From);
            var advance = (change?.Terms.Timing ?? world.Line.Terms.Timing) == BillingTiming.Advance;
            return day == (!advance ? entry.Period.Until : changed > entry.Period.From ? changed : entry.Period.From);
        }
    }
}
