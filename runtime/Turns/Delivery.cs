using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Runtime.Turns;

/// <summary>A message on its way to a grain, and what it leaves behind once it is taken.</summary>
/// <param name="Grain">The grain's key.</param>
/// <param name="MessageId">The stored message that is deleted by the turn; null when it was not stored.</param>
/// <param name="Reminders">The reminders that are dropped by the turn unless it sets them anew, or refuses.</param>
public sealed record Delivery<TMessage>(long Grain, TMessage Message, long? MessageId, IReadOnlyList<string> Reminders)
{
    /// <summary>Whether an attempt has failed: it is then written by itself, so that nobody is undone with it again.</summary>
    public bool FailedBefore { get; init; }

    internal DateOnly? Since => Message is IDated dated ? dated.Since : null;
}

/// <summary>Makes deliveries.</summary>
public static class Delivery
{
    /// <summary>A message that comes straight from a caller and leaves nothing behind.</summary>
    public static Delivery<TMessage> Direct<TMessage>(long grain, TMessage message) => new(grain, message, null, []);
}

/// <summary>How a delivery ended.</summary>
public abstract record TurnResult
{
    private TurnResult()
    {
    }

    /// <summary>The grain answered, and everything it decided is committed.</summary>
    public sealed record Taken(Verdict Verdict) : TurnResult;

    /// <summary>There is no such grain, or it belongs to another msp.</summary>
    public sealed record Unknown : TurnResult;

    /// <summary>Somebody else holds the grain; try again shortly.</summary>
    public sealed record Busy : TurnResult;

    /// <summary>The decision threw, a mistake of ours, or the database refused what it said. Nothing of this grain was written.</summary>
    public sealed record Broke(string Reason) : TurnResult
    {
        internal static Broke By(Exception fault) => new($"{fault.GetType().Name}: {fault.Message}");
    }
}
