namespace UsageBilling.Benchmarks.Faults;

/// <summary>One scenario, undergone by every PSA at the same time, while the silo is killed twice in the middle of its writes; then the vendors recover.</summary>
internal sealed class FaultRun(FaultPlan plan, BenchDatabase server, Scenario scenario, Action<string> progress)
{
    /// <summary>Of the vendors' time: so long a person needs to hear that credentials were refused, and to save them again.</summary>
    private static readonly TimeSpan PersonNeeds = TimeSpan.FromSeconds(30);

    /// <summary>Of the vendors' time.</summary>
    private static readonly TimeSpan StrangersEvery = TimeSpan.FromMinutes(5);

    /// <summary>Of the machine's time, within which a silo at work is at a write.</summary>
    private static readonly TimeSpan MomentLongest = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>How often, by integration.</summary>
    private readonly Dictionary<long, int> saved = [];

    public async Task<IReadOnlyList<FaultResult>> Run(CancellationToken cancellation)
    {
        var began = Machine.Clock.GetTimestamp();
        progress($"{scenario.Said}: setting up");
        await using var stage = await Stage.Set(plan, server, cancellation);
        var story = new Story(stage, plan);
        var edits = new Dictionary<long, int>();
        foreach (var psa in stage.Psas) edits[psa.Integration] = await Disturb(stage, story, psa, cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var others = Task.WhenAll(SaveCredentials(stage, over.Token), Strangers(stage, over.Token));
        var disturbedAt = stage.Clock.GetTimestamp();
        await Play(stage, story, cancellation);
        await Settled(stage, plan.Disturbed - stage.Clock.GetElapsedTime(disturbedAt), cancellation);
        var disturbed = stage.Clock.GetElapsedTime(disturbedAt);
        var met = new Dictionary<long, int>();
        foreach (var psa in stage.Psas) met[psa.Integration] = await stage.Vendors.Recover(psa.Psa, edits[psa.Integration], cancellation);
        var recoveredAt = stage.Clock.GetTimestamp();
        var settled = await Settled(stage, plan.Disturbed * 2, cancellation);
        var recovery = stage.Clock.GetElapsedTime(recoveredAt);
        await over.CancelAsync();
        await others.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!settled) progress($"not settled: {await Statement.Scalar<string>(stage.Database, "fault_waiting", cancellation)}");
        var seconds = Machine.Clock.GetElapsedTime(began).TotalSeconds;
        var results = new List<FaultResult>();
        foreach (var psa in stage.Psas)
        {
            var check = new FaultCheck(stage, plan, psa);
            await check.Run(settled, cancellation);
            results.Add(await check.Result(scenario, met[psa.Integration], saved.GetValueOrDefault(psa.Integration), disturbed, recovery, seconds, cancellation));
        }

        progress($"{scenario.Said}: {stage.Kills} kills, disturbed {disturbed.TotalMinutes:0} min and recovered within {recovery.TotalMinutes:0.0} min of the vendors' time, {seconds:0} s");
        return results;
    }

    /// <returns>How many times somebody else's hand is to meet it.</returns>
    private async Task<int> Disturb(Stage stage, Story story, StagedPsa psa, CancellationToken cancellation)
    {
        var edits = 0;
        // oldest first: a hand that is to come before a write must not be kept from it by chance
        if (scenario.Mishaps.Any(mishap => mishap.Kind == Scenario.ForeignEdit)) edits = await story.Edits(psa, scenario.Chance, cancellation);
        foreach (var (mishap, number) in scenario.Mishaps.Where(mishap => mishap.Kind != Scenario.ForeignEdit).Select((mishap, number) => (mishap, number)))
            await stage.Vendors.Set(psa.Psa, mishap.ToJson(scenario.Chance, unchecked(plan.Seed + number)), cancellation);
        return edits;
    }

    private async Task Play(Stage stage, Story story, CancellationToken cancellation)
    {
        await story.Begin(cancellation);
        await KillInTheMiddle(stage, cancellation);
        await story.Continue(cancellation);
        await KillInTheMiddle(stage, cancellation);
        await story.End(cancellation);
    }

    /// <summary>Kills the silo while a write is on its way, half of what is owed being settled.</summary>
    private async Task KillInTheMiddle(Stage stage, CancellationToken cancellation)
    {
        var half = stage.Clock.GetTimestamp();
        while (await Owed(stage, cancellation) is var owed && owed.Settled * 2 < owed.All && stage.Clock.GetElapsedTime(half) < plan.Disturbed / 3) await Task.Delay(LookEvery, Machine.Clock, cancellation);
        var moment = Machine.Clock.GetTimestamp();
        while (!(await Owed(stage, cancellation)).Sending && Machine.Clock.GetElapsedTime(moment) < MomentLongest) await Task.Yield();
        await stage.Kill(cancellation);
    }

    private static async Task<bool> Settled(Stage stage, TimeSpan longest, CancellationToken cancellation)
    {
        var since = stage.Clock.GetTimestamp();
        while (true)
        {
            var owed = await Owed(stage, cancellation);
            if (owed.Settled == owed.All) return true;
            if (stage.Clock.GetElapsedTime(since) > longest) return false;
            await Task.Delay(LookEvery, Machine.Clock, cancellation);
        }
    }

    /// <summary>Whoever looks after the PSAs saves their credentials again when they were refused, until it is cancelled.</summary>
    private async Task SaveCredentials(Stage stage, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(PersonNeeds, stage.Clock, cancellation);
            foreach (var integration in await Statement.Scalar<long[]>(stage.Database, "fault_parked", cancellation))
            {
                await stage.People.SaveCredentials(integration, cancellation);
                saved[integration] = saved.GetValueOrDefault(integration) + 1;
            }
        }
    }

    /// <summary>Others use a PSA's allowance, too, as long as they like.</summary>
    private async Task Strangers(Stage stage, CancellationToken cancellation)
    {
        while (plan.Strangers > 0)
        {
            foreach (var psa in stage.Psas.Where(psa => psa.Psa.CountsAllTogether)) await stage.Vendors.Strangers(psa.Psa, plan.Strangers / (int)(TimeSpan.FromHours(1) / StrangersEvery), cancellation);
            await Task.Delay(StrangersEvery, stage.Clock, cancellation);
        }
    }

    private static async Task<(int All, int Settled, bool Sending)> Owed(Stage stage, CancellationToken cancellation) =>
        (await Statement.Rows(stage.Database, "fault_owed", row => (row.GetInt32(0), row.GetInt32(1), row.GetBoolean(2)), cancellation))[0];
}
