using UsageBilling.Interfaces.Desk;

namespace UsageBilling.Runtime.Desk;

/// <summary>The decisions that the store asks for; they are made by the grains' project.</summary>
/// <param name="Effective">Which settings hold.</param>
/// <param name="WithoutOverrides">Which would, if the organization had none of its own.</param>
/// <param name="Check">What the words of a wish mean, or what is wrong with them.</param>
public sealed record DeskRules(
    Func<DeskFacts, IReadOnlyList<EffectiveSetting>> Effective, Func<DeskFacts, IReadOnlyList<EffectiveSetting>> WithoutOverrides, DeskJudge Check);

/// <summary>Says what the words of a wish mean.</summary>
/// <param name="known">Of what is wished, what the PSA has and offers.</param>
/// <param name="locationAccount">Whose place the location must be.</param>
/// <returns>Choices by field; or what is wrong, by field.</returns>
public delegate DeskVerdict DeskJudge(
    IReadOnlyList<DeskField> fields, IReadOnlyDictionary<string, string?> wanted, IReadOnlySet<(string Field, string Value)> known, string? locationAccount, DeskPlaces places);

/// <summary>What a wish means; nothing when anything is wrong with it.</summary>
public sealed record DeskVerdict(IReadOnlyDictionary<string, DeskChoice> Choices, IReadOnlyList<(string Field, string Sentence)> Objections);

/// <summary>What became of a wish about settings.</summary>
public abstract record DeskAnswer
{
    private DeskAnswer()
    {
    }

    /// <summary>It is so now.</summary>
    public sealed record Done : DeskAnswer;

    /// <summary>The msp has no such integration.</summary>
    public sealed record Unknown : DeskAnswer;

    /// <summary>The msp has no such organization.</summary>
    public sealed record OrganizationUnknown : DeskAnswer;

    /// <summary>The integration is a product's.</summary>
    public sealed record NoDesk : DeskAnswer;

    /// <summary>The PSA's lists were never read, so nothing can be compared with them.</summary>
    public sealed record ListsUnread : DeskAnswer;

    /// <summary>Something is wrong, by field; nothing was set.</summary>
    public sealed record Objected(IReadOnlyList<(string Field, string Sentence)> Objections) : DeskAnswer;

    /// <summary>What would change is not what was looked at.</summary>
    public sealed record Changed : DeskAnswer;

    /// <summary>More organizations than can be looked through at once.</summary>
    public sealed record TooMany : DeskAnswer;

    /// <summary>So many organizations follow the defaults again.</summary>
    public sealed record Reset(int Organizations) : DeskAnswer;
}

/// <summary>What will be different when every organization follows the defaults again.</summary>
/// <param name="Hash">SHA-256 of all of it, in hexadecimal.</param>
public sealed record ResetPlan(string Hash, IReadOnlyList<ResetOrganization> Organizations);

/// <summary>An organization with settings of its own, and what each field that it overrides, or that follows from one, is before and after.</summary>
public sealed record ResetOrganization(long Id, string Name, IReadOnlyList<SettingChange> Changes);

/// <summary>One setting before and after.</summary>
public sealed record SettingChange(EffectiveSetting Before, EffectiveSetting After);
