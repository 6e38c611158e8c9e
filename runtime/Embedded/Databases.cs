using Npgsql;

namespace UsageBilling.Runtime.Embedded;

/// <summary>Creates databases on any PostgreSQL server, embedded or not.</summary>
public static class Databases
{
    /// <summary>The database every server has, to connect to before ours exists.</summary>
    internal const string Maintenance = "postgres";

    /// <summary>Creates the database that a connection string names, unless it is there. Safe when several programs do it together.</summary>
    /// <param name="connectionString">Its user must be allowed to create databases, unless the database exists.</param>
    /// <returns>True when this call created it.</returns>
    /// <exception cref="NpgsqlException">The server cannot be reached, or refuses.</exception>
    public static async Task<bool> CreateIfMissing(string connectionString, CancellationToken cancel)
    {
        var wanted = new NpgsqlConnectionStringBuilder(connectionString);
        var name = wanted.Database ?? throw new ArgumentException("The connection string names no database.", nameof(connectionString));
        wanted.Database = Maintenance;
        wanted.Pooling = false;
        await using var connection = new NpgsqlConnection(wanted.ConnectionString);
        await connection.OpenAsync(cancel);
        // CREATE DATABASE has no IF NOT EXISTS: the lock makes asking and creating one step; closing the connection releases it
        await using var ask = new NpgsqlCommand(SqlText.Load("Embedded/lock_databases"), connection);
        await ask.ExecuteNonQueryAsync(cancel);
        await using var words = new NpgsqlCommand(SqlText.Load("Embedded/create_database_statement"), connection);
        words.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        if (await words.ExecuteScalarAsync(cancel) is not string statement) return false;
        // CA2100: the statement was quoted by the server's own format('%I')
#pragma warning disable CA2100
        await using var create = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync(cancel);
        return true;
    }
}
