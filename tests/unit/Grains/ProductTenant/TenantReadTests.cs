using UsageBilling.Grains.Guards;
using UsageBilling.Grains.ProductTenant;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>What a source says about one tenant, and how far it is believed.</summary>
public sealed class TenantReadTests
{
    private const string Standard = "standard_licences";
    private const string Archived = "archived_licences";

    private static readonly ProductTenantGrain Grain = new();

    /// <summary>Twelve licences since 1 September, mapped since January.</summary>
    private static readonly ProductTenantState Alder = new(
        new(1), "spanning-m365", [Count(Standard, 12m, Evidence.Fresh, null, "1 Sep")], [new(1, Lines.Day("1 Jan"), null)], 1);

    [Fact]
    public void A_quiet_night_writes_the_reading_and_tells_nobody() => Assert.Equal(
        Accepts(Alder, Reading(Standard, "16 Sep", 12m, Evidence.Fresh), NextNight("17 Sep")),
        Read("16 Sep", Seen(12m)));

    [Fact]
    public void A_changed_count_is_told_to_the_lines_from_its_night() => Assert.Equal(
        Accepts(
            Alder with { Counts = [Count(Standard, 14m, Evidence.Fresh, null, "16 Sep")] },
            Reading(Standard, "16 Sep", 14m, Evidence.Fresh),
            new Effect.TellLines(Standard, Lines.Day("16 Sep"), InputCause.Reading),
            NextNight("17 Sep")),
        Read("16 Sep", Seen(14m)));

    public static TheoryData<TenantSight> Nulls => [Seen(null), new TenantSight.Seen([])];

    [Theory, MemberData(nameof(Nulls))]
    public void Null_is_not_zero(TenantSight sight) => Assert.Equal(
        Accepts(
            Alder with { Counts = [Count(Standard, null, Evidence.Partial, HoldReason.CountMissing, "16 Sep")] },
            Reading(Standard, "16 Sep", null, Evidence.Partial, HoldReason.CountMissing),
            new Effect.TellLines(Standard, Lines.Day("16 Sep"), InputCause.Reading),
            NextNight("17 Sep")),
        Read("16 Sep", sight));

    [Fact]
    public void Absence_is_not_zero_and_a_tenant_is_gone_with_every_metric_of_its_product() => Assert.Equal(
        Accepts(
            Alder with
            {
                Counts =
                [
                    Count(Archived, null, Evidence.Stale, HoldReason.TenantMissing, "16 Sep"),
                    Count(Standard, null, Evidence.Stale, HoldReason.TenantMissing, "16 Sep"),
                ],
            },
            Reading(Archived, "16 Sep", null, Evidence.Stale, HoldReason.TenantMissing),
            Reading(Standard, "16 Sep", null, Evidence.Stale, HoldReason.TenantMissing),
            new Effect.TellLines(Archived, Lines.Day("16 Sep"), InputCause.Reading),
            new Effect.TellLines(Standard, Lines.Day("16 Sep"), InputCause.Reading),
            NextNight("17 Sep")),
        Read("16 Sep", new TenantSight.Absent()));

    [Fact]
    public void A_failed_read_keeps_the_tenant_due_a_little_later_each_time()
    {
        var decision = Read("16 Sep", new TenantSight.Unread("timed_out"), attempt: 2);
        Assert.Equal(new Effect.Remind(ReminderName.Read, Lines.At("16 Sep", "01:04")), decision.Effects[^1]);
        Assert.All(decision.State.Counts, count => Assert.Equal((null, Evidence.Failed, HoldReason.ReadFailed), (count.Units, count.Evidence, count.Reason)));
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 8).Select(attempt => ProductTenantGrain.RetryAfter(attempt).TotalMinutes));
    }

    [Fact]
    public void The_eighth_failed_read_gives_the_night_up() =>
        Assert.Equal(NextNight("17 Sep"), Read("16 Sep", new TenantSight.Unread("timed_out"), attempt: 7).Effects[^1]);

    [Theory]
    [InlineData("16 Sep", 0, null)]
    [InlineData("15 Sep", 1, null)]
    [InlineData("13 Sep", 3, null)]
    [InlineData("12 Sep", 4, HoldReason.GapTooLong)]
    [InlineData("1 Jan", ProductTenantGrain.MissedNightsWritten, HoldReason.GapTooLong)]
    public void Missed_nights_are_written_as_stale_and_more_than_three_make_the_count_doubtful(string due, int stale, string? reason)
    {
        var decision = Read("16 Sep", Seen(12m), due: due);
        var missed = decision.Effects.OfType<Effect.AddReading>().Where(reading => reading.Evidence == Evidence.Stale).ToList();
        Assert.Equal(stale, missed.Count);
        Assert.All(missed, reading => Assert.Equal((null, null), (reading.Units, reading.Reason)));
        Assert.Equal(Enumerable.Range(1, stale).Select(night => Lines.Day("16 Sep").AddDays(-night)).Reverse(), missed.Select(reading => reading.Night));
        Assert.Equal(new Units(12m), decision.State.Counts[0].Units);
        Assert.Equal((reason is null ? Evidence.Fresh : Evidence.Partial, reason), (decision.State.Counts[0].Evidence, decision.State.Counts[0].Reason));
        Assert.Equal(reason is null ? 0 : 1, decision.Effects.OfType<Effect.TellLines>().Count());
    }

    [Fact]
    public void Missed_nights_are_written_once_however_often_the_read_fails()
    {
        Assert.DoesNotContain(Read("16 Sep", new TenantSight.Unread("timed_out"), due: "14 Sep").Effects, effect => effect is Effect.AddReading { Evidence: Evidence.Stale });
        var givenUp = Read("16 Sep", new TenantSight.Unread("timed_out"), due: "14 Sep", attempt: 7);
        Assert.Equal(2, givenUp.Effects.Count(effect => effect is Effect.AddReading { Evidence: Evidence.Stale }));
    }

    [Fact]
    public void A_suspected_number_is_kept_with_its_suspicion()
    {
        var sight = new TenantSight.Seen([new(Standard, new Units(9m), HoldReason.ProductTotalDrop)]);
        Assert.Equal(Count(Standard, 9m, Evidence.Partial, HoldReason.ProductTotalDrop, "16 Sep"), Read("16 Sep", sight).State.Counts[0]);
    }

    [Fact]
    public void A_number_of_an_unmapped_night_is_kept_as_unmapped()
    {
        var unmapped = Alder with { Mappings = [new(1, Lines.Day("1 Jan"), Lines.Day("16 Sep"))] };
        Assert.Equal(Count(Standard, 12m, Evidence.Unmapped, null, "16 Sep"), Read("16 Sep", Seen(12m), state: unmapped).State.Counts[0]);
        Assert.Equal(unmapped.Counts, Read("15 Sep", Seen(12m), state: unmapped).State.Counts);
    }

    [Fact]
    public void A_requested_read_tells_the_lines_even_of_nothing_new_and_is_done_with() => Assert.Equal(
        Accepts(
            Alder with { Counts = [Alder.Counts[0] with { ObservedAt = Lines.At("16 Sep") }] },
            Reading(Standard, "16 Sep", 12m, Evidence.Fresh),
            new Effect.TellLines(null, Lines.Day("16 Sep"), InputCause.Refresh),
            NextNight("17 Sep"),
            new Effect.Forget(ReminderName.Refresh)),
        Read("16 Sep", Seen(12m), requested: true));

    [Fact]
    public void A_read_that_was_overtaken_or_comes_twice_changes_nothing()
    {
        var read = Read("16 Sep", Seen(14m)).State;
        foreach (var night in new[] { "16 Sep", "15 Sep" })
        {
            var again = Read(night, Seen(9m), state: read);
            Assert.Equal((read, RefusalCode.ReadingOvertaken), (again.State, Assert.IsType<Verdict.Refused>(again.Verdict).Code));
            Assert.Empty(again.Effects);
        }
    }

    [Theory]
    [InlineData(100, 90, false)]
    [InlineData(100, 89, true)]
    [InlineData(100, 0, true)]
    [InlineData(100, 120, false)]
    [InlineData(0, 0, false)]
    public void A_products_total_may_fall_by_ten_per_cent(int before, int now, bool fell) => Assert.Equal(fell, ProductTotals.Fell(before, now, 10m));

    private static Decision<ProductTenantState> Read(
        string night, TenantSight sight, string? due = null, bool requested = false, int attempt = 0, ProductTenantState? state = null) => Grain.Decide(
        state ?? Alder, new ProductTenantMessage.Read(Lines.Day(due ?? night), Lines.Day(night), Lines.At(night), sight, requested, attempt), Lines.Turn(night, "01:00"));

    private static TenantSight.Seen Seen(decimal? units) => new([new(Standard, units is { } number ? new Units(number) : null, null)]);

    private static TenantCount Count(string metric, decimal? units, Evidence evidence, string? reason, string night) =>
        new(metric, units is { } number ? new Units(number) : null, evidence, reason, Lines.Day(night), Lines.At(night));

    private static Effect.AddReading Reading(string metric, string night, decimal? units, Evidence evidence, string? reason = null) =>
        new(metric, Lines.Day(night), units is { } number ? new Units(number) : null, evidence, reason, Lines.At(night));

    private static Effect.RemindAtNight NextNight(string night) => new(ReminderName.Read, Lines.Day(night));

    private static Decision<ProductTenantState> Accepts(ProductTenantState next, params Effect[] effects) => new(next, Verdict.Ok, Sequence.From(effects));
}
