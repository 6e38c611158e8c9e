namespace UsageBilling.Runtime.Reminders;

/// <summary>Whether batches are written in one part or in several. What the database refuses undoes a part, and seldom comes alone.</summary>
internal sealed class Wariness
{
    private const int PartsWhenWary = 8;

    /// <summary>A refusal is remembered for so many batches that go well.</summary>
    private const int Remembered = 32;

    private int left;

    public int Parts => Volatile.Read(ref left) > 0 ? PartsWhenWary : 1;

    public void Refused() => Volatile.Write(ref left, Remembered);

    /// <summary>A batch went well. Drains of several shards may count at once: one more or less does not matter.</summary>
    public void Taken() => Volatile.Write(ref left, Math.Max(0, Volatile.Read(ref left) - 1));
}
