namespace UsageBilling.Silo.Intents;

/// <summary>When intents are tried again and looked at again.</summary>
public sealed record IntentTimes
{
    /// <summary>Waits before the first, second, third and every later read-back of an intent in doubt.</summary>
    public IReadOnlyList<TimeSpan> CheckAfter { get; init; } = [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    /// <summary>Two reads this far apart must show that nothing changed before a lost change is sent again. Longer than any call may take.</summary>
    public TimeSpan UnchangedFor { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The wait before the second attempt of something that certainly did not reach the vendor; doubled each time.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest such wait.</summary>
    public TimeSpan RetryAfterMax { get; init; } = TimeSpan.FromHours(6);

    /// <summary>From the mark to the first byte: a silo that was frozen longer gives the send up.</summary>
    public TimeSpan SendWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Sends of one intent before a person must look.</summary>
    public const int AttemptsMax = 8;

    /// <summary>Read-backs of one send before a person must look.</summary>
    public const int ChecksMax = 12;

    /// <summary>Further reads of something unlooked-for before a person must look: one read may be wrong.</summary>
    public const int LooksMax = 2;

    /// <summary>Days an effective date moves on when the dates before it are taken by other changes.</summary>
    public const int DatesTakenMax = 31;

    /// <summary>The wait before a read-back.</summary>
    public TimeSpan Check(int checks) => CheckAfter[Math.Min(checks, CheckAfter.Count - 1)];

    /// <summary>The wait before an attempt.</summary>
    public TimeSpan Retry(int attempt) => TimeSpan.FromTicks(Math.Min(RetryAfterMax.Ticks, RetryAfter.Ticks << Math.Min(attempt, 12)));
}
