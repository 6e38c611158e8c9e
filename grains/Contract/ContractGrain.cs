using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Grains.Contract;

/// <summary>Knows the dates that bound everything billed under a contract.</summary>
public sealed class ContractGrain : IGrain<ContractState, ContractMessage>
{
    public Decision<ContractState> Decide(ContractState state, ContractMessage message, Turn turn) => message switch
    {
        ContractMessage.Observed seen => Observed(state, seen, turn),
        _ => throw new InvalidOperationException($"A contract does not know {message}."),
    };

    private static Decision<ContractState> Observed(ContractState state, ContractMessage.Observed seen, Turn turn)
    {
        if (seen.Until <= seen.From)
            return Decision.Refuse(state, RefusalCode.ContractDatesInverted, $"A contract cannot end on {seen.Until:yyyy-MM-dd} before it begins on {seen.From:yyyy-MM-dd}.");
        var next = state with { Name = seen.Name, From = seen.From, Until = seen.Until, Active = seen.Active };
        if (next == state) return Decision.Refuse(state, RefusalCode.NothingChanged, "The contract is as it was.");
        var audit = new Effect.Audit("contract.observed", Describe(state), Describe(next));
        return new(next, Verdict.Ok, FirstMoved(state, next) is { } moved ? [new Effect.TellLinesOfContract(moved < turn.Night ? moved : turn.Night), audit] : [audit]);
    }

    /// <summary>The first day that the contract covers in one version only; null when its dates did not move.</summary>
    private static DateOnly? FirstMoved(ContractState before, ContractState after)
    {
        if (before.From != after.From) return before.From < after.From ? before.From : after.From;
        if (before.Until != after.Until) return before.Until < after.Until ? before.Until : after.Until;
        return null;
    }

    private static string Describe(ContractState contract) =>
        $"{contract.Name}, {contract.From:yyyy-MM-dd} until {contract.Until:yyyy-MM-dd}, {(contract.Active ? "active" : "inactive")}";
}
