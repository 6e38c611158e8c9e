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

    /// <summary>Beyond which number a measure is logged; those not named here have the limit of <see cref="Gauge"/>.</summary>
    public IReadOnlyDictionary<string, double> Limits { get; init; } = new Dictionary<string, double>();
}
