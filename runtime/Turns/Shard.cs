namespace UsageBilling.Runtime.Turns;

/// <summary>Grains are spread over a fixed number of shards by their key; work is claimed one shard at a time.</summary>
public static class Shard
{
    /// <summary>How many shards there are. Stored with every reminder and message, and generated in the schema: it cannot change later.</summary>
    public const int Count = 64;

    /// <summary>The shard of a grain, 0 to 63.</summary>
    public static short Of(long grain) => (short)(grain % Count);
}
