using Microsoft.Extensions.Logging;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Tickets;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Silo.Tickets;

/// <summary>Sends what service desks are owed, ticket by ticket: look first, mark, send once, look again.</summary>
/// <remarks>One ticket is worked on by one silo at a time, by a session lock that PostgreSQL frees when the silo dies.</remarks>
internal sealed class TicketDispatcher(
    ILockSessions sessions, TicketStore tickets, IGrainDoor<IntegrationMessage> integrations, VendorDoor vendors, TicketSender sender, ILogger<TicketDispatcher> log)
{
    private const int AtOnceMax = 3;

    /// <summary>One pass over every PSA that is owed something. True when anything moved.</summary>
    public async Task<bool> DispatchDue(CancellationToken cancellation) => await Each.Integration(await tickets.DuePsas(cancellation), psa => psa.Id, Pass, log, cancellation);

    private async Task<bool> Pass(DuePsa psa, CancellationToken cancellation)
    {
        // A kind that only newer silos know is theirs to serve
        if (vendors.Desk(psa.Kind) is not { } desk) return false;
        var access = vendors.Access(psa);
        await using var locks = await sessions.Open(cancellation);
        var mine = await Take(psa, locks, cancellation);
        // Where tickets are all that is sent, nobody else asks, and what strangers have used would be forgotten
        if (mine.Count > 0 && vendors.Psa(psa.Kind) is { } connector && await vendors.AskQuota(connector, access, cancellation) is { } unasked)
        {
            await Park(psa, unasked, cancellation);
            return false;
        }

        var (parked, withheld) = (false, false);
        await Parallel.ForEachAsync(mine, Each.AtOnce(AtOnceMax, cancellation), async (write, stop) =>
        {
            if (await sender.Step(desk, access, write, stop) is not { } failure) return;
            if (failure.Uncounted) withheld = true;
            // parked at the first refusal: the rest finds the stop sign, wherever it is being sent
            if (failure.Kind == VendorFailureKind.Unauthorized && !Interlocked.Exchange(ref parked, true)) await Park(psa, failure, stop);
        });
        return mine.Count > 0 && !parked && !withheld;
    }

    /// <summary>The writes whose ticket nobody else works on, read again under the lock.</summary>
    private async Task<List<TicketWrite>> Take(DuePsa psa, ILockSession locks, CancellationToken cancellation)
    {
        var taken = new HashSet<long>();
        foreach (var head in await tickets.Heads(psa.Id, cancellation))
        {
            if (await locks.TryTake($"ticket:{head.TicketId}", cancellation)) taken.Add(head.TicketId);
        }

        return taken.Count == 0 ? [] : (await tickets.Heads(psa.Id, cancellation)).FindAll(head => taken.Contains(head.TicketId));
    }

    private async Task Park(DuePsa psa, VendorFailure failure, CancellationToken cancellation)
    {
        await integrations.Ask(new MspId(psa.Msp), psa.Id, new IntegrationMessage.CredentialsRefused(failure), "silo", cancellation);
        log.Parked(psa.Id, failure.Code);
    }
}
