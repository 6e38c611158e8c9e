using System.Globalization;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>An exact amount: the sum of units × price × days, over the days of the full period. It is divided once, when it is rounded.</summary>
/// <remarks>
/// Decimal does not suffice: a billion units at a billion, with six decimals each, need thirty digits. Int128 does: 10^15 millionths of
/// units × 10^15 millionths of price × 366 days is 3.66 × 10^32, and <see cref="TermsMax"/> of those stay below its 1.7 × 10^38. Months
/// first has denominators up to 323,640; of its largest terms five hundred still fit, and what does not fit throws.
/// </remarks>
public sealed record Accrual
{
    /// <summary>The numerator counts in 10^−12 of the currency unit: six decimals of units and six of price.</summary>
    public const int Decimals = Units.DecimalsMax + UnitPrice.DecimalsMax;

    /// <summary>Accruals that can be added without any chance of overflow.</summary>
    public const int TermsMax = 400_000;

    private static readonly Int128[] Powers = [.. PowersOfTen()];

    private Accrual(Int128 numerator, int denominator)
    {
        Numerator = numerator;
        Denominator = denominator;
    }

    /// <summary>In 10^−12 of the currency unit, times days.</summary>
    public Int128 Numerator { get; private init; }

    /// <summary>What the full period weighs: its days, or what its day count makes of them.</summary>
    public int Denominator { get; }

    /// <summary>Nothing, in a period of so many days.</summary>
    public static Accrual Zero(int daysInPeriod) => OfNumerator(Int128.Zero, daysInPeriod);

    /// <summary>Units at a price for some days of a period.</summary>
    /// <param name="units">Units or a difference of units: ±1,000,000,000 with at most six decimals.</param>
    /// <param name="days">0 to <paramref name="daysInPeriod"/>.</param>
    /// <param name="daysInPeriod">What the full period weighs.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside those ranges.</exception>
    public static Accrual Of(decimal units, UnitPrice price, int days, int daysInPeriod)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, daysInPeriod);
        return OfNumerator(NumeratorOf(units, price, days), daysInPeriod);
    }

    /// <summary>Adds two accruals of periods of the same length.</summary>
    /// <exception cref="InvalidOperationException">The periods differ in length.</exception>
    public static Accrual operator +(Accrual left, Accrual right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Denominator != right.Denominator) throw new InvalidOperationException($"Accruals over {left.Denominator} and {right.Denominator} days cannot be added.");
        return left with { Numerator = left.Numerator + right.Numerator };
    }

    /// <summary>Adds two accruals of periods of the same length.</summary>
    public static Accrual Add(Accrual left, Accrual right) => left + right;

    /// <summary>The numerator in currency units times days, exact, without trailing zeros: <c>8100</c> of <c>8100/31</c>.</summary>
    public string NumeratorText()
    {
        var (whole, fraction) = Int128.DivRem(Int128.Abs(Numerator), Pow10(Decimals));
        var digits = fraction.ToString(CultureInfo.InvariantCulture).PadLeft(Decimals, '0').TrimEnd('0');
        return (Int128.IsNegative(Numerator) ? "-" : "") + whole.ToString(CultureInfo.InvariantCulture) + (digits.Length > 0 ? "." + digits : "");
    }

    /// <summary>The fraction as it is: <c>8100/31</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{NumeratorText()}/{Denominator}");

    internal static Accrual OfNumerator(Int128 numerator, int daysInPeriod)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(daysInPeriod, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(daysInPeriod, PeriodDays.DenominatorMax);
        return new(numerator, daysInPeriod);
    }

    /// <summary>The numerator alone: what is summed up needs no object for each part.</summary>
    internal static Int128 NumeratorOf(decimal units, UnitPrice price, int days) => Units.IsValid(decimal.Abs(units))
        ? Millionths(units) * Millionths(price.Value) * days
        : throw new ArgumentOutOfRangeException(nameof(units), units, "A difference of units stays within ±1,000,000,000 with at most six decimals.");

    internal static Int128 Pow10(int exponent) => Powers[exponent];

    internal static Int128 Millionths(decimal value) => (Int128)(value * 1_000_000m);

    private static IEnumerable<Int128> PowersOfTen()
    {
        var power = Int128.One;
        for (var exponent = 0; exponent <= Decimals; exponent++)
        {
            yield return power;
            power *= 10;
        }
    }
}
