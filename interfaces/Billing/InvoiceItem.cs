using System.Globalization;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Interfaces.Billing;

/// <summary>What one line of an invoice is about: one entry of the ledger.</summary>
/// <param name="Service">The service line's name.</param>
/// <param name="Kind"><c>charge</c>, <c>adjustment</c>, <c>reversal</c> or <c>again</c>.</param>
/// <param name="Period">The full billing period.</param>
/// <param name="Days">The days of it that the amount is for.</param>
/// <param name="Units">How many; fewer than none when something is taken back.</param>
public sealed record InvoiceItem(string Service, string Kind, DateRange Period, DateRange Days, decimal Units)
{
    /// <summary>What the customer reads: <c>Spanning Backup: 3 more (10 of 30 days)</c>.</summary>
    /// <exception cref="InvalidOperationException">No ledger has entries of that kind.</exception>
    public string Words() => Kind switch
    {
        "charge" => Service + Part(),
        "adjustment" => $"{Service}: {More()}{Part()}",
        "reversal" => $"{Service}: reversal{Part()}",
        "again" => $"{Service}: billed again{Part()}",
        _ => throw new InvalidOperationException($"{Kind} is no kind of entry."),
    };

    /// <summary>The days that the amount is for, both ends included: <c>21 Nov 2026 to 30 Nov 2026</c>.</summary>
    public static string Span(DateRange days)
    {
        ArgumentNullException.ThrowIfNull(days);
        return days.Days == 1 ? Date(days.From) : $"{Date(days.From)} to {Date(days.Until.AddDays(-1))}";
    }

    /// <summary>A date that nobody reads the other way round: <c>3 Nov 2026</c>.</summary>
    public static string Date(DateOnly date) => date.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private string More() => Units switch
    {
        > 0 => $"{Number(Units)} more",
        < 0 => $"{Number(-Units)} fewer",
        _ => "adjustment",
    };

    /// <summary>Says how much of the period it is when it is not the whole of it: that is why the amount is not units times price.</summary>
    private string Part() => Days == Period ? "" : string.Create(CultureInfo.InvariantCulture, $" ({Days.Days} of {Period.Days} days)");

    private static string Number(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
