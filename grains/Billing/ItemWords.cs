using System.Globalization;
using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Billing;

/// <summary>What is billed, in words that a customer understands.</summary>
public static class ItemWords
{
    /// <summary>The line's newest count is in doubt.</summary>
    public const string Held = "The line is held: it bills on with its last accepted count.";

    /// <summary>
    /// For example <c>+1 × Spanning standard licence, 10 Jun – 30 Jun, 21 of 30 days</c>. The days are inclusive; their number is told when they are
    /// not the whole period, and years when the days are not all of one.
    /// </summary>
    /// <param name="kind"><c>charge</c>, <c>adjustment</c>, <c>reversal</c> or <c>again</c>.</param>
    /// <param name="units">Signed; a charge shows no plus.</param>
    public static string Of(string kind, string line, DateRange period, DateRange days, decimal units)
    {
        ArgumentNullException.ThrowIfNull(period);
        ArgumentNullException.ThrowIfNull(days);
        var text = $"{Units(units, signed: kind != "charge")} × {line}, {Days(days)}";
        if (days.Days != period.Days) text += string.Create(CultureInfo.InvariantCulture, $", {days.Days} of {period.Days} days");
        return kind switch
        {
            "reversal" => text + ", reversed",
            "again" => text + ", again after it was reversed",
            _ => text,
        };
    }

    /// <summary>The same of a line that was computed and is not posted.</summary>
    /// <param name="first">Whether it is of the first posting of its period.</param>
    /// <param name="name">What is billed; null for its price.</param>
    public static string Of(ProrationLine line, bool first, string? name)
    {
        ArgumentNullException.ThrowIfNull(line);
        var price = $"{line.UnitPrice} {line.Amount.Currency}";
        var what = line.Kind switch
        {
            ChargeKind.FlatFee => $"flat fee of {price}",
            ChargeKind.Commitment => $"commitment of {price}",
            _ => string.IsNullOrWhiteSpace(name) ? price : name,
        };
        return line.Kind == ChargeKind.Correction
            ? $"Correction, {Days(line.Span)}"
            : Of(first ? "charge" : "adjustment", what, line.Period.Span, line.Span, line.DeltaUnits);
    }

    /// <summary>Why an item stays out of a posting, and what to do about it.</summary>
    /// <param name="code">One of <see cref="BlockReason"/>.</param>
    public static string Block(string code) => code switch
    {
        BlockReason.ContractInactive => "The contract is inactive in the PSA: activate it there and import, or end the line.",
        BlockReason.AccountInactive => "The account is inactive in the PSA: activate it there and import, or end the line.",
        BlockReason.PsaRefused => "The PSA refused the line's units: see its intent, and release it once the reason is gone.",
        BlockReason.PsaUnconfirmed => "Nobody can say whether the PSA has the line's units: compare them there, then release its intent.",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Is not a reason that blocks an item."),
    };

    /// <summary>Why a person should look at a contract before a plan is applied.</summary>
    /// <param name="code">One of <see cref="AttentionCode"/>.</param>
    public static string Attention(string code) => code switch
    {
        AttentionCode.LimitsNone => "Something is adjusted, and the msp has no limits within which that needs nobody.",
        AttentionCode.OverAmount => "The adjustments are more than the msp's amount.",
        AttentionCode.OverPercent => "The adjustments of a period are more than the msp's share of the regular charge.",
        AttentionCode.ReversedBefore => "Something is posted again that somebody had reversed.",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Is not a reason for a person to look."),
    };

    private static string Units(decimal units, bool signed)
    {
        var number = decimal.Abs(units).ToString("0.######", CultureInfo.InvariantCulture);
        return units < 0m ? "−" + number : signed ? "+" + number : number;
    }

    private static string Days(DateRange days)
    {
        var last = days.Until.AddDays(-1);
        if (last == days.From) return Date(last, "d MMM yyyy");
        var format = last.Year == days.From.Year ? "d MMM" : "d MMM yyyy";
        return $"{Date(days.From, format)} – {Date(last, format)}";
    }

    private static string Date(DateOnly date, string format) => date.ToString(format, CultureInfo.InvariantCulture);
}
