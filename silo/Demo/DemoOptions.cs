using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace UsageBilling.Silo.Demo;

/// <summary>How the demo hub is started.</summary>
/// <param name="Once">Whether to end after the night's table.</param>
/// <param name="Reset">Whether to delete the data first.</param>
/// <param name="Port">Port of the api on the loopback.</param>
/// <param name="Connection">A PostgreSQL of the user's own; null for the private one.</param>
internal sealed record DemoOptions(bool Once, bool Reset, int Port, string? Connection)
{
    public const int DefaultPort = 8080;

    public const string DataFolder = "data";

    /// <summary>A file beside the private PostgreSQL. What belongs to a database of the user's own is kept apart from what belongs to ours.</summary>
    public string FileFor(string name, string ending)
    {
        if (Connection is null) return Path.Combine(DataFolder, name + ending);
        var where = new NpgsqlConnectionStringBuilder(Connection);
        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{where.Host}:{where.Port}/{where.Database}")))[..8];
        return Path.Combine(DataFolder, $"{name}-{mark}{ending}");
    }
}

/// <summary>The demo cannot go on; the message is one sentence for a person.</summary>
internal sealed class DemoException(string message) : Exception(message);
