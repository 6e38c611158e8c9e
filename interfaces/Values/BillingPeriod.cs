namespace UsageBilling.Interfaces.Values;

/// <summary>How often a service line is billed.</summary>
public enum BillingPeriod
{
    /// <summary>Every seven days.</summary>
    Weekly,

    /// <summary>Every month.</summary>
    Monthly,

    /// <summary>Every three months.</summary>
    Quarterly,

    /// <summary>Every six months.</summary>
    SemiAnnual,

    /// <summary>Every twelve months.</summary>
    Yearly,
}

/// <summary>When a period becomes ready to post; never how much it costs.</summary>
public enum BillingTiming
{
    /// <summary>On its first day.</summary>
    Advance,

    /// <summary>On the day after its last, that is, on its <see cref="DateRange.Until"/>.</summary>
    Arrears,
}
