using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>The unit price of a service line from a date on; for one date the greatest sequence wins.</summary>
public sealed record PriceRecord(DateOnly EffectiveOn, long Sequence, UnitPrice Price) : IDatedRecord;

/// <summary>The unit price of a service line on every day. There is always one: the first holds since ever.</summary>
public sealed class PriceTimeline : IEquatable<PriceTimeline>
{
    private readonly Timeline<PriceRecord> records;

    private PriceTimeline(Timeline<PriceRecord> records) => this.records = records;

    /// <summary>One price for all days.</summary>
    public static PriceTimeline Constant(UnitPrice price) => new(Timeline<PriceRecord>.Empty.With(new(DateOnly.MinValue, long.MinValue, price)));

    /// <summary>The timeline with one more price; this one when the record changes nothing.</summary>
    /// <exception cref="ArgumentException">Too many dates (20,000), or different prices under one date and sequence.</exception>
    public PriceTimeline With(PriceRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var changed = records.With(record);
        return ReferenceEquals(changed, records) ? this : new(changed);
    }

    /// <summary>The price on the date.</summary>
    public UnitPrice On(DateOnly date) => records.On(date)!.Price;

    /// <summary>Whether both say the same about every day, from the same records.</summary>
    public bool Equals(PriceTimeline? other) => other is not null && records.SameAs(other.records);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PriceTimeline);

    /// <inheritdoc/>
    public override int GetHashCode() => records.Hash();

    internal IEnumerable<(DateRange Span, UnitPrice Price)> Within(DateRange range) => records.Within(range).Select(segment => (segment.Span, segment.Record!.Price));
}
