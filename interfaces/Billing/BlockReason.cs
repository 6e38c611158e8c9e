namespace UsageBilling.Interfaces.Billing;

/// <summary>Why an item stays out of a posting. Documented in docs/OPERATING.md.</summary>
public static class BlockReason
{
    /// <summary>The contract is inactive in the PSA.</summary>
    public const string ContractInactive = "contract_inactive";

    /// <summary>The account is inactive in the PSA.</summary>
    public const string AccountInactive = "account_inactive";

    /// <summary>The PSA refused the line's units.</summary>
    public const string PsaRefused = "psa_refused";

    /// <summary>It is not known whether the PSA has the line's units: a person has to look, or it has been in doubt for more than a day.</summary>
    public const string PsaUnconfirmed = "psa_unconfirmed";

    /// <summary>All of them, for documents and tests.</summary>
    public static IReadOnlyList<string> All { get; } = [ContractInactive, AccountInactive, PsaRefused, PsaUnconfirmed];
}
