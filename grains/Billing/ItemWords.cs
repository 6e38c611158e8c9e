using System.Globalization;
using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Billing;

/// <summary>What is billed, in words that a customer understands.</summary>
public static class ItemWords
{
    private const string Commitment = "commitment";
    private const string FlatFee = "flat_fee";

    /// <summary>The line's newest count is in doubt.</summary>
    public const string Held = "The line is held: it bills on with its last accepted count.";

    /// <summary>
    /// For example <c>+1 × Spanning standard licence, 10 Jun – 30 Jun, 21 of 30 days</c>. The days are inclusive; their number is told when they are
    /// not the whole period, and years when the days are not all of one.
    /// </summary>
    public static string Of(WordedItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var text = $"{What(item)}, {Days(item.Days)}";
        if (item.Days.Days != item.Period.Days) text += string.Create(CultureInfo.InvariantCulture, $", {item.Days.Days} of {item.Period.Days} days");
        return item.Kind switch
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
        if (line.Kind == ChargeKind.Correction) return $"Correction, {Days(line.Span)}";
        var chargedFor = line.Kind switch
        {
            ChargeKind.FlatFee => FlatFee,
            ChargeKind.Commitment => Commitment,
            _ => null,
        };
        var what = !string.IsNullOrWhiteSpace(name) ? name : chargedFor is null ? $"{line.UnitPrice} {line.Amount.Currency}" : "";
        return Of(new(first ? "charge" : "adjustment", what, line.Period.Span, line.Span, line.DeltaUnits, line.UnitPrice, line.Amount.Currency, chargedFor));
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

    /// <summary>What usage lacks of a commitment is money, not units of it.</summary>
    private static string What(WordedItem item)
    {
        var (of, once) = (item.Line.Length > 0 ? $"{item.Line}, " : "", $"{item.Price} {item.Currency}");
        return item.ChargedFor switch
        {
            Commitment => $"{of}shortfall of the commitment of {once}",
            FlatFee => $"{Units(item)} × {of}flat fee of {once}",
            _ => $"{Units(item)} × {item.Line}",
        };
    }

    private static string Units(WordedItem item) => Units(item.Units, signed: item.Kind != "charge");

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
