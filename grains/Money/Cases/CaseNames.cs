using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating.Cases;

/// <summary>What a case calls the parts of its request: where the shape has several ways to say something, the one that was used.</summary>
internal sealed class CaseNames
{
    public static readonly CaseNames None = new([]);

    private readonly Dictionary<string, string> names;

    private CaseNames(Dictionary<string, string> names) => this.names = names;

    public static CaseNames Of(Fields fields, ProrationRequest request)
    {
        var names = new Dictionary<string, string> { ["tiers"] = Word(request.Tiers), [$"periods[{request.Periods.Count}]"] = "next_period" };
        if (!fields.Has("periods")) names["periods[0]"] = "period_end";
        foreach (var (change, index) in request.PriceChanges.Select((change, index) => (change, index)))
            if (change.Tiers is not null) names[$"price_changes[{index}].tiers"] = $"price_changes[{index}].{Word(change.Tiers)}";
        if (fields.Has("billed")) names["posted_before[0]"] = "billed";
        return new(names);
    }

    public string Of(string field) => names.GetValueOrDefault(field, field);

    private static string Word(RequestedTiers? tiers) => tiers?.Kind == TierKind.Volume ? "volume" : "graduated";
}
