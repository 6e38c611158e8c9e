namespace UsageBilling.Sandbox.Autotask.Writes;

/// <summary>What became of a write: the row's id, or why nothing changed. An adjustment succeeds without an id.</summary>
internal sealed record WriteOutcome(long? ItemId, IReadOnlyList<string> Errors)
{
    public static WriteOutcome Done(long? itemId) => new(itemId, []);

    public static WriteOutcome Refused(params IReadOnlyList<string> errors) => new(null, errors);
}
