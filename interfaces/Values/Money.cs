using System.Globalization;

namespace UsageBilling.Interfaces.Values;

/// <summary>An amount that can be posted: whole minor units of one currency, negative for a credit.</summary>
/// <remarks>Prices per unit may be finer; they are <see cref="UnitPrice"/>.</remarks>
public sealed record Money
{
    /// <summary>The largest amount, in either direction: a thousand lines of the largest units at the largest price.</summary>
    public const decimal Largest = 1_000_000_000_000_000_000_000m;

    /// <summary>Wraps an amount that is already rounded.</summary>
    /// <param name="amount">In currency units, within ±<see cref="Largest"/>, with no more decimals than the currency has.</param>
    /// <exception cref="ArgumentOutOfRangeException">Too large, or finer than the currency's smallest coin.</exception>
    public Money(decimal amount, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(currency);
        if (amount is < -Largest or > Largest || decimal.Round(amount, currency.MinorUnits) != amount)
            throw new ArgumentOutOfRangeException(nameof(amount), amount, $"Money in {currency} has at most {currency.MinorUnits} decimals and stays within 10^21.");
        Amount = amount;
        Currency = currency;
    }

    /// <summary>In currency units, not in cents.</summary>
    public decimal Amount { get; }

    /// <summary>What the amount is counted in.</summary>
    public Currency Currency { get; }

    /// <summary>Nothing, in a currency.</summary>
    public static Money Zero(Currency currency) => new(0m, currency);

    /// <summary>The sum of amounts in one currency; zero of that currency when there are none.</summary>
    /// <exception cref="InvalidOperationException">One of them is in another currency.</exception>
    public static Money Sum(IEnumerable<Money> amounts, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        return amounts.Aggregate(Zero(currency), (total, amount) => total + amount);
    }

    /// <summary>Adds two amounts of one currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator +(Money left, Money right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Currency != right.Currency) throw new InvalidOperationException($"{left.Currency} and {right.Currency} cannot be added.");
        return new(left.Amount + right.Amount, left.Currency);
    }

    /// <summary>Subtracts an amount of the same currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator -(Money left, Money right) => left + -right;

    /// <summary>The opposite amount: what refunds it.</summary>
    public static Money operator -(Money amount)
    {
        ArgumentNullException.ThrowIfNull(amount);
        return new(-amount.Amount, amount.Currency);
    }

    /// <summary>Adds two amounts of one currency.</summary>
    public static Money Add(Money left, Money right) => left + right;

    /// <summary>Subtracts an amount of the same currency.</summary>
    public static Money Subtract(Money left, Money right) => left - right;

    /// <summary>The opposite amount: what refunds it.</summary>
    public static Money Negate(Money amount) => -amount;

    /// <summary>The amount with all decimals of its currency, then the code: <c>3.226 KWD</c>.</summary>
    public override string ToString() => $"{Amount.ToString("F" + Currency.MinorUnits, CultureInfo.InvariantCulture)} {Currency}";
}
