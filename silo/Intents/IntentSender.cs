using Microsoft.Extensions.Logging;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Intents;

namespace UsageBilling.Silo.Intents;

/// <summary>Takes one intent one step further, given what the PSA shows now.</summary>
internal sealed class IntentSender(IIntentStore intents, IntentTimes times, TimeProvider clock, ILogger<IntentSender> log)
{
    /// <summary>One step.</summary>
    /// <param name="observed">Units the PSA shows on the intent's date; null when it shows none for that date.</param>
    /// <returns>The failure when the vendor turned the call away at the door.</returns>
    public Task<VendorFailure?> Step(IPsaConnector connector, VendorAccess access, Intent intent, decimal? observed, DateTimeOffset now, CancellationToken cancellation) =>
        intent.State switch
        {
            "pending" => Send(connector, access, intent, observed, now, cancellation),
            "sending" => Orphaned(intent, cancellation),
            _ => Verify(intent, observed, now, cancellation),
        };

    /// <summary>The PSA could not be read; the intent waits in the state it is in.</summary>
    public Task Unreadable(Intent intent, VendorFailure failure, CancellationToken cancellation) =>
        intents.Postpone(intent, failure.WaitOr(times.Retry(0)), cancellation);

    private async Task<VendorFailure?> Send(IPsaConnector connector, VendorAccess access, Intent intent, decimal? observed, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await LookAgain(intent, observed, now, cancellation)) return null;
        if (observed is not { } shown)
        {
            await Settle(intent, intent.Attempt, "parked", "no_units_on_date", $"The PSA shows no units for the line on {intent.SentOn:yyyy-MM-dd}.", cancellation);
            return null;
        }

        if (shown == intent.Desired)
        {
            await intents.Confirm(intent, "unchanged", cancellation);
            return null;
        }

        if (intent.Expected is { } expected && shown != expected && !intent.TakesOver)
        {
            await Settle(intent, intent.Attempt, "parked", "second_writer", $"The PSA shows {shown} units where {expected} were expected and {intent.Desired} are wished: somebody else changes the line.", cancellation);
            return null;
        }

        if (intent.Attempt >= IntentTimes.AttemptsMax)
        {
            await Settle(intent, intent.Attempt, "parked", "attempts_exhausted", $"Sent {intent.Attempt} times without effect.", cancellation);
            return null;
        }

        var marked = clock.GetTimestamp();
        if (!await intents.MarkSending(intent, shown, intent.Desired - shown, cancellation)) return null;
        var attempt = intent.Attempt + 1;
        if (clock.GetElapsedTime(marked) > times.SendWithin)
        {
            await intents.Retry(intent, attempt, "sending", intent.SentOn, "send_given_up", "The silo was held up between mark and send.", TimeSpan.Zero, cancellation);
            return null;
        }

        var outcome = await connector.ChangeUnits(access, new(intent.ContractRemoteId, intent.ServiceRemoteId, intent.SentOn, intent.Desired - shown), cancellation);
        log.Sent(intent.Id, intent.Desired - shown, intent.SentOn);
        return await Conclude(intent, attempt, outcome);
    }

    /// <summary>
    /// A delta computed from a wrong read would bill wrong units, and a read from before the last change may show what is wished by chance. So a number the hub did not expect must be seen again a while later, and a
    /// line without units more than once, before anything follows from it.
    /// </summary>
    private async Task<bool> LookAgain(Intent intent, decimal? observed, DateTimeOffset now, CancellationToken cancellation)
    {
        if (observed is not null && (observed == intent.Expected || intent.Expected is null)) return false;
        if (observed is null ? intent.Checks >= IntentTimes.LooksMax : Seen(intent, observed) && now - intent.UnchangedSince >= times.UnchangedFor) return false;
        var (code, sentence) = observed is null
            ? ("no_units_on_date", $"The PSA shows no units for the line on {intent.SentOn:yyyy-MM-dd}; it is read again.")
            : ("units_unexpected", $"The PSA shows {observed} units where {intent.Expected} were expected; it is read again before anything is sent.");
        await intents.LookAgain(intent, observed, code, sentence, times.Check(intent.Checks), cancellation);
        return true;
    }

    private static bool Seen(Intent intent, decimal? observed) => intent.Checks > 0 && intent.ObservedBefore == observed;

    /// <summary>Writes down how the send ended, also when the silo is told to stop meanwhile: an outcome that is known must not be forgotten.</summary>
    private async Task<VendorFailure?> Conclude(Intent intent, int attempt, SendOutcome outcome)
    {
        switch (outcome)
        {
            case SendOutcome.Applied:
                await intents.Acknowledge(intent, attempt, TimeSpan.Zero, CancellationToken.None);
                return null;
            case SendOutcome.Refused { Code: "date_taken" } when DatesTaken(intent) < IntentTimes.DatesTakenMax:
                await intents.Retry(intent, attempt, "sending", intent.SentOn.AddDays(1), "date_taken", "Another change has this date; the next day is tried.", TimeSpan.Zero, CancellationToken.None);
                return null;
            case SendOutcome.Refused refused:
                await Settle(intent, attempt, "rejected", refused.Code, refused.Message, CancellationToken.None);
                return null;
            case SendOutcome.NotSent { Failure: { Uncounted: true } held }:
                await intents.Withhold(intent, attempt, held.Code, held.Message, held.WaitOr(times.Retry(0)), CancellationToken.None);
                return held;
            case SendOutcome.NotSent notSent:
                var after = notSent.Failure.WaitOr(times.Retry(intent.Attempt));
                await intents.Retry(intent, attempt, "sending", intent.SentOn, notSent.Failure.Code, notSent.Failure.Message, after, CancellationToken.None);
                return notSent.Failure;
            case SendOutcome.InDoubt doubt:
                await intents.Doubt(intent, attempt, doubt.Failure.Code, doubt.Failure.Message, times.Check(0), CancellationToken.None);
                log.InDoubt(intent.Id, doubt.Failure.Code);
                return null;
            default:
                throw new InvalidOperationException($"{outcome} is not an outcome.");
        }
    }

    /// <summary>Whoever marked it has died, for the contract's lock was free: the first byte may have left.</summary>
    private async Task<VendorFailure?> Orphaned(Intent intent, CancellationToken cancellation)
    {
        await intents.Doubt(intent, intent.Attempt, "silo_lost", "The silo ended between mark and answer.", times.Check(0), cancellation);
        log.InDoubt(intent.Id, "silo_lost");
        return null;
    }

    /// <summary>
    /// A read may be from before the send, and show what is wished by chance: the line may have had those units until its change before this one. So without an answer nothing follows from one read-back, whichever it
    /// shows, but only from those that agree for a while.
    /// </summary>
    private async Task<VendorFailure?> Verify(Intent intent, decimal? observed, DateTimeOffset now, CancellationToken cancellation)
    {
        var agreed = intent.UnchangedSince is { } since && intent.Seen == observed ? now - since : TimeSpan.Zero;
        if (observed == intent.Desired && (intent.Acknowledged || agreed >= times.UnchangedFor)) await intents.Confirm(intent, "applied", cancellation);
        else if (observed != intent.Desired && observed != intent.ObservedBefore && intent.Checks >= IntentTimes.LooksMax)
            await Settle(intent, intent.Attempt, "parked", "changed_elsewhere", $"The PSA shows {observed?.ToString() ?? "no"} units; before the send it showed {intent.ObservedBefore}.", cancellation);
        else if (observed != intent.ObservedBefore || agreed < times.UnchangedFor)
        {
            if (intent.Checks >= IntentTimes.ChecksMax) await Settle(intent, intent.Attempt, "parked", "cannot_verify", $"Not settled after {intent.Checks} read-backs.", cancellation);
            else await intents.CheckAgain(intent, observed, observed == intent.Desired ? times.UnchangedFor - agreed : times.Check(intent.Checks), cancellation);
        }
        else if (intent.Acknowledged)
            await Settle(intent, intent.Attempt, "parked", "not_visible", "The PSA said yes, but still shows the units from before.", cancellation);
        else
            await intents.Retry(intent, intent.Attempt, "in_doubt", intent.SentOn, "not_applied", "Read-backs show that the change did not arrive.", TimeSpan.Zero, cancellation);
        return null;
    }

    private async Task Settle(Intent intent, int attempt, string state, string code, string sentence, CancellationToken cancellation)
    {
        await intents.Settle(intent, attempt, state, code, sentence, cancellation);
        log.NeedsPerson(intent.Id, state, code);
    }

    private static int DatesTaken(Intent intent) => intent.SentOn.DayNumber - intent.EffectiveOn.DayNumber;
}
