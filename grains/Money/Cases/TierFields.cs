using System.Text.Json;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating.Cases;

/// <summary>Price lists as a case has them: prices by tier, and flat fees by tiers of their own.</summary>
internal static class TierFields
{
    /// <summary>The price list of a case, or null where it has one price.</summary>
    /// <param name="unitPrice">What a unit costs where there are only fees.</param>
    public static RequestedTiers? Read(Fields fields, decimal unitPrice)
    {
        var kind = fields.Has("volume") ? TierKind.Volume : TierKind.Graduated;
        if (fields.Has("volume") && fields.Has("graduated")) fields.Say("volume", "A case is either graduated or by volume.");
        var prices = Prices(fields, "volume").Concat(Prices(fields, "graduated")).ToList();
        var fees = Fees(fields);
        if (prices.Count == 0 && fees.Count == 0) return null;
        if (prices.Count == 0) prices = [new(0m, null, unitPrice)];
        return new(kind, fees.Count == 0 ? [.. prices.Select(step => new RequestedTier(step.UpTo, step.Amount))] : Joined(kind, prices, fees));
    }

    /// <summary>Steps that begin wherever a price or a fee begins. A graduated fee belongs to the first of its steps, a volume fee to each.</summary>
    private static List<RequestedTier> Joined(TierKind kind, List<Step> prices, List<Step> fees) =>
        [.. prices.Concat(fees).Select(step => step.From).Distinct().Order().Select(from =>
        {
            var (price, fee) = (At(prices, from), At(fees, from));
            return new RequestedTier(Least(price.UpTo, fee.UpTo), price.Amount, kind == TierKind.Volume || fee.From == from ? fee.Amount : 0m);
        })];

    private static Step At(List<Step> steps, decimal from) => steps.LastOrDefault(step => step.From <= from) ?? steps[0];

    private static decimal? Least(decimal? one, decimal? other) => one is null ? other : other is null ? one : decimal.Min(one.Value, other.Value);

    /// <summary>Each from units, to units or nothing, price.</summary>
    private static IEnumerable<Step> Prices(Fields fields, string name)
    {
        decimal? from = 0m;
        foreach (var (item, index) in fields.List(name).Select((item, index) => (item, index)))
        {
            if (Numbers(item, 3) is not [{ } begins, var upTo, { } price] || (upTo is null && item[1].ValueKind != JsonValueKind.Null))
            {
                fields.Say($"{name}[{index}]", "A tier is a list of its first bound, its last bound or null, and its price.");
                yield break;
            }

            if (begins != from) fields.Say($"{name}[{index}]", $"This tier begins at {begins}, but the one before it ends at {(from is { } end ? end : "no bound")}.");
            from = upTo;
            yield return new(begins, upTo, price);
        }
    }

    /// <summary>Each up to units or nothing, amount.</summary>
    private static List<Step> Fees(Fields fields)
    {
        var (fees, from) = (new List<Step>(), 0m);
        foreach (var (item, index) in fields.List("flat_by_max_tier").Select((item, index) => (item, index)))
        {
            if (Numbers(item, 2) is not [var upTo, { } fee] || (upTo is null && item[0].ValueKind != JsonValueKind.Null))
            {
                fields.Say($"flat_by_max_tier[{index}]", "A fee is a list of its tier's last bound or null, and its amount.");
                break;
            }

            fees.Add(new(from, upTo, fee));
            from = upTo ?? from;
        }

        return fees;
    }

    private static decimal?[] Numbers(JsonElement item, int count) =>
        item.ValueKind == JsonValueKind.Array && item.GetArrayLength() == count ? [.. item.EnumerateArray().Select(Fields.NumberOf)] : [];

    private sealed record Step(decimal From, decimal? UpTo, decimal Amount);
}
