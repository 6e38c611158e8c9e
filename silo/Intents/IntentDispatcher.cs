using Microsoft.Extensions.Logging;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Silo.Intents;

/// <summary>Sends what the PSAs are owed: read first, mark, send once, read back. A lost answer is never answered by sending again.</summary>
/// <remarks>One contract is worked on by one silo at a time, by a session lock that PostgreSQL frees when the silo dies.</remarks>
internal sealed class IntentDispatcher(
    ILockSessions sessions, IIntentStore intents, IGrainDoor<IntegrationMessage> integrations, IVendorDoor vendors, IntentSender sender, ILogger<IntentDispatcher> log)
{
    /// <summary>One pass over every PSA with due intents. True when anything moved.</summary>
    public async Task<bool> DispatchDue(CancellationToken cancellation) =>
        await Each.Integration(await intents.DuePsas(cancellation), psa => psa.Id, Pass, log, cancellation);

    private async Task<bool> Pass(DuePsa psa, CancellationToken cancellation)
    {
        var connector = vendors.Psa(psa.Kind) ?? throw new InvalidOperationException($"No connector writes to '{psa.Kind}'.");
        var access = vendors.Access(psa);
        await using var locks = await sessions.Open(cancellation);
        var mine = await Take(psa, locks, cancellation);
        if (mine.Count == 0) return false;

        if (await vendors.AskQuota(connector, access, cancellation) is { } unasked) return await PutOff(psa, mine, unasked, cancellation);
        var observed = await Observe(connector, access, mine, cancellation);
        if (observed is VendorAnswer<IReadOnlyList<ObservedUnits>>.Failed failed) return await PutOff(psa, mine, failed.Failure, cancellation);
        var spans = ((VendorAnswer<IReadOnlyList<ObservedUnits>>.Answered)observed).Value.ToLookup(span => span.ServiceRemoteId);
        var now = await intents.Now(cancellation);
        var parked = false;
        await Parallel.ForEachAsync(
            mine,
            Each.AtOnce(connector.Capabilities.ConcurrentCallsMax, cancellation),
            async (intent, stop) =>
            {
                var span = spans[intent.ServiceRemoteId].FirstOrDefault(span => span.From <= intent.SentOn && intent.SentOn <= span.Through);
                // parked at the first refusal: the rest finds the stop sign, wherever it is being sent
                if (await sender.Step(connector, access, intent, span?.Units, now, stop) is { Kind: VendorFailureKind.Unauthorized } refused && !Interlocked.Exchange(ref parked, true)) await Park(psa, refused, stop);
            });
        return true;
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

    private static Task<VendorAnswer<IReadOnlyList<ObservedUnits>>> Observe(IPsaConnector connector, VendorAccess access, List<Intent> mine, CancellationToken cancellation) =>
        connector.Units(access, [.. mine.Select(intent => intent.ServiceRemoteId).Distinct()], mine.Min(intent => intent.SentOn), mine.Max(intent => intent.SentOn), cancellation);

    /// <summary>The PSA cannot be read: nothing is sent and nothing is decided; only the waits grow.</summary>
    private async Task<bool> PutOff(DuePsa psa, List<Intent> mine, VendorFailure failure, CancellationToken cancellation)
    {
        if (failure.Kind == VendorFailureKind.Unauthorized)
        {
            await Park(psa, failure, cancellation);
            return false;
        }

        foreach (var intent in mine) await sender.Unreadable(intent, failure, cancellation);
        if (failure.Uncounted) log.PassWithheld(psa.Id, failure.RetryAfterSeconds ?? 0, failure.Code);
        else log.PassFailed(psa.Id, failure.Code);
        return false;
    }

    private async Task Park(DuePsa psa, VendorFailure failure, CancellationToken cancellation)
    {
        await integrations.Ask(new MspId(psa.Msp), psa.Id, new IntegrationMessage.CredentialsRefused(failure), "silo", cancellation);
        log.Parked(psa.Id, failure.Code);
    }
}
