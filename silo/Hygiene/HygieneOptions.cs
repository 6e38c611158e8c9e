using UsageBilling.Runtime.Hygiene;

namespace UsageBilling.Silo.Hygiene;

/// <summary>When a silo tidies up and how often it looks around.</summary>
public sealed record HygieneOptions
{
    /// <summary>How long is kept what may go.</summary>
    public Retention Retention { get; init; } = new();

    /// <summary>The quiet time, in UTC: after the nights of Europe and America, before those of Asia and Australia.</summary>
    public TimeOnly QuietAt { get; init; } = new(10, 0);

    /// <summary>How often it is asked whether the day's run is due.</summary>
    public TimeSpan JanitorEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often the watch looks.</summary>
    public TimeSpan WatchEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often it is looked for sessions that hold rows and say nothing.</summary>
    public TimeSpan SilenceEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest silence of a session that others wait for; then it is ended.</summary>
    public TimeSpan AwaitedSilence { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The longest silence of any session that holds rows: who claims work steps over them without waiting, and cannot do it either.</summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Beyond which number a measure is logged; those not named here have the limit of <see cref="Gauge"/>.</summary>
    public IReadOnlyDictionary<string, double> Limits { get; init; } = new Dictionary<string, double>();
}
