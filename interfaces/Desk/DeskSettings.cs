namespace UsageBilling.Interfaces.Desk;

/// <summary>What is set for a field.</summary>
/// <param name="Value">The PSA's id of the value; null leaves the field to the PSA.</param>
/// <param name="Synced">False, of a priority only: alerts of that severity make no ticket.</param>
public readonly record struct DeskChoice(string? Value, bool Synced = true)
{
    /// <summary>The PSA decides.</summary>
    public static DeskChoice LeftToPsa { get; } = new(null);

    /// <summary>No ticket.</summary>
    public static DeskChoice NotSynced { get; } = new(null, Synced: false);
}

/// <summary>Everything that an organization's settings at one PSA follow from. Choices are kept by the name of their field.</summary>
/// <param name="Fields">The settings that this kind of PSA has.</param>
/// <param name="Defaults">What is set for all organizations.</param>
/// <param name="Overrides">What is set for this one instead.</param>
/// <param name="MappedAccount">The PSA account that the organization is mapped to tonight; null when it is none of this PSA.</param>
public sealed record DeskFacts(
    IReadOnlyList<DeskField> Fields, IReadOnlyDictionary<string, DeskChoice> Defaults, IReadOnlyDictionary<string, DeskChoice> Overrides, string? MappedAccount, DeskPlaces Places);

/// <summary>The places that a PSA's accounts have, of those accounts and places that matter.</summary>
/// <param name="AccountOf">Whose place each is.</param>
/// <param name="Main">Which of an account's places the PSA takes when nobody chooses.</param>
public sealed record DeskPlaces(IReadOnlyDictionary<string, string> AccountOf, IReadOnlyDictionary<string, string> Main)
{
    /// <summary>No places are known.</summary>
    public static DeskPlaces None { get; } = new(new Dictionary<string, string>(), new Dictionary<string, string>());
}

/// <summary>Where an effective setting comes from.</summary>
public enum SettingSource
{
    /// <summary>Nobody has set it: the PSA decides.</summary>
    None,

    /// <summary>The settings for all organizations.</summary>
    Default,

    /// <summary>The account's own main place.</summary>
    Account,

    /// <summary>The account that the organization is mapped to.</summary>
    Mapping,

    /// <summary>The organization's own.</summary>
    Override,
}

/// <summary>A setting as it holds for an organization.</summary>
public sealed record EffectiveSetting(DeskField Field, DeskChoice Choice, SettingSource From);

/// <summary>What a ticket is opened with: the PSA's own ids. What is null is left to the PSA.</summary>
public sealed record TicketTerms(
    string AccountRemoteId, string? Location, string? Queue, string? Status, string? TicketType, string? Source, string? Priority, string? IssueType);
