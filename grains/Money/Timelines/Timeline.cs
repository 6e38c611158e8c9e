using System.Collections.Immutable;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>A value that holds from a date until a later record. Of two records for one date the greater sequence wins.</summary>
internal interface IDatedRecord
{
    DateOnly EffectiveOn { get; }

    long Sequence { get; }
}

/// <summary>The winning record of every date, in order. What it says depends on the set of records, never on the order they came in.</summary>
internal sealed class Timeline<TRecord>
    where TRecord : class, IDatedRecord, IEquatable<TRecord>
{
    /// <summary>Dates one timeline may have: a change every day for 54 years.</summary>
    public const int DatesMax = 20_000;

    public static readonly Timeline<TRecord> Empty = new([]);

    private readonly ImmutableArray<TRecord> winners;

    private Timeline(ImmutableArray<TRecord> winners) => this.winners = winners;

    public static Timeline<TRecord> Of(IEnumerable<TRecord> records)
    {
        var winners = ImmutableArray.CreateBuilder<TRecord>();
        foreach (var record in InOrder([.. records]))
        {
            if (winners.Count > 0 && winners[^1].EffectiveOn == record.EffectiveOn) winners[^1] = Later(winners[^1], record);
            else winners.Add(record);
            Bound(winners.Count);
        }

        return new(winners.ToImmutable());
    }

    public Timeline<TRecord> With(TRecord record)
    {
        var index = IndexOn(record.EffectiveOn);
        if (index >= 0 && winners[index].EffectiveOn == record.EffectiveOn)
        {
            var later = Later(winners[index], record);
            return ReferenceEquals(later, winners[index]) ? this : new(winners.SetItem(index, later));
        }

        Bound(winners.Length + 1);
        return new(winners.Insert(index + 1, record));
    }

    /// <summary>The record that holds on the date, or null before the first.</summary>
    public TRecord? On(DateOnly date) => IndexOn(date) is >= 0 and var index ? winners[index] : null;

    /// <summary>The range cut where another record takes over.</summary>
    public IEnumerable<(DateRange Span, TRecord? Record)> Within(DateRange range)
    {
        var index = IndexOn(range.From);
        for (var from = range.From; from < range.Until; index++)
        {
            var until = index + 1 < winners.Length && winners[index + 1].EffectiveOn < range.Until ? winners[index + 1].EffectiveOn : range.Until;
            yield return (new(from, until), index >= 0 ? winners[index] : null);
            from = until;
        }
    }

    /// <summary>The records of dates up to and with this one.</summary>
    public Timeline<TRecord> Through(DateOnly date) => new(winners[..(IndexOn(date) + 1)]);

    /// <summary>Every record but the first, a day later.</summary>
    /// <param name="moved">A record on another date.</param>
    public Timeline<TRecord> DayLater(Func<TRecord, DateOnly, TRecord> moved) =>
        new([.. winners.Select((record, index) => index == 0 || record.EffectiveOn == DateOnly.MaxValue ? record : moved(record, record.EffectiveOn.AddDays(1)))]);

    public bool SameAs(Timeline<TRecord> other) => winners.AsSpan().SequenceEqual(other.winners.AsSpan());

    public int Hash() => HashCode.Combine(winners.Length, winners.Length > 0 ? winners[^1] : null);

    private int IndexOn(DateOnly date)
    {
        var (low, high) = (0, winners.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (winners[middle].EffectiveOn <= date) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    /// <summary>By date, then sequence: mostly they come so.</summary>
    private static IEnumerable<TRecord> InOrder(List<TRecord> records)
    {
        for (var i = 1; i < records.Count; i++)
        {
            if ((records[i - 1].EffectiveOn, records[i - 1].Sequence).CompareTo((records[i].EffectiveOn, records[i].Sequence)) > 0)
                return records.OrderBy(record => record.EffectiveOn).ThenBy(record => record.Sequence);
        }

        return records;
    }

    private static TRecord Later(TRecord known, TRecord arrived)
    {
        if (known.Sequence == arrived.Sequence && !known.Equals(arrived))
            throw new ArgumentException($"Two different records have the date {known.EffectiveOn:yyyy-MM-dd} and the sequence {known.Sequence}.", nameof(arrived));
        return arrived.Sequence > known.Sequence ? arrived : known;
    }

    private static void Bound(int dates)
    {
        if (dates > DatesMax) throw new ArgumentException($"A timeline has at most {DatesMax} dates.", nameof(dates));
    }
}
