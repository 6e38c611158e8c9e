namespace UsageBilling.Api.Hosting;

/// <summary>The api cannot start. The message is one sentence for an operator and holds no password.</summary>
public sealed class ApiCannotStartException : Exception
{
    /// <summary>Says why.</summary>
    public ApiCannotStartException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
