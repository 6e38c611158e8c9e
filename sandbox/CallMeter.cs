namespace UsageBilling.Sandbox;

/// <summary>Calls of the last 60 minutes that one allowance is for. Refused calls are not counted.</summary>
internal sealed class CallMeter(SandboxClock clock, int callsMax)
{
    public const int WindowMinutes = 60;

    private readonly Lock gate = new();
    private readonly Queue<DateTimeOffset> calls = new();

    public int CallsMax { get; } = callsMax;

    public int Used
    {
        get
        {
            lock (gate)
                return calls.Count;
        }
    }

    /// <summary>Somebody else has called so often just now.</summary>
    public void CountStrangers(int others)
    {
        lock (gate)
        {
            for (var call = 0; call < others; call++)
                calls.Enqueue(clock.Now);
        }
    }

    /// <summary>False when the allowance is used up.</summary>
    public bool Count()
    {
        lock (gate)
        {
            var now = clock.Now;
            while (calls.TryPeek(out var oldest) && oldest <= now.AddMinutes(-WindowMinutes))
                calls.Dequeue();
            if (calls.Count >= CallsMax)
                return false;
            calls.Enqueue(now);
            return true;
        }
    }
}
