using Microsoft.AspNetCore.Mvc;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Api.Resources;

/// <summary>Which lines are wanted.</summary>
/// <param name="Held">Whether they keep their last accepted count.</param>
/// <param name="Basis"><c>none</c>, <c>manual</c> or <c>metrics</c>.</param>
internal sealed record LineQuery(
    [FromQuery(Name = "contract")] long? Contract,
    [FromQuery(Name = "account")] long? Account,
    [FromQuery(Name = "held")] bool? Held,
    [FromQuery(Name = "basis")] string? Basis) : IChecked
{
    public short? BasisNumber => Basis is { } word && Words.Parse<BasisKind>(word) is { } kind ? (short)kind : null;

    public IEnumerable<FieldError> Check()
    {
        if (Basis is not null && BasisNumber is null) yield return new("basis", $"Must be one of {Words.All<BasisKind>()}.");
    }
}

/// <summary>The basis a person chooses, once.</summary>
/// <param name="Kind"><c>manual</c> or <c>metrics</c>.</param>
/// <param name="Metrics">For <c>metrics</c>: 1 to 20 metrics of the catalogue.</param>
internal sealed record ChosenBasis(string Kind, IReadOnlyList<BasisMetricResource>? Metrics = null) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        if (Kind is not ("manual" or "metrics")) yield return new("kind", "Must be manual or metrics.");
    }

    public Basis ToBasis() => new(
        Words.Parse<BasisKind>(Kind) ?? BasisKind.None,
        Sequence.From((Metrics ?? []).Select(metric => new BasisMetric(metric.Product, metric.Metric))));
}

/// <summary>The units of a line with a manual basis, from a date on.</summary>
internal sealed record GivenUnits(string Units, DateOnly EffectiveOn) : IChecked
{
    public IEnumerable<FieldError> Check() => UnitsRule.Check("units", Units);

    public ServiceLineMessage ToMessage() => new ServiceLineMessage.GiveUnits(Words.Units(Units)!.Value, EffectiveOn);
}

/// <summary>Lets a held count through, or says which count is right.</summary>
/// <param name="Units">Absent or null: the proposed count.</param>
internal sealed record HoldRelease(string? Units = null) : IChecked
{
    public IEnumerable<FieldError> Check() => Units is null ? [] : UnitsRule.Check("units", Units);

    public ServiceLineMessage ToMessage() => new ServiceLineMessage.ReleaseHold(Units is null ? null : Words.Units(Units));
}

/// <summary>What units look like.</summary>
internal static class UnitsRule
{
    public static IEnumerable<FieldError> Check(string field, string text)
    {
        if (Words.Units(text) is null)
            yield return new(field, "Must be a decimal string from \"0\" to \"1000000000\" with at most six decimals, for example \"12\".");
    }
}
