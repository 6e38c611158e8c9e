using UsageBilling.Tests.System.Hosting;
using UsageBilling.Tests.System.Nights;

namespace UsageBilling.Tests.System.Chaos;

/// <summary>Everything goes wrong in one night, in an order that follows from a seed; <c>./bench chaos</c> is the long form.</summary>
public sealed class ChaosTests
{
    private const int Silos = 3;

    private enum Blow
    {
        KillOne,
        KillAnother,
        Freeze,
        DatabaseCrash,
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Silos_die_and_stand_still_and_the_database_crashes_and_the_night_is_done_once(int seed)
    {
        await using var server = await PostgresFixture.OwnServer();
        await using var demo = await DemoSnapshot.SetUp(server.ConnectionString);
        await demo.Dawdle("count_record", seconds: 1);
        var dice = new Random(seed);
        var silos = (await Task.WhenAll(Enumerable.Range(0, Silos).Select(_ => SiloProcess.Start(demo.Hub)))).ToList();
        var replacements = new List<Task<HubProcess>>();
        try
        {
            await demo.RequestNight();
            HubProcess? frozen = null;
            foreach (var (blow, lines) in Order(dice).Select((blow, before) => (blow, before + 1)))
            {
                await Lines(demo, lines, $"before {blow}");
                switch (blow)
                {
                    case Blow.DatabaseCrash:
                        await server.Stop(immediate: true, default);
                        await server.Restart(default);
                        demo.Hub.Database.Clear();
                        break;
                    case Blow.Freeze:
                        frozen = OneOf(silos.Except([frozen]), dice);
                        await frozen!.Pause();
                        break;
                    default:
                        var doomed = OneOf(silos.Except([frozen]), dice);
                        silos.Remove(doomed!);
                        await doomed!.DisposeAsync();
                        replacements.Add(SiloProcess.Start(demo.Hub));
                        break;
                }
            }

            await frozen!.Resume();
            await Lines(demo, 5, "all of the night");
            Assert.All(await Task.WhenAll(silos.Select(silo => silo.Stop())), code => Assert.Equal(0, code));
        }
        finally
        {
            foreach (var silo in silos) await silo.DisposeAsync();
            foreach (var replacement in replacements) await Gone(replacement);
        }

        await demo.NoDawdling("count_record");
        await demo.Hub.Sql("update intent set due_at = now() where state in ('pending', 'sending', 'in_doubt')");
        await demo.ReadNight("what was left of the night");
        await FirstNight.Stands(demo);
    }

    private static Task Lines(DemoMsp demo, int lines, string what) =>
        demo.Hub.Until($"{lines} lines, {what}", $"select count(*) >= {lines} from count_record where source <> 'opening'");

    private static Blow[] Order(Random dice)
    {
        var blows = Enum.GetValues<Blow>();
        dice.Shuffle(blows);
        return blows;
    }

    private static HubProcess? OneOf(IEnumerable<HubProcess?> silos, Random dice)
    {
        var all = silos.ToList();
        return all[dice.Next(all.Count)];
    }

    /// <summary>A silo that met the crash while it started has ended by itself; its supervisor would start it again.</summary>
    private static async Task Gone(Task<HubProcess> starting)
    {
        await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starting.IsCompletedSuccessfully) await (await starting).DisposeAsync();
    }
}
