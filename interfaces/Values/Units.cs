using System.Globalization;

namespace UsageBilling.Interfaces.Values;

/// <summary>How much of a metric was consumed, or how many units a service line bills. Never negative.</summary>
/// <remarks>Range 0 to 1,000,000,000 with at most six decimals (capacities are fractional; licences are whole).</remarks>
public readonly record struct Units : IComparable<Units>
{
    /// <summary>The largest number of units one metric or line may have.</summary>
    public const decimal Largest = 1_000_000_000m;

    /// <summary>Decimals kept.</summary>
    public const int DecimalsMax = 6;

    /// <summary>Wraps a value that is already known to be in range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside 0 to <see cref="Largest"/>, or more than six decimals.</exception>
    public Units(decimal value)
    {
        if (!IsValid(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "Units run from 0 to 1,000,000,000 with at most six decimals.");
        Value = value;
    }

    /// <summary>The number itself.</summary>
    public decimal Value { get; }

    /// <summary>No units at all: a real, confirmed zero, never a missing count.</summary>
    public static Units Zero => new(0m);

    /// <summary>Whether a number read from outside may become units.</summary>
    public static bool IsValid(decimal value) => value >= 0m && value <= Largest && decimal.Round(value, DecimalsMax) == value;

    /// <summary>Adds; throws when the sum leaves the range.</summary>
    public static Units operator +(Units left, Units right) => new(left.Value + right.Value);

    /// <summary>Adds; throws when the sum leaves the range.</summary>
    public static Units Add(Units left, Units right) => left + right;

    /// <summary>Orders by number.</summary>
    public int CompareTo(Units other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left is smaller.</summary>
    public static bool operator <(Units left, Units right) => left.Value < right.Value;

    /// <summary>Whether the left is larger.</summary>
    public static bool operator >(Units left, Units right) => left.Value > right.Value;

    /// <summary>Whether the left is smaller or equal.</summary>
    public static bool operator <=(Units left, Units right) => left.Value <= right.Value;

    /// <summary>Whether the left is larger or equal.</summary>
    public static bool operator >=(Units left, Units right) => left.Value >= right.Value;

    /// <summary>Equal numbers are equal units: 3 and 3.0 are the same.</summary>
    public bool Equals(Units other) => Value == other.Value;

    /// <summary>Agrees with <see cref="Equals(Units)"/>.</summary>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>The number without trailing zeros, in the invariant culture.</summary>
    public override string ToString() => Value.ToString("0.######", CultureInfo.InvariantCulture);
}
