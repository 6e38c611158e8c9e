using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Api.Resources;

/// <summary>Another price of a line from a date on, past or ahead.</summary>
/// <param name="UnitPrice">Per unit and period.</param>
internal sealed record ChangedPrice(string UnitPrice, DateOnly From) : IChecked
{
    public IEnumerable<FieldError> Check() => UnitsRule.Check("unit_price", UnitPrice);

    public ServiceLineMessage ToMessage() => new ServiceLineMessage.ChangePrice(Words.Units(UnitPrice)!.Value.Value, From);
}

/// <summary>One tier of a price list.</summary>
/// <param name="UpTo">The last unit in it; null for the last tier.</param>
/// <param name="UnitPrice">Per unit and period.</param>
/// <param name="FlatFee">Once per period when a day's units reach the tier; null for none.</param>
internal sealed record TierFields(string? UpTo, string UnitPrice, string? FlatFee = null)
{
    public static TierFields Of(PriceTier tier) => new(tier.UpTo?.ToString(), tier.Price.ToString(), tier.FlatFee.ToString());

    public IEnumerable<FieldError> Check(string prefix) =>
    [
        .. UpTo is null ? [] : UnitsRule.Check($"{prefix}.up_to", UpTo),
        .. UnitsRule.Check($"{prefix}.unit_price", UnitPrice),
        .. FlatFee is null ? [] : UnitsRule.Check($"{prefix}.flat_fee", FlatFee),
    ];

    public ProposedTier ToTier() => new(UpTo is null ? null : Number(UpTo), Number(UnitPrice), FlatFee is null ? 0m : Number(FlatFee));

    private static decimal Number(string text) => Words.Units(text)!.Value.Value;
}

/// <summary>A price list by number of units.</summary>
/// <param name="Kind"><c>graduated</c> or <c>volume</c>.</param>
internal sealed record TiersFields(string Kind, IReadOnlyList<TierFields> Steps);

/// <summary>Other terms of a line, for whole periods. All of them: what is absent is not there any more.</summary>
/// <param name="From">A day of the first period that has them; null for the period that runs.</param>
/// <param name="IncludedUnits">Units of each day that cost nothing.</param>
/// <param name="Settings">How the line is prorated otherwise than its msp wants.</param>
/// <param name="Commitment">Money that a full period costs at least, in the line's currency: what usage lacks of it is charged once. Less, by days, in a period of partial service.</param>
/// <param name="Timing"><c>advance</c> or <c>arrears</c>: whether a period is charged when it begins or once it is over; null for what the line began with.</param>
/// <param name="UnitRounding"><c>up</c>, <c>nearest</c> or <c>down</c>: how usage becomes the whole units that the PSA takes; null for what the line began with.</param>
internal sealed record ChangedTerms(
    DateOnly? From = null, string? MinimumUnits = null, string? MaximumUnits = null, string? IncludedUnits = null, TiersFields? Tiers = null, ProrationFields? Settings = null,
    string? Commitment = null, string? Timing = null, string? UnitRounding = null)
    : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        List<FieldError> errors = [];
        if (MinimumUnits is { } minimum) errors.AddRange(UnitsRule.Check("minimum_units", minimum));
        if (MaximumUnits is { } maximum) errors.AddRange(UnitsRule.Check("maximum_units", maximum));
        if (IncludedUnits is { } included) errors.AddRange(UnitsRule.Check("included_units", included));
        if (Commitment is { } commitment) errors.AddRange(UnitsRule.Check("commitment", commitment));
        if (Timing is { } timing && Words.Parse<BillingTiming>(timing) is null) errors.Add(new("timing", $"Must be one of {Words.All<BillingTiming>()}."));
        if (UnitRounding is { } rounding && Words.Parse<UnitRounding>(rounding) is null) errors.Add(new("unit_rounding", $"Must be one of {Words.All<UnitRounding>()}."));
        if (Tiers is { } tiers)
        {
            if (Words.Parse<TierKind>(tiers.Kind) is null) errors.Add(new("tiers.kind", $"Must be one of {Words.All<TierKind>()}."));
            if (tiers.Steps.Count is 0 or > Interfaces.Values.Tiers.CountMax) errors.Add(new("tiers.steps", $"Must be 1 to {Interfaces.Values.Tiers.CountMax} tiers."));
            else errors.AddRange(tiers.Steps.SelectMany((step, index) => step.Check($"tiers.steps[{index}]")));
        }

        if (Settings is { } settings) errors.AddRange(settings.Check("settings."));
        return errors;
    }

    public ServiceLineMessage ToMessage(DateOnly lastNight) => new ServiceLineMessage.ChangeTerms(
        new(
            Number(MinimumUnits),
            Number(MaximumUnits),
            Number(IncludedUnits),
            Tiers is { } tiers ? Words.Parse<TierKind>(tiers.Kind)!.Value : TierKind.Graduated,
            Sequence.From((Tiers?.Steps ?? []).Select(step => step.ToTier())),
            (Settings ?? new()).ToOverrides()) 
        {
            Commitment = Number(Commitment),
            Timing = Timing is null ? null : Words.Parse<BillingTiming>(Timing),
            Rounding = UnitRounding is null ? null : Words.Parse<UnitRounding>(UnitRounding),
        },
        From ?? lastNight);

    private static decimal? Number(string? text) => text is null ? null : Words.Units(text)!.Value.Value;
}
