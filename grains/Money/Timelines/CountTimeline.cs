using System.Collections.Immutable;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>The absolute units of a service line from a date on.</summary>
/// <param name="EffectiveOn">The first day the units count.</param>
/// <param name="Sequence">Grows with every record of a line; for one date the greatest wins.</param>
/// <param name="Units">All units, not a difference.</param>
public sealed record CountRecord(DateOnly EffectiveOn, long Sequence, Units Units) : IDatedRecord;

/// <summary>Days in a row with the same units.</summary>
/// <param name="Span">The days.</param>
/// <param name="Record">The record that began them, or null for days before the first record: nobody has counted yet, which is not a count of zero.</param>
public sealed record CountSegment(DateRange Span, CountRecord? Record);

/// <summary>The units of a service line on every day. Immutable; the same records give the same timeline in whatever order they arrive.</summary>
public sealed class CountTimeline : IEquatable<CountTimeline>
{
    /// <summary>Dates one timeline may have.</summary>
    public const int DatesMax = Timeline<CountRecord>.DatesMax;

    /// <summary>Nothing counted yet.</summary>
    public static readonly CountTimeline Empty = new(Timeline<CountRecord>.Empty);

    private readonly Timeline<CountRecord> records;

    private CountTimeline(Timeline<CountRecord> records) => this.records = records;

    /// <summary>The timeline these records make. A record given twice counts once.</summary>
    /// <exception cref="ArgumentException">More than <see cref="DatesMax"/> dates, or different units under one date and sequence.</exception>
    public static CountTimeline Of(IEnumerable<CountRecord> records) => new(Timeline<CountRecord>.Of(records));

    /// <summary>The timeline with one more record; this one when the record changes nothing.</summary>
    /// <exception cref="ArgumentException">More than <see cref="DatesMax"/> dates, or different units under one date and sequence.</exception>
    public CountTimeline With(CountRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var changed = records.With(record);
        return ReferenceEquals(changed, records) ? this : new(changed);
    }

    /// <summary>
    /// The timeline with one more record that takes every later date back: what somebody scheduled before is called off. For sources that
    /// say so explicitly; otherwise <see cref="With"/>, by which a back-dated record leaves later ones as they are.
    /// </summary>
    /// <exception cref="ArgumentException">Different units under one date and sequence.</exception>
    public CountTimeline Superseding(CountRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new(records.Through(record.EffectiveOn).With(record));
    }

    /// <summary>The record that holds on the date, or null before the first.</summary>
    public CountRecord? On(DateOnly date) => records.On(date);

    /// <summary>The range in spans of constant units, in order and without gaps. Neighbours with equal units are one span.</summary>
    public ImmutableArray<CountSegment> Within(DateRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        var segments = ImmutableArray.CreateBuilder<CountSegment>();
        foreach (var (span, record) in records.Within(range))
        {
            if (segments.Count > 0 && segments[^1].Record?.Units == record?.Units) segments[^1] = segments[^1] with { Span = new(segments[^1].Span.From, span.Until) };
            else segments.Add(new(span, record));
        }

        return segments.ToImmutable();
    }

    /// <summary>The same, with every change a day later; the first record is no change and stays where it is.</summary>
    internal CountTimeline DayLater() => new(records.DayLater((record, on) => record with { EffectiveOn = on }));

    /// <summary>Whether both say the same about every day, from the same records.</summary>
    public bool Equals(CountTimeline? other) => other is not null && records.SameAs(other.records);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CountTimeline);

    /// <inheritdoc/>
    public override int GetHashCode() => records.Hash();
}
