using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Interfaces.Grains;

/// <summary>State of an organization's mapping to PSA accounts, dated.</summary>
public sealed record OrganizationState(OrganizationId Id, Sequence<MappingSpan> Mappings, int MappingVersion);

/// <summary>What an organization can be told.</summary>
public abstract record OrganizationMessage
{
    private OrganizationMessage()
    {
    }

    /// <summary>From a date on the organization belongs to a PSA account, or to none.</summary>
    public sealed record Map(PsaAccountId? Account, DateOnly From) : OrganizationMessage;
}
