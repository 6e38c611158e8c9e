namespace UsageBilling.Silo.Webhooks;

/// <summary>When events are delivered to webhooks, tried again, and given up.</summary>
public sealed record WebhookTimes
{
    /// <summary>The waits between attempts, as the Standard Webhooks specification proposes them: about two days and four hours in all. After the last attempt a person must look.</summary>
    public IReadOnlyList<TimeSpan> Retries { get; init; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20),
    ];

    /// <summary>For how long a receiver that failed gets nothing else.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that a failed receiver is left alone because it asked for that.</summary>
    public TimeSpan AskedWaitMax { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How often it is looked whether a night is over.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After which time a silo that has not said how an attempt ended is given up. Longer than any attempt takes.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Webhooks that one silo delivers to at the same time.</summary>
    public const int WebhooksAtOnceMax = 32;

    /// <summary>Events on their way to one of them at the same time.</summary>
    public const int TogetherMax = 4;

    /// <summary>After so many times as many, others who wait have their turn.</summary>
    public const int RoundsMax = 50;
}
