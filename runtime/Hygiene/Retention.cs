namespace UsageBilling.Runtime.Hygiene;

/// <summary>How long is kept what may go. Counts, ledger and audit are not on the list: they are never pruned.</summary>
public sealed record Retention
{
    /// <summary>Days from the last night that a turn may look back: 184 for a dated change or a missed night, 40 before it for the reading
    /// that stood then (see <c>Tables/line_inputs.sql</c>), and two for the distance between the msp's date and the database's.</summary>
    public const int LookBackDays = 226;

    /// <summary>The fewest months that hold <see cref="LookBackDays"/>.</summary>
    public const int MonthsMin = 8;

    /// <summary>The fewest days that a run is kept: somebody may still be waiting for it.</summary>
    public const int DaysMin = 7;

    /// <summary>The longest retention, in months: as good as for ever.</summary>
    public const int MonthsMax = 1200;

    /// <summary>The longest retention, in days.</summary>
    public const int DaysMax = 36500;

    /// <summary>Hours that the answer to a repeatable request is kept.</summary>
    public const int RepeatableHours = 24;

    /// <summary>Rows deleted in one transaction: well below a second, also where each one is compared with others.</summary>
    public const int BatchRows = 5000;

    /// <summary>Months that readings are kept, and at least as long as a turn may look back on them.</summary>
    public int ReadingMonths { get; init; } = 26;

    /// <summary>Months that a confirmed intent is kept after a newer one of its line has taken its place.</summary>
    public int IntentMonths { get; init; } = 26;

    /// <summary>Months that it is kept what a night read.</summary>
    public int NightMonths { get; init; } = 26;

    /// <summary>Months that a notice which was sent is kept. What its lines were last told stays, however old.</summary>
    public int NoticeMonths { get; init; } = 26;

    /// <summary>Days that a run which has ended is kept.</summary>
    public int RunDays { get; init; } = 90;

    /// <summary>Days that it is kept what was delivered to webhooks, and what could not be.</summary>
    public int DeliveryDays { get; init; } = 30;

    /// <summary>Days that the janitor's own doings are kept.</summary>
    public int JanitorDays { get; init; } = 90;

    /// <summary>Bytes from which on an index of due work is rebuilt when most of it is empty.</summary>
    public long BloatBytes { get; init; } = 16 * 1024 * 1024;
}
