using Microsoft.Extensions.Logging;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Tickets;
using UsageBilling.Silo.Intents;

namespace UsageBilling.Silo.Tickets;

/// <summary>Takes one write owed to a service desk one step further. A ticket or note whose answer was lost is looked for, never written again unseen.</summary>
internal sealed class TicketSender(TicketStore tickets, IntentTimes times, TimeProvider clock, ILogger<TicketSender> log)
{
    /// <returns>The failure when the PSA could not be looked at, or turned the call away at the door.</returns>
    public async Task<VendorFailure?> Step(IPsaDesk desk, VendorAccess access, TicketWrite write, CancellationToken cancellation)
    {
        if (write.State == "sending")
        {
            // whoever marked it has died, for the ticket's lock was free: the first byte may have left
            await tickets.Doubt(write, write.Attempt, "silo_lost", "The silo ended between mark and answer.", times.Check(0), cancellation);
            log.TicketInDoubt(write.Id, "silo_lost");
            return null;
        }

        var sight = await Look(desk, access, write, cancellation);
        if (sight.Failure is { } failure) return await Unseen(write, failure, cancellation);
        if (await ConfirmSeen(write, sight, cancellation)) return null;
        if (write.State == "pending") return await Send(desk, access, write, cancellation);
        await Missing(write, cancellation);
        return null;
    }

    private static async Task<Sight> Look(IPsaDesk desk, VendorAccess access, TicketWrite write, CancellationToken cancellation)
    {
        switch (write.Kind)
        {
            case TicketWriteKind.Open:
                var found = await desk.Find(access, write.Mark, cancellation);
                return found is VendorAnswer<IReadOnlyList<ObservedTicket>>.Answered tickets ? new(tickets.Value.Count > 0 ? tickets.Value[0] : null, false, null) : new(null, false, FailureOf(found));
            case TicketWriteKind.Note:
                var read = await desk.Notes(access, write.TicketRemoteId!, cancellation);
                return read is VendorAnswer<IReadOnlyList<ObservedNote>>.Answered notes
                    ? new(null, notes.Value.Any(note => note.Text.Contains(write.Mark, StringComparison.Ordinal)), null)
                    : new(null, false, FailureOf(read));
            default:
                return new(null, false, null);
        }
    }

    private async Task<bool> ConfirmSeen(TicketWrite write, Sight sight, CancellationToken cancellation)
    {
        if (sight.Ticket is { } ticket) await tickets.ConfirmOpen(write, write.Attempt, ticket, cancellation);
        else if (sight.Note) await tickets.Confirm(write, write.Attempt, cancellation);
        else return false;
        log.TicketConfirmed(write.TicketId, write.Kind);
        return true;
    }

    private async Task<VendorFailure?> Send(IPsaDesk desk, VendorAccess access, TicketWrite write, CancellationToken cancellation)
    {
        if (write.Attempt >= IntentTimes.AttemptsMax)
        {
            await Settle(write, write.Attempt, "attempts_exhausted", $"Sent {write.Attempt} times without effect.");
            return null;
        }

        var marked = clock.GetTimestamp();
        if (!await tickets.MarkSending(write, cancellation)) return null;
        var attempt = write.Attempt + 1;
        if (clock.GetElapsedTime(marked) > times.SendWithin)
        {
            await tickets.Retry(write, attempt, "send_given_up", "The silo was held up between mark and send.", TimeSpan.Zero, counts: true, cancellation);
            return null;
        }

        var outcome = write.Kind switch
        {
            TicketWriteKind.Open => await desk.Open(access, write.Ticket, cancellation),
            TicketWriteKind.Note => await desk.AddNote(access, write.TicketRemoteId!, new(write.Mark, write.Title, write.Text, write.At), cancellation),
            _ => await desk.SetStatus(access, write.TicketRemoteId!, write.Status!, cancellation),
        };
        return await Conclude(write, attempt, outcome);
    }

    /// <summary>Writes down how the send ended, also when the silo is told to stop meanwhile: an outcome that is known must not be forgotten.</summary>
    private async Task<VendorFailure?> Conclude(TicketWrite write, int attempt, SendOutcome outcome)
    {
        switch (outcome)
        {
            case SendOutcome.Applied when write.Kind == TicketWriteKind.Open:
                await tickets.Acknowledge(write, attempt, CancellationToken.None);
                return null;
            case SendOutcome.Applied:
                await tickets.Confirm(write, attempt, CancellationToken.None);
                log.TicketConfirmed(write.TicketId, write.Kind);
                return null;
            case SendOutcome.Refused refused:
                await Settle(write, attempt, refused.Code, refused.Message);
                return null;
            case SendOutcome.NotSent { Failure: var failure } when write.Test:
                await Settle(write, attempt, failure.Code, failure.Message);
                return failure;
            case SendOutcome.NotSent { Failure: var failure }:
                var wait = failure.WaitOr(times.Retry(failure.Uncounted ? 0 : write.Attempt));
                await tickets.Retry(write, attempt, failure.Code, failure.Message, wait, counts: !failure.Uncounted, CancellationToken.None);
                return failure;
            case SendOutcome.InDoubt { Failure: var failure }:
                await tickets.Doubt(write, attempt, failure.Code, failure.Message, times.Check(0), CancellationToken.None);
                log.TicketInDoubt(write.Id, failure.Code);
                return null;
            default:
                throw new InvalidOperationException($"{outcome} is not an outcome.");
        }
    }

    /// <summary>A write in doubt that the PSA does not show: a search may lag behind, so two looks a while apart must agree before it counts as not arrived.</summary>
    private async Task Missing(TicketWrite write, CancellationToken cancellation)
    {
        if (write.Kind == TicketWriteKind.Close)
            await tickets.Retry(write, write.Attempt, "repeated", "Whether the status arrived is not known; setting it again does no harm.", TimeSpan.Zero, counts: true, cancellation);
        else if (write.UnseenSince is { } since && write.Now - since >= times.UnchangedFor && !write.Acknowledged)
            await tickets.Retry(write, write.Attempt, "not_applied", "Looks at the PSA show that it did not arrive.", TimeSpan.Zero, counts: true, cancellation);
        else if (write.Checks >= IntentTimes.ChecksMax)
            await Settle(write, write.Attempt, "not_visible", "The PSA said yes, but does not show it.");
        else
            await tickets.CheckAgain(write, times.Check(write.Checks), cancellation);
    }

    /// <summary>The PSA could not be looked at: nothing is sent and nothing is decided. Who asked for a test hears of it at once.</summary>
    private async Task<VendorFailure> Unseen(TicketWrite write, VendorFailure failure, CancellationToken cancellation)
    {
        if (write.Test && write.State == "pending") await Settle(write, write.Attempt, failure.Code, failure.Message);
        else await tickets.Postpone(write, failure.WaitOr(times.Retry(0)), cancellation);
        return failure;
    }

    private async Task Settle(TicketWrite write, int attempt, string code, string sentence)
    {
        await tickets.Settle(write, attempt, write.Test ? "withdrawn" : "parked", code, sentence, CancellationToken.None);
        if (!write.Test) log.TicketNeedsPerson(write.TicketId, code);
    }

    private static VendorFailure FailureOf<T>(VendorAnswer<T> answer) => ((VendorAnswer<T>.Failed)answer).Failure;

    /// <summary>What a look showed.</summary>
    /// <param name="Note">Whether the note is there.</param>
    private sealed record Sight(ObservedTicket? Ticket, bool Note, VendorFailure? Failure);
}
