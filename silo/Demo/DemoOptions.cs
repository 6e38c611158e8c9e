namespace UsageBilling.Silo.Demo;

/// <summary>How the demo hub is started.</summary>
/// <param name="Once">Whether to end after the night's table.</param>
/// <param name="Reset">Whether to delete the data first.</param>
/// <param name="Port">Port of the api on the loopback.</param>
/// <param name="Connection">A PostgreSQL of the user's own; null for the private one.</param>
internal sealed record DemoOptions(bool Once, bool Reset, int Port, string? Connection)
{
    public const int DefaultPort = 8080;
}

/// <summary>The demo cannot go on; the message is one sentence for a person.</summary>
internal sealed class DemoException(string message) : Exception(message);
