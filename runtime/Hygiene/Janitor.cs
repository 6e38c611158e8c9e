using Npgsql;
using UsageBilling.Runtime.Intents;

namespace UsageBilling.Runtime.Hygiene;

/// <summary>Keeps the database small: partitions of readings are made ahead and dropped, what may go is pruned, indexes of due work are rebuilt.</summary>
/// <remarks>Every batch is a transaction of its own, so nothing waits for the janitor longer than a moment and a killed one has lost nothing.</remarks>
/// <param name="database">Its own pool: a step may take minutes, and nothing else should.</param>
public sealed class Janitor(NpgsqlDataSource database, Retention retention, TimeProvider clock)
{
    /// <summary>What the last row of a run is called.</summary>
    public const string End = "end";

    private const int MonthsAhead = 3;

    /// <summary>Batches of one step: what is left then is left for tomorrow.</summary>
    private const int BatchesMax = 10_000;

    private const long NotNow = -1;

    /// <summary>Does everything once, if no run has ended since the last quiet time and nobody else is at it.</summary>
    /// <param name="quietAt">The time of day, in UTC, from which on a new day's run is due.</param>
    /// <returns>The steps in order, also those that failed; empty when nothing was due here.</returns>
    /// <exception cref="NpgsqlException">The database cannot be reached. A step that fails by itself is in the answer instead.</exception>
    public async Task<IReadOnlyList<JanitorStep>> RunIfDue(TimeOnly quietAt, CancellationToken cancellation)
    {
        var done = new List<JanitorStep>();
        DateTime? run = null;
        await new PostgresLockSessions(database).Alone(
            "janitor",
            async stop => (run = await Due(quietAt, stop)) is not null,
            async stop =>
            {
                foreach (var (name, work) in Steps()) done.Add(await Step(run!.Value, name, work, stop));
                await Record(run!.Value, new(End, done.Count, TimeSpan.FromMilliseconds(done.Sum(step => step.Took.TotalMilliseconds)), null), stop);
            },
            cancellation);
        return done;
    }

    private IEnumerable<(string Name, Func<CancellationToken, Task<long>> Work)> Steps() =>
    [
        ("make partitions", MakePartitions),
        ("drop partitions", DropPartitions),
        ("prune readings", PruneReadings),
        ("prune intents", PruneIntents),
        ("prune runs", stop => InBatches("Hygiene/prune_runs", retention.RunDays, stop)),
        ("prune repeatable requests", stop => InBatches("Hygiene/prune_repeatable_requests", Retention.RepeatableHours, stop)),
        ("prune feeds", PruneFeeds),
        ("prune nights", stop => InBatches("Hygiene/prune_nights", retention.NightMonths, stop)),
        ("prune notices", PruneNotices),
        ("prune webhooks", PruneWebhooks),
        ("prune janitor runs", stop => InBatches("Hygiene/prune_janitor_runs", retention.JanitorDays, stop)),
        ("drop leftover indexes", stop => Execute(Command("Hygiene/drop_leftover_indexes"), stop)),
        ("reindex reminder_due", stop => Weekly("reindex reminder_due", again => Reindex("reminder_due", again), stop)),
        ("reindex message_said_once", stop => Weekly("reindex message_said_once", again => Reindex("message_said_once", again), stop)),
        ("analyze readings", stop => Weekly("analyze readings", again => Execute(Command("Hygiene/analyze_readings"), again), stop)),
    ];

    private async Task<JanitorStep> Step(DateTime run, string name, Func<CancellationToken, Task<long>> work, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var (rows, fault) = (0L, (string?)null);
        try
        {
            rows = await work(cancellation);
        }
        catch (Exception failed) when (!cancellation.IsCancellationRequested)
        {
            fault = failed.Message;
        }

        var step = new JanitorStep(name, rows, clock.GetElapsedTime(started), fault);
        if (rows != NotNow) await Record(run, step, cancellation);
        return step;
    }

    private async Task<long> MakePartitions(CancellationToken cancellation)
    {
        var made = 0L;
        for (var month = 0; month <= MonthsAhead; month++) made += await Scalar<long>(Command("Hygiene/make_reading_partition", month), cancellation);
        return made;
    }

    private async Task<long> DropPartitions(CancellationToken cancellation)
    {
        var months = new List<DateOnly>();
        await using (var ask = Command("Hygiene/old_reading_partitions", await Cutoff(cancellation)))
        await using (var rows = await ask.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation)) months.Add(rows.GetFieldValue<DateOnly>(0));
        }

        foreach (var month in months) await Execute(Command("Hygiene/drop_reading_partition", month), cancellation);
        return months.Count;
    }

    private async Task<long> PruneReadings(CancellationToken cancellation) => await InBatches("Hygiene/prune_readings", await Cutoff(cancellation), cancellation);

    private async Task<long> PruneIntents(CancellationToken cancellation)
    {
        var (after, gone) = ((long?)0, 0L);
        for (var batch = 0; batch < BatchesMax && after is not null; batch++)
        {
            await using var prune = Command("Hygiene/prune_intents", after.Value, Retention.BatchRows, retention.IntentMonths, Retention.LookBackDays);
            await using var answer = await prune.ExecuteReaderAsync(cancellation);
            await answer.ReadAsync(cancellation);
            after = await answer.IsDBNullAsync(0, cancellation) ? null : answer.GetInt64(0);
            gone += answer.GetInt64(1);
        }

        return gone;
    }

    private async Task<long> PruneNotices(CancellationToken cancellation) =>
        await InBatches("Hygiene/prune_notice_items", retention.NoticeMonths, cancellation) + await InBatches("Hygiene/prune_notices", retention.NoticeMonths, cancellation);

    private async Task<long> PruneWebhooks(CancellationToken cancellation) =>
        await InBatches("Hygiene/prune_webhook_deliveries", retention.DeliveryDays, cancellation) + await InBatches("Hygiene/prune_webhooks", retention.DeliveryDays, cancellation);

    private async Task<long> PruneFeeds(CancellationToken cancellation) =>
        await InBatches("Hygiene/prune_feed_rows", retention.RunDays, cancellation) + await InBatches("Hygiene/prune_feed_snapshots", retention.RunDays, cancellation);

    private async Task<long> InBatches<T>(string sql, T keep, CancellationToken cancellation)
        where T : notnull
    {
        var gone = 0L;
        for (var batch = 0; batch < BatchesMax; batch++)
        {
            var rows = await Execute(Command(sql, keep, Retention.BatchRows), cancellation);
            gone += rows;
            if (rows < Retention.BatchRows) break;
        }

        return gone;
    }

    /// <summary>Nothing to record when it was done this week.</summary>
    private async Task<long> Weekly(string step, Func<CancellationToken, Task<long>> work, CancellationToken cancellation) =>
        await Scalar<bool>(Command("Hygiene/done_lately", step), cancellation) ? NotNow : await work(cancellation);

    private async Task<long> Reindex(string index, CancellationToken cancellation)
    {
        if (!await Scalar<bool>(Command("Hygiene/bloated", index, retention.BloatBytes), cancellation)) return 0;
        await Execute(Command($"Hygiene/reindex_{index}"), cancellation);
        return 1;
    }

    private Task<DateOnly> Cutoff(CancellationToken cancellation) =>
        Scalar<DateOnly>(Command("Hygiene/reading_cutoff", retention.ReadingMonths, Retention.LookBackDays), cancellation);

    private async Task<DateTime?> Due(TimeOnly quietAt, CancellationToken cancellation)
    {
        await using var ask = Command("Hygiene/due", quietAt);
        return (DateTime?)await ask.ExecuteScalarAsync(cancellation);
    }

    private Task<long> Record(DateTime run, JanitorStep step, CancellationToken cancellation) =>
        Execute(Command("Hygiene/record", run, step.Name, step.Rows, (long)step.Took.TotalMilliseconds, step.Fault ?? (object)DBNull.Value), cancellation);

    private static async Task<long> Execute(NpgsqlCommand statement, CancellationToken cancellation)
    {
        await using var command = statement;
        return Math.Max(0, await command.ExecuteNonQueryAsync(cancellation));
    }

    private static async Task<T> Scalar<T>(NpgsqlCommand statement, CancellationToken cancellation)
    {
        await using var command = statement;
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return row.GetFieldValue<T>(0);
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = database.CreateCommand(SqlText.Load(sql));
        command.CommandTimeout = 0; // the pool's connections have a limit of their own, which PostgreSQL keeps
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
