using Npgsql;
using UsageBilling.Runtime.Invariants;
using UsageBilling.Benchmarks.Load;
using UsageBilling.Benchmarks.Night;

namespace UsageBilling.Benchmarks.Chaos;

/// <summary>What a round found.</summary>
/// <param name="NightSeconds">Each night from its start until no turn was left to do.</param>
/// <param name="SettleSeconds">From then until the PSA was owed nothing.</param>
internal sealed record RoundResult(IReadOnlyList<double> NightSeconds, double SettleSeconds, int EndedByThemselves, IReadOnlyDictionary<string, bool> Checks);

/// <summary>Two nights, one after the other, on a database of their own, with three silos and a PSA that answers.</summary>
internal sealed class ChaosRound(NightPlan plan, BenchDatabase server, string loaded, int seed, Action<string> progress)
{
    /// <summary>A night that takes longer is stuck; so is a PSA that is owed something for longer.</summary>
    private static readonly TimeSpan NightLongest = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    /// <param name="disturber">Null for a round to compare with: it ends with the nights, whatever the PSA is owed.</param>
    public async Task<RoundResult> Run(IReadOnlyList<(string Zone, DateOnly Night)> nights, Disturber? disturber, CancellationToken cancellation)
    {
        var connection = await server.Create(loaded, cancellation);
        try
        {
            await using var database = NightRun.Source(connection, pooling: true);
            await using var psa = await LivePsa.Start(database, plan.Population, seed, cancellation);
            await Statement.Execute(database, "set_zone", cancellation, nights[0].Zone, nights[0].Night);
            await using var fleet = new Fleet(connection, plan.Population, cancellation);
            progress($"starting {Fleet.Silos} silos");
            await fleet.Start();
            return await Nights(nights, new(database, psa, fleet, new Work(database, psa.Integration) { Night = nights[0].Night }), disturber, cancellation);
        }
        finally
        {
            await server.Drop(connection);
        }
    }

    private async Task<RoundResult> Nights(IReadOnlyList<(string Zone, DateOnly Night)> nights, Stage stage, Disturber? disturber, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Whichever ends first with an error ends both
        var disturbing = disturber?.Run(stage.Fleet, stage.Work, stop.Token) ?? Task.Delay(Timeout.InfiniteTimeSpan, Machine.Clock, stop.Token);
        var running = Undergo(nights, stage, disturber, stop.Token);
        await Task.WhenAny(disturbing, running);
        await stop.CancelAsync();
        await disturbing.ConfigureAwait(disturbing.IsFaulted ? ConfigureAwaitOptions.None : ConfigureAwaitOptions.SuppressThrowing);
        var (seconds, settled, checks) = await running;
        if (disturber is null) return new(seconds, 0, stage.Fleet.EndedByThemselves, checks);

        await stage.Fleet.Complete();
        await Until(stage, "the PSA", left => left is { Turns: false, Owed: 0 }, cancellation);
        progress("checking");
        await Check(checks, nights, stage, cancellation);
        return new(seconds, settled, stage.Fleet.EndedByThemselves, checks);
    }

    private async Task<(List<double> Seconds, double Settled, Dictionary<string, bool> Checks)> Undergo(
        IReadOnlyList<(string Zone, DateOnly Night)> nights, Stage stage, Disturber? disturber, CancellationToken cancellation)
    {
        var seconds = new List<double>();
        var checks = new Dictionary<string, bool>();
        for (var number = 1; number <= nights.Count; number++)
        {
            var began = await Calmly(() => Begin(nights[number - 1], number, stage, cancellation));
            await Until(stage, $"night {number}", left => !left.Turns, cancellation);
            seconds.Add(Machine.Clock.GetElapsedTime(began).TotalSeconds);
            progress($"night {number} took {seconds[^1]:0.00} s; checking");
            var check = new NightCheck(plan, stage.Database, number, nights[number - 1].Night);
            foreach (var (name, holds) in (await Calmly(() => check.Run(cancellation))).Checks) checks[name] = holds && checks.GetValueOrDefault(name, true);
        }

        var over = Machine.Clock.GetTimestamp();
        if (disturber is not null) await Until(stage, "the PSA", left => left.Owed == 0, cancellation);
        return (seconds, Machine.Clock.GetElapsedTime(over).TotalSeconds, checks);

        Task<T> Calmly<T>(Func<Task<T>> act) => disturber?.Calmly(act, cancellation) ?? act();
    }

    private async Task<long> Begin((string Zone, DateOnly Night) night, int number, Stage stage, CancellationToken cancellation)
    {
        await Statement.Execute(stage.Database, "set_zone", cancellation, night.Zone, night.Night);
        progress($"night {number} begins");
        stage.Work.Night = night.Night;
        var began = Machine.Clock.GetTimestamp();
        await Statement.Execute(stage.Database, "start_night", cancellation, $"{number}", 1L, long.MaxValue);
        await Statement.Run(stage.Database, "notify", cancellation);
        return began;
    }

    private async Task Until(Stage stage, string what, Predicate<Left> over, CancellationToken cancellation)
    {
        var began = Machine.Clock.GetTimestamp();
        var told = TimeSpan.Zero;
        while (true)
        {
            await stage.Fleet.ReplaceTheDead();
            if (over(await stage.Work.Left(cancellation))) return;
            var elapsed = Machine.Clock.GetElapsedTime(began);
            if (elapsed > NightLongest) throw new BenchException($"After {NightLongest.TotalMinutes:0} minutes {what} was not done. Waiting: {await stage.Work.Waiting(cancellation)}.");
            if (elapsed - told > TellEvery)
            {
                told = elapsed;
                progress($"{what}: {elapsed.TotalSeconds:0} s; waiting: {await stage.Work.Waiting(cancellation)}");
            }

            await Task.Delay(LookEvery, Machine.Clock, cancellation);
        }
    }

    /// <summary>What must hold at the end of all, whatever died.</summary>
    private static async Task Check(Dictionary<string, bool> checks, IReadOnlyList<(string Zone, DateOnly Night)> nights, Stage stage, CancellationToken cancellation)
    {
        var left = await stage.Work.Left(cancellation);
        checks["nothing_parked"] = left.Parked == 0;
        checks["every_change_taken"] = left.Untaken == 0;
        checks["psa_has_exactly_what_was_wished"] = await stage.Psa.HasExactlyWhatWasWished([.. nights.Select(night => night.Night)], cancellation);
        checks["invariants_hold"] = await Breaches(stage.Database, cancellation) == 0;
    }

    /// <summary>How often a rule is broken that must never be.</summary>
    private static async Task<int> Breaches(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var breaches = await new InvariantStore(database).Breaches(cancellation);
        foreach (var breach in breaches.Take(BreachesShown)) Console.WriteLine($"  broken: {breach}");
        return breaches.Count;
    }

    private const int BreachesShown = 20;

    private sealed record Stage(NpgsqlDataSource Database, LivePsa Psa, Fleet Fleet, Work Work);
}
