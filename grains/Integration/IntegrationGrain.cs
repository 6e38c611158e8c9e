using UsageBilling.Grains.ProductTenant;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Integration;

/// <summary>Knows whether a vendor account can be called, and which nights of it are read.</summary>
public sealed class IntegrationGrain : IGrain<IntegrationState, IntegrationMessage>
{
    public Decision<IntegrationState> Decide(IntegrationState state, IntegrationMessage message, Turn turn) => message switch
    {
        IntegrationMessage.CredentialsProved proved => Proved(state, proved, turn),
        IntegrationMessage.CredentialsRefused refused => Refused(state, refused, turn),
        IntegrationMessage.CredentialsChanged => Changed(state, turn),
        IntegrationMessage.NightRequested night => Requested(state, night, turn),
        IntegrationMessage.PassEnded pass => Ended(state, pass, turn),
        IntegrationMessage.FeedOpened opened => Opened(state, opened, turn),
        IntegrationMessage.SnapshotReceived => new(state, Verdict.Ok, [new Effect.Remind(ReminderName.Read, turn.At)]),
        IntegrationMessage.FeedPassEnded pass => FeedEnded(state, pass, turn),
        _ => throw new InvalidOperationException($"An integration does not know {message}."),
    };

    /// <summary>Credentials that work again wake what a refusal put to sleep.</summary>
    private static Decision<IntegrationState> Proved(IntegrationState state, IntegrationMessage.CredentialsProved proved, Turn turn)
    {
        var answer = new Effect.FinishRuns(true, "credentials_valid", $"The vendor accepted the credentials: {proved.Account}.");
        Effect wake = state.ReadsProducts ? new Effect.Remind(ReminderName.Read, turn.At) : new Effect.WakeIntents();
        return new(
            state with { Credentials = CredentialState.Valid, CredentialReason = null },
            Verdict.Ok,
            state.Credentials == CredentialState.Refused ? [answer, wake] : [answer]);
    }

    /// <summary>A refusal parks the integration, not each piece of its work: reads and intents stay due and wait.</summary>
    private static Decision<IntegrationState> Refused(IntegrationState state, IntegrationMessage.CredentialsRefused refused, Turn turn)
    {
        var (code, sentence) = (refused.Failure.Code, $"The {(state.ReadsProducts ? "product" : "PSA")} refused the credentials: {refused.Failure.Message}");
        var effects = new List<Effect> { new Effect.FinishRuns(false, code, sentence) };
        if (state.Credentials != CredentialState.Refused) effects.Add(new Effect.Audit("integration.parked", state.Credentials.ToString(), code));
        if (state.ReadsProducts)
        {
            effects.Add(new Effect.Forget(ReminderName.Read));
            if (!(state.NightCursor >= turn.Night)) effects.Add(new Effect.KeepNight(new(turn.Night, 0, 0, 0, 0, 0, code, sentence)));
        }

        return new(state with { Credentials = CredentialState.Refused, CredentialReason = code }, Verdict.Ok, Sequence.From(effects));
    }

    /// <summary>Other credentials wake what failed with the old ones; an integration that owes no night, or is new, waits for its next one.</summary>
    private static Decision<IntegrationState> Changed(IntegrationState state, Turn turn)
    {
        var effects = new List<Effect> { new Effect.Audit("integration.credentials", state.Credentials.ToString(), "changed") };
        if (state.ReadsProducts)
        {
            var waited = state.Credentials == CredentialState.Refused || state.Failures > 0 || state.NightCursor < turn.Night;
            effects.Add(waited ? new Effect.Remind(ReminderName.Read, turn.At) : new Effect.RemindAtNight(ReminderName.Read, turn.Night.AddDays(1)));
        }
        else
        {
            effects.Add(new Effect.WakeIntents());
        }

        return new(state with { Credentials = CredentialState.Untested, CredentialReason = null, Failures = 0 }, Verdict.Ok, Sequence.From(effects));
    }

    private static Decision<IntegrationState> Requested(IntegrationState state, IntegrationMessage.NightRequested asked, Turn turn)
    {
        var night = asked.Night ?? turn.Night;
        if (!state.ReadsProducts)
            return Decision.Refuse(state, RefusalCode.IntegrationWithoutCounts, "This integration reads no products; a night has nothing to read there.");
        if (state.Credentials == CredentialState.Refused)
            return Decision.Refuse(state, RefusalCode.IntegrationParked, "The product refused the credentials; store new ones first.");
        if (night > turn.Night)
            return Decision.Refuse(state, RefusalCode.NightNotYet, $"The last night that has come is {turn.Night:yyyy-MM-dd}.");
        if (night < turn.Night)
            return Decision.Refuse(state, RefusalCode.DateTooOld, $"A source shows the present only; the last night is {turn.Night:yyyy-MM-dd}.");
        if (state.NightCursor >= night)
            return Decision.Refuse(state, RefusalCode.NightAlreadyRead, $"The night of {night:yyyy-MM-dd} is already read; refresh a line to read it again.");
        return new(
            state,
            Verdict.Ok,
            [new Effect.ReadTenantsNow(night), new Effect.RemindAtNight(ReminderName.Read, night), new Effect.Audit("integration.night", "", $"{night:yyyy-MM-dd} is to be read")]);
    }

    /// <summary>
    /// A pass that leaves something unread comes back for it; the night is finished when nothing is left, or when it is given up for the next. A finished night stays finished: a pass
    /// that ends after it, because its silo stood still meanwhile, was not for the night any more.
    /// </summary>
    private static Decision<IntegrationState> Ended(IntegrationState state, IntegrationMessage.PassEnded ended, Turn turn)
    {
        var pass = ended.Pass;
        var forNight = ended.ForNight && !(state.NightCursor >= pass.Night);
        var parked = state.Credentials == CredentialState.Refused;
        var unread = pass.Unread > 0 || pass.FailureCode is not null;
        var waits = forNight && !unread && ended.Waiting > 0;
        var incomplete = unread || waits;
        var failures = waits ? Math.Min(state.Failures + 1, ProductTenantGrain.AttemptsMax - 1) : unread ? state.Failures + 1 : 0;
        var retry = incomplete && failures < ProductTenantGrain.AttemptsMax;
        Effect wake = parked ? new Effect.Forget(ReminderName.Read)
            : retry ? new Effect.Remind(ReminderName.Read, turn.At + ProductTenantGrain.RetryAfter(failures - 1))
            : new Effect.RemindAtNight(ReminderName.Read, pass.Night.AddDays(1));
        var next = state with { Failures = retry ? failures : 0 };
        if (forNight && !incomplete) next = next with { NightCursor = pass.Night };
        if (pass.FailureCode is null && !parked) next = next with { Credentials = CredentialState.Valid, CredentialReason = null };
        // tenants that an earlier pass left unread wait for their own retry: a pass in between does not finish the night
        var kept = waits ? pass with { Unread = ended.Waiting } : pass;
        return new(next, Verdict.Ok, forNight && (!waits || pass.Due > 0) ? [new Effect.KeepNight(kept), wake] : [wake]);
    }

    /// <summary>A feed has no credentials that could be wrong; it is looked through at each night's end.</summary>
    private static Decision<IntegrationState> Opened(IntegrationState state, IntegrationMessage.FeedOpened opened, Turn turn) => new(
        state with { Credentials = CredentialState.Valid },
        Verdict.Ok,
        [new Effect.RemindAtNight(ReminderName.Read, turn.Night.AddDays(1)), new Effect.Audit("feed.opened", "", opened.Product)]);

    /// <summary>A night that a feed was not told of is over all the same: it is on record as incomplete, and nobody waits for it.</summary>
    private static Decision<IntegrationState> FeedEnded(IntegrationState state, IntegrationMessage.FeedPassEnded ended, Turn turn)
    {
        var again = ended.Left > 0 && state.Failures + 1 < ProductTenantGrain.AttemptsMax;
        Effect wake = again
            ? new Effect.Remind(ReminderName.Read, turn.At + ProductTenantGrain.RetryAfter(state.Failures))
            : new Effect.RemindAtNight(ReminderName.Read, ended.Night.AddDays(1));
        var cursor = !again && ended.Closed is { } closed && !(state.NightCursor > closed.Night) ? closed.Night : state.NightCursor;
        return new(
            state with { Failures = again ? state.Failures + 1 : 0, NightCursor = cursor },
            Verdict.Ok,
            ended.Closed is { } night ? [new Effect.KeepNight(night), wake] : [wake]);
    }
}
