namespace UsageBilling.Sandbox;

/// <summary>The sandbox cannot start; the message is one sentence for a person.</summary>
public sealed class SandboxCannotStartException(string message, Exception? inner) : Exception(message, inner);
