using Npgsql;

namespace UsageBilling.Benchmarks;

/// <summary>The benchmark's own SQL, kept in files beside it.</summary>
internal static class Statement
{
    public static string Load(string name)
    {
        using var file = typeof(Statement).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"There is no statement {name}.");
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    /// <summary>Runs the statements of a file, one after the other, each as its own transaction, with no limit of time.</summary>
    public static async Task Run(NpgsqlDataSource database, string name, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        foreach (var text in Load(name).Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
#pragma warning disable CA2100 // Our own file
            await using var command = new NpgsqlCommand(text, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    public static async Task<T> Scalar<T>(NpgsqlDataSource database, string name, CancellationToken cancellation, params object[] values)
    {
        await using var command = Command(database, name, values);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public static async Task<int> Execute(NpgsqlDataSource database, string name, CancellationToken cancellation, params object[] values)
    {
        await using var command = Command(database, name, values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>One row of yes and no.</summary>
    public static async Task<IReadOnlyList<bool>> Flags(NpgsqlDataSource database, string name, CancellationToken cancellation, params object[] values)
    {
        await using var command = Command(database, name, values);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return [.. Enumerable.Range(0, row.FieldCount).Select(row.GetBoolean)];
    }

    public static async Task<IReadOnlyList<T>> Rows<T>(NpgsqlDataSource database, string name, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation, params object[] values)
    {
        await using var command = Command(database, name, values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation)) rows.Add(fromRow(reader));
        return rows;
    }

    private static NpgsqlCommand Command(NpgsqlDataSource database, string name, object[] values)
    {
        var command = database.CreateCommand(Load(name));
        command.CommandTimeout = 0;
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
