using System.Globalization;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Integrations;

namespace UsageBilling.Api.Resources;

/// <summary>An integration's credentials in the clear. Asked for one by one, by superusers, and on record each time.</summary>
internal sealed record RevealedResource(long Id, string User, string Secret, string? IntegrationCode, string? Tenant)
{
    internal static RevealedResource Of(long id, StoredCredentials stored, string secret)
    {
        var code = IntegrationKind.Of(stored.Kind)?.Code;
        return new(id, stored.User, secret, code == CredentialCode.IntegrationCode ? stored.Code : null, code == CredentialCode.Tenant ? stored.Code : null);
    }

    /// <summary>Names the integration only.</summary>
    public override string ToString() => $"RevealedResource({Id})";
}

/// <summary>What hangs on an integration, for whoever wanted to remove it.</summary>
internal static class IntegrationUseWords
{
    public static IReadOnlyList<FieldError> Of(IntegrationUse use) =>
    [
        .. Of("tenants", use.Tenants, "product tenants were read from it"), .. Of("contracts", use.Contracts, "contracts were imported from it"),
        .. Of("lines", use.Lines, "service lines belong to those contracts"), .. Of("organizations", use.Organizations, "organizations are or were mapped to its accounts"),
        .. Of("intents", use.Intents, "changes are still owed to it, or wait for a person"),
        .. Of("tickets", use.Tickets, "tickets belong to open alerts, or something about them is still owed"),
    ];

    private static IEnumerable<FieldError> Of(string field, long count, string words)
    {
        if (count > 0) yield return new(field, string.Create(CultureInfo.InvariantCulture, $"{(count >= IntegrationStore.CountMax ? "At least " : "")}{count} {words}."));
    }
}
