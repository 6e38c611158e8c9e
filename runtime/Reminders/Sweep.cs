namespace UsageBilling.Runtime.Reminders;

/// <summary>
/// One way through a shard, from grain to grain. At its end it begins anew when somebody held a grain, or one was told twice, and something moved: what is said
/// meanwhile raises a signal of its own.
/// </summary>
/// <param name="From">Where the next claim begins.</param>
internal readonly record struct Sweep(ShardPlace From)
{
    /// <summary>Deliveries that moved since the sweep began.</summary>
    private int Moved { get; init; }

    /// <summary>Deliveries that were left because their grain was busy.</summary>
    private int Held { get; init; }

    /// <summary>Whether nothing is left that could move now.</summary>
    public bool IsOver { get; private init; }

    /// <param name="next">Where the next claim begins; null at the end of the shard.</param>
    public Sweep After(int moved, int held, ShardPlace? next)
    {
        var (allMoved, allHeld) = (Moved + moved, Held + held);
        if (next is { } place && (moved > 0 || place != From)) return new(place) { Moved = allMoved, Held = allHeld };
        return new(ShardPlace.Start(From.Shard)) { IsOver = allMoved == 0 || allHeld == 0 };
    }
}
