namespace UsageBilling.Benchmarks;

/// <summary>What askers of one kind got, each asking again as soon as it had its answer.</summary>
/// <param name="Milliseconds">Of each answer that counts, the shortest first.</param>
internal abstract record Timed(double Seconds, IReadOnlyList<double> Milliseconds)
{
    public double PerSecond => Math.Round(Milliseconds.Count / Seconds);

    public double Percentile(int percent) => Milliseconds.Count == 0 ? 0 : Math.Round(Milliseconds[Math.Min(Milliseconds.Count - 1, Milliseconds.Count * percent / 100)], 1);
}
