using Npgsql;

namespace UsageBilling.Benchmarks.Chaos;

/// <summary>What is not done yet.</summary>
internal sealed record Left(long Nights, long Messages, long Later, long Parked, long Owed, long Untaken)
{
    public bool Turns => Nights + Messages > 0;

    public override string ToString() => $"{Nights} nights unread, {Messages:N0} messages ({Later} for a later try), {Parked} parked, {Owed} changes owed to the PSA, {Untaken} it did not take";
}

/// <summary>Watches the work of a night from outside, through crashes of the database.</summary>
internal sealed class Work(NpgsqlDataSource database, long psa)
{
    /// <summary>A crash and the recovery after it take seconds.</summary>
    private static readonly TimeSpan DatabaseGoneLongest = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan StandstillLongest = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>The night that is under way.</summary>
    public DateOnly Night { get; set; }

    public Task<Left> Left(CancellationToken cancellation) => Patiently(async () =>
    {
        await using var command = database.CreateCommand(Statement.Load("chaos_left"));
        command.Parameters.Add(new NpgsqlParameter { Value = Night });
        command.Parameters.Add(new NpgsqlParameter { Value = psa });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new Left(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5));
    }, cancellation);

    /// <summary>What is not done, and who holds rows for long.</summary>
    public async Task<string> Waiting(CancellationToken cancellation)
    {
        var left = await Left(cancellation);
        var held = await Patiently(() => Statement.Scalar<string>(database, "chaos_held", cancellation), cancellation);
        return held.Length == 0 ? $"{left}" : $"{left}; held for long: {held}";
    }

    /// <summary>Waits until somebody who began after now has committed something.</summary>
    /// <returns>Null when there was nothing left to do before that.</returns>
    public async Task<double?> Resumed(long since, CancellationToken cancellation)
    {
        var mark = await Patiently(() => Statement.Scalar<long>(database, "chaos_mark", cancellation), cancellation);
        while (!await Patiently(() => Statement.Scalar<bool>(database, "work_since", cancellation, mark, psa), cancellation))
        {
            if (!(await Left(cancellation)).Turns) return null;
            if (Machine.Clock.GetElapsedTime(since) > StandstillLongest) throw new BenchException($"Nothing went on for {StandstillLongest.TotalMinutes:0} minutes. Waiting: {await Waiting(cancellation)}.");
            await Task.Delay(LookEvery, Machine.Clock, cancellation);
        }

        return Machine.Clock.GetElapsedTime(since).TotalSeconds;
    }

    /// <summary>Asks again while the database is down.</summary>
    public static async Task<T> Patiently<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        var began = Machine.Clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (NpgsqlException) when (Machine.Clock.GetElapsedTime(began) < DatabaseGoneLongest)
            {
                await Task.Delay(LookEvery, Machine.Clock, cancellation);
            }
        }
    }
}
