using UsageBilling.Interfaces.Desk;

namespace UsageBilling.Grains.Desk;

/// <summary>Which settings hold for an organization: field by field its own, else those of all.</summary>
public static class EffectiveDesk
{
    /// <summary>Every setting of the PSA, in its order.</summary>
    public static IReadOnlyList<EffectiveSetting> Of(DeskFacts facts)
    {
        var account = AccountOf(facts);
        return [.. facts.Fields.Select(field => field == DeskField.Account ? account : field == DeskField.Location ? LocationOf(facts, account.Choice.Value) : Plain(facts, field))];
    }

    /// <summary>The same as if the organization had nothing of its own.</summary>
    public static IReadOnlyList<EffectiveSetting> WithoutOverrides(DeskFacts facts) => Of(facts with { Overrides = new Dictionary<string, DeskChoice>() });

    private static EffectiveSetting Plain(DeskFacts facts, DeskField field) =>
        facts.Overrides.TryGetValue(field.Name, out var own) ? new(field, own, SettingSource.Override)
        : facts.Defaults.TryGetValue(field.Name, out var common) ? new(field, common, SettingSource.Default)
        : new(field, DeskChoice.LeftToPsa, SettingSource.None);

    /// <summary>The default account is for tickets that are nobody's: an organization that is mapped has its own.</summary>
    private static EffectiveSetting AccountOf(DeskFacts facts)
    {
        var plain = Plain(facts, DeskField.Account);
        return plain is { From: SettingSource.Override, Choice.Value: not null } || facts.MappedAccount is not { } mapped ? plain : new(DeskField.Account, new(mapped), SettingSource.Mapping);
    }

    /// <summary>A place is one of the account's, or none: the default account's place would be refused for any other.</summary>
    private static EffectiveSetting LocationOf(DeskFacts facts, string? account)
    {
        var plain = Plain(facts, DeskField.Location);
        if (plain is { From: SettingSource.Override, Choice.Value: null }) return plain;
        if (plain.Choice.Value is { } place && account is not null && facts.Places.AccountOf.TryGetValue(place, out var owner) && owner == account) return plain;
        return account is not null && facts.Places.Main.TryGetValue(account, out var main)
            ? new(DeskField.Location, new(main), SettingSource.Account)
            : new(DeskField.Location, DeskChoice.LeftToPsa, SettingSource.None);
    }
}
