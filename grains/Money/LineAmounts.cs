using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>Gives the lines of one period and run their amounts, in order.</summary>
internal sealed class LineAmounts(LineTerms terms, DailyCharges posted, Money total)
{
    private readonly ProrationSettings settings = terms.Settings;
    private Accrual exact = posted.Exact();
    private Money rounded = total;

    public Money Of(DailyCharge change)
    {
        var weight = posted.Days.Weight(change.Span);
        if (settings.UnitPriceRounding == UnitPriceRounding.PerUnit)
            return Rounding.Round(change.Units * Rounding.Round(Accrual.Of(1m, change.Price, weight, posted.Days.Denominator), terms.Currency).Amount, terms.Currency);
        return Of(Accrual.Of(change.Units, change.Price, weight, posted.Days.Denominator));
    }

    public Money Of(PeriodCharge charge) => Of(Accrual.OfNumerator(charge.Numerator, posted.Days.Denominator));

    /// <summary>What no line carried: only a ledger that did not add up leaves it.</summary>
    public Money? Missing()
    {
        if (!settings.SumsToTotal) return null;
        var missing = Rounding.Round(exact, terms.Currency) - rounded;
        return missing.Amount == 0m ? null : missing;
    }

    /// <summary>Each amount is a difference of rounded cumulative totals, starting from what is posted: no coin is lost between lines.</summary>
    private Money Of(Accrual accrual)
    {
        if (!settings.SumsToTotal) return Rounding.Round(accrual, terms.Currency);
        exact += accrual;
        var after = Rounding.Round(exact, terms.Currency);
        var amount = after - rounded;
        rounded = after;
        return amount;
    }
}
