using UsageBilling.Interfaces.Keys;

namespace UsageBilling.Runtime.Intents;

/// <summary>
/// The state machine of intents: pending → sending → in_doubt → confirmed, with rejected and parked as ends that a person may release.
/// Every step compares the generation and the attempt it is about, so that a silo which wakes up late changes nothing.
/// </summary>
public interface IIntentStore
{
    /// <summary>PSA integrations with intents to look at now, those that add lines left out.</summary>
    Task<IReadOnlyList<DuePsa>> DuePsas(CancellationToken cancellation);

    /// <summary>The due head intent of each contract, oldest first, at most <see cref="IntentStore.HeadsMax"/>.</summary>
    Task<IReadOnlyList<Intent>> Heads(long integration, CancellationToken cancellation);

    /// <summary>The database's instant.</summary>
    Task<DateTimeOffset> Now(CancellationToken cancellation);

    /// <summary>Commits that the first byte may leave. False when the intent is somebody else's by now, or was superseded.</summary>
    Task<bool> MarkSending(Intent intent, decimal observed, decimal delta, CancellationToken cancellation);

    /// <summary>The PSA could not be read: the intent waits in the state it is in, and no attempt and no check is counted.</summary>
    Task Postpone(Intent intent, TimeSpan after, CancellationToken cancellation);

    /// <summary>Nothing was sent, because the PSA shows something unlooked-for: read again later.</summary>
    Task LookAgain(Intent intent, decimal? observed, string code, string sentence, TimeSpan after, CancellationToken cancellation);

    /// <summary>The PSA shows what was wanted.</summary>
    /// <param name="code"><c>unchanged</c> when nothing had to be sent, <c>applied</c> otherwise.</param>
    Task Confirm(Intent intent, string code, CancellationToken cancellation);

    /// <summary>The vendor said yes; the intent stays in flight until a read shows it.</summary>
    Task Acknowledge(Intent intent, int attempt, TimeSpan checkAfter, CancellationToken cancellation);

    /// <summary>The answer was lost.</summary>
    Task Doubt(Intent intent, int attempt, string code, string sentence, TimeSpan checkAfter, CancellationToken cancellation);

    /// <summary>Certainly not applied: to be sent again, perhaps with another date.</summary>
    /// <param name="state">The state it is in now.</param>
    Task Retry(Intent intent, int attempt, string state, DateOnly sentOn, string code, string sentence, TimeSpan after, CancellationToken cancellation);

    /// <summary>The hub itself held the call back: it waits as if it had never been marked, and no attempt is counted.</summary>
    Task Withhold(Intent intent, int attempt, string code, string sentence, TimeSpan after, CancellationToken cancellation);

    /// <summary>The end, until a person releases it.</summary>
    /// <param name="state"><c>rejected</c> when the PSA said no, <c>parked</c> when a person must look.</param>
    Task Settle(Intent intent, int attempt, string state, string code, string sentence, CancellationToken cancellation);

    /// <summary>Still not known: look again later.</summary>
    /// <param name="observed">Units the PSA shows; null when it shows none, or never does.</param>
    Task CheckAgain(Intent intent, decimal? observed, TimeSpan after, CancellationToken cancellation);

    /// <summary>
    /// A person says: try again. The answer is the intent that is tried: the same, or one that follows it, for what may have arrived stays on record as it was sent.
    /// Null when there is nothing to release, or a newer wish has taken its place.
    /// </summary>
    /// <param name="actor">Who; kept in the audit.</param>
    Task<long?> Release(MspId msp, long id, string actor, CancellationToken cancellation);
}
