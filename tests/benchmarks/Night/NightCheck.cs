using Npgsql;
using UsageBilling.Benchmarks.Load;

namespace UsageBilling.Benchmarks.Night;

/// <summary>Compares every line, tenant and intent with what the population says they must be.</summary>
internal sealed class NightCheck(NightPlan plan, NpgsqlDataSource database, int number, DateOnly night)
{
    private static readonly string[] Checks =
    [
        "ledger_is_state_is_counts", "one_intent_per_changed_object", "nothing_doubled", "nothing_missing", "unchanged_lines_untouched", "verified_through_correct",
    ];

    /// <returns>How many lines changed, and each check with whether it holds.</returns>
    public async Task<(int Changed, IReadOnlyDictionary<string, bool> Checks)> Run(CancellationToken cancellation)
    {
        await Expect(cancellation);
        var results = new Dictionary<string, bool>();
        foreach (var check in Checks) results[check] = await Statement.Scalar<long>(database, check, cancellation, night) == 0;
        var failing = plan.Failing.Told(number);
        if (failing.Length > 0)
        {
            results["failing_lines_parked"] = await Statement.Scalar<long>(database, "failing_parked", cancellation, failing) == 0;
            results["failing_lines_untouched"] = await Statement.Scalar<long>(database, "failing_untouched", cancellation, failing, night) == 0;
        }

        return (await Statement.Scalar<int>(database, "changed_lines", cancellation, night, (long)plan.Population.Lines), results);
    }

    private async Task Expect(CancellationToken cancellation)
    {
        await Statement.Run(database, "expect", cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using (var import = await connection.BeginBinaryImportAsync("copy bench_expected (line_id, units, changed, changes) from stdin (format binary)", cancellation))
        {
            import.Timeout = Machine.CopyLongest;
            for (var account = 0; account < plan.Population.AllAccounts; account++)
            {
                var changes = Enumerable.Range(1, number).Count(passed => plan.Population.Changes(account, passed));
                for (var line = 0; line < Population.LinesPerContract; line++)
                {
                    await import.StartRowAsync(cancellation);
                    await import.WriteAsync((account * (long)Population.LinesPerContract) + line + 1, cancellation);
                    await import.WriteAsync((decimal)plan.Population.Units(account, line, number), cancellation);
                    await import.WriteAsync(plan.Population.Changes(account, number), cancellation);
                    await import.WriteAsync(changes, cancellation);
                }
            }

            await import.CompleteAsync(cancellation);
        }

        await Statement.Run(database, "expected", cancellation);
    }
}
