using System.Collections;
using System.Runtime.CompilerServices;

namespace UsageBilling.Interfaces.Values;

/// <summary>An immutable list that is equal to another with the same items in the same order, so that whole decisions can be compared.</summary>
[CollectionBuilder(typeof(Sequence), nameof(Sequence.Of))]
public sealed class Sequence<T> : IReadOnlyList<T>, IEquatable<Sequence<T>>
{
    private readonly T[] items;

    internal Sequence(T[] items) => this.items = items;

    /// <inheritdoc/>
    public T this[int index] => items[index];

    /// <inheritdoc/>
    public int Count => items.Length;

    /// <summary>This sequence with one more item at the end.</summary>
    public Sequence<T> With(T item) => new([.. items, item]);

    /// <inheritdoc/>
    public bool Equals(Sequence<T>? other) => other is not null && items.AsSpan().SequenceEqual(other.items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Sequence<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => items.Aggregate(items.Length, (hash, item) => HashCode.Combine(hash, item));

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", items)}]";
}

/// <summary>Makes sequences.</summary>
public static class Sequence
{
    /// <summary>Copies the items; what collection expressions call.</summary>
    public static Sequence<T> Of<T>(ReadOnlySpan<T> items) => new(items.ToArray());

    /// <summary>Copies the items of an enumeration.</summary>
    public static Sequence<T> From<T>(IEnumerable<T> items) => new([.. items]);
}
