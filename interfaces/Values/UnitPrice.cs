using System.Globalization;

namespace UsageBilling.Interfaces.Values;

/// <summary>The price of one unit for one full billing period, in the currency of its service line. Never negative.</summary>
/// <remarks>Range 0 to 1,000,000,000 with at most six decimals: finer than a coin, because price lists are.</remarks>
public readonly record struct UnitPrice : IComparable<UnitPrice>
{
    /// <summary>The largest price of one unit.</summary>
    public const decimal Largest = 1_000_000_000m;

    /// <summary>Decimals kept.</summary>
    public const int DecimalsMax = 6;

    /// <summary>Wraps a price that is already known to be in range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside 0 to <see cref="Largest"/>, or more than six decimals.</exception>
    public UnitPrice(decimal value)
    {
        if (!IsValid(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "A unit price runs from 0 to 1,000,000,000 with at most six decimals.");
        Value = value;
    }

    /// <summary>In currency units per unit and period.</summary>
    public decimal Value { get; }

    /// <summary>Whether a number read from outside may become a price.</summary>
    public static bool IsValid(decimal value) => value >= 0m && value <= Largest && decimal.Round(value, DecimalsMax) == value;

    /// <summary>Orders by price.</summary>
    public int CompareTo(UnitPrice other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left is cheaper.</summary>
    public static bool operator <(UnitPrice left, UnitPrice right) => left.Value < right.Value;

    /// <summary>Whether the left is dearer.</summary>
    public static bool operator >(UnitPrice left, UnitPrice right) => left.Value > right.Value;

    /// <summary>Whether the left is cheaper or equal.</summary>
    public static bool operator <=(UnitPrice left, UnitPrice right) => left.Value <= right.Value;

    /// <summary>Whether the left is dearer or equal.</summary>
    public static bool operator >=(UnitPrice left, UnitPrice right) => left.Value >= right.Value;

    /// <summary>The number without trailing zeros, in the invariant culture.</summary>
    public override string ToString() => Value.ToString("0.######", CultureInfo.InvariantCulture);
}
