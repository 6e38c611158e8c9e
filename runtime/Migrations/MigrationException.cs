namespace UsageBilling.Runtime.Migrations;

/// <summary>The database's schema and this program do not fit together, or a step failed. The message is one sentence for an operator.
/// A failed step left nothing behind; the steps before it stay.</summary>
public sealed class MigrationException : Exception
{
    /// <param name="message">One sentence: which step, what is wrong, the way out.</param>
    /// <param name="inner">The cause, when an exception was the cause.</param>
    public MigrationException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
