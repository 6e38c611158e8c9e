using UsageBilling.Interfaces.Desk;

namespace UsageBilling.Grains.Desk;

/// <summary>Whether settings that somebody wants are ones that the PSA has.</summary>
public static class DeskCheck
{
    /// <summary>What a priority says for: no ticket.</summary>
    public const string DoNotSync = "do_not_sync";

    /// <summary>The choices that words mean; null values leave a field to the PSA.</summary>
    /// <param name="fields">The settings that this kind of PSA has.</param>
    /// <param name="known">The values, by field, that the PSA has and offers, of those that are wanted.</param>
    /// <param name="locationAccount">The account whose place the location must be; null when there is none.</param>
    /// <param name="places">Whose place each wanted one is.</param>
    /// <returns>Either choices, or what is wrong, by field.</returns>
    public static (IReadOnlyDictionary<string, DeskChoice> Choices, IReadOnlyList<SettingObjection> Objections) Of(
        IReadOnlyList<DeskField> fields, IReadOnlyDictionary<string, string?> wanted, IReadOnlySet<(string Field, string Value)> known, string? locationAccount, DeskPlaces places)
    {
        var (choices, objections) = (new Dictionary<string, DeskChoice>(), new List<SettingObjection>());
        foreach (var (name, value) in wanted.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (fields.FirstOrDefault(field => field.Name == name) is not { } field) objections.Add(new(name, $"Is no setting of this PSA; it has {string.Join(", ", fields.Select(its => its.Name))}."));
            else if (value == DoNotSync && field.Severity is null) objections.Add(new(name, $"Only priorities may be {DoNotSync}."));
            else if (value == DoNotSync) choices[name] = DeskChoice.NotSynced;
            else if (value is null) choices[name] = DeskChoice.LeftToPsa;
            else if (!known.Contains((name, value))) objections.Add(new(name, "Is not a value that the PSA offers; if it should be, read its lists (or import its accounts) anew."));
            else if (field == DeskField.Location && (locationAccount is null || !places.AccountOf.TryGetValue(value, out var owner) || owner != locationAccount))
                objections.Add(new(name, "Is not a place of the account that the settings name."));
            else choices[name] = new(value);
        }

        return (choices, objections);
    }
}

/// <summary>What is wrong with one setting.</summary>
public sealed record SettingObjection(string Field, string Sentence);
