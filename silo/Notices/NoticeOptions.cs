namespace UsageBilling.Silo.Notices;

/// <summary>How notices leave the hub: to a mail server, or as files into a folder.</summary>
public sealed record NoticeOptions
{
    /// <summary>Who they are from: one bare address.</summary>
    public required string From { get; init; }

    /// <summary>The mail server; null for files.</summary>
    public MailServer? Server { get; init; }

    /// <summary>The folder that gets one <c>.eml</c> file for each notice, when there is no server.</summary>
    public string? Folder { get; init; }

    /// <summary>When notices are looked for, sent and tried again.</summary>
    public NoticeTimes Times { get; init; } = new();
}

/// <summary>A mail server that takes messages over SMTP. Not a record: its text would show the password.</summary>
public sealed class MailServer
{
    public required string Host { get; init; }

    public int Port { get; init; } = 587;

    /// <summary>Whether the conversation must become TLS (STARTTLS) before anything is said; without TLS nothing is sent then.</summary>
    public bool StartTls { get; init; } = true;

    /// <summary>With <see cref="Password"/>; null when the server asks for none.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }
}

/// <summary>When notices are looked for, sent and tried again.</summary>
public sealed record NoticeTimes
{
    /// <summary>How often contracts are looked through for changes.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>From the first change that was found to the message, so that the night's other changes are in it.</summary>
    public TimeSpan SettleFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a notice is put off at a time while work of its night waits.</summary>
    public TimeSpan WaitFor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After which time it is sent whatever still waits.</summary>
    public TimeSpan WaitMax { get; init; } = TimeSpan.FromHours(6);

    /// <summary>The wait before the second attempt; doubled each time.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest such wait.</summary>
    public TimeSpan RetryAfterMax { get; init; } = TimeSpan.FromHours(6);

    /// <summary>How long a whole conversation with a mail server may take.</summary>
    public TimeSpan SendWithin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Attempts of one notice before a person must look: about twenty hours.</summary>
    public const int AttemptsMax = 12;

    /// <summary>Conversations with the mail server at the same time.</summary>
    public const int AtOnceMax = 4;

    /// <summary>The wait after an attempt.</summary>
    public TimeSpan Retry(int attempt) => TimeSpan.FromTicks(Math.Min(RetryAfterMax.Ticks, RetryAfter.Ticks << Math.Min(attempt - 1, 12)));
}
