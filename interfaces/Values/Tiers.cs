namespace UsageBilling.Interfaces.Values;

/// <summary>How units find their price among tiers.</summary>
public enum TierKind
{
    /// <summary>Each unit at the price of the tier it falls into; every tier reached adds its flat fee.</summary>
    Graduated,

    /// <summary>All units at the price of the tier that their number reaches; only that tier's flat fee.</summary>
    Volume,
}

/// <summary>One step of a price list.</summary>
/// <param name="UpTo">The last unit in it; null for the last tier.</param>
/// <param name="Price">Per unit and full period.</param>
/// <param name="FlatFee">Charged once per period when a day's units reach the tier, whole even in a partial period.</param>
public sealed record PriceTier(Units? UpTo, UnitPrice Price, UnitPrice FlatFee);

/// <summary>A price list by number of units.</summary>
public sealed record Tiers
{
    /// <summary>Tiers one price list may have.</summary>
    public const int CountMax = 100;

    /// <summary>Puts a price list together; ask <see cref="Objection"/> first about one that was read from outside.</summary>
    /// <exception cref="ArgumentException">See <see cref="Objection"/>.</exception>
    public Tiers(TierKind kind, Sequence<PriceTier> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        if (Objection(steps) is { } objection) throw new ArgumentException(objection, nameof(steps));
        (Kind, Steps) = (kind, steps);
    }

    /// <summary>How units find their price.</summary>
    public TierKind Kind { get; }

    /// <summary>From the first unit on, without gaps; the last has no end.</summary>
    public Sequence<PriceTier> Steps { get; }

    /// <summary>What is wrong with the steps of a price list, or null.</summary>
    public static string? Objection(IReadOnlyList<PriceTier> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        if (steps.Count is 0 or > CountMax) return $"A price list has 1 to {CountMax} tiers.";
        for (var step = 0; step < steps.Count; step++)
        {
            if (steps[step].UpTo is null != (step == steps.Count - 1)) return "The last tier, and no other, is without an end.";
            if (steps[step].UpTo is { } upTo && upTo <= LowerBound(steps, step)) return $"Tier {step + 1} ends at {upTo}, which is not above where it begins.";
        }

        return null;
    }

    /// <summary>Units before a tier begins.</summary>
    public Units From(int step) => LowerBound(Steps, step);

    /// <summary>How many of so many units fall into a graduated tier.</summary>
    public decimal Within(int step, decimal units)
    {
        var above = units - From(step).Value;
        if (Steps[step].UpTo is { } upTo) above = decimal.Min(above, upTo.Value - From(step).Value);
        return decimal.Max(0m, above);
    }

    private static Units LowerBound(IReadOnlyList<PriceTier> steps, int step) => step == 0 ? Units.Zero : steps[step - 1].UpTo!.Value;
}
