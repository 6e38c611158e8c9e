namespace UsageBilling.Interfaces.Webhooks;

/// <summary>One attempt to deliver one event. Holds secrets: it is never logged.</summary>
/// <param name="Id">The event's identity at the receiver, as <see cref="IdOf"/> spells it: the same at every attempt.</param>
/// <param name="At">The instant of the attempt, which is signed: a receiver refuses what is old.</param>
/// <param name="Body">JSON, signed byte by byte.</param>
/// <param name="Secrets">Each signs; the present one first.</param>
public sealed record WebhookCall(string Url, string Id, DateTimeOffset At, string Body, IReadOnlyList<WebhookSecret> Secrets)
{
    /// <summary>How receivers see an event's identity.</summary>
    public static string IdOf(Guid message) => $"msg_{message:N}";

    /// <summary>Names the event only.</summary>
    public override string ToString() => $"WebhookCall({Id})";
}

/// <summary>What signs the events of a webhook, and what its receiver checks them with.</summary>
/// <param name="Text">As a person gets it: <see cref="Prefix"/> and base64.</param>
public sealed record WebhookSecret(string Text)
{
    /// <summary>How the text begins, so that nobody takes it for another kind of secret.</summary>
    public const string Prefix = "whsec_";

    /// <summary>Random bytes of a secret; the standard wants 24 to 64.</summary>
    public const int Bytes = 32;

    /// <summary>The text of a secret with these bytes.</summary>
    public static WebhookSecret Of(ReadOnlySpan<byte> key) => new(Prefix + Convert.ToBase64String(key));

    /// <summary>The bytes that sign.</summary>
    public byte[] Key() => Convert.FromBase64String(Text[Prefix.Length..]);

    /// <summary>Shows nothing of it.</summary>
    public override string ToString() => Prefix + "…";
}

/// <summary>How a receiver took an event.</summary>
public enum ReceiverVerdict
{
    /// <summary>It said 2xx.</summary>
    Taken,

    /// <summary>It said something else, or nothing: to be tried again.</summary>
    Failed,

    /// <summary>It said 410: nothing of this webhook is wanted any more.</summary>
    Gone,

    /// <summary>The hub itself may not call there; nothing left it.</summary>
    NotAllowed,
}

/// <summary>What came of one attempt.</summary>
/// <param name="Status">The HTTP status; null when no answer came.</param>
/// <param name="Code">Stable snake_case code; null when it was taken.</param>
/// <param name="Sentence">The same for a person. Quotes nothing of the answer.</param>
public sealed record ReceiverAnswer(ReceiverVerdict Verdict, int? Status, string? Code, string? Sentence)
{
    /// <summary>For how long the receiver, which had failed, asks to be left alone; zero when it did not say.</summary>
    public TimeSpan AskedWait { get; init; }
}
