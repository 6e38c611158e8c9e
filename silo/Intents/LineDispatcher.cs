using Microsoft.Extensions.Logging;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Silo.Intents;

/// <summary>Sends what is owed to PSAs that cannot change the units of a line: more are a further line, fewer a ticket.</summary>
/// <remarks>One contract is worked on by one silo at a time, by a session lock that PostgreSQL frees when the silo dies.</remarks>
internal sealed class LineDispatcher(
    ILockSessions sessions, IIntentStore intents, AddedLineStore added, IGrainDoor<IntegrationMessage> integrations, VendorDoor vendors, LineSender sender, TimeProvider clock,
    ILogger<LineDispatcher> log)
{
    private const int AtOnceMax = 3;

    /// <summary>One pass over every such PSA with due intents. True when anything moved.</summary>
    public async Task<bool> DispatchDue(CancellationToken cancellation) => await Each.Integration(await added.DuePsas(cancellation), psa => psa.Id, Pass, log, cancellation);

    private async Task<bool> Pass(DuePsa psa, CancellationToken cancellation)
    {
        var lines = vendors.Lines(psa.Kind) ?? throw new InvalidOperationException($"No connector adds lines for '{psa.Kind}'.");
        var access = vendors.Access(psa);
        await added.WaitForEarlier(psa.Id, cancellation);
        await using var locks = await sessions.Open(cancellation);
        var mine = await Take(psa, locks, cancellation);
        if (mine.Count == 0) return false;
        var facts = await added.Facts(mine, cancellation);
        var now = await intents.Now(cancellation);
        var pass = new LinePass(lines, access, psa, clock);
        var (parked, withheld) = (false, false);
        await Parallel.ForEachAsync(mine, Each.AtOnce(AtOnceMax, cancellation), async (intent, stop) =>
        {
            if (await sender.Step(pass, new(intent, facts[intent.Id]), now, stop) is not { } failure) return;
            if (failure.Uncounted) withheld = true;
            // parked at the first refusal: the rest finds the stop sign, wherever it is being sent
            if (failure.Kind == VendorFailureKind.Unauthorized && !Interlocked.Exchange(ref parked, true)) await Park(psa, failure, stop);
        });
        return !parked && !withheld;
    }

    /// <summary>The head intents whose contract nobody else works on, read again under the lock.</summary>
    private async Task<List<Intent>> Take(DuePsa psa, ILockSession locks, CancellationToken cancellation)
    {
        var taken = new HashSet<string>();
        foreach (var head in await intents.Heads(psa.Id, cancellation))
        {
            if (await locks.TryTake($"contract:{psa.Id}:{head.ContractRemoteId}", cancellation)) taken.Add(head.ContractRemoteId);
        }

        return taken.Count == 0 ? [] : [.. (await intents.Heads(psa.Id, cancellation)).Where(head => taken.Contains(head.ContractRemoteId))];
    }

    private async Task Park(DuePsa psa, VendorFailure failure, CancellationToken cancellation)
    {
        await integrations.Ask(new MspId(psa.Msp), psa.Id, new IntegrationMessage.CredentialsRefused(failure), "silo", cancellation);
        log.Parked(psa.Id, failure.Code);
    }
}
