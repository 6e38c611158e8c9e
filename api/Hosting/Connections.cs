using Npgsql;
using UsageBilling.Runtime.Isolation;

namespace UsageBilling.Api.Hosting;

/// <summary>How the api connects to PostgreSQL.</summary>
internal static class Connections
{
    private const string Impatient = "-c lock_timeout=2s -c statement_timeout=5s";
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 10;

    /// <summary>A turn is a dozen statements whose texts never change: planned once a connection, not once a turn.</summary>
    private const int StatementsPrepared = 100;

    /// <summary>The pool of requests: nobody waits long for a lock or a statement, and every statement sees one msp at most.</summary>
    public static NpgsqlDataSource Interactive(string connectionString, HubRoles roles)
    {
        var settings = Settings(connectionString);
        settings.Options = string.IsNullOrEmpty(settings.Options) ? Impatient : $"{settings.Options} {Impatient}";
        settings.CommandTimeout = CommandSeconds;
        return NpgsqlDataSource.Create(HubRoles.WorkingAs(settings, roles.Api));
    }

    /// <summary>What the start needs, as the login itself: a migration may wait for another program's, and takes the time it takes.</summary>
    public static NpgsqlDataSource Starting(string connectionString)
    {
        var settings = Settings(connectionString);
        settings.Pooling = false;
        return NpgsqlDataSource.Create(settings);
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString) => new(connectionString)
    {
        ApplicationName = "usagebilling-api",
        GssEncryptionMode = GssEncryptionMode.Disable,
        Timeout = ConnectSeconds,
        MaxAutoPrepare = StatementsPrepared,
    };
}
