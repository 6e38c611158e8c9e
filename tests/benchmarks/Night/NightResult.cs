namespace UsageBilling.Benchmarks.Night;

/// <summary>What a measurement of a night found; the last line a benchmark prints.</summary>
/// <param name="Changed">Lines that have other units after the night.</param>
/// <param name="Seconds">From the moment the integrations became due until nothing was left to do.</param>
/// <param name="ReadSeconds">How much of it passed until every tenant's reading was written.</param>
/// <param name="SqlFloorSeconds">Set-based SQL in one session that does the same reads and writes on a copy of the same database.</param>
/// <param name="SiloCpuSeconds">Processor time of all silos together.</param>
internal sealed record NightResult(
    int Lines,
    int Changed,
    double Seconds,
    double LinesPerSecond,
    double ChangedPerSecond,
    double ReadSeconds,
    double? SqlFloorSeconds,
    double? RatioToFloor,
    decimal? PeakRssMb,
    double SiloCpuSeconds,
    int Silos,
    int Night,
    bool Pinned,
    int Parked,
    string PostgresVersion,
    IReadOnlyDictionary<string, bool> Checks)
{
    public string ToJson() => JsonLine.Of(this);
}
