using Microsoft.Extensions.Logging;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Intents;

namespace UsageBilling.Silo.Intents;

/// <summary>An intent of a PSA that adds lines, with what the PSA must be told besides units.</summary>
internal sealed record LineChange(Intent Intent, LineFacts Facts)
{
    /// <summary>The PSA tells no units, so those before the change are the ones that the hub's own last confirmed change left there.</summary>
    public decimal Before => Intent.Expected ?? 0m;

    public decimal Delta => Intent.Desired - Before;
}

/// <summary>Takes one intent of a PSA that adds lines one step further. A line whose answer was lost is looked for among those the PSA did not have before, never added again unseen.</summary>
internal sealed class LineSender(IIntentStore intents, AddedLineStore added, LineTickets tickets, IntentTimes times, TimeProvider clock, ILogger<LineSender> log)
{
    /// <summary>Seen where not one line is shown. Such a PSA never shows units, so that no read that tells anything is compared with it.</summary>
    private static readonly decimal? NothingAtAll = 0m;

    /// <returns>The failure when the PSA could not be read, or turned the call away at the door.</returns>
    public async Task<VendorFailure?> Step(LinePass pass, LineChange change, DateTimeOffset now, CancellationToken cancellation)
    {
        if (change.Intent.State == "sending") return await Orphaned(change.Intent, cancellation);
        var pending = change.Intent.State == "pending";
        IReadOnlyList<AddedLine> lines = [];
        if (!pending || change.Delta > 0m || change.Facts.Known is not null)
        {
            var read = await pass.Lines(change.Intent.ContractRemoteId, change.Facts.ServiceRemoteId, cancellation);
            if (read is VendorAnswer<IReadOnlyList<AddedLine>>.Failed failed) return await Unreadable(change.Intent, failed.Failure, cancellation);
            lines = ((VendorAnswer<IReadOnlyList<AddedLine>>.Answered)read).Value;
        }

        var arrived = Arrived(change, lines);
        if (arrived.Count == 0 && !Believed(change, lines)) return await ReadAgain(change.Intent, cancellation);
        if (!pending) return await Verify(change, arrived, now, cancellation);
        return await Late(change, arrived, cancellation) ? null : await Send(pass, change, lines, cancellation);
    }

    private async Task<VendorFailure?> Send(LinePass pass, LineChange change, IReadOnlyList<AddedLine> lines, CancellationToken cancellation)
    {
        var (intent, facts) = change;
        if (change.Delta == 0m) await intents.Confirm(intent, "unchanged", cancellation);
        else if (change.Delta < 0m) await tickets.Owe(pass.Psa, change, cancellation);
        else if (intent.Attempt >= IntentTimes.AttemptsMax) await Settle(intent, intent.Attempt, "parked", "attempts_exhausted", $"Sent {intent.Attempt} times without effect.", cancellation);
        else
        {
            var marked = clock.GetTimestamp();
            if (!await added.MarkSending(intent, change.Before, change.Delta, lines.Select(line => line.RemoteId), cancellation)) return null;
            var attempt = intent.Attempt + 1;
            if (clock.GetElapsedTime(marked) > times.SendWithin)
            {
                await intents.Retry(intent, attempt, "sending", intent.SentOn, "send_given_up", "The silo was held up between mark and send.", TimeSpan.Zero, cancellation);
                return null;
            }

            var line = new NewLine(intent.ContractRemoteId, facts.ServiceRemoteId, facts.Name, change.Delta, facts.Price, facts.Cost, intent.SentOn);
            var outcome = await pass.Add(line, cancellation);
            log.Sent(intent.Id, change.Delta, intent.SentOn);
            return await Conclude(intent, attempt, outcome);
        }

        return null;
    }

    /// <summary>Writes down how the send ended, also when the silo is told to stop meanwhile: an outcome that is known must not be forgotten.</summary>
    private async Task<VendorFailure?> Conclude(Intent intent, int attempt, SendOutcome outcome)
    {
        switch (outcome)
        {
            case SendOutcome.Applied:
                await intents.Acknowledge(intent, attempt, TimeSpan.Zero, CancellationToken.None);
                return null;
            case SendOutcome.Refused refused:
                await Settle(intent, attempt, "rejected", refused.Code, refused.Message, CancellationToken.None);
                return null;
            case SendOutcome.NotSent { Failure: { Uncounted: true } held }:
                await intents.Withhold(intent, attempt, held.Code, held.Message, held.WaitOr(times.Retry(0)), CancellationToken.None);
                return held;
            case SendOutcome.NotSent { Failure: var failure }:
                await intents.Retry(intent, attempt, "sending", intent.SentOn, failure.Code, failure.Message, failure.WaitOr(times.Retry(intent.Attempt)), CancellationToken.None);
                return failure;
            case SendOutcome.InDoubt { Failure: var failure }:
                await intents.Doubt(intent, attempt, failure.Code, failure.Message, times.Check(0), CancellationToken.None);
                log.InDoubt(intent.Id, failure.Code);
                return null;
            default:
                throw new InvalidOperationException($"{outcome} is not an outcome.");
        }
    }

    /// <summary>A wish that was sent before, and was taken for lost, may have arrived since.</summary>
    /// <returns>Whether that settled it.</returns>
    private async Task<bool> Late(LineChange change, List<AddedLine> arrived, CancellationToken cancellation)
    {
        if (change.Facts.Known is null || arrived.Count == 0) return false;
        if (arrived.Count == 1 && change.Facts.LastDelta == change.Delta) await added.Confirm(change.Intent, arrived[0].RemoteId, cancellation);
        else await Ambiguous(change, arrived, cancellation);
        return true;
    }

    private async Task<VendorFailure?> Verify(LineChange change, List<AddedLine> arrived, DateTimeOffset now, CancellationToken cancellation)
    {
        var intent = change.Intent;
        if (arrived.Count == 1) await added.Confirm(intent, arrived[0].RemoteId, cancellation);
        else if (arrived.Count > 1) await Ambiguous(change, arrived, cancellation);
        else if (intent.UnchangedSince is not { } since || now - since < times.UnchangedFor)
        {
            if (intent.Checks >= IntentTimes.ChecksMax) await CannotVerify(intent, cancellation);
            else await intents.CheckAgain(intent, observed: null, times.Check(intent.Checks), cancellation);
        }
        else if (intent.Acknowledged) await Settle(intent, intent.Attempt, "parked", "not_visible", "The PSA said yes, but does not show the line.", cancellation);
        else await intents.Retry(intent, intent.Attempt, "in_doubt", intent.SentOn, "not_applied", "Read-backs show that the line did not arrive.", TimeSpan.Zero, cancellation);
        return null;
    }

    /// <summary>A list that is not believed neither tells that a line is lost nor lets it be sent again.</summary>
    private async Task<VendorFailure?> ReadAgain(Intent intent, CancellationToken cancellation)
    {
        var after = times.Check(intent.Checks);
        if (intent.Checks >= IntentTimes.ChecksMax) await CannotVerify(intent, cancellation);
        else if (intent.State == "in_doubt") await intents.CheckAgain(intent, NothingAtAll, after, cancellation);
        else await intents.LookAgain(intent, intent.ObservedBefore, "lines_missing", "The PSA shows none of the lines that it had; it is read again before anything is sent.", after, cancellation);
        return null;
    }

    private Task CannotVerify(Intent intent, CancellationToken cancellation) =>
        Settle(intent, intent.Attempt, "parked", "cannot_verify", $"Not settled after {intent.Checks} read-backs.", cancellation);

    /// <summary>Whether at least one of the lines is shown that were there before the first send.</summary>
    private static bool Believed(LineChange change, IReadOnlyList<AddedLine> lines) =>
        change.Facts.Known is not { Count: > 0 } known || lines.Any(line => known.Contains(line.RemoteId));

    /// <summary>Lines that the PSA did not have before the first send, that are no other intent's, and that are billed as this one was to be. Their units nobody can read.</summary>
    private static List<AddedLine> Arrived(LineChange change, IReadOnlyList<AddedLine> lines) => change.Facts.Known is not { } known ? [] :
    [
        .. lines.Where(line => !known.Contains(line.RemoteId) && !change.Facts.Claimed.Contains(line.RemoteId) && (line.EffectiveOn is null || line.EffectiveOn == change.Intent.SentOn)
            && (line.UnitPrice is null || line.UnitPrice == change.Facts.Price)),
    ];

    private Task Ambiguous(LineChange change, List<AddedLine> arrived, CancellationToken cancellation) => Settle(
        change.Intent, change.Intent.Attempt, "parked", "lines_ambiguous",
        $"The PSA shows new lines of the service from {change.Intent.SentOn:yyyy-MM-dd} ({string.Join(", ", arrived.Select(line => line.RemoteId))}), and which of them is the hub's, with {change.Delta:0.######} units, cannot be read.",
        cancellation);

    /// <summary>Whoever marked it has died, for the contract's lock was free: the first byte may have left.</summary>
    private async Task<VendorFailure?> Orphaned(Intent intent, CancellationToken cancellation)
    {
        await intents.Doubt(intent, intent.Attempt, "silo_lost", "The silo ended between mark and answer.", times.Check(0), cancellation);
        log.InDoubt(intent.Id, "silo_lost");
        return null;
    }

    /// <summary>The PSA could not be read: nothing is sent and nothing is decided.</summary>
    private async Task<VendorFailure?> Unreadable(Intent intent, VendorFailure failure, CancellationToken cancellation)
    {
        await intents.Postpone(intent, failure.WaitOr(times.Retry(0)), cancellation);
        return failure;
    }

    private async Task Settle(Intent intent, int attempt, string state, string code, string sentence, CancellationToken cancellation)
    {
        await intents.Settle(intent, attempt, state, code, sentence, cancellation);
        log.NeedsPerson(intent.Id, state, code);
    }
}
