using System.Collections.Concurrent;
using System.Globalization;
using UsageBilling.Tests.Simulator.Programs;

namespace UsageBilling.Tests.Simulator;

/// <summary>Runs of many seeds. SIMULATOR_SEED runs one again, SIMULATOR_SEEDS says how many, SIMULATOR_FIRST which is the first, SIMULATOR_DAYS how long each is.</summary>
public sealed class SeedTests
{
    private const int FailuresShown = 5;

    [Fact]
    public void Every_invariant_holds_in_every_run()
    {
        var failures = new ConcurrentQueue<string>();
        var seeds = Setting("SIMULATOR_SEED") is { } one ? [one] : Enumerable.Range(0, (int)(Setting("SIMULATOR_SEEDS") ?? 120)).Select(seed => (Setting("SIMULATOR_FIRST") ?? 1) + (ulong)seed);
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, state) =>
        {
            try
            {
                new Simulation(Scenario.Stormy(seed, Days)).Run();
            }
            catch (Exception breach) when (breach is not OutOfMemoryException)
            {
                failures.Enqueue(breach is BreachException ? breach.Message : $"SIMULATOR_SEED={seed}: {breach}");
                if (failures.Count >= FailuresShown) state.Stop();
            }
        });
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
    }

    /// <summary>
    /// Seeds that each found something: a read from before the last change, twice; a held line that was over and given a later end; a read that a line was owed
    /// beyond its end; retries that became due during a pass; a tenant that joined a line that was owed a read; a wish released while a later one was on its way;
    /// a change before dates of which a bound hid that their units changed, twice; a released wish that forgot it had been sent; a finished night that a silo which had stood still called
    /// incomplete.
    /// </summary>
    [Theory]
    [InlineData(25)]
    [InlineData(200562)]
    [InlineData(298)]
    [InlineData(20014)]
    [InlineData(21965)]
    [InlineData(22003)]
    [InlineData(23473)]
    [InlineData(31486)]
    [InlineData(31733)]
    [InlineData(36586)]
    [InlineData(120)]
    public void What_a_seed_once_found_stays_corrected(ulong seed) => Assert.NotNull(new Simulation(Scenario.Stormy(seed, 60)).Run());

    internal static int Days => (int)(Setting("SIMULATOR_DAYS") ?? 60);

    internal static ulong? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : null;
}
