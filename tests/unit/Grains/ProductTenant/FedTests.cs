using UsageBilling.Grains.ProductTenant;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>What a tenant makes of a feed: of what it was told, and of nights that were told nothing of.</summary>
public sealed class FedTests
{
    private const string Active = "active_licences";
    private const string Inboxes = "protected_inboxes";

    private static readonly ProductTenantGrain Grain = new();

    /// <summary>Twelve licences since 1 September, mapped since January.</summary>
    private static readonly ProductTenantState Alder = new(
        new(1), "graphus", [Count(Active, 12m, Evidence.Fresh, null, "1 Sep")], [new(1, Lines.Day("1 Jan"), null)], 1);

    [Fact]
    public void What_is_told_again_is_a_reading_of_its_own_and_tells_nobody() => Assert.Equal(
        Accepts(
            Alder with { Counts = [Count(Active, 12m, Evidence.Fresh, null, "1 Sep") with { ObservedAt = Lines.At("16 Sep") }] },
            Reading(Active, "16 Sep", 12m, Evidence.Fresh)),
        Fed(Alder, "16 Sep", Seen((Active, 12m))));

    [Fact]
    public void What_changed_is_told_to_the_lines_and_a_metric_that_is_not_named_stays_as_it_is()
    {
        var two = Alder with { Counts = [.. Alder.Counts, Count(Inboxes, 3m, Evidence.Fresh, null, "1 Sep")] };

        Assert.Equal(
            Accepts(
                two with { Counts = [Count(Active, 14m, Evidence.Fresh, null, "16 Sep"), two.Counts[1]] },
                Reading(Active, "16 Sep", 14m, Evidence.Fresh), Told(Active, "16 Sep")),
            Fed(two, "16 Sep", Seen((Active, 14m))));
        Assert.Equal(
            Accepts(
                two with { Counts = [Count(Active, 14m, Evidence.Fresh, null, "16 Sep"), Count(Inboxes, null, Evidence.Partial, HoldReason.CountMissing, "16 Sep")] },
                Reading(Active, "16 Sep", 14m, Evidence.Fresh), Reading(Inboxes, "16 Sep", null, Evidence.Partial, HoldReason.CountMissing), Told(Active, "16 Sep"), Told(Inboxes, "16 Sep")),
            Fed(two, "16 Sep", Seen((Active, 14m)), whole: true));
    }

    [Fact]
    public void A_tenant_that_a_complete_snapshot_lacks_is_stale_and_not_zero() => Assert.Equal(
        Accepts(
            Alder with { Counts = [Count(Active, null, Evidence.Stale, HoldReason.TenantMissing, "16 Sep")] },
            Reading(Active, "16 Sep", null, Evidence.Stale, HoldReason.TenantMissing), Told(Active, "16 Sep")),
        Fed(Alder, "16 Sep", new TenantSight.Absent(), whole: true));

    [Fact]
    public void A_number_of_a_tenant_that_belongs_to_nobody_is_unmapped_and_a_suspicion_makes_it_partial()
    {
        var nobody = Alder with { Mappings = [] };

        Assert.Equal(Evidence.Unmapped, Fed(nobody, "16 Sep", Seen((Active, 14m))).State.Counts[0].Evidence);
        Assert.Equal(
            Count(Active, 9m, Evidence.Partial, HoldReason.ProductTotalDrop, "16 Sep"),
            Fed(Alder, "16 Sep", new TenantSight.Seen([new(Active, new Units(9m), HoldReason.ProductTotalDrop)])).State.Counts[0]);
    }

    [Fact]
    public void A_night_that_was_told_nothing_of_is_stale_once_it_is_over_and_the_next_one_is_waited_for() => Assert.Equal(
        Accepts(
            Alder with { Counts = [Count(Active, null, Evidence.Stale, HoldReason.NotFed, "15 Sep") with { ObservedAt = Lines.At("16 Sep") }] },
            Reading(Active, "15 Sep", null, Evidence.Stale, HoldReason.NotFed) with { ObservedAt = Lines.At("16 Sep") }, Told(Active, "15 Sep"),
            new Effect.RemindAtNight(ReminderName.Read, Lines.Day("17 Sep"))),
        Checked(Alder, "16 Sep", ["15 Sep"]));

    [Fact]
    public void A_further_silent_night_is_on_record_and_news_to_nobody()
    {
        var silent = Checked(Alder, "16 Sep", ["15 Sep"]).State;

        var decision = Checked(silent, "17 Sep", ["16 Sep"]);

        Assert.Equal(Lines.Day("15 Sep"), decision.State.Counts[0].Night);
        Assert.Equal([typeof(Effect.AddReading), typeof(Effect.RemindAtNight)], decision.Effects.Select(effect => effect.GetType()));
    }

    [Fact]
    public void Silent_nights_that_were_told_of_again_leave_the_last_count_as_it_is()
    {
        var fed = Fed(Alder, "15 Sep", Seen((Active, 14m))).State;

        var decision = Checked(fed, "16 Sep", ["13 Sep", "14 Sep"]);

        Assert.Equal(fed, decision.State);
        Assert.Contains(Told(Active, "13 Sep"), decision.Effects);
    }

    [Theory]
    [InlineData("19 Sep", Evidence.Fresh, null)]
    [InlineData("20 Sep", Evidence.Partial, HoldReason.GapTooLong)]
    public void After_more_silent_nights_than_the_msp_allows_a_person_looks(string night, Evidence evidence, string? reason)
    {
        var silent = Checked(Alder, "17 Sep", ["16 Sep"]).State;

        Assert.Equal(Count(Active, 12m, evidence, reason, night), Fed(silent, night, Seen((Active, 12m))).State.Counts[0]);
    }

    [Fact]
    public void What_comes_late_is_a_reading_of_its_own_night_and_leaves_the_last_count_as_it_is()
    {
        var later = Fed(Alder, "17 Sep", Seen((Active, 14m))).State;

        var decision = Fed(later, "16 Sep", Seen((Active, 13m)));

        Assert.Equal(Accepts(later, Reading(Active, "16 Sep", 13m, Evidence.Fresh), Told(Active, "16 Sep")), decision);
    }

    [Fact]
    public void Whoever_asks_is_answered_without_a_reading() => Assert.Equal(
        Accepts(Alder, new Effect.TellLines(null, Lines.Day("16 Sep"), InputCause.Refresh), new Effect.Forget(ReminderName.Refresh)),
        Grain.Decide(Alder, new ProductTenantMessage.FeedChecked(Lines.At("16 Sep"), Lines.Day("16 Sep"), [], Due: false, Requested: true), Lines.Turn("16 Sep")));

    private static Decision<ProductTenantState> Fed(ProductTenantState state, string night, TenantSight sight, bool whole = false) =>
        Grain.Decide(state, new ProductTenantMessage.Fed(Lines.Day(night), Lines.At(night), sight, whole), Lines.Turn(night));

    private static Decision<ProductTenantState> Checked(ProductTenantState state, string night, string[] unfed) => Grain.Decide(
        state,
        new ProductTenantMessage.FeedChecked(Lines.At(night), Lines.Day(night), Sequence.From(unfed.Select(one => new UnfedNight(Active, Lines.Day(one)))), Due: true, Requested: false),
        Lines.Turn(night));

    private static TenantSight.Seen Seen(params (string Metric, decimal Units)[] counts) =>
        new(Sequence.From(counts.Select(count => new SeenCount(count.Metric, new Units(count.Units), null))));

    private static TenantCount Count(string metric, decimal? units, Evidence evidence, string? reason, string night) =>
        new(metric, units is { } number ? new Units(number) : null, evidence, reason, Lines.Day(night), Lines.At(night));

    private static Effect.AddReading Reading(string metric, string night, decimal? units, Evidence evidence, string? reason = null) =>
        new(metric, Lines.Day(night), units is { } number ? new Units(number) : null, evidence, reason, Lines.At(night));

    private static Effect.TellLines Told(string metric, string night) => new(metric, Lines.Day(night), InputCause.Reading);

    private static Decision<ProductTenantState> Accepts(ProductTenantState next, params Effect[] effects) => new(next, Verdict.Ok, Sequence.From(effects));
}
