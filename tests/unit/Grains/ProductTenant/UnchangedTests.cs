using UsageBilling.Grains.ProductTenant;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>A read that says nothing new is kept without a turn: exactly when a turn would have decided nothing else.</summary>
public sealed class UnchangedTests
{
    private static readonly string[] Metrics = ["archived_licences", "standard_licences"];
    private static readonly DateOnly Night = Lines.Day("16 Sep");

    [Fact]
    public void Every_combination_of_what_is_known_and_what_is_seen_agrees_with_the_decision()
    {
        var unchanged = 0;
        foreach (var (state, read) in Cases())
        {
            var decided = new ProductTenantGrain().Decide(state, read, Lines.Turn("16 Sep", "01:00"));
            var kept = ProductTenantGrain.Unchanged(new(state.Product, state.Mappings.Any(span => span.Covers(Night)), state.Counts), read);
            Assert.Equal(read is { Requested: false, DueNight: var due } && due == Night && DecidesNothingElse(state, decided), kept is not null);
            if (kept is null) continue;
            unchanged++;
            Assert.Equal(
                decided.Effects.OfType<Effect.AddReading>(),
                kept.Select(count => new Effect.AddReading(count.Metric, read.Night, count.Units, count.Evidence, count.Reason, read.ObservedAt)));
        }

        Assert.InRange(unchanged, 10, Cases().Count() / 2);
    }

    private static bool DecidesNothingElse(ProductTenantState state, Decision<ProductTenantState> decided) =>
        decided.Verdict is Verdict.Accepted && decided.State.Equals(state)
        && decided.Effects.All(effect => effect is Effect.AddReading reading && reading.Night == Night || effect is Effect.RemindAtNight { Name: ReminderName.Read });

    private static IEnumerable<(ProductTenantState State, ProductTenantMessage.Read Read)> Cases() =>
        from known in Known()
        from mapped in new[] { true, false }
        from sight in Sights()
        from due in new[] { "16 Sep", "15 Sep" }
        from requested in new[] { false, true }
        let state = new ProductTenantState(new(1), "spanning-m365", known, mapped ? [new(1, Lines.Day("1 Jan"), null)] : [], 1)
        select (state, new ProductTenantMessage.Read(Lines.Day(due), Night, Lines.At("16 Sep"), sight, requested, 0));

    private static IEnumerable<Sequence<TenantCount>> Known()
    {
        yield return [];
        foreach (var evidence in new[] { Evidence.Fresh, Evidence.Partial, Evidence.Unmapped, Evidence.Stale })
        {
            foreach (var units in new Units?[] { null, new Units(12m) })
            {
                foreach (var reason in new[] { null, HoldReason.CountMissing, HoldReason.ProductTotalDrop })
                {
                    yield return [.. Metrics.Select(metric => new TenantCount(metric, units, evidence, reason, Lines.Day("1 Sep"), Lines.At("1 Sep")))];
                    yield return [new TenantCount(Metrics[1], units, evidence, reason, Lines.Day("1 Sep"), Lines.At("17 Sep"))];
                }
            }
        }
    }

    private static IEnumerable<TenantSight> Sights()
    {
        yield return new TenantSight.Absent();
        yield return new TenantSight.Unread("timed_out");
        foreach (var units in new Units?[] { null, new Units(12m), new Units(13m) })
        {
            foreach (var suspicion in new[] { null, HoldReason.ProductTotalDrop })
            {
                yield return new TenantSight.Seen([.. Metrics.Select(metric => new SeenCount(metric, units, suspicion))]);
                yield return new TenantSight.Seen([new SeenCount(Metrics[1], units, suspicion)]);
            }
        }
    }
}
