using Npgsql;

namespace UsageBilling.Runtime.Migrations;

/// <summary>Brings a database's schema up to this program: every numbered step once, in order, each in its own transaction.
/// Safe when several programs start together on an empty database: one works, the others wait and find it done.</summary>
public static class MigrationRunner
{
    private const string LockNotAvailable = "55P03";

    /// <summary>Runs the steps this program was built with that the database does not have yet.</summary>
    /// <returns>The versions this call applied, in order; empty when there was nothing to do.</returns>
    /// <exception cref="MigrationException">An applied step has changed since, the database is newer than this program,
    /// a step failed, or another program has been migrating for longer than the lock wait.</exception>
    /// <exception cref="NpgsqlException">The server cannot be reached.</exception>
    public static Task<IReadOnlyList<int>> Run(NpgsqlDataSource source, CancellationToken cancel) =>
        Run(source, Migration.BuiltIn, cancel);

    /// <summary>The same with a list of steps given by the caller.</summary>
    /// <param name="migrations">Ordered by version, each version once.</param>
    /// <returns>The versions this call applied, in order.</returns>
    /// <exception cref="MigrationException">As above.</exception>
    public static async Task<IReadOnlyList<int>> Run(
        NpgsqlDataSource source, IReadOnlyList<Migration> migrations, CancellationToken cancel)
    {
        RefuseDisorder(migrations);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await Lock(connection, cancel);
        try
        {
            await Execute(connection, "Migrations/create_schema_migration", cancel);
            var applied = await Applied(connection, cancel);
            RefuseMismatch(migrations, applied);
            return await Apply(connection, migrations.Where(m => !applied.ContainsKey(m.Version)), cancel);
        }
        finally
        {
            // Not cancelled with the rest: a pooled connection must not keep the lock
            if (connection.State == System.Data.ConnectionState.Open)
                await Execute(connection, "Migrations/unlock", CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<int>> Apply(
        NpgsqlConnection connection, IEnumerable<Migration> pending, CancellationToken cancel)
    {
        var done = new List<int>();
        foreach (var migration in pending)
        {
            await ApplyOne(connection, migration, cancel);
            done.Add(migration.Version);
        }
        return done;
    }

    private static async Task ApplyOne(NpgsqlConnection connection, Migration migration, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        try
        {
            // CA2100: the text is a file of this assembly, or of a test
#pragma warning disable CA2100
            await using var step = new NpgsqlCommand(migration.Sql, connection, transaction) { CommandTimeout = 0 };
#pragma warning restore CA2100
            await step.ExecuteNonQueryAsync(cancel);
        }
        catch (PostgresException failed)
        {
            throw new MigrationException(
                $"Migration {Title(migration)} failed and was rolled back: {failed.MessageText} ({failed.SqlState}).", failed);
        }
        await using var record = new NpgsqlCommand(SqlText.Load("Migrations/record_migration"), connection, transaction);
        record.Parameters.Add(new NpgsqlParameter<int> { TypedValue = migration.Version });
        record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Name });
        record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Checksum });
        await record.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task Lock(NpgsqlConnection connection, CancellationToken cancel)
    {
        try
        {
            await Execute(connection, "Migrations/lock", cancel);
        }
        catch (PostgresException busy) when (busy.SqlState == LockNotAvailable)
        {
            throw new MigrationException("Another program has been migrating this database for more than ten minutes: wait for it, then start again.", busy);
        }
    }

    private static async Task<Dictionary<int, (string Name, string Checksum)>> Applied(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var ask = new NpgsqlCommand(SqlText.Load("Migrations/applied_migrations"), connection);
        await using var rows = await ask.ExecuteReaderAsync(cancel);
        var applied = new Dictionary<int, (string, string)>();
        while (await rows.ReadAsync(cancel)) applied.Add(rows.GetInt32(0), (rows.GetString(1), rows.GetString(2)));
        return applied;
    }

    private static void RefuseDisorder(IReadOnlyList<Migration> migrations)
    {
        for (var i = 0; i < migrations.Count; i++)
            if (migrations[i].Version <= (i == 0 ? 0 : migrations[i - 1].Version))
                throw new MigrationException($"Migration {Title(migrations[i])} is out of order or has a number that is taken.");
    }

    private static void RefuseMismatch(IReadOnlyList<Migration> migrations, Dictionary<int, (string Name, string Checksum)> applied)
    {
        var known = migrations.ToDictionary(migration => migration.Version);
        foreach (var (version, (name, checksum)) in applied.OrderBy(row => row.Key))
        {
            if (!known.TryGetValue(version, out var migration))
                throw new MigrationException(
                    $"The database has migration {version:0000}_{name}, which this program does not know: start the version that made it, or a newer one.");
            if (migration.Checksum != checksum)
                throw new MigrationException(
                    $"Migration {Title(migration)} was changed after it was applied to this database: restore the file and put the change into a new migration.");
        }
        var last = applied.Count == 0 ? 0 : applied.Keys.Max();
        var late = migrations.FirstOrDefault(migration => migration.Version < last && !applied.ContainsKey(migration.Version));
        if (late is not null)
            throw new MigrationException($"Migration {Title(late)} comes before {last:0000}, which this database already has: give it a higher number.");
    }

    private static async Task Execute(NpgsqlConnection connection, string name, CancellationToken cancel)
    {
        // CA2100: the text is a file of this assembly. No client timeout: the lock has its own in the statement
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(SqlText.Load(name), connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static string Title(Migration migration) => $"{migration.Version:0000}_{migration.Name}";
}
