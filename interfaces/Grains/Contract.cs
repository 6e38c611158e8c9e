using UsageBilling.Interfaces.Keys;

namespace UsageBilling.Interfaces.Grains;

/// <summary>State of a contract as last seen in the PSA.</summary>
/// <param name="Until">The first day it no longer covers.</param>
/// <param name="Active">Whether the PSA shows it as in effect.</param>
public sealed record ContractState(ContractId Id, string Name, DateOnly From, DateOnly Until, bool Active);

/// <summary>What a contract can be told.</summary>
public abstract record ContractMessage
{
    private ContractMessage()
    {
    }

    /// <summary>The PSA shows the contract so.</summary>
    public sealed record Observed(string Name, DateOnly From, DateOnly Until, bool Active) : ContractMessage;
}
