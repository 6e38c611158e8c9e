using UsageBilling.Grains.Integration;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>An integration that is told its counts.</summary>
public sealed class FeedTests
{
    private static readonly IntegrationGrain Grain = new();
    private static readonly IntegrationState Graphus = new(new(3), true, CredentialState.Valid, null, Lines.Day("14 Sep"), 0);
    private static readonly NightSummary Silent = new(Lines.Day("15 Sep"), 4, 3, 1, 1, 0, "not_fed", "1 of 4 tenants were told nothing.");

    [Fact]
    public void A_feed_needs_no_credentials_and_waits_for_its_first_nights_end() => Assert.Equal(
        Accepts(Graphus, NextNight("17 Sep"), new Effect.Audit("feed.opened", "", "graphus")),
        Decide(Graphus with { Credentials = CredentialState.Untested }, new IntegrationMessage.FeedOpened("graphus")));

    [Fact]
    public void What_it_is_told_wakes_it_now() => Assert.Equal(
        Accepts(Graphus, new Effect.Remind(ReminderName.Read, Lines.At("16 Sep"))), Decide(Graphus, new IntegrationMessage.SnapshotReceived()));

    [Fact]
    public void A_night_that_is_over_is_on_record_and_done_with_although_not_all_was_told() => Assert.Equal(
        Accepts(Graphus with { NightCursor = Lines.Day("15 Sep") }, new Effect.KeepNight(Silent), NextNight("17 Sep")),
        Decide(Graphus, new IntegrationMessage.FeedPassEnded(Lines.Day("16 Sep"), Silent, Left: 0)));

    [Fact]
    public void A_pass_in_the_middle_of_a_night_ends_no_night() => Assert.Equal(
        Accepts(Graphus, NextNight("17 Sep")), Decide(Graphus, new IntegrationMessage.FeedPassEnded(Lines.Day("16 Sep"), null, Left: 0)));

    [Fact]
    public void Tenants_that_could_not_take_their_part_are_come_back_for_and_given_up_in_the_end()
    {
        var left = new IntegrationMessage.FeedPassEnded(Lines.Day("16 Sep"), Silent, Left: 2);

        Assert.Equal(
            Accepts(Graphus with { Failures = 1 }, new Effect.KeepNight(Silent), new Effect.Remind(ReminderName.Read, Lines.At("16 Sep").AddMinutes(1))), Decide(Graphus, left));
        Assert.Equal(
            Accepts(Graphus with { NightCursor = Lines.Day("15 Sep") }, new Effect.KeepNight(Silent), NextNight("17 Sep")), Decide(Graphus with { Failures = 7 }, left));
    }

    private static Decision<IntegrationState> Decide(IntegrationState state, IntegrationMessage message) => Grain.Decide(state, message, Lines.Turn("16 Sep"));

    private static Effect.RemindAtNight NextNight(string night) => new(ReminderName.Read, Lines.Day(night));

    private static Decision<IntegrationState> Accepts(IntegrationState next, params Effect[] effects) => new(next, Verdict.Ok, Sequence.From(effects));
}
