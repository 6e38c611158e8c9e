namespace UsageBilling.Benchmarks.Chaos;

/// <summary>What <c>./bench chaos</c> found.</summary>
/// <param name="NightSeconds">Of each disturbed night.</param>
/// <param name="UndisturbedNightSeconds">Of each night before anything was disturbed.</param>
/// <param name="RatioToUndisturbed">The mean of the one to the mean of the other.</param>
/// <param name="ResumeSecondsMax">After a kill, until somebody had begun and committed something; null when no kill met work.</param>
/// <param name="SettleSecondsMax">After a night's last turn, until the PSA was owed nothing.</param>
/// <param name="EndedByThemselves">Silos that ended although nobody killed them.</param>
internal sealed record ChaosResult(
    int Seed,
    int Minutes,
    int Lines,
    decimal ChangedPercent,
    int Nights,
    int Kills,
    int Freezes,
    int DatabaseCrashes,
    int ResumesMeasured,
    double? ResumeSecondsMax,
    double? ResumeSecondsMedian,
    double? ResumeSecondsMaxNoneFrozen,
    double? CrashResumeSecondsMax,
    double RatioToUndisturbed,
    IReadOnlyList<double> NightSeconds,
    IReadOnlyList<double> UndisturbedNightSeconds,
    double SettleSecondsMax,
    int EndedByThemselves,
    string PostgresVersion,
    IReadOnlyDictionary<string, bool> Checks);
