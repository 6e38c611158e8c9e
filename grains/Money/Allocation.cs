using System.Collections.Immutable;
using System.Numerics;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>Splits one amount over departments or sites so that the parts sum to it. For spans of time use <see cref="Proration"/>, whose earlier parts never move.</summary>
public static class Allocation
{
    /// <summary>Parts one amount may be split into.</summary>
    public const int PartsMax = 10_000;

    /// <summary>Splits by weight, by largest remainder: leftover coins go to the parts that lost most by rounding down, the earlier first.</summary>
    /// <param name="weights">One per part, not all zero, at most <see cref="PartsMax"/>.</param>
    /// <exception cref="ArgumentException">No weight above zero, or too many.</exception>
    public static ImmutableArray<Money> ByWeight(Money amount, IReadOnlyList<Units> weights)
    {
        ArgumentNullException.ThrowIfNull(amount);
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Count > PartsMax) throw new ArgumentException($"At most {PartsMax} parts.", nameof(weights));
        var whole = weights.Aggregate(BigInteger.Zero, (sum, weight) => sum + Millionths(weight));
        if (whole.IsZero) throw new ArgumentException("Somebody must have a weight above zero.", nameof(weights));

        var coin = 1m / (decimal)Accrual.Pow10(amount.Currency.MinorUnits);
        var coins = new BigInteger(decimal.Abs(amount.Amount) / coin);
        var parts = weights.Select(weight => BigInteger.DivRem(coins * Millionths(weight), whole)).ToArray();
        var leftover = (int)(coins - parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part.Quotient));
        var luckier = parts.Select((part, index) => (part.Remainder, index)).OrderByDescending(part => part.Remainder).ThenBy(part => part.index)
            .Take(leftover).Select(part => part.index).ToHashSet();
        return [.. parts.Select((part, index) => Coins(part.Quotient + (luckier.Contains(index) ? 1 : 0)))];

        Money Coins(BigInteger count) => new(decimal.Sign(amount.Amount) * (decimal)count * coin, amount.Currency);
    }

    private static BigInteger Millionths(Units units) => new(units.Value * 1_000_000m);
}
