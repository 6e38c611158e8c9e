using Npgsql;

namespace UsageBilling.Runtime.Turns;

/// <summary>Turns rows into the array parameters of one set-based statement: one constant text and one plan for any number of rows.</summary>
internal static class Columns
{
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(SqlText.Load(sql));
        batch.BatchCommands.Add(command);
        return command;
    }

    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    public static NpgsqlBatchCommand Column<TRow, T>(this NpgsqlBatchCommand command, IReadOnlyList<TRow> rows, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++) column[i] = value(rows[i]);
        return command.With(column);
    }
}
