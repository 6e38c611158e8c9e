using Npgsql;
using UsageBilling.Runtime.Migrations;

namespace UsageBilling.Silo.Commands;

/// <summary>The database of a command that does one thing and ends.</summary>
internal static class HubDatabase
{
    private const int Refused = 1;

    /// <summary>Connects, and brings the schema up to date: a command may come before any silo.</summary>
    /// <exception cref="MigrationException">The schema does not fit this program.</exception>
    /// <exception cref="NpgsqlException">PostgreSQL cannot be reached.</exception>
    public static async Task<NpgsqlDataSource> Open(string connection, CancellationToken cancellation)
    {
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { ApplicationName = "usagebilling-command", GssEncryptionMode = GssEncryptionMode.Disable });
        try
        {
            await MigrationRunner.Run(source, cancellation);
            return source;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says why not.</summary>
    /// <returns>The exit status for it.</returns>
    public static async Task<int> Refuse(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return Refused;
    }
}
