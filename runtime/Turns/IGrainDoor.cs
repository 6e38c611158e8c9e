using UsageBilling.Interfaces.Keys;

namespace UsageBilling.Runtime.Turns;

/// <summary>Where somebody asks a single grain of one kind.</summary>
public interface IGrainDoor<in TMessage>
{
    /// <summary>Tells one grain something and waits for its answer.</summary>
    /// <param name="actor">Who asks; kept in the audit.</param>
    /// <returns><see cref="TurnResult.Busy"/> when the grain is held longer than the connection's lock timeout.</returns>
    /// <exception cref="InvalidOperationException">The decision threw: a mistake of ours.</exception>
    Task<TurnResult> Ask(MspId msp, long id, TMessage message, string actor, CancellationToken cancellation);
}
