using UsageBilling.Grains.Mappings;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Grains.Organization;

/// <summary>Knows which PSA account an organization belongs to, on which dates.</summary>
public sealed class OrganizationGrain : IGrain<OrganizationState, OrganizationMessage>
{
    public Decision<OrganizationState> Decide(OrganizationState state, OrganizationMessage message, Turn turn) => message switch
    {
        OrganizationMessage.Map map => Map(state, map, turn),
        _ => throw new InvalidOperationException($"An organization does not know {message}."),
    };

    private static Decision<OrganizationState> Map(OrganizationState state, OrganizationMessage.Map map, Turn turn)
    {
        if (DatedMapping.Check(map.From, turn.Night) is { } refused) return new(state, refused, []);
        var before = DatedMapping.TargetOn(state.Mappings, map.From);
        var spans = DatedMapping.From(state.Mappings, map.From, map.Account?.Value);
        if (DatedMapping.Says(state.Mappings, map.From, map.Account?.Value))
            return Decision.Refuse(state, RefusalCode.NothingChanged, "The organization is already mapped so from that date.");
        return new(
            state with { Mappings = spans, MappingVersion = state.MappingVersion + 1 },
            Verdict.Ok,
            [
                new Effect.TellLinesOfOrganization(map.From),
                new Effect.Audit("organization.map", before is null ? "no account" : $"account {before}",
                    (map.Account is { } account ? $"account {account.Value}" : "no account") + $" from {map.From:yyyy-MM-dd}"),
            ]);
    }
}
