using UsageBilling.Interfaces.Grains;
using UsageBilling.Runtime.Invariants;
using UsageBilling.Runtime.Nights;
using UsageBilling.Tests.Simulator.Checks;
using UsageBilling.Tests.Simulator.Hub;
using UsageBilling.Tests.Simulator.Programs;
using UsageBilling.Tests.Simulator.Store;
using UsageBilling.Tests.Simulator.Time;
using UsageBilling.Tests.Simulator.Vendors;

namespace UsageBilling.Tests.Simulator;

/// <summary>Something that must not be happened in a run. Says the seed, the night, the step and what.</summary>
internal sealed class BreachException(string message) : Exception(message);

/// <summary>One run of one scenario, on one thread, from its seed alone.</summary>
internal sealed class Simulation
{
    /// <summary>Work that takes more steps in a day turns in a circle.</summary>
    private const int StepsPerDayMax = 100_000;

    /// <summary>What is on its way when the calm nights are over has so long to end.</summary>
    private const int SettlesWithinMinutes = 30;

    private static readonly TimeSpan CheckAfter = TimeSpan.FromHours(5);

    private readonly Scenario scenario;
    private readonly Steps steps;
    private readonly VirtualClock clock;
    private readonly Weather weather;
    private readonly Host host;
    private readonly World world;
    private readonly VendorModels vendors;
    private readonly People people;
    private readonly Dice pokes;
    private readonly Dictionary<WorkOf, int> idlePokes = [];
    private readonly List<SiloModel?> silos = [];
    private readonly Dictionary<Process, int> numbers = [];
    private readonly AppendOnly appended;
    private readonly int chunk;
    private bool down;
    private DateTimeOffset upSince;

    public Simulation(Scenario scenario)
    {
        this.scenario = scenario;
        var dice = new Dice(scenario.Seed);
        var start = World.FirstNight(dice.Of("start"));
        clock = new(new DateTimeOffset(start.AddDays(-1), new TimeOnly(6, 0), TimeSpan.Zero));
        steps = new(clock);
        Database = new(clock);
        world = new(dice.Of("world"), Database, start, scenario.AtOnce ? 1 : 2);
        weather = new(dice.Of("weather"), scenario.Below);
        host = new(Database, new(steps, clock, dice.Of("pace"), weather) { Died = Restart }) { Worked = Worked };
        vendors = new(world.Psas, world.Sources, new(dice.Of("vendors"), scenario.Vendors));
        people = new(host, steps, weather, world);
        pokes = dice.Of("pokes");
        appended = new(Database);
        chunk = scenario.AtOnce ? NightReads.BatchTenants : pokes.Between(1, 6);
        Plan(dice.Of("program"), start);
        for (var silo = pokes.Between(1, 3); silo > 0; silo--) silos.Add(null);
        upSince = clock.Now;
        for (var silo = 0; silo < silos.Count; silo++) Start(silo);
    }

    public Database Database { get; }

    public IReadOnlyDictionary<long, PsaModel> Psas => world.Psas;

    public long StepsTaken => steps.Taken;

    private DateOnly LastNight => world.Start.AddDays(scenario.Days + Scenario.CalmNights);

    /// <summary>Runs to the calm end and looks at everything once more.</summary>
    public Simulation Run()
    {
        for (var day = 0; day <= scenario.Days + Scenario.CalmNights; day++)
        {
            RunUntil(new DateTimeOffset(world.Start.AddDays(day), new TimeOnly(12, 0), TimeSpan.Zero) + CheckAfter);
            Check(final: false);
        }

        // the last look may come in the middle of a batch
        for (var minute = 0; minute < SettlesWithinMinutes && Database.Locks.Count > 0; minute++) RunUntil(clock.Now.AddMinutes(1));
        Check(final: true);
        return this;
    }

    /// <summary>What the vendors can tell: the units on every date that matters, without the lines that other hands changed.</summary>
    public VendorView VendorView() => new(
        [
            .. Database.Lines.Values.Select(line => (Line: line, Contract: Database.Contracts[line.Contract]))
                .Where(row => !Psas[row.Contract.Integration].Journal.Any(change => change.Foreign && change.Service == row.Line.RemoteId))
                .SelectMany(
                    row => Database.Intents.Where(intent => intent.Line == row.Line.Id).Select(intent => intent.SentOn).Append(LastNight).Distinct().Where(on => Psas[row.Contract.Integration].Covers(row.Line.RemoteId, on)),
                    (row, on) => new VendorUnits(row.Contract.Integration, row.Line.RemoteId, on, Psas[row.Contract.Integration].Units(row.Line.RemoteId, on))),
        ],
        [.. Psas.SelectMany(psa => psa.Value.Journal.Where(change => !change.Foreign), (psa, change) => new VendorApplied(psa.Key, change.Service, change.On))]);

    private void Plan(Dice dice, DateOnly start)
    {
        steps.At(clock.Now.AddHours(1), () => people.SetUp(dice.Of("set up")));
        var mapping = dice.Of("mapping");
        steps.At(Noon(start).AddHours(1), () => people.MapTenants(mapping));
        for (var day = 0; day < scenario.Days; day++) PlanDay(dice.Of("day"), day);
        steps.At(Noon(start.AddDays(scenario.Days)), Calm);
        if (scenario.Outage is not { } outage) return;
        steps.At(Noon(start.AddDays(outage.First - 1)).AddHours(5), () => Stop());
        steps.At(Noon(start.AddDays(Math.Min(outage.First + outage.Nights - 1, scenario.Days))).AddHours(5), GoUp);
    }

    private static DateTimeOffset Noon(DateOnly date) => new(date, new TimeOnly(17, 30), TimeSpan.Zero);

    private void PlanDay(Dice dice, int day)
    {
        var date = world.Start.AddDays(day);
        var still = scenario.Still is { } quiet && day >= quiet.First - 1 && day < quiet.First + quiet.Nights;
        foreach (var source in world.Sources.Values)
        {
            var evolving = dice.Of("source");
            if (!still) steps.At(Noon(date).AddHours(1 + dice.Share()), () => source.Now = World.Evolve(source.Now, evolving));
        }

        if (!scenario.People || still) return;
        for (var acts = dice.Below(3); acts > 0; acts--)
        {
            var acting = dice.Of("act");
            steps.At(Noon(date).AddHours(1 + (dice.Share() * 20)), () => people.ActOnce(acting));
        }

        if (dice.Happens(0.7)) steps.At(Noon(date).AddHours(dice.Share() * 12), people.RenewCredentials);
    }

    /// <summary>From here on everybody behaves, and what waits for a person gets one.</summary>
    private void Calm()
    {
        (weather.Calm, vendors.Faults.Calm) = (true, true);
        if (down) GoUp();
        people.RenewCredentials();
        steps.After(TimeSpan.FromHours(2), people.ReleaseParked);
        steps.After(TimeSpan.FromHours(3), people.RenewCredentials);
    }

    private void Stop()
    {
        down = true;
        foreach (var silo in silos) silo?.Process.Die();
    }

    private void GoUp()
    {
        if (!down) return;
        (down, upSince) = (false, clock.Now);
        for (var silo = 0; silo < silos.Count; silo++) Start(silo);
    }

    private void Start(int number)
    {
        var process = new Process($"silo {number}");
        numbers[process] = number;
        silos[number] = new(host, steps, process, vendors, weather, chunk);
    }

    private void Restart(Process process)
    {
        if (numbers.Remove(process, out var number)) steps.After(pokes.Within(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2)), () => { if (!down) Start(number); });
    }

    /// <summary>A commit left work: this process hears it at once, the others by a notice that may be lost.</summary>
    private void Worked(Process process)
    {
        foreach (var silo in silos)
        {
            if (silo is null || (silo.Process != process && pokes.Happens(0.3))) continue;
            steps.After(silo.Process == process ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(100), () => WakeDue(silo));
        }
    }

    private void WakeDue(SiloModel silo)
    {
        foreach (var kind in Enum.GetValues<WorkOf>())
        {
            if (Database.NextDue(kind) > clock.Now) continue;
            idlePokes[kind] = 0;
            silo.Wake(kind);
        }
    }

    private void RunUntil(DateTimeOffset end)
    {
        var most = steps.Taken + StepsPerDayMax;
        while (true)
        {
            Poke(end);
            if (steps.Next is not { } next || next > end) break;
            steps.TakeNext();
            if (host.Mistakes.Count > 0) throw Breach(string.Join("\n", host.Mistakes));
            if (steps.Taken > most) throw Breach($"more than {StepsPerDayMax} steps in a day: work that turns in a circle");
        }

        clock.MoveTo(end);
    }

    /// <summary>Where nothing happens for a while, Quartz pokes whoever is idle as soon as something is due.</summary>
    private void Poke(DateTimeOffset end)
    {
        if (down || steps.Next < clock.Now + TimeSpan.FromMilliseconds(500)) return;
        var horizon = steps.Next is { } next && next < end ? next : end;
        foreach (var kind in Enum.GetValues<WorkOf>())
        {
            if (Database.NextDue(kind) is not { } due || due > horizon) continue;
            foreach (var silo in silos.OfType<SiloModel>().Where(silo => !silo.Process.Dead && silo.TakesPoke(kind)))
            {
                var times = idlePokes[kind] = Math.Min(idlePokes.GetValueOrDefault(kind) + 1, 40);
                steps.At((due > clock.Now ? due : clock.Now) + pokes.Within(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(3 * times)), () => silo.Wake(kind));
            }
        }
    }

    private void Check(bool final)
    {
        appended.Check(Breach);
        if (down || clock.Now - upSince < CheckAfter) return;
        var found = InvariantChecks.Breaches(Database, final ? VendorView() : Runtime.Invariants.VendorView.Nothing, clock.Now).ToList();
        if (final) found.AddRange(Quiet.Breaches(Database, clock.Now));
        if (found.Count > 0) throw Breach(string.Join("\n", found.Take(10)));
    }

    private BreachException Breach(string what) => new(
        $"SIMULATOR_SEED={scenario.Seed}: on {clock.Now:yyyy-MM-dd HH:mm:ss}Z, {DateOnly.FromDateTime(clock.Now.UtcDateTime).DayNumber - world.Start.DayNumber} days in, at step {steps.Taken}:\n{what}\n{scenario}");
}
