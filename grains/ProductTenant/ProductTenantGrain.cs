using UsageBilling.Grains.Mappings;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Products;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.ProductTenant;

/// <summary>Keeps what a source says about one tenant, and how far to believe it. A bad read never becomes a number.</summary>
public sealed class ProductTenantGrain : IGrain<ProductTenantState, ProductTenantMessage>
{
    /// <summary>Missed nights that are written down one by one; older ones are lost to the source anyway.</summary>
    public const int MissedNightsWritten = 31;

    /// <summary>Reads of one night before the tenant waits for the next night.</summary>
    public const int AttemptsMax = 8;

    public Decision<ProductTenantState> Decide(ProductTenantState state, ProductTenantMessage message, Turn turn) => message switch
    {
        ProductTenantMessage.Read read => Read(state, read, turn),
        ProductTenantMessage.Fed fed => FedReadings.Fed(state, fed, turn),
        ProductTenantMessage.FeedChecked looked => FedReadings.Checked(state, looked, turn),
        ProductTenantMessage.Map map => Map(state, map, turn),
        _ => throw new InvalidOperationException($"A product tenant does not know {message}."),
    };

    private static Decision<ProductTenantState> Read(ProductTenantState state, ProductTenantMessage.Read read, Turn turn)
    {
        if (state.Counts.Any(count => count.ObservedAt >= read.ObservedAt))
            return Decision.Refuse(state, RefusalCode.ReadingOvertaken, $"The tenant was looked at after {read.ObservedAt:O} already.");
        var mapped = DatedMapping.TargetOn(state.Mappings, read.Night) is not null;
        var counts = CountsOf(new(state.Product, mapped, state.Counts), read, turn.Limits.MissedNightsMax);
        var effects = new List<Effect>();
        effects.AddRange(MissedNights(state, read));
        effects.AddRange(counts.Select(count => new Effect.AddReading(count.Metric, read.Night, count.Units, count.Evidence, count.Reason, read.ObservedAt)));

        var next = Sequence.From(counts.Select(count => Keep(state.Counts, count, read.Requested)));
        var changed = next.Where(count => Changed(state.Counts, count)).ToList();
        if (read.Requested) effects.Add(new Effect.TellLines(null, read.Night, InputCause.Refresh));
        else effects.AddRange(changed.Select(count => new Effect.TellLines(count.Metric, read.Night, InputCause.Reading)));

        effects.Add(NextRead(read, turn));
        if (read.Requested) effects.Add(new Effect.Forget(ReminderName.Refresh));
        return new(state with { Counts = next }, Verdict.Ok, Sequence.From(effects));
    }

    /// <summary>What is on record of a read that says nothing new, so that it needs no turn; null when it needs one.</summary>
    /// <remarks>True to the decision: a turn would keep the state, keep the same readings and wait for the next night.</remarks>
    public static Sequence<TenantCount>? Unchanged(KnownTenant tenant, ProductTenantMessage.Read read)
    {
        if (read.Requested || read.DueNight != read.Night || read.Sight is not TenantSight.Seen) return null;
        if (tenant.Counts.Any(count => count.ObservedAt >= read.ObservedAt)) return null;
        var counts = CountsOf(tenant, read, missedNightsMax: 0);
        return counts.Exists(count => Changed(tenant.Counts, count)) ? null : Sequence.From(counts);
    }

    private static List<TenantCount> CountsOf(KnownTenant tenant, ProductTenantMessage.Read read, int missedNightsMax)
    {
        var known = tenant.Counts.Select(count => count.Metric);
        var metrics = read.Sight is TenantSight.Seen seen
            ? known.Union(seen.Counts.Select(count => count.Metric))
            : known.Union(Catalogue.Products.FirstOrDefault(product => product.Id == tenant.Product)?.Metrics.Select(metric => metric.Id) ?? []);
        return [.. metrics.Order(StringComparer.Ordinal).Select(metric => CountOf(tenant, read, metric, missedNightsMax))];
    }

    private static TenantCount CountOf(KnownTenant tenant, ProductTenantMessage.Read read, string metric, int missedNightsMax)
    {
        TenantCount Of(Units? units, Evidence evidence, string? reason) => new(metric, units, evidence, reason, read.Night, read.ObservedAt);
        switch (read.Sight)
        {
            case TenantSight.Absent:
                return Of(null, Evidence.Stale, HoldReason.TenantMissing);
            case TenantSight.Unread:
                return Of(null, Evidence.Failed, HoldReason.ReadFailed);
        }

        var seen = ((TenantSight.Seen)read.Sight).Counts.FirstOrDefault(count => count.Metric == metric);
        if (seen?.Units is not { } units) return Of(null, Evidence.Partial, HoldReason.CountMissing);
        if (read.Night.DayNumber - read.DueNight.DayNumber > missedNightsMax) return Of(units, Evidence.Partial, HoldReason.GapTooLong);
        if (seen.Suspicion is { } suspicion) return Of(units, Evidence.Partial, suspicion);
        return Of(units, tenant.Mapped ? Evidence.Fresh : Evidence.Unmapped, null);
    }

    /// <summary>Nights nobody looked: written as stale, once the night they led to is over, so that they are on record and never mistaken for zero.</summary>
    private static IEnumerable<Effect> MissedNights(ProductTenantState state, ProductTenantMessage.Read read)
    {
        if (StaysDue(read)) yield break;
        var first = read.DueNight.DayNumber < read.Night.DayNumber - MissedNightsWritten ? read.Night.AddDays(-MissedNightsWritten) : read.DueNight;
        for (var night = first; night < read.Night; night = night.AddDays(1))
        {
            foreach (var count in state.Counts)
                yield return new Effect.AddReading(count.Metric, night, null, Evidence.Stale, null, read.ObservedAt);
        }
    }

    private static TenantCount Keep(Sequence<TenantCount> before, TenantCount count, bool requested)
    {
        var last = before.FirstOrDefault(known => known.Metric == count.Metric);
        if (last is null || last.Units != count.Units || last.Evidence != count.Evidence || last.Reason != count.Reason) return count;
        return requested ? last with { ObservedAt = count.ObservedAt } : last;
    }

    private static bool Changed(Sequence<TenantCount> before, TenantCount count)
    {
        var last = before.FirstOrDefault(known => known.Metric == count.Metric);
        return last is null || last.Units != count.Units || last.Evidence != count.Evidence || last.Reason != count.Reason;
    }

    /// <summary>A tenant that was read waits for the next night; one that was not stays due for this one, a little later each time.</summary>
    private static Effect NextRead(ProductTenantMessage.Read read, Turn turn)
    {
        if (StaysDue(read)) return new Effect.Remind(ReminderName.Read, turn.At + RetryAfter(read.Attempt));
        return new Effect.RemindAtNight(ReminderName.Read, read.Night.AddDays(1));
    }

    private static bool StaysDue(ProductTenantMessage.Read read) => read.Sight is TenantSight.Unread && read.Attempt + 1 < AttemptsMax;

    /// <summary>One minute, doubled at each attempt up to an hour.</summary>
    public static TimeSpan RetryAfter(int attempt) => TimeSpan.FromMinutes(Math.Min(60, 1 << Math.Min(attempt, 6)));

    private static Decision<ProductTenantState> Map(ProductTenantState state, ProductTenantMessage.Map map, Turn turn)
    {
        if (DatedMapping.Check(map.From, turn.Night) is { } refused) return new(state, refused, []);
        var before = DatedMapping.TargetOn(state.Mappings, map.From);
        var spans = DatedMapping.From(state.Mappings, map.From, map.Organization?.Value);
        if (DatedMapping.Says(state.Mappings, map.From, map.Organization?.Value))
            return Decision.Refuse(state, RefusalCode.NothingChanged, "The tenant is already mapped so from that date.");
        return new(
            state with { Mappings = spans, MappingVersion = state.MappingVersion + 1 },
            Verdict.Ok,
            [
                new Effect.TellLines(null, map.From, InputCause.Mapping),
                new Effect.Audit("tenant.map", Describe(before, null), Describe(map.Organization?.Value, map.From)),
            ]);
    }

    private static string Describe(long? organization, DateOnly? from) =>
        (organization is null ? "no organization" : $"organization {organization}") + (from is { } date ? $" from {date:yyyy-MM-dd}" : "");
}

/// <summary>What a pass knows of a tenant before it asks for a turn.</summary>
/// <param name="Mapped">Whether the tenant is mapped on the night.</param>
/// <param name="Counts">Its last counts.</param>
public readonly record struct KnownTenant(string Product, bool Mapped, Sequence<TenantCount> Counts);
