using System.Text.Json.Nodes;

namespace UsageBilling.Sandbox;

/// <summary>Calls of the last 60 minutes that one allowance is for. Refused calls are counted by themselves.</summary>
internal sealed class CallMeter(SandboxClock clock, int callsMax)
{
    public const int WindowMinutes = 60;

    private readonly Lock gate = new();
    private readonly Queue<DateTimeOffset> calls = new();

    public int CallsMax { get; } = callsMax;

    /// <summary>The most calls that were in the 60 minutes before any one of them, that one included.</summary>
    public int Most { get; private set; }

    public int Refused { get; private set; }

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
            Most = Math.Max(Most, calls.Count);
        }
    }

    public JsonObject ToJson()
    {
        lock (gate)
            return new JsonObject { ["allowed"] = CallsMax, ["most"] = Most, ["refused"] = Refused };
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
            {
                Refused++;
                return false;
            }

            calls.Enqueue(now);
            Most = Math.Max(Most, calls.Count);
            return true;
        }
    }
}
