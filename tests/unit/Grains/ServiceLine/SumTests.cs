using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>What several tenants and metrics add up to, and what outside data cannot break.</summary>
public sealed class SumTests
{
    [Fact]
    public void Metrics_of_several_tenants_add_up()
    {
        var line = Lines.Of(40m).Fed(
            Lines.Input(1, ("1 Sep", 20m)),
            Lines.Input(1, ("1 Sep", 10m), ("16 Sep", 12m)) with { Metric = "archived_licences" },
            Lines.Input(2, ("1 Sep", 10m)));
        Assert.Equal(42m, LineDecisions.UnitsOn(LineDecisions.Told(line, "16 Sep").State, "16 Sep"));
    }

    [Fact]
    public void A_zero_of_one_tenant_is_a_number_like_any_other_and_a_confirmed_zero_too()
    {
        var zero = new InputReading(Lines.Day("16 Sep"), Units.Zero, Evidence.ConfirmedZero, null, Lines.At("16 Sep"));
        var line = Lines.Of(40m).Fed(Lines.Input(1, ("1 Sep", 36m)), Lines.Input(2, ("1 Sep", 4m)) with { Readings = [Lines.Reading("1 Sep", 4m), zero] });
        Assert.Equal(36m, LineDecisions.UnitsOn(LineDecisions.Told(line, "16 Sep").State, "16 Sep"));
    }

    [Fact]
    public void Tenants_that_add_up_to_more_than_a_line_can_have_are_no_count()
    {
        var line = Lines.Of(40m).Fed(Lines.Input(1, ("16 Sep", Units.Largest)), Lines.Input(2, ("16 Sep", 1m)));
        Assert.Equal(
            new Hold(HoldReason.CountMissing, Lines.Day("16 Sep"), new(40m), null, 0, Lines.At("16 Sep")),
            LineDecisions.Told(line, "16 Sep").State.Hold);
    }

    [Fact]
    public void The_largest_count_there_is_can_be_held_and_released()
    {
        var line = Lines.Of(40m).Fed(Lines.Input(1, ("16 Sep", Units.Largest)));
        var released = LineDecisions.Decide(LineDecisions.Told(line, "16 Sep").State, new ServiceLineMessage.ReleaseHold(null), Lines.Turn("17 Sep"));
        Assert.Equal(Units.Largest, LineDecisions.UnitsOn(released.State, "16 Sep"));
    }

    [Fact]
    public void A_read_counts_as_further_only_an_hour_after_the_last_tenant_of_the_read_before()
    {
        var inputs = new[] { Lines.Input(1, ("1 Sep", 20m)), Lines.Input(2, ("16 Sep", 40m)) };
        var held = LineDecisions.Told(Lines.Of(40m).Fed(inputs), "16 Sep").State;
        var soon = held.Fed(Read(1, "16 Sep", 20m, "01:40"), Read(2, "16 Sep", 40m, "01:40"));
        Assert.Equal(0, LineDecisions.Told(soon, "16 Sep").State.Hold!.Agreeing);
        var later = held.Fed(Read(1, "16 Sep", 20m, "02:05"), Read(2, "16 Sep", 40m, "02:00"));
        Assert.Equal((1, Lines.At("16 Sep", "02:05")), (LineDecisions.Told(later, "16 Sep").State.Hold!.Agreeing, LineDecisions.Told(later, "16 Sep").State.Hold!.ReadAt));
    }

    [Fact]
    public void A_message_from_long_ago_looks_back_two_quarters_and_not_before_the_contract()
    {
        var line = Lines.Uncounted with { Contract = new(new(2020, 1, 1), new(2027, 1, 1)), Inputs = [Lines.Input(1, ("1 Jan 2021", 4m)) with { From = new(2020, 1, 1) }] };
        var long_ago = LineDecisions.Decide(line, new ServiceLineMessage.InputsChanged(new(2020, 1, 1), InputCause.Mapping), Lines.Turn("16 Sep"));
        Assert.Equal(Lines.Day("16 Mar"), Assert.Single(long_ago.State.Counts).EffectiveOn);
        var young = LineDecisions.Decide(line with { Contract = new(Lines.Day("1 Sep"), new(2027, 1, 1)) }, new ServiceLineMessage.InputsChanged(new(2020, 1, 1), InputCause.Mapping), Lines.Turn("16 Sep"));
        Assert.Equal(Lines.Day("1 Sep"), Assert.Single(young.State.Counts).EffectiveOn);
    }

    [Fact]
    public void A_year_of_readings_every_night_is_walked_within_bounds()
    {
        var readings = Enumerable.Range(0, 366).Select(day => Lines.Reading(Lines.Text(new DateOnly(2026, 1, 1).AddDays(day)), 40m + (day % 3)));
        var line = Lines.Of(40m).Fed(Lines.Input(1) with { Readings = Sequence.From(readings) });
        var decision = LineDecisions.Decide(line, new ServiceLineMessage.InputsChanged(new(2026, 1, 1), InputCause.Mapping), Lines.Turn("31 Dec"));
        Assert.Equal(184, decision.State.Counts.Count(count => count.EffectiveOn >= Lines.Day("1 Jul")));
    }

    [Fact]
    public void A_message_about_a_night_that_has_not_come_changes_nothing()
    {
        var line = Lines.Of(40m).Fed(Lines.Input(1, ("20 Sep", 60m)));
        Assert.Equal(
            LineDecisions.Accepts(line),
            LineDecisions.Decide(line, new ServiceLineMessage.InputsChanged(Lines.Day("20 Sep"), InputCause.Reading), Lines.Turn("16 Sep")));
    }

    private static LineInput Read(long tenant, string night, decimal units, string time) => Lines.Input(tenant) with
    {
        Readings = [new(Lines.Day(night), new(units), Evidence.Fresh, null, Lines.At(night, time))],
    };
}
