using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>Lines that a person ends while their contract goes on, and those that go on in their place.</summary>
public sealed class SuccessionTests
{
    private static readonly Basis Manual = new(BasisKind.Manual, []);

    [Fact]
    public void A_line_that_is_ended_is_given_back_from_that_day_on_and_leaves_no_units() => LineMonth.Tells(Lines.Manual(10m), """
        day    | message                 | units           | held | ledger                                      | wishes
        16 Sep | end on 21 Sep           | 10              |      | adjustment -10 21 Sep to 30 Sep = -77.00    | 0 from 21 Sep
        17 Sep | end on 25 Sep           | 10, line_ended  |      |                                             |
        18 Sep | give 12 from 10 Sep     | 12              |      | adjustment +2 10 Sep to 20 Sep = 16.94      | 12 from 10 Sep; 0 from 21 Sep
        22 Sep | give 13 from 21 Sep     | 12, line_ended  |      |                                             |
        1 Oct  | boundary                | 12              |      |                                             |
        """);

    [Fact]
    public void An_end_that_is_to_come_takes_back_what_was_given_for_later_days() => LineMonth.Tells(Lines.Manual(10m), """
        day    | message                 | units           | held | ledger                                      | wishes
        10 Sep | give 14 from 5 Oct      | 10              |      |                                             | 14 from 5 Oct
        12 Sep | end on 3 Oct            | 10              |      |                                             | 0 from 3 Oct; 0 from 5 Oct
        1 Oct  | boundary                | 10              |      | charge +10 1 Oct to 2 Oct = 14.90           |
        1 Nov  | boundary                | 14              |      |                                             |
        """);

    [Fact]
    public void A_line_that_is_followed_says_nothing_of_its_end_and_tells_the_next_one_of_late_changes()
    {
        var line = Lines.Manual(10m);
        var ended = LineDecisions.Decide(line, new ServiceLineMessage.EndLine(Lines.Day("21 Sep"), Followed: true), Lines.Turn("16 Sep"));
        Assert.DoesNotContain(ended.Effects, effect => effect is Effect.SetUnits or Effect.TellNextLine);

        var late = LineDecisions.Decide(ended.State, new ServiceLineMessage.GiveUnits(new(12m), Lines.Day("10 Sep")), Lines.Turn("22 Sep"));
        Assert.Equal([new Effect.SetUnits(Lines.Psa, Lines.Day("10 Sep"), new(12m)), new Effect.TellNextLine()], late.Effects.Where(effect => effect is Effect.SetUnits or Effect.TellNextLine));
    }

    [Fact]
    public void The_next_line_takes_over_what_the_first_one_left_and_is_given_its_own_units_on_every_day_that_had_others()
    {
        var begun = LineDecisions.Decide(TakenOver, new ServiceLineMessage.BeginLine(Manual, new(12m), Lines.Day("10 Sep")), Lines.Turn("20 Sep"));

        Assert.Equal(
            [new Effect.SetUnits(Lines.Psa, Lines.Day("10 Sep"), new(12m)), new Effect.SetUnits(Lines.Psa, Lines.Day("15 Sep"), new(12m))],
            begun.Effects.Where(effect => effect is Effect.SetUnits));
        Assert.Equal(new Effect.RemindAtNight(ReminderName.Boundary, Lines.Day("1 Sep")), begun.Effects.Single(effect => effect is Effect.RemindAtNight));
        Assert.Equal([10m, 12m, 11m, 12m], begun.State.Counts.Select(count => count.Units.Value));
    }

    [Fact]
    public void A_next_line_with_the_same_units_wishes_nothing_until_the_line_before_it_moves_them()
    {
        var begun = LineDecisions.Decide(TakenOver, new ServiceLineMessage.BeginLine(Manual, null, Lines.Day("10 Sep")), Lines.Turn("20 Sep")).State;

        var moved = LineDecisions.Decide(begun, new ServiceLineMessage.InputsChanged(Lines.Day("10 Sep"), InputCause.LineBefore), Lines.Turn("20 Sep"));

        Assert.Equal(
            LineDecisions.Accepts(begun, new Effect.SetUnits(Lines.Psa, Lines.Day("10 Sep"), new(10m)), new Effect.SetUnits(Lines.Psa, Lines.Day("15 Sep"), new(11m))), moved);
    }

    [Fact]
    public void A_next_line_believes_its_first_count_however_large_because_a_person_chose_it()
    {
        var fed = TakenOver with { Basis = Lines.Licences, Inputs = [Lines.Input(1, ("1 Sep", 60m))] };

        var counted = LineDecisions.Decide(fed, new ServiceLineMessage.InputsChanged(Lines.Day("10 Sep"), InputCause.Mapping), Lines.Turn("20 Sep"));

        Assert.Null(counted.State.Hold);
        Assert.Equal([60m, 60m], counted.Effects.OfType<Effect.SetUnits>().Select(wish => wish.Desired.Value));
    }

    [Fact]
    public void Units_that_are_dated_ahead_stand_in_the_way_of_another_line()
    {
        var line = Lines.Manual(10m) with { Counts = [.. Lines.Manual(10m).Counts, new(Lines.Day("5 Oct"), 1, new(14m), Lines.Day("10 Sep"), "person")] };

        Assert.Equal(RefusalCode.UnitsAhead, LineDecisions.Refusal(LineDecisions.Decide(line, new ServiceLineMessage.EndLine(Lines.Day("3 Oct"), Followed: true), Lines.Turn("16 Sep"))));
        Assert.Equal(Verdict.Ok, LineDecisions.Decide(line, new ServiceLineMessage.EndLine(Lines.Day("5 Oct"), Followed: true), Lines.Turn("16 Sep")).Verdict);
        Assert.Equal(RefusalCode.BasisNone, LineDecisions.Refusal(LineDecisions.Decide(
            line with { Basis = Basis.None }, new ServiceLineMessage.EndLine(Lines.Day("21 Sep"), Followed: false), Lines.Turn("16 Sep"))));
    }

    [Fact]
    public void A_doubt_about_days_behind_the_end_is_over_and_one_about_days_before_it_stays()
    {
        var held = Lines.Of(40m).Fed(Lines.Input(1, ("1 Sep", 40m), ("16 Sep", 60m))) with { Hold = new(HoldReason.MovedTooFar, Lines.Day("16 Sep"), new(40m), new(60m), 0, Lines.At("16 Sep")) };

        var before = LineDecisions.Decide(held, new ServiceLineMessage.EndLine(Lines.Day("10 Sep"), Followed: false), Lines.Turn("17 Sep"));
        var behind = LineDecisions.Decide(held, new ServiceLineMessage.EndLine(Lines.Day("20 Sep"), Followed: false), Lines.Turn("17 Sep"));

        Assert.Null(before.State.Hold);
        Assert.Contains(new Effect.CloseHold("withdrawn"), before.Effects);
        Assert.Equal(held.Hold, behind.State.Hold);
    }

    [Fact]
    public void A_line_that_a_psa_hears_of_by_the_month_has_its_units_until_the_month_is_over()
    {
        var line = Lines.Manual(10m) with { Psa = Lines.Psa with { Timing = UnitTiming.MonthPeak } };

        var ended = LineDecisions.Decide(line, new ServiceLineMessage.EndLine(Lines.Day("21 Sep"), Followed: false), Lines.Turn("16 Sep"));

        Assert.Equal([new Effect.SetUnits(Lines.Psa with { Timing = UnitTiming.MonthPeak }, Lines.Day("1 Oct"), Units.Zero)], ended.Effects.Where(effect => effect is Effect.SetUnits));
    }

    /// <summary>A line that goes on from 10 September in the place of one that had 10 units then, and 11 from 15 September.</summary>
    private static ServiceLineState TakenOver { get; } = Lines.Uncounted with
    {
        Basis = Basis.None,
        Contract = new(Lines.Day("10 Sep"), new(2027, 1, 1)),
        ChargedUntil = Lines.Day("1 Sep"),
        Counts =
        [
            new(Lines.Day("10 Sep"), 1, new(10m), Lines.Day("20 Sep"), CountRecord.TakenOver),
            new(Lines.Day("15 Sep"), 1, new(11m), Lines.Day("20 Sep"), CountRecord.TakenOver),
        ],
    };
}
