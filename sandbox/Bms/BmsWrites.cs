using UsageBilling.Sandbox.Bms.Access;
using UsageBilling.Sandbox.Bms.Desk;
using UsageBilling.Sandbox.Bms.Finance;
using UsageBilling.Sandbox.Bms.Routes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms;

/// <summary>Writes, each applied wholly or not at all, then journalled and saved. Runs inside the gate.</summary>
internal sealed class BmsWrites(BmsTenant tenant, BmsState state, BmsJournal kept)
{
    private readonly ContractWrites contracts = new(state, kept);
    private readonly TicketWrites tickets = new(tenant, state, kept);

    public Answer Answer(Ask ask, BmsMatch match, BmsUser user)
    {
        if (kept.Full is { } full)
            return BmsAnswers.Refused(500, full);
        return match.Route.Call switch
        {
            BmsCall.CreateContract => contracts.Create(ask, user),
            BmsCall.AddServices => contracts.AddServices(ask, match.Id, user),
            BmsCall.ActivateContract => contracts.SetActive(ask, match.Id, user, active: true),
            BmsCall.DeactivateContract => contracts.SetActive(ask, match.Id, user, active: false),
            BmsCall.CreateTicket => tickets.Create(ask, user),
            BmsCall.PatchTicket => tickets.Patch(ask, match.Id, user),
            _ => tickets.AddNote(ask, match.Id, user),
        };
    }

    /// <summary>Somebody changes the units of a line in the vendor's own pages. Null when done, else why not.</summary>
    public string? EditByHand(FaultRequest edit, string path) => kept.Full ?? contracts.EditByHand(edit, path);
}
