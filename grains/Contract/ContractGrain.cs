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
        var next = state with { Name = seen.Name, From = seen.From, Until = seen.Until, Active = seen.Active };
        if (next == state) return Decision.Refuse(state, RefusalCode.NothingChanged, "The contract is as it was.");
        var movedDates = next.Until != state.Until || next.From != state.From;
        var audit = new Effect.Audit("contract.observed", Describe(state), Describe(next));
        return new(next, Verdict.Ok, movedDates ? [new Effect.TellLinesOfContract(turn.Night), audit] : [audit]);
    }

    private static string Describe(ContractState contract) =>
        $"{contract.Name}, {contract.From:yyyy-MM-dd} until {contract.Until:yyyy-MM-dd}, {(contract.Active ? "active" : "inactive")}";
}
