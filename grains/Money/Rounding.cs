using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>Rounds half away from zero to the smallest coin of a currency, once. Ratios, quantities and unit prices are never rounded.</summary>
public static class Rounding
{
    /// <summary>The exact amount as money. Dividing and rounding are one step of whole numbers, so a tie is seen as a tie.</summary>
    public static Money Round(Accrual accrual, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(accrual);
        ArgumentNullException.ThrowIfNull(currency);
        var coins = DivideHalfAwayFromZero(accrual.Numerator, accrual.Denominator * Accrual.Pow10(Accrual.Decimals - currency.MinorUnits));
        return new((decimal)coins / (decimal)Accrual.Pow10(currency.MinorUnits), currency);
    }

    /// <summary>A decimal amount as money.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Beyond <see cref="Money.Largest"/>.</exception>
    public static Money Round(decimal amount, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(currency);
        return new(decimal.Round(amount, currency.MinorUnits, MidpointRounding.AwayFromZero), currency);
    }

    private static Int128 DivideHalfAwayFromZero(Int128 dividend, Int128 divisor)
    {
        var (quotient, remainder) = Int128.DivRem(Int128.Abs(dividend), divisor);
        if (remainder * 2 >= divisor) quotient++;
        return Int128.IsNegative(dividend) ? -quotient : quotient;
    }
}
