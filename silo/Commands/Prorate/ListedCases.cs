using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using UsageBilling.Grains.Prorating;
using UsageBilling.Grains.Prorating.Cases;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Silo.Commands.Prorate;

/// <summary>The three short lists beside the cases: roundings, boundaries of periods, and parts of periods.</summary>
internal static class ListedCases
{
    private const int PlacesMax = 15;
    private const int BoundariesMax = 1_000;

    private static readonly string[] Edges = ["from", "to", "period_start", "period_end"];

    /// <summary>One amount rounded, or split by largest remainder.</summary>
    public static CaseResult Rounding(JsonElement element) => Read(element, (fields, problems) =>
    {
        var rule = fields.Required("rule", fields.Text("rule"));
        var currency = CurrencyOf(fields);
        var amount = fields.Required("amount", fields.Number("amount"), 0m);
        var weights = fields.List("weights").Select(Fields.NumberOf).ToList();
        var keys = fields.List("keys").Select(key => key.ToString()).ToList();
        var parts = fields.Has("weights") ? fields.List("expected").Select(Fields.NumberOf).ToList() : [];
        var whole = fields.Has("weights") ? null : fields.Number("expected");
        if (!weights.TrueForAll(weight => weight is { } units && Units.IsValid(units))) fields.Say("weights", "Weights are numbers from 0 to 1,000,000,000 with at most six decimals.");
        if (keys.Count > 0 && keys.Count != weights.Count) fields.Say("keys", "There is one key for each weight.");
        if (rule is not ("half_up" or "largest_remainder")) fields.Say("rule", $"'{rule}' is none of half_up, largest_remainder.");
        if (rule == "largest_remainder" && !(weights.Exists(weight => weight > 0m) && decimal.Round(amount, currency.MinorUnits) == amount))
            fields.Say("amount", "Only whole coins are split, and somebody has a weight above zero.");
        if (decimal.Abs(amount) > Money.Largest) fields.Say("amount", "The amount is too large.");
        return () => rule == "half_up" ? Rounded(amount, currency, whole) : Split(new(amount, currency), [.. weights.Select(weight => new Units(weight!.Value))], keys, parts);
    });

    /// <summary>The first days of periods in a row.</summary>
    public static CaseResult Boundaries(JsonElement element) => Read(element, (fields, problems) =>
    {
        var type = fields.Required("type", fields.Text("type"));
        var every = Every(type);
        if (every is null) fields.Say("type", $"'{type}' is none of weekly, monthly, quarterly, semiannual, yearly.");
        var day = fields.Whole("anchor_day");
        if (day is < 1 or > 31) fields.Say("anchor_day", "A day of the month is 1 to 31.");
        var dates = new List<DateOnly>();
        foreach (var item in fields.List("boundaries"))
        {
            if (item.ValueKind == JsonValueKind.String && Fields.Day(item.GetString()) is { } date) dates.Add(date);
            else problems.Add(new(Problem.DateInvalid, $"boundaries[{dates.Count}]", $"{item.GetRawText()} is not a day of the years 1900 to 2999, written like \"2026-06-30\"."));
        }

        if (dates.Count is 0 or > BoundariesMax) fields.Say("boundaries", $"There must be 1 to {BoundariesMax} dates.");
        var cadence = problems.Count > 0 ? null : day is { } anchor && every != BillingPeriod.Weekly ? CadenceAlignment.OnDay(every!.Value, anchor, dates[0]) : new(every!.Value, dates[0]);
        if (problems.Count == 0 && cadence is null) fields.Say("anchor_day", $"No {type} period that is meant to begin on day {day} begins on {CaseResult.Text(dates[0])}.");
        return () => Listed(cadence!, dates);
    });

    /// <summary>The part of a period that some of its days are.</summary>
    public static CaseResult Ratio(JsonElement element) => Read(element, (fields, problems) =>
    {
        DateOnly[] dates = [.. Edges.Select(name => fields.Required(name, fields.Date(name), DateOnly.MinValue))];
        var (expected, places, fraction) = (fields.Number("expected_ratio"), fields.Whole("places") ?? PlacesMax, fields.Text("expected_fraction"));
        if (places is < 0 or > PlacesMax) fields.Say("places", $"Places are 0 to {PlacesMax}.");
        if (fraction is not null && Fraction(fraction) is null) fields.Say("expected_fraction", $"'{fraction}' is no fraction, like 25/28.");
        if (problems.Count == 0 && !(dates[2] <= dates[0] && dates[0] < dates[1] && dates[1] <= dates[3] && dates[3].DayNumber - dates[2].DayNumber <= AlignedPeriod.DaysMax))
            fields.Say("from", $"The days must lie in their period, which has at most {AlignedPeriod.DaysMax}.");
        return () => Part(dates, expected, places, fraction);
    });

    private static CaseResult Read(JsonElement element, Func<Fields, List<Problem>, Func<(bool? Matches, JsonObject Json)>> read)
    {
        var problems = new List<Problem>();
        var fields = new Fields(element, "", problems);
        var id = fields.Text("id");
        fields.Ignore("source", "computed", "note", "description", "tags");
        var compute = read(fields, problems);
        fields.Finish();
        if (problems.Count > 0) return CaseResult.Refused(id, problems);
        var (matches, json) = compute();
        var result = new JsonObject { ["id"] = id };
        foreach (var (name, value) in json) result[name] = value?.DeepClone();
        result["matches"] = matches;
        return new(result, matches, matches != false);
    }

    private static (bool?, JsonObject) Rounded(decimal amount, Currency currency, decimal? expected)
    {
        var rounded = Grains.Prorating.Rounding.Round(amount, currency).Amount;
        return (expected is null ? null : expected == rounded, new() { ["amount"] = CaseResult.Text(rounded, currency) });
    }

    /// <summary>Where keys are given, leftover coins go by key before they go by order.</summary>
    private static (bool?, JsonObject) Split(Money amount, Units[] weights, List<string> keys, List<decimal?> expected)
    {
        int[] order = [.. Enumerable.Range(0, weights.Length)];
        if (keys.Count > 0) order = [.. order.OrderBy(index => keys[index], StringComparer.Ordinal)];
        var parts = new decimal[weights.Length];
        foreach (var (index, part) in order.Zip(Allocation.ByWeight(amount, [.. order.Select(index => weights[index])]))) parts[index] = part.Amount;
        return (
            expected.Count == 0 ? null : expected.SequenceEqual(parts.Select(part => (decimal?)part)),
            new() { ["amounts"] = new JsonArray([.. parts.Select(part => JsonValue.Create(CaseResult.Text(part, amount.Currency)))]) });
    }

    private static (bool?, JsonObject) Listed(BillingCadence cadence, List<DateOnly> expected)
    {
        var first = cadence.PeriodContaining(expected[0]).Number;
        DateOnly[] dates = [.. expected.Select((_, index) => cadence.Boundary(first + index))];
        return (dates.SequenceEqual(expected), new() { ["boundaries"] = new JsonArray([.. dates.Select(date => JsonValue.Create(CaseResult.Text(date)))]) });
    }

    private static (bool?, JsonObject) Part(DateOnly[] dates, decimal? expected, int places, string? fraction)
    {
        var (days, whole) = (dates[1].DayNumber - dates[0].DayNumber, dates[3].DayNumber - dates[2].DayNumber);
        var shared = (int)BigInteger.GreatestCommonDivisor(days, whole);
        var ratio = (decimal)days / whole;
        bool? near = expected is null ? null : decimal.Round(ratio - expected.Value, places) == 0m;
        bool? same = fraction is null ? null : Fraction(fraction) is var (numerator, denominator) && numerator * whole == denominator * days;
        return (near is null && same is null ? null : near != false && same != false, new()
        {
            ["fraction"] = string.Create(CultureInfo.InvariantCulture, $"{days / shared}/{whole / shared}"),
            ["ratio"] = decimal.Round(ratio, places, MidpointRounding.AwayFromZero).ToString(CultureInfo.InvariantCulture),
        });
    }

    private static (BigInteger Numerator, BigInteger Denominator)? Fraction(string text) =>
        text.Split('/') is [var above, .. var below] && below.Length < 2
        && BigInteger.TryParse(above, NumberStyles.None, CultureInfo.InvariantCulture, out var numerator)
        && BigInteger.TryParse(below.Length == 0 ? "1" : below[0], NumberStyles.None, CultureInfo.InvariantCulture, out var denominator) && denominator > 0
            ? (numerator, denominator)
            : null;

    private static BillingPeriod? Every(string type) => type switch
    {
        "weekly" => BillingPeriod.Weekly,
        "monthly" => BillingPeriod.Monthly,
        "quarterly" => BillingPeriod.Quarterly,
        "semiannual" or "semi_annual" or "semi-annual" => BillingPeriod.SemiAnnual,
        "yearly" or "annual" => BillingPeriod.Yearly,
        _ => null,
    };

    private static Currency CurrencyOf(Fields fields)
    {
        var code = fields.Required("currency", fields.Text("currency"));
        if (Currency.TryParse(code, out var currency)) return currency;
        if (code.Length > 0) fields.Say("currency", $"'{code}' is not a currency of ISO 4217.");
        return Currency.Of("USD");
    }
}
