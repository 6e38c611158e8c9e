namespace UsageBilling.Runtime.Reminders;

/// <summary>Whether batches are written in parts or together. What the database refuses undoes a part, and seldom comes alone.</summary>
internal sealed class Wariness
{
    /// <summary>A refusal is remembered for so many batches that go well.</summary>
    private const int Remembered = 32;

    private int left;

    public bool Is => Volatile.Read(ref left) > 0;

    public void Refused() => Volatile.Write(ref left, Remembered);

    /// <summary>A batch went well. Drains of several shards may count at once: one more or less does not matter.</summary>
    public void Taken() => Volatile.Write(ref left, Math.Max(0, Volatile.Read(ref left) - 1));
}
