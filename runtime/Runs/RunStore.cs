using Npgsql;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Runs;

/// <summary>A run that waits for a silo's hands.</summary>
/// <param name="Kind"><c>test</c>, <c>import</c>, <c>reconcile</c> or <c>lookups</c>.</param>
public sealed record DueRun(long Id, string Kind, DuePsa Integration);

/// <summary>Runs: long pieces of work that somebody asked for and can watch.</summary>
public sealed class RunStore(NpgsqlDataSource database)
{
    /// <summary>Runs that nobody has finished, oldest first.</summary>
    public async Task<IReadOnlyList<DueRun>> Due(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SqlText.Load("Runs/due"));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.Rows(
            row => new DueRun(row.GetInt64(0), row.GetString(1), new(
                row.GetInt64(2), row.GetInt64(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetString(8))),
            cancellation);
    }

    /// <summary>Ends a run; a run that has ended stays as it ended.</summary>
    public Task Finish(long run, bool well, string code, string sentence, CancellationToken cancellation) =>
        Do("Runs/finish", command => command.With(run).With(well ? "done" : "failed").With(code).With(sentence), cancellation);

    /// <summary>Whether a run goes on: false when a person has ended it.</summary>
    public async Task<bool> GoesOn(long run, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Runs/goes_on").With(run);
        return (bool)(await batch.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Says how far a run has come.</summary>
    public Task Progress(long run, int done, int total, CancellationToken cancellation) =>
        Do("Runs/progress", command => command.With(run).With(done).With(total), cancellation);

    private async Task Do(string sql, Action<NpgsqlBatchCommand> fill, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        fill(batch.Add(sql));
        await batch.ExecuteNonQueryAsync(cancellation);
    }
}
