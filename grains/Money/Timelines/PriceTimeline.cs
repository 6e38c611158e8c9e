using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>What a unit of a service line costs from a date on; for one date the greatest sequence wins.</summary>
/// <param name="Price">Per unit and full period, where there are no tiers.</param>
/// <param name="Tiers">The price list that stands in the price's place, or null.</param>
public sealed record PriceRecord(DateOnly EffectiveOn, long Sequence, UnitPrice Price, Tiers? Tiers = null) : IDatedRecord;

/// <summary>The price of a service line on every day. There is always one: the first holds since ever.</summary>
public sealed class PriceTimeline : IEquatable<PriceTimeline>
{
    private readonly Timeline<PriceRecord> records;

    private PriceTimeline(Timeline<PriceRecord> records) => this.records = records;

    /// <summary>One price for all days.</summary>
    public static PriceTimeline Constant(UnitPrice price, Tiers? tiers = null) => new(Timeline<PriceRecord>.Empty.With(new(DateOnly.MinValue, long.MinValue, price, tiers)));

    /// <summary>The timeline with one more price; this one when the record changes nothing.</summary>
    /// <exception cref="ArgumentException">Too many dates (20,000), or different prices under one date and sequence.</exception>
    public PriceTimeline With(PriceRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var changed = records.With(record);
        return ReferenceEquals(changed, records) ? this : new(changed);
    }

    /// <summary>What holds on the date.</summary>
    public PriceRecord On(DateOnly date) => records.On(date)!;

    /// <summary>Whether both say the same about every day, from the same records.</summary>
    public bool Equals(PriceTimeline? other) => other is not null && records.SameAs(other.records);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PriceTimeline);

    /// <inheritdoc/>
    public override int GetHashCode() => records.Hash();

    /// <summary>The same, with every change a day later; the first price has no day to move.</summary>
    internal PriceTimeline DayLater() => new(records.DayLater((record, on) => record with { EffectiveOn = on }));

    internal IEnumerable<(DateRange Span, PriceRecord? Record)> Within(DateRange range) => records.Within(range);
}
