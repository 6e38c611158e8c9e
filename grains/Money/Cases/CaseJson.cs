using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating.Cases;

/// <summary>Writes a request down as a case, which <see cref="ProrationCase.FromJson"/> reads and <c>./prorate</c> computes.</summary>
public static class CaseJson
{
    /// <summary>A case of one period that is posted, and then corrected by each later run.</summary>
    /// <param name="expected">The lines of every run, as somebody posted them.</param>
    /// <param name="total">Their sum.</param>
    public static JsonObject Of(string id, string description, ProrationRequest request, IEnumerable<ExpectedLine> expected, Money total)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(total);
        var json = new JsonObject
        {
            ["id"] = id,
            ["description"] = description,
            ["mode"] = "advance_delta",
            ["convention"] = "actual_days_of_aligned_period",
            ["currency"] = request.Currency,
            ["period_start"] = Text(request.Periods[0].From),
            ["period_end"] = Text(request.Periods[0].Until),
            ["unit_price"] = Text(request.UnitPrice),
            ["changes"] = new JsonArray([.. request.Changes.Select(change => new JsonObject { ["date"] = Text(change.On), ["units"] = Text(change.Units), ["event"] = change.Run })]),
            ["price_changes"] = new JsonArray([.. request.PriceChanges.Select(Price)]),
        };
        if (request.ServiceFrom is { } from) json["service_start"] = Text(from);
        if (request.ServiceUntil is { } until) json["service_end"] = Text(until);
        AddNumbers(json, [("initial_units", request.InitialUnits), ("minimum", request.Minimum), ("maximum", request.Maximum), ("included", request.Included), ("commitment", request.Commitment)]);
        if (request.PostedWith is { } before) json["posted_with"] = PostedWith(before);
        AddTiers(json, request.Tiers);
        json["settings"] = Settings(request.Settings);
        json["expected"] = new JsonArray([.. expected.Select(line => Line(line, total.Currency))]);
        json["total"] = Text(total.Amount, total.Currency);
        json["engine_default_matches"] = true;
        return json;
    }

    /// <summary>The words of every setting.</summary>
    public static JsonObject Settings(ProrationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var json = new JsonObject
        {
            ["change_day"] = Word(settings.ChangeDay),
            ["day_count"] = Word(settings.DayCount),
            ["line_style"] = Word(settings.LineStyle),
            ["rounding"] = Word(settings.Rounding),
            ["unit_price_rounding"] = Word(settings.UnitPriceRounding),
            ["increases"] = Word(settings.Increases),
            ["decreases"] = Word(settings.Decreases),
            ["mode"] = Word(settings.Mode),
        };
        if (settings.ClosedPeriodsBackMax is { } most) json["closed_periods_back_max"] = most;
        return json;
    }

    private static JsonObject PostedWith(RequestedTerms before)
    {
        var json = new JsonObject();
        AddNumbers(json, [("minimum", before.Minimum), ("maximum", before.Maximum), ("included", before.Included), ("commitment", before.Commitment)]);
        if (before.Settings is { } settings) json["settings"] = Settings(settings);
        return json;
    }

    private static void AddNumbers(JsonObject json, (string Name, decimal? Number)[] numbers)
    {
        foreach (var (name, number) in numbers)
            if (number is { } value) json[name] = Text(value);
    }

    private static JsonObject Price(RequestedPrice change)
    {
        var json = new JsonObject { ["date"] = Text(change.On), ["unit_price"] = Text(change.UnitPrice), ["event"] = change.Run };
        AddTiers(json, change.Tiers);
        return json;
    }

    private static void AddTiers(JsonObject json, RequestedTiers? tiers)
    {
        if (tiers is null) return;
        var steps = tiers.Steps.Select((step, index) => (From: index == 0 ? 0m : tiers.Steps[index - 1].UpTo ?? 0m, Step: step)).ToList();
        json[tiers.Kind == TierKind.Volume ? "volume" : "graduated"] = new JsonArray([.. steps.Select(step => new JsonArray(Text(step.From), Text(step.Step.UpTo), Text(step.Step.Price)))]);
        if (tiers.Steps.Any(step => step.FlatFee != 0m)) json["flat_by_max_tier"] = new JsonArray([.. tiers.Steps.Select(step => new JsonArray(Text(step.UpTo), Text(step.FlatFee)))]);
    }

    private static JsonObject Line(ExpectedLine line, Currency currency)
    {
        var json = new JsonObject { ["from"] = Text(line.From), ["to"] = Text(line.Until), ["units"] = Text(line.Units), ["amount"] = Text(line.Amount, currency), ["event"] = line.Run };
        if (line.UnitPrice is { } price) json["unit_price"] = Text(price);
        return json;
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    private static string? Text(decimal? number) => number is { } value ? Text(value) : null;

    private static string Text(decimal amount, Currency currency) => amount.ToString("F" + currency.MinorUnits, CultureInfo.InvariantCulture);
}
