using System.Globalization;
using System.Text.Json;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Api.Resources;

/// <summary>How values are spelled in JSON.</summary>
internal static class Words
{
    /// <summary>An enumeration's member in snake_case.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The member that a word spells, or null.</summary>
    public static T? Parse<T>(string word)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (Of(value) == word) return value;
        return null;
    }

    /// <summary>Every word of an enumeration, for sentences.</summary>
    public static string All<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Of));

    /// <summary>A number without trailing zeros.</summary>
    public static string Number(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>The same, or null.</summary>
    public static string? MaybeNumber(decimal? number) => number is { } known ? Number(known) : null;

    /// <summary>Money with the decimals of its currency at least: a price per unit may have more.</summary>
    public static string Amount(decimal amount, string currency)
    {
        var minor = Currency.TryParse(currency, out var known) ? known.MinorUnits : 0;
        return amount.ToString($"0.{new string('0', minor)}{new string('#', 6 - minor)}", CultureInfo.InvariantCulture);
    }

    /// <summary>Units from their text, or null when it is not the text of units.</summary>
    public static Units? Units(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && Interfaces.Values.Units.IsValid(number)
            ? new Units(number)
            : null;

    /// <summary>Why a line keeps its last accepted count, for a clerk.</summary>
    public static string Hold(string reason, DateOnly night, decimal previous, decimal? proposed)
    {
        var on = night.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var cause = reason switch
        {
            HoldReason.CountMissing => $"The source gave no number for {on}.",
            HoldReason.TenantMissing => $"A tenant was not in the source's list on {on}.",
            HoldReason.ReadFailed => $"The source could not be read for {on}.",
            HoldReason.ProductTotalDrop => $"The product's total over all tenants fell by more than the limit on {on}.",
            HoldReason.MovedTooFar => $"From {on} the count would move from {Number(previous)} to {MaybeNumber(proposed)} units, more than the limits allow.",
            HoldReason.DroppedToZero => $"From {on} the count would drop from {Number(previous)} units to zero.",
            HoldReason.GapTooLong => $"Too many nights were missed before {on} to believe the count without a look.",
            HoldReason.NotFed => $"The feed was told nothing for {on}.",
            _ => $"The count of {on} is doubtful.",
        };
        var until = proposed is null ? "the source gives a number or somebody says which count is right" : "two further reads agree or somebody releases it";
        return $"{cause} The line keeps {Number(previous)} units until {until}.";
    }
}
