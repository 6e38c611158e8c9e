using System.Diagnostics;
using System.Globalization;
using Npgsql;
using UsageBilling.Benchmarks.Load;
using UsageBilling.Runtime.Reminders;

namespace UsageBilling.Benchmarks.Night;

/// <summary>Loads a population, measures the floor on a copy, runs one or two nights with real silos and checks every line afterwards.</summary>
internal sealed class NightRun(NightPlan plan, BenchDatabase server, Action<string> progress)
{
    /// <summary>A night that takes longer is stuck.</summary>
    private static readonly TimeSpan NightLongest = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Readings stand in the dates of two zones a day apart: the second night is the same instant further east.</summary>
    private const int HoursBetweenZones = 24;

    public async Task<IReadOnlyList<NightResult>> Run(CancellationToken cancellation)
    {
        if (plan.FailingPercent == 0) return await RunHere(cancellation);
        progress("first a night in which nobody fails");
        var undisturbed = (await new NightRun(plan with { FailingPercent = 0, Floor = false, Nights = 1 }, server, progress).RunHere(cancellation))[0];
        return [.. (await RunHere(cancellation)).Select(result => result.Beside(undisturbed))];
    }

    private async Task<IReadOnlyList<NightResult>> RunHere(CancellationToken cancellation)
    {
        var connection = await server.Create(null, cancellation);
        try
        {
            return await Run(connection, cancellation);
        }
        finally
        {
            await server.Drop(connection);
        }
    }

    private async Task<IReadOnlyList<NightResult>> Run(string connection, CancellationToken cancellation)
    {
        var nights = Nights();
        double? floor = null;
        await using (var loading = Source(connection, pooling: false))
        {
            await new Loader(loading, plan.Population, plan.Failing, progress).Load(nights[0].Night, cancellation);
        }

        if (plan.Floor) floor = await Floor(connection, nights[0].Night, cancellation);
        await using var database = Source(connection, pooling: true);
        await using var pin = plan.Pinned ? await OpenTransaction(database, cancellation) : null;
        var results = new List<NightResult>();
        for (var number = 1; number <= plan.Nights; number++)
            results.Add(await One(connection, database, number, nights[number - 1], number == 1 ? floor : null, cancellation));
        return results;
    }

    private async Task<NightResult> One(string connection, NpgsqlDataSource database, int number, (string Zone, DateOnly Night) night, double? floor, CancellationToken cancellation)
    {
        await Statement.Execute(database, "set_zone", cancellation, night.Zone, night.Night);
        progress($"starting {plan.Silos} silo(s)");
        var silos = new List<BenchSilo>();
        try
        {
            for (var i = 0; i < plan.Silos; i++) silos.Add(await BenchSilo.Start(connection, plan.Population, cancellation));
            progress("warming up");
            var (measured, warm) = (plan.Population.Msps, plan.Population.AllMsps);
            await Measure(database, new(number, night.Night, warm, warm), cancellation);
            var (before, serverBefore) = (silos.Sum(silo => silo.Processor.TotalSeconds), server.Processor);
            progress($"night {number} begins");
            var (seconds, readSeconds, looking) = await Measure(database, new(number, night.Night, 1, measured), cancellation);
            var (cpu, serverCpu) = (silos.Sum(silo => silo.Processor.TotalSeconds) - before, server.Processor - serverBefore - looking);
            progress(string.Create(CultureInfo.InvariantCulture, $"night {number} took {seconds:0.00} s, {cpu:0.0} s of processor and {serverCpu?.TotalSeconds ?? 0:0.0} s of PostgreSQL; checking"));
            var failing = await Statement.Scalar<int>(database, "failing", cancellation, (long)plan.Population.Lines);
            if (failing > 0) await Park(database, cancellation);
            var check = new NightCheck(plan, database, number, night.Night);
            var (changed, checks) = await check.Run(cancellation);
            return new(
                plan.Population.Lines, changed, Math.Round(seconds, 3), Math.Round(plan.Population.Lines / seconds), Math.Round(changed / seconds), Math.Round(readSeconds, 3),
                floor, floor is { } least ? Math.Round(seconds / least, 2) : null, silos.Max(silo => silo.PeakRssMb()), Math.Round(cpu, 2), serverCpu is { } used ? Math.Round(used.TotalSeconds, 2) : null,
                plan.Silos, number, plan.Pinned, failing, null, null, server.Version, checks);
        }
        finally
        {
            foreach (var silo in silos) await silo.DisposeAsync();
        }
    }

    /// <summary>Lets the failing lines have their other attempts now, as if the minutes until each had passed.</summary>
    private async Task Park(NpgsqlDataSource database, CancellationToken cancellation)
    {
        for (var attempt = 2; attempt <= Failing.AttemptsMax; attempt++)
        {
            progress($"attempt {attempt} of the failing lines");
            await Statement.Run(database, "next_attempt", cancellation);
            await Statement.Run(database, "notify", cancellation);
            var began = Stopwatch.GetTimestamp();
            while (!await Statement.Scalar<bool>(database, "attempt_over", cancellation))
            {
                if (Stopwatch.GetElapsedTime(began) > NightLongest) throw new BenchException($"Attempt {attempt} of the failing lines was not over after {NightLongest.TotalMinutes:0} minutes.");
                await Task.Delay(LookEvery, Machine.Clock, cancellation);
            }
        }
    }

    /// <returns>With the processor time of PostgreSQL that went into looking whether the night is over.</returns>
    private async Task<(double Seconds, double ReadSeconds, TimeSpan Looking)> Measure(NpgsqlDataSource database, Part part, CancellationToken cancellation)
    {
        double? read = null;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var over = new NpgsqlCommand(Statement.Load("night_over"), connection) { Parameters = { new() { Value = part.Night }, new() { Value = (long)part.FirstMsp }, new() { Value = (long)part.LastMsp } } };
        await over.PrepareAsync(cancellation);
        var (began, lookedBefore) = (Stopwatch.GetTimestamp(), server.ProcessorOf(connection));
        var told = TimeSpan.Zero;
        await Statement.Execute(database, "start_night", cancellation, $"{part.Number}", (long)part.FirstMsp, (long)part.LastMsp);
        await Statement.Run(database, "notify", cancellation);
        while (true)
        {
            bool readOver, turnsOver;
            await using (var row = await over.ExecuteReaderAsync(cancellation))
            {
                await row.ReadAsync(cancellation);
                (readOver, turnsOver) = (row.GetBoolean(0), row.GetBoolean(1));
            }

            var elapsed = Stopwatch.GetElapsedTime(began);
            if (readOver) read ??= elapsed.TotalSeconds;
            if (readOver && turnsOver) return (elapsed.TotalSeconds, read!.Value, server.ProcessorOf(connection) - lookedBefore);
            if (elapsed > NightLongest) throw new BenchException($"The night was not over after {NightLongest.TotalMinutes:0} minutes: the silos are stuck.");
            if (elapsed - told > TimeSpan.FromSeconds(10))
            {
                told = elapsed;
                progress($"{elapsed.TotalSeconds:0} s, {await Statement.Scalar<long>(database, "intents", cancellation):N0} intents so far");
            }

            await Task.Delay(LookEvery, Machine.Clock, cancellation);
        }
    }

    /// <summary>The same reads and writes as one script of set-based SQL, on a copy that is thrown away.</summary>
    private async Task<double> Floor(string connection, DateOnly night, CancellationToken cancellation)
    {
        progress("measuring the floor: the same work as set-based SQL");
        var copy = await server.Create(connection, cancellation);
        try
        {
            await using var database = Source(copy, pooling: false);
            return Math.Round(await new SqlFloor(database, plan.Population, night).Measure(cancellation), 3);
        }
        finally
        {
            await server.Drop(copy);
        }
    }

    private static async Task<IAsyncDisposable> OpenTransaction(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        await using var look = new NpgsqlCommand(Statement.Load("intents"), connection);
        await look.ExecuteScalarAsync(cancellation);
        return connection;
    }

    public static NpgsqlDataSource Source(string connection, bool pooling) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = pooling, CommandTimeout = 0, ApplicationName = "usagebilling-bench" }.ConnectionString);

    /// <summary>Zones whose dates now are one after the other.</summary>
    public static List<(string Zone, DateOnly Night)> Nights()
    {
        var utc = Machine.Clock.GetUtcNow();
        (string, DateOnly) At(int hours) => (hours == 0 ? "UTC" : $"Etc/GMT{(hours > 0 ? "-" : "+")}{Math.Abs(hours)}", DateOnly.FromDateTime(utc.AddHours(hours).DateTime));
        var west = Enumerable.Range(-12, 3).First(hours => utc.AddHours(hours).Hour is > 0 and < 23);
        return [At(west), At(west + HoursBetweenZones)];
    }

    /// <summary>A night of some msps.</summary>
    private readonly record struct Part(int Number, DateOnly Night, int FirstMsp, int LastMsp);
}
