namespace UsageBilling.Runtime.Embedded;

/// <summary>Why a private PostgreSQL instance cannot be had.</summary>
public enum EmbeddedPostgresProblem
{
    /// <summary>No server binaries of a version we can use.</summary>
    ServerMissing,

    /// <summary>No account to run the server under: PostgreSQL refuses to run as root.</summary>
    AccountMissing,

    /// <summary>The folder holds something that this program did not make; it is left alone.</summary>
    FolderForeign,

    /// <summary>The folder cannot be entered, created or written.</summary>
    FolderUnusable,

    /// <summary>The cluster was made by a major version that is not installed.</summary>
    OtherVersion,

    /// <summary>The cluster is damaged, or the server gave up while starting.</summary>
    ServerFailed,

    /// <summary>A bounded wait ran out.</summary>
    TimedOut,
}

/// <summary>A private PostgreSQL instance cannot be had. The message is one sentence for the person at the terminal.
/// Nothing has been deleted.</summary>
public sealed class EmbeddedPostgresException : Exception
{
    /// <param name="message">One sentence: what is wrong, where, and the way out.</param>
    /// <param name="inner">The cause, when an exception was the cause.</param>
    public EmbeddedPostgresException(EmbeddedPostgresProblem problem, string message, Exception? inner = null)
        : base(message, inner) => Problem = problem;

    /// <summary>Which of the known problems it is.</summary>
    public EmbeddedPostgresProblem Problem { get; }
}
