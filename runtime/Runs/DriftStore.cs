using Npgsql;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Runs;

/// <summary>A line as the hub wishes it to be in the PSA on a night.</summary>
/// <param name="Desired">Null when the line was never counted.</param>
/// <param name="Wish">The state of the newest wish up to the night; empty when there was none.</param>
/// <param name="Waits">Whether a wish of it is on its way: then it is not compared.</param>
public sealed record WishedLine(long Line, string RemoteId, decimal? Desired, string Wish, bool Waits);

/// <summary>A line of which the PSA shows something else.</summary>
/// <param name="Observed">Null when the PSA shows no units.</param>
/// <param name="Reason"><c>other_units</c>, <c>no_units</c>, <c>intent_parked</c> or <c>intent_rejected</c>.</param>
public sealed record DriftedLine(long Line, decimal Desired, decimal? Observed, string Reason);

/// <summary>What PSAs show beside what the hub wishes there.</summary>
public sealed class DriftStore(NpgsqlDataSource database)
{
    /// <summary>Lines compared at a time: as many as one bulk read of units takes.</summary>
    public const int LinesMax = 500;

    /// <summary>Starts the run of every PSA whose msp's night began so long ago and that was not compared for it.</summary>
    /// <param name="kinds">Kinds of integrations whose units can be read.</param>
    /// <returns>How many were started; a PSA is started once a night, whichever silo asks.</returns>
    public async Task<int> Start(IReadOnlyCollection<string> kinds, TimeSpan after, CancellationToken cancellation)
    {
        var due = await Query(
            "Drift/psas",
            command => command.With(kinds.ToArray()),
            row => (Id: row.GetInt64(0), Calendar: NightCalendar.Of(row.GetString(2), row.GetFieldValue<TimeOnly>(3)), Compared: row.MaybeDate(4), Now: row.Instant(5)),
            cancellation);
        var started = 0;
        foreach (var psa in due)
        {
            var night = psa.Calendar.NightAt(psa.Now);
            if (psa.Compared >= night || psa.Calendar.RunAt(night) + after > psa.Now) continue;
            started += (await Query("Drift/start", command => command.With(psa.Id).With(night), row => row.GetInt64(0), cancellation)).Count;
        }

        return started;
    }

    /// <summary>The next lines of a PSA by id, at most <see cref="LinesMax"/>.</summary>
    public Task<IReadOnlyList<WishedLine>> Lines(long integration, long after, DateOnly night, CancellationToken cancellation) => Query(
        "Drift/lines",
        command => command.With(integration).With(after).With(LinesMax).With(night),
        row => new WishedLine(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetDecimal(2), row.GetString(3), row.GetBoolean(4)),
        cancellation);

    /// <summary>Keeps what differs among the lines of a range of ids, and forgets what differed there before.</summary>
    public async Task Keep(long msp, long integration, DateOnly night, long after, long through, IReadOnlyList<DriftedLine> drifted, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Drift/forget").With(integration).With(after).With(through).Column(drifted, line => line.Line);
        batch.Add("Drift/keep").With(msp).With(integration).With(night)
            .Column(drifted, line => line.Line).Column(drifted, line => line.Desired).Column(drifted, line => line.Observed).Column(drifted, line => line.Reason);
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Every line was looked at.</summary>
    public Task Finish(long integration, DateOnly night, int compared, int waiting, CancellationToken cancellation) => Query(
        "Drift/finish", command => command.With(integration).With(night).With(compared).With(waiting), row => row.FieldCount, cancellation);

    private async Task<IReadOnlyList<T>> Query<T>(string sql, Action<NpgsqlBatchCommand> fill, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        fill(batch.Add(sql));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.Rows(fromRow, cancellation);
    }
}
