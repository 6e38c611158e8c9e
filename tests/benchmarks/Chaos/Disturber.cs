using System.Globalization;

namespace UsageBilling.Benchmarks.Chaos;

/// <summary>What was done to the silos and their database, and how soon the work went on after it.</summary>
internal sealed record Disturbances
{
    public int Kills { get; set; }

    public int Freezes { get; set; }

    public int DatabaseCrashes { get; set; }

    /// <summary>After a kill, while there was work.</summary>
    public List<double> ResumeSeconds { get; } = [];

    /// <summary>Of these, while no other silo stood still.</summary>
    public List<double> ResumeSecondsNoneFrozen { get; } = [];

    /// <summary>From the stop of the database.</summary>
    public List<double> CrashResumeSeconds { get; } = [];
}

/// <summary>Kills, freezes and crashes: when and what follows from the seed.</summary>
internal sealed class Disturber(int seed, int minutes, BenchDatabase server, Action<string> progress)
{
    public static readonly TimeSpan FreezeLongest = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan FreezeShortest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenShortest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLongest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private const int CrashesMax = 5;

    private readonly Random kills = new(seed);
    private readonly Random freezes = new(unchecked(seed + 1));
    private readonly Random crashes = new(unchecked(seed + 2));
    private readonly SemaphoreSlim calm = new(1);
    private TimeSpan untilCrash = BetweenLongest;
    private TimeSpan disturbed;

    public Disturbances Done { get; } = new();

    /// <summary>Whether all has been done to them: for so long, and every crash, one a minute at the most.</summary>
    public bool IsDone => disturbed >= TimeSpan.FromMinutes(minutes) && Done.DatabaseCrashes >= CrashesAsked;

    /// <summary>How far it is, all rounds together.</summary>
    public string Progress => string.Create(CultureInfo.InvariantCulture, $"{disturbed.TotalMinutes:0.0} of {minutes} minutes disturbed, {Done.DatabaseCrashes} of {CrashesAsked} crashes");

    private int CrashesAsked => Math.Min(CrashesMax, minutes);

    /// <summary>Disturbs until it is cancelled; then every silo is awake.</summary>
    public async Task Run(Fleet fleet, Work work, CancellationToken stop)
    {
        var began = Machine.Clock.GetTimestamp();
        using var one = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] all = [Kills(fleet, work, one.Token), Freezes(fleet, one.Token), Crashes(work, one.Token)];
        await Task.WhenAny(all);
        await one.CancelAsync();
        disturbed += Machine.Clock.GetElapsedTime(began);
        try
        {
            await Task.WhenAll(all);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // what was to be
        }
    }

    /// <summary>Does something while nobody is killed and the database stays.</summary>
    public async Task<T> Calmly<T>(Func<Task<T>> act, CancellationToken cancellation)
    {
        await calm.WaitAsync(cancellation);
        try
        {
            return await act();
        }
        finally
        {
            calm.Release();
        }
    }

    private async Task Kills(Fleet fleet, Work work, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(Between(kills, BetweenShortest, BetweenLongest), Machine.Clock, stop);
            await Calmly(async () =>
            {
                var working = (await work.Left(stop)).Turns;
                if (fleet.Take(kills) is not { } doomed) return false;
                var frozen = fleet.Frozen;
                var at = Machine.Clock.GetTimestamp();
                await fleet.Kill(doomed);
                Done.Kills++;
                if (!working || await work.Resumed(at, stop) is not { } seconds) return Idle("a silo was killed");
                progress($"a silo was killed; the work went on after {seconds:0.00} s{(frozen > 0 ? " (another one stood still)" : "")}");
                Done.ResumeSeconds.Add(seconds);
                if (frozen == 0) Done.ResumeSecondsNoneFrozen.Add(seconds);
                return true;
            }, stop);
        }
    }

    private async Task Freezes(Fleet fleet, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(Between(freezes, BetweenShortest, BetweenLongest), Machine.Clock, stop);
            var time = Between(freezes, FreezeShortest, FreezeLongest);
            if (fleet.Take(freezes) is not { } silo) continue;
            Done.Freezes++;
            progress($"a silo stands still for {time.TotalSeconds:0} s");
            await fleet.Freeze(silo, time, stop);
        }
    }

    /// <summary>Only while turns wait: what a crash costs is seen in a night.</summary>
    private async Task Crashes(Work work, CancellationToken stop)
    {
        while (Done.DatabaseCrashes < CrashesAsked)
        {
            await Task.Delay(LookEvery, Machine.Clock, stop);
            if (!(await work.Left(stop)).Turns || (untilCrash -= LookEvery) > TimeSpan.Zero) continue;
            untilCrash = Between(crashes, BetweenShortest, BetweenLongest);
            await Calmly(async () =>
            {
                var at = Machine.Clock.GetTimestamp();
                await server.Crash(CancellationToken.None);
                var back = Machine.Clock.GetElapsedTime(at).TotalSeconds;
                Done.DatabaseCrashes++;
                if (await work.Resumed(at, stop) is not { } seconds) return Idle("the database crashed");
                progress($"the database crashed and was back after {back:0.00} s; the work went on after {seconds:0.00} s");
                Done.CrashResumeSeconds.Add(seconds);
                return true;
            }, stop);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, Machine.Clock, stop);
    }

    private bool Idle(string what)
    {
        progress($"{what}; no turn was waiting");
        return false;
    }

    private static TimeSpan Between(Random dice, TimeSpan shortest, TimeSpan longest) => shortest + ((longest - shortest) * dice.NextDouble());
}
