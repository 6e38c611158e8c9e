namespace UsageBilling.Benchmarks.Night;

/// <summary>What a measurement of a night found; the last line a benchmark prints.</summary>
/// <param name="Changed">Lines that have other units after the night.</param>
/// <param name="Seconds">From the moment the integrations became due until nothing was left to do.</param>
/// <param name="ReadSeconds">How much of it passed until every tenant's reading was written.</param>
/// <param name="SqlFloorSeconds">Set-based SQL in one session that does the same reads and writes on a copy of the same database.</param>
/// <param name="SiloCpuSeconds">Processor time of all silos together.</param>
/// <param name="PostgresCpuSeconds">Processor time of the private PostgreSQL.</param>
/// <param name="Failing">Lines whose turns failed; they are put off, and the seconds are those of the others.</param>
/// <param name="OthersToUndisturbed">Lines a second of the others, of what a night without failing lines did just before: 1 is undisturbed.</param>
/// <param name="OthersToUndisturbedByProcessor">The same by lines a second of processor, silos' and PostgreSQL's: busy neighbours disturb it less.</param>
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
    double? PostgresCpuSeconds,
    int Silos,
    int Night,
    bool Pinned,
    int Failing,
    double? OthersToUndisturbed,
    double? OthersToUndisturbedByProcessor,
    string PostgresVersion,
    IReadOnlyDictionary<string, bool> Checks)
{
    /// <summary>Beside the first night of a customer base that is the same, but in which nobody fails.</summary>
    public NightResult Beside(NightResult? undisturbed)
    {
        if (undisturbed is null) return this;
        double others = (Lines - Failing) / (double)Lines;
        return this with
        {
            OthersToUndisturbed = Math.Round(others * undisturbed.Seconds / Seconds, 3),
            OthersToUndisturbedByProcessor = Math.Round(others * undisturbed.Processor / Processor, 3),
        };
    }

    private double Processor => SiloCpuSeconds + PostgresCpuSeconds ?? SiloCpuSeconds;

    public string ToJson() => JsonLine.Of(this);
}
