namespace UsageBilling.Runtime.Turns;

/// <summary>What kind of work a commit may have left behind.</summary>
[Flags]
public enum WorkKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Messages or reminders of grains.</summary>
    Turns = 1,

    /// <summary>Product tenants to read at a vendor.</summary>
    Reads = 2,

    /// <summary>Intents to send to a PSA.</summary>
    Intents = 4,

    /// <summary>Runs somebody waits for.</summary>
    Runs = 8,

    /// <summary>Runs of billing jobs.</summary>
    Jobs = 16,

    /// <summary>Tickets, their notes and their ends, to be sent to a PSA.</summary>
    Tickets = 32,

    /// <summary>Events to be delivered to webhooks.</summary>
    Webhooks = 64,
}

/// <summary>Tells whoever listens that a commit left work behind. A hint only: the poke finds the work without it.</summary>
public sealed class WorkSignal
{
    /// <summary>Raised after a commit, on the committing thread; handlers must return at once.</summary>
    public event Action<WorkKinds>? Raised;

    /// <summary>Tells the listeners.</summary>
    public void Raise(WorkKinds kinds)
    {
        if (kinds != WorkKinds.None) Raised?.Invoke(kinds);
    }
}
