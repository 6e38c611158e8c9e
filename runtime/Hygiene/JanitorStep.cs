namespace UsageBilling.Runtime.Hygiene;

/// <summary>One thing the janitor did or tried.</summary>
/// <param name="Rows">Rows deleted, partitions made or dropped, indexes rebuilt; less than zero when its week is not over, and it was not tried.</param>
/// <param name="Fault">What went wrong; null when nothing did.</param>
public sealed record JanitorStep(string Name, long Rows, TimeSpan Took, string? Fault);
