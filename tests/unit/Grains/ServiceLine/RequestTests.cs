using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>What people and reminders ask of a line, and the whole answer.</summary>
public sealed class RequestTests
{
    private static readonly ServiceLineState Fed = Lines.Of(40m).Fed(Lines.Input(1, ("1 Sep", 40m)));

    private static readonly ServiceLineState Held = Fed.Fed(Lines.Input(1, ("1 Sep", 40m), ("16 Sep", 60m))) with
    {
        Hold = new(HoldReason.MovedTooFar, Lines.Day("16 Sep"), new(40m), new(60m), 0, Lines.At("16 Sep")),
    };

    [Fact]
    public void A_hold_with_a_count_asks_for_a_further_read_an_hour_later()
    {
        var line = Held with { Hold = null };
        Assert.Equal(
            LineDecisions.Accepts(Held, new Effect.KeepHold(Held.Hold!), new Effect.Remind(ReminderName.Confirm, Lines.At("16 Sep", "02:01"))),
            LineDecisions.Told(line, "16 Sep"));
        Assert.Equal(LineDecisions.Accepts(Held), LineDecisions.Told(Held, "16 Sep"));
    }

    [Fact]
    public void A_hold_without_a_count_asks_for_nothing()
    {
        var line = Fed.Fed(Lines.Input(1, ("1 Sep", 40m), ("16 Sep", null)));
        var hold = new Hold(HoldReason.ReadFailed, Lines.Day("16 Sep"), new(40m), null, 0, Lines.At("16 Sep"));
        Assert.Equal(LineDecisions.Accepts(line with { Hold = hold }, new Effect.KeepHold(hold)), LineDecisions.Told(line, "16 Sep"));
    }

    [Fact]
    public void A_due_confirmation_reads_the_inputs_and_comes_back() => Assert.Equal(
        LineDecisions.Accepts(Held, new Effect.RefreshInputs(), new Effect.Remind(ReminderName.Confirm, Lines.At("16 Sep", "03:01"))),
        LineDecisions.Decide(Held, new ServiceLineMessage.ConfirmDue(), Lines.Turn("16 Sep", "02:00")));

    [Fact]
    public void A_confirmation_of_no_hold_or_after_the_end_is_forgotten()
    {
        var withoutCount = Held with { Hold = Held.Hold! with { Proposed = null } };
        var ended = Held with { Contract = new(Lines.Day("1 Jan"), Lines.Day("16 Sep")) };
        foreach (var line in new[] { Fed, withoutCount, ended })
        {
            Assert.Equal(
                LineDecisions.Accepts(line, new Effect.Forget(ReminderName.Confirm)),
                LineDecisions.Decide(line, new ServiceLineMessage.ConfirmDue(), Lines.Turn("16 Sep", "02:00")));
        }
    }

    [Fact]
    public void A_held_line_that_was_over_and_is_given_a_later_end_is_looked_at_again()
    {
        var over = LineDecisions.Decide(Held with { Contract = new(Lines.Day("1 Jan"), Lines.Day("16 Sep")) }, new ServiceLineMessage.ConfirmDue(), Lines.Turn("16 Sep", "01:00"));
        Assert.Equal([new Effect.Forget(ReminderName.Confirm)], over.Effects);
        var longer = LineDecisions.Told(over.State with { Contract = Held.Contract }, "16 Sep", InputCause.Mapping);
        Assert.Equal(Held.Hold, longer.State.Hold);
        Assert.Contains(new Effect.Remind(ReminderName.Confirm, Lines.At("16 Sep", "02:01")), longer.Effects);
    }

    [Fact]
    public void A_withdrawn_and_an_agreed_hold_are_closed_as_such()
    {
        var back = LineDecisions.Told(Held.Fed(Lines.Input(1, ("1 Sep", 40m), ("16 Sep", 40m))), "16 Sep");
        Assert.Equal([new Effect.CloseHold("withdrawn"), new Effect.Forget(ReminderName.Confirm)], back.Effects);
        var agreed = LineDecisions.Told(Held with { Hold = Held.Hold! with { Agreeing = 1, ReadAt = Lines.At("15 Sep") } }, "16 Sep");
        Assert.Equal([new Effect.CloseHold("agreed"), new Effect.Forget(ReminderName.Confirm)], agreed.Effects.TakeLast(2));
        Assert.Equal(new CountRecord(Lines.Day("16 Sep"), 1, new(60m), Lines.Day("16 Sep"), "agreed"), agreed.State.Counts[^1]);
    }

    [Fact]
    public void A_hold_stays_open_while_a_tenant_that_was_never_read_hides_the_sum()
    {
        var line = Held with { Inputs = [.. Held.Inputs, Lines.Input(2)] };
        Assert.Equal(LineDecisions.Accepts(line), LineDecisions.Told(line, "16 Sep"));
    }

    [Fact]
    public void A_release_of_a_count_that_no_reading_shows_any_more_posts_what_the_person_saw()
    {
        var decision = LineDecisions.Decide(Held with { Inputs = [.. Held.Inputs, Lines.Input(2)] }, new ServiceLineMessage.ReleaseHold(null), Lines.Turn("17 Sep"));
        Assert.Equal(new CountRecord(Lines.Day("16 Sep"), 1, new(60m), Lines.Day("16 Sep"), "released"), decision.State.Counts[^1]);
        Assert.Equal(
            [
                new Effect.CloseHold("released"),
                new Effect.Forget(ReminderName.Confirm),
                new Effect.Audit("hold.release", "40 units, moved_too_far", "60 units from 2026-09-16"),
            ],
            decision.Effects.TakeLast(3));
    }

    [Fact]
    public void A_hold_outside_a_contract_that_was_shortened_is_closed_without_a_count()
    {
        var decision = LineDecisions.Decide(
            Held with { Contract = new(Lines.Day("1 Jan"), Lines.Day("10 Sep")) }, new ServiceLineMessage.ReleaseHold(new(50m)), Lines.Turn("17 Sep"));
        Assert.Equal(Held.Counts, decision.State.Counts);
        Assert.Null(decision.State.Hold);
    }

    [Fact]
    public void Get_units_now_reads_the_inputs_and_is_answered_when_every_one_was_read_since()
    {
        var two = Fed with { Inputs = [Lines.Input(1, ("1 Sep", 30m)), Lines.Input(2, ("1 Sep", 10m)), Lines.Input(3) with { From = Lines.Day("1 Nov") }] };
        var asked = LineDecisions.Decide(two, new ServiceLineMessage.RefreshRequested(), Lines.Turn("10 Sep", "09:00"));
        Assert.Equal(LineDecisions.Accepts(two with { RefreshAskedAt = Lines.At("10 Sep", "09:00") }, new Effect.RefreshInputs()), asked);

        var half = asked.State with { Inputs = [Seen(1, 30m, "09:01"), .. two.Inputs.Skip(1)] };
        Assert.Equal(LineDecisions.Accepts(half), LineDecisions.Told(half, "10 Sep", InputCause.Refresh));
        var all = half with { Inputs = [Seen(1, 30m, "09:01"), Seen(2, 10m, "09:02"), two.Inputs[2]] };
        Assert.Equal(
            LineDecisions.Accepts(all with { RefreshAskedAt = null }, new Effect.FinishRuns(true, "refreshed", "The line has 40 units.")),
            LineDecisions.Told(all, "10 Sep", InputCause.Refresh));
    }

    [Fact]
    public void Get_units_now_of_a_held_line_answers_with_the_reason()
    {
        var line = Held with { RefreshAskedAt = Lines.At("15 Sep") };
        var answer = LineDecisions.Told(line, "16 Sep", InputCause.Refresh).Effects.OfType<Effect.FinishRuns>().Single();
        Assert.Equal(new Effect.FinishRuns(true, HoldReason.MovedTooFar, "Held: the line keeps 40 units."), answer);
    }

    [Fact]
    public void A_tenant_that_joins_a_line_that_is_owed_a_read_is_read_too()
    {
        var line = Fed with { RefreshAskedAt = Lines.At("15 Sep"), Inputs = [.. Fed.Inputs, Lines.Input(2, ("1 Sep", 3m)) with { From = Lines.Day("16 Sep") }] };
        var decision = LineDecisions.Told(line, "16 Sep", InputCause.Mapping);
        Assert.Single(decision.Effects.OfType<Effect.RefreshInputs>());
        Assert.Equal(line.RefreshAskedAt, decision.State.RefreshAskedAt);
        Assert.Empty(LineDecisions.Told(line with { RefreshAskedAt = null }, "16 Sep", InputCause.Mapping).Effects.OfType<Effect.RefreshInputs>());
    }

    [Fact]
    public void Get_units_now_of_a_line_that_ended_meanwhile_is_answered_too()
    {
        var line = Fed with { RefreshAskedAt = Lines.At("15 Sep"), Contract = new(Lines.Day("1 Jan"), Lines.Day("16 Sep")) };
        Assert.Equal(
            LineDecisions.Accepts(
                line with { RefreshAskedAt = null },
                new Effect.FinishRuns(false, RefusalCode.LineEnded, "The line ended with its contract; the first day it does not cover is 2026-09-16.")),
            LineDecisions.Told(line, "16 Sep", InputCause.Refresh));
    }

    [Fact]
    public void Get_units_now_is_refused_where_there_is_nothing_to_read()
    {
        var refresh = new ServiceLineMessage.RefreshRequested();
        var ended = Fed with { Inputs = [Fed.Inputs[0] with { Until = Lines.Day("16 Sep") }, Fed.Inputs[0] with { From = Lines.Day("1 Oct") }] };
        Assert.Equal(RefusalCode.BasisNone, LineDecisions.Refusal(LineDecisions.Decide(Lines.Manual(5m), refresh, Lines.Turn("16 Sep"))));
        Assert.Equal(RefusalCode.InputsNone, LineDecisions.Refusal(LineDecisions.Decide(Lines.Of(5m), refresh, Lines.Turn("16 Sep"))));
        Assert.Equal(RefusalCode.InputsNone, LineDecisions.Refusal(LineDecisions.Decide(ended, refresh, Lines.Turn("16 Sep"))));
        var parked = Fed with { Inputs = [Fed.Inputs[0] with { SourceParked = true }] };
        Assert.Equal(RefusalCode.IntegrationParked, LineDecisions.Refusal(LineDecisions.Decide(parked, refresh, Lines.Turn("16 Sep"))));
        Assert.Equal(RefusalCode.LineEnded, LineDecisions.Refusal(LineDecisions.Decide(Fed, refresh, Lines.Turn("31 Dec") with { Night = new(2027, 1, 1) })));
    }

    [Fact]
    public void A_basis_is_chosen_once_and_what_was_read_last_night_counts_at_once()
    {
        var line = Fed with { Basis = Basis.None };
        var decision = LineDecisions.Decide(line, new ServiceLineMessage.ChooseBasis(Lines.Licences), Lines.Turn("16 Sep"));
        Assert.Equal(
            LineDecisions.Accepts(
                Fed,
                new Effect.RemindAtNight(ReminderName.Boundary, Lines.Day("1 Oct")),
                new Effect.TellItself(new(2026, 9, 16), InputCause.Reading),
                new Effect.Audit("line.basis", "none", "spanning-m365/standard_licences")),
            decision);
        Assert.Equal(
            Decision.Refuse(Fed, RefusalCode.BasisLocked, "The basis is locked once it is saved; end this line and start another."),
            LineDecisions.Decide(decision.State, new ServiceLineMessage.ChooseBasis(Lines.Licences), Lines.Turn("16 Sep")));
        Assert.Equal(
            LineDecisions.Accepts(
                Lines.Manual(40m), new Effect.RemindAtNight(ReminderName.Boundary, Lines.Day("1 Oct")), new Effect.Audit("line.basis", "none", "manual")),
            LineDecisions.Decide(Lines.Of(40m) with { Basis = Basis.None }, new ServiceLineMessage.ChooseBasis(new(BasisKind.Manual, [])), Lines.Turn("16 Sep")));
    }

    public static TheoryData<Basis> InvalidBases =>
    [
        Basis.None,
        new(BasisKind.Metrics, []),
        new(BasisKind.Metrics, [new("spanning-m365", "devices")]),
        new(BasisKind.Metrics, [Lines.Licences.Metrics[0], Lines.Licences.Metrics[0]]),
        new(BasisKind.Metrics, Sequence.From(Enumerable.Range(0, Basis.MetricsMax + 1).Select(number => new BasisMetric("spanning-m365", $"metric {number}")))),
        new(BasisKind.Manual, Lines.Licences.Metrics),
        new((BasisKind)9, []),
    ];

    [Theory, MemberData(nameof(InvalidBases))]
    public void A_basis_is_manual_or_different_metrics_of_the_catalogue(Basis basis)
    {
        var line = Fed with { Basis = Basis.None };
        var decision = LineDecisions.Decide(line, new ServiceLineMessage.ChooseBasis(basis), Lines.Turn("16 Sep"));
        Assert.Equal((RefusalCode.BasisInvalid, line), (LineDecisions.Refusal(decision), decision.State));
    }

    [Fact]
    public void Only_a_line_with_a_manual_basis_takes_units_from_a_person_and_a_line_without_basis_counts_nothing()
    {
        var give = new ServiceLineMessage.GiveUnits(new(9m), Lines.Day("16 Sep"));
        Assert.Equal(RefusalCode.BasisNotManual, LineDecisions.Refusal(LineDecisions.Decide(Fed, give, Lines.Turn("16 Sep"))));
        var none = Held with { Basis = Basis.None };
        Assert.Equal(LineDecisions.Accepts(none), LineDecisions.Told(none, "16 Sep"));
    }

    private static LineInput Seen(long tenant, decimal units, string time) => Lines.Input(tenant) with
    {
        Readings = [new(Lines.Day("1 Sep"), new(units), Evidence.Fresh, null, Lines.At("10 Sep", time))],
    };
}
