using Npgsql;
using UsageBilling.Benchmarks.Night;

namespace UsageBilling.Benchmarks.Load;

/// <summary>One measurement on a loaded database of its own.</summary>
/// <param name="Progress">Says how far it is.</param>
internal sealed record LoadedRun(string Connection, (string Zone, DateOnly Night) Night, Action<string> Progress)
{
    private static readonly TimeSpan NightLongest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Makes a database, loads it, measures, and drops it whatever came of it.</summary>
    public static async Task<T> Of<T>(BenchDatabase server, Population population, Func<LoadedRun, Task<T>> measure, CancellationToken cancellation)
    {
        var began = Machine.Clock.GetTimestamp();
        void Progress(string said) => Console.WriteLine($"{Machine.Clock.GetElapsedTime(began).TotalSeconds,7:0.0} s  {said}");
        var connection = await server.Create(null, cancellation);
        try
        {
            var night = NightRun.Nights()[0];
            await using (var loading = NightRun.Source(connection, pooling: false)) await new Loader(loading, population, new(population, 0), Progress).Load(night.Night, cancellation);
            return await measure(new(connection, night, Progress));
        }
        finally
        {
            await server.Drop(connection);
        }
    }

    /// <summary>Asks for so long.</summary>
    public static async Task<T> For<T>(Func<CancellationToken, Task<T>> ask, TimeSpan time, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(time);
        return await ask(over.Token);
    }

    /// <summary>Asks as long as a night lasts in which every line changes.</summary>
    public async Task<(T Answers, double Seconds)> DuringNight<T>(NpgsqlDataSource database, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var asking = ask(over.Token);
        double seconds;
        try
        {
            seconds = await WholeNight(database, cancellation);
        }
        finally
        {
            await over.CancelAsync();
        }

        return (await asking, seconds);
    }

    private async Task<double> WholeNight(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var began = Machine.Clock.GetTimestamp();
        await Statement.Execute(database, "start_night", cancellation, "1", 1L, long.MaxValue);
        await Statement.Run(database, "notify", cancellation);
        while (!(await Statement.Flags(database, "night_over", cancellation, Night.Night, 1L, long.MaxValue)).All(over => over))
        {
            if (Machine.Clock.GetElapsedTime(began) > NightLongest) throw new BenchException($"The night was not over after {NightLongest.TotalMinutes:0} minutes: the silo is stuck.");
            await Task.Delay(LookEvery, Machine.Clock, cancellation);
        }

        return Machine.Clock.GetElapsedTime(began).TotalSeconds;
    }
}
