using System.Globalization;
using Microsoft.Extensions.Logging;
using UsageBilling.Grains.Desk;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Desk;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Silo.Intents;

/// <summary>Tells the MSP's own people of units that they must take away by hand, because the PSA lets nobody else do it.</summary>
internal sealed class LineTickets(IIntentStore intents, AddedLineStore added, EffectiveSettings settings, WorkSignal signal, ILogger<LineTickets> log)
{
    /// <summary>Something works, but not as it should: the customer pays for what is not used any more.</summary>
    private const AlertSeverity Severity = AlertSeverity.Moderate;

    private const int TitleMax = 200;

    /// <summary>Makes the change a ticket with the settings that hold for the customer, or parks it when they allow none.</summary>
    public async Task Owe(DuePsa psa, LineChange change, CancellationToken cancellation)
    {
        var facts = change.Facts;
        var effective = await settings.Of(new MspId(psa.Msp), psa.Id, facts.Organization, facts.AccountRemoteId, cancellation) ?? [];
        if (!TicketChoice.MakesTicket(effective, Severity) || TicketChoice.Terms(effective, Severity) is not { } terms)
        {
            await intents.Settle(
                change.Intent, change.Intent.Attempt, "parked", "ticket_not_wanted", "Fewer units need a ticket, and the settings say that alerts of moderate severity make none.", cancellation);
            log.NeedsPerson(change.Intent.Id, "parked", "ticket_not_wanted");
            return;
        }

        if (await added.OweTicket(change.Intent, change.Before, change.Delta, terms, Title(change), Details(change), cancellation)) signal.Raise(WorkKinds.Tickets);
    }

    private static string Title(LineChange change)
    {
        var end = string.Create(CultureInfo.InvariantCulture, $": {change.Before:0.######} to {change.Intent.Desired:0.######} units from {change.Intent.SentOn:yyyy-MM-dd}");
        var name = $"Change {change.Facts.Name}";
        return (name.Length + end.Length > TitleMax ? name[..(TitleMax - end.Length)] : name) + end;
    }

    private static string Details(LineChange change) => string.Create(CultureInfo.InvariantCulture, $"""
        Please change the units of a contract's service by hand: the PSA lets no program do it.

        Account: {change.Facts.Account}
        Contract: {change.Facts.Contract} ({change.Intent.ContractRemoteId})
        Service: {change.Facts.Name} ({change.Facts.ServiceRemoteId})
        From: {change.Before:0.######} units, over all lines of the service that were added for this count
        To: {change.Intent.Desired:0.######} units
        Effective: {change.Intent.SentOn:yyyy-MM-dd}

        Intent {change.Intent.Id}. The hub takes the change for made once this ticket is there.
        """);
}
