namespace UsageBilling.Tests.Simulator.Time;

/// <summary>All chance of a run: SplitMix64, so that a seed means the same on every machine and version.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>Dice of their own for one part of a run: what that part rolls moves nothing elsewhere.</summary>
    public Dice Of(string part) => new(part.Aggregate(Next() ^ 0x9E3779B97F4A7C15UL, (hash, sign) => unchecked((hash ^ sign) * 0x100000001B3UL)));

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>From a number through another.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public double Share() => (Next() >> 11) / (double)(1UL << 53);

    public bool Happens(double chance) => Share() < chance;

    public T OneOf<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    public TimeSpan Within(TimeSpan least, TimeSpan most) => least + TimeSpan.FromTicks((long)(Share() * (most - least).Ticks));

    private ulong Next()
    {
        unchecked
        {
            var mixed = state += 0x9E3779B97F4A7C15UL;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            return mixed ^ (mixed >> 31);
        }
    }
}
