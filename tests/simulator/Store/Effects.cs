using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Simulator.Store;

/// <summary>A row that a statement writes: its lock is awaited first, and it is written at the commit.</summary>
internal sealed record RowWrite(RowKey? Key, Action Apply);

/// <summary>Writes what grains decided as the statements below runtime/Sql/Effects do: each looks at what is committed when it begins.</summary>
internal sealed class Effects(Database database, Transaction transaction, GrainKind kind)
{
    private readonly List<(long Grain, long Msp, int Version, Turn Turn, Effect Effect)> orders = [];

    public void Add(long grain, long msp, int version, Turn turn, IEnumerable<Effect> effects) =>
        orders.AddRange(effects.Select(effect => (grain, msp, version, turn, effect)));

    public bool Reminds(long grain, string name) => orders.Any(order => order.Grain == grain
        && ((order.Effect is Effect.Remind remind && remind.Name == name) || (order.Effect is Effect.RemindAtNight night && night.Name == name)));

    /// <summary>One list of rows per statement, in the order in which the statements are written.</summary>
    public IEnumerable<IEnumerable<RowWrite>> Statements() =>
    [
        Of<Effect.AddReading>(order => [AddReading(order.Grain, order.Effect)]),
        Of<Effect.AddCount>(order => [AddCount(order.Grain, order.Version, order.Effect.Count)]),
        AddLedgerEntries(),
        Of<Effect.SetUnits>(order => [SetUnits(order.Grain, order.Msp, order.Turn.Night, order.Effect)]),
        Of<Effect.WakeIntents>(order => WakeIntents(order.Grain)),
        Of<Effect.KeepHold>(order => [new(null, () => KeepHold(order.Grain, order.Effect.Hold))]),
        Of<Effect.CloseHold>(order => [new(null, () => CloseHold(order.Grain, order.Effect.Resolution))]),
        Of<Effect.TellLines>(order => LinesOfTenant(order.Grain, order.Effect).Select(line => Tell(line, order.Effect.From, order.Effect.Cause, DueAt(order.Msp, order.Turn, order.Effect.From)))),
        Of<Effect.TellItself>(order => [Tell(order.Grain, order.Effect.From, order.Effect.Cause, DueAt(order.Msp, order.Turn, order.Effect.From))]),
        Of<Effect.TellLinesOfOrganization>(order =>
            LinesOfOrganization(order.Grain, order.Effect.From).Select(line => Tell(line, order.Effect.From, InputCause.Mapping, DueAt(order.Msp, order.Turn, order.Effect.From)))),
        Of<Effect.TellLinesOfContract>(order => database.Lines.Values.Where(line => line.Contract == order.Grain && line.Basis.Kind != BasisKind.None)
            .Select(line => Tell(line.Id, order.Effect.From, InputCause.Mapping, DueAt(order.Msp, order.Turn, order.Effect.From)))),
        Of<Effect.Forget>(order => [Forget(new(kind, order.Grain, order.Effect.Name))]),
        Of<Effect.Remind>(order => [Remind(new(kind, order.Grain, order.Effect.Name), order.Msp, order.Effect.DueAt, null)]),
        Of<Effect.RemindAtNight>(order => [RemindAtNight(order.Grain, order.Msp, order.Effect)]),
        Of<Effect.RemindAtNight>(order => ServeRefreshes(order.Grain, order.Effect.Name)),
        Of<Effect.RefreshInputs>(order => FeedingTenants(order.Grain, order.Turn.Night).Select(tenant => Remind(new(GrainKind.ProductTenant, tenant.Id, ReminderName.Refresh), tenant.Msp, transaction.Now, order.Turn.Night))),
        Of<Effect.RefreshInputs>(order => SourcesOf(order.Grain).Select(source => Wake(new(GrainKind.Integration, source, ReminderName.Read), row => row.DueAt = Earlier(row.DueAt, transaction.Now)))),
        Of<Effect.ReadTenantsNow>(order => ReadNow(order.Grain, order.Effect.Night)),
        Of<Effect.KeepNight>(order => [new(null, () => KeepNight(order.Grain, order.Msp, order.Effect.Night))]),
        Of<Effect.Audit>(order => [new(null, () => database.Audit.Add(new(order.Msp, transaction.Now, order.Turn.Actor, order.Effect.Action, kind, order.Grain, order.Effect.Before, order.Effect.After)))]),
    ];

    public RowWrite Forget(ReminderKey key) => new(RowKey.Of(key), () => database.Reminders.Remove(key));

    public RowWrite Remind(ReminderKey key, long msp, DateTimeOffset dueAt, DateOnly? night) => new(RowKey.Of(key), () => database.Reminders[key] = new()
    {
        Key = key, Msp = msp, DueAt = dueAt, Night = night ?? (database.Reminders.TryGetValue(key, out var known) ? known.Night : null),
    });

    private IEnumerable<RowWrite> Of<T>(Func<(long Grain, long Msp, int Version, Turn Turn, T Effect), IEnumerable<RowWrite>> write)
        where T : Effect => orders.Where(order => order.Effect is T).SelectMany(order => write((order.Grain, order.Msp, order.Version, order.Turn, (T)order.Effect)));

    private DateTimeOffset DueAt(long msp, Turn turn, DateOnly night) => night > turn.Night ? database.Msps[msp].Calendar.RunAt(night) : turn.At;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private RowWrite AddReading(long tenant, Effect.AddReading reading) => new(
        null, () => database.Tenants[tenant].Readings.Add(reading.Metric, reading.Night, reading.Units, reading.Evidence, reading.Reason, reading.ObservedAt));

    private RowWrite AddCount(long line, int version, CountRecord count) => new(null, () =>
    {
        var counts = database.Lines[line].Counts;
        if (counts.Any(known => known.Count.EffectiveOn == count.EffectiveOn && known.Count.Sequence == count.Sequence))
            throw new InvalidOperationException($"Line {line} has a count from {count.EffectiveOn:yyyy-MM-dd} with number {count.Sequence} already.");
        counts.Add(new(count, version, transaction.Now));
    });

    private IEnumerable<RowWrite> AddLedgerEntries()
    {
        foreach (var turn in orders.Where(order => order.Effect is Effect.AddLedgerEntry).GroupBy(order => (order.Grain, order.Version)))
        {
            var entries = turn.Select((order, index) => new LedgerRow(turn.Key.Version, index + 1, ((Effect.AddLedgerEntry)order.Effect).Entry, transaction.Now)).ToList();
            yield return new(null, () =>
            {
                var ledger = database.Lines[turn.Key.Grain].Ledger;
                if (ledger.Exists(known => known.LineVersion == turn.Key.Version)) throw new InvalidOperationException($"Line {turn.Key.Grain} posted for version {turn.Key.Version} already.");
                ledger.AddRange(entries);
            });
        }
    }

    private RowWrite SetUnits(long line, long msp, DateOnly night, Effect.SetUnits wish)
    {
        var (integration, service) = (wish.Target.Integration.Value, wish.Target.ServiceRemoteId);
        return new(new("intent_pending", integration, service, wish.EffectiveOn.DayNumber), () =>
        {
            var pending = database.Intents.OfLine(line).FirstOrDefault(intent => intent.State == "pending" && intent.EffectiveOn == wish.EffectiveOn);
            if (pending is null)
            {
                database.Intents.Add(new()
                {
                    Id = database.NextId(), Msp = msp, Integration = integration, Line = line, ContractRemoteId = wish.Target.ContractRemoteId, ServiceRemoteId = service,
                    EffectiveOn = wish.EffectiveOn, SentOn = wish.EffectiveOn, Desired = wish.Desired.Value, Night = night, DueAt = transaction.Now,
                });
                return;
            }

            (pending.Desired, pending.Night, pending.DueAt) = (wish.Desired.Value, night, transaction.Now);
            pending.Generation++;
            (pending.Attempt, pending.Checks, pending.UnchangedSince, pending.Code) = (0, 0, null, null);
        });
    }

    private IEnumerable<RowWrite> WakeIntents(long integration) => database.Intents.Live.Where(intent => intent.Integration == integration && intent.State == "pending").ToList()
        .Select(intent => new RowWrite(new("intent_pending", integration, intent.ServiceRemoteId, intent.EffectiveOn.DayNumber), () =>
        {
            if (intent.State == "pending") intent.DueAt = transaction.Now;
        }));

    private void KeepHold(long line, Hold hold)
    {
        var holds = database.Lines[line].Holds;
        if (database.Lines[line].OpenHold is { } open) holds[^1] = open with { Hold = hold };
        else holds.Add(new(hold, transaction.Now, null, null));
    }

    private void CloseHold(long line, string resolution)
    {
        if (database.Lines[line].OpenHold is { } open) database.Lines[line].Holds[^1] = open with { Resolution = resolution, ResolvedAt = transaction.Now };
    }

    private IEnumerable<long> LinesOfTenant(long tenant, Effect.TellLines told)
    {
        var row = database.Tenants[tenant];
        return
        (
            from mapping in Mappings.Of(transaction, database.TenantMappings, ofTenant: true, tenant)
            where (mapping.Until is not { } until || until >= told.From) && (told.Cause == InputCause.Mapping || mapping.RetiredIn is null)
            from organization in database.OrganizationMappings
            where organization.Owner == mapping.Target && organization.RetiredIn is null && (organization.Until is not { } over || over >= told.From)
            from contract in database.Contracts.Values
            where contract.Account == organization.Target
            from line in database.Lines.Values
            where line.Contract == contract.Id && line.Basis.Kind == BasisKind.Metrics
            where line.Basis.Metrics.Any(metric => metric.Product == row.Product && (told.Metric is null || metric.Metric == told.Metric))
            select line.Id
        ).Distinct().Order().ToList();
    }

    private IEnumerable<long> LinesOfOrganization(long organization, DateOnly since) =>
    (
        from mapping in Mappings.Of(transaction, database.OrganizationMappings, ofTenant: false, organization)
        where mapping.Until is not { } until || until >= since
        from contract in database.Contracts.Values
        where contract.Account == mapping.Target
        from line in database.Lines.Values
        where line.Contract == contract.Id && line.Basis.Kind == BasisKind.Metrics
        select line.Id
    ).Distinct().Order().ToList();

    private RowWrite Tell(long line, DateOnly from, InputCause cause, DateTimeOffset dueAt)
    {
        var key = new MessageKey(line, from, cause);
        return new(RowKey.Of(key), () =>
        {
            if (!database.Messages.TryGetValue(key, out var pending))
                database.Messages[key] = new() { Id = database.NextId(), Key = key, Msp = database.Lines[line].Msp, DueAt = dueAt };
            else if (pending.Attempt == 0)
                pending.DueAt = Earlier(pending.DueAt, dueAt);
        });
    }

    private RowWrite RemindAtNight(long grain, long msp, Effect.RemindAtNight remind)
    {
        var calendar = database.Msps[msp].Calendar;
        var night = calendar.Existing(remind.Night);
        return Remind(new(kind, grain, remind.Name), msp, calendar.RunAt(night), night);
    }

    /// <summary>What somebody asked for while a pass was under way does not wait for the night after it.</summary>
    private IEnumerable<RowWrite> ServeRefreshes(long integration, string name) =>
        kind == GrainKind.Integration && name == ReminderName.Read && database.Refreshes(integration, database.Clock.Now).Any()
            ? [Wake(new(kind, integration, name), row => row.DueAt = Earlier(row.DueAt, transaction.Now))]
            : [];

    /// <summary>An update finds its rows first, waits for each and looks again: what is gone by then is not written.</summary>
    private RowWrite Wake(ReminderKey key, Action<ReminderRow> change) => new(RowKey.Of(key), () =>
    {
        if (database.Reminders.TryGetValue(key, out var row)) change(row);
    });

    private IEnumerable<TenantRow> FeedingTenants(long line, DateOnly night) =>
    (
        from organization in database.OrganizationMappings
        where organization.Target == database.Contracts[database.Lines[line].Contract].Account && organization.RetiredIn is null && organization.Covers(night)
        from mapping in database.TenantMappings
        where mapping.Target == organization.Owner && mapping.RetiredIn is null && mapping.Covers(night)
        let tenant = database.Tenants[mapping.Owner]
        where database.Lines[line].Basis.Metrics.Any(metric => metric.Product == tenant.Product)
        select tenant
    ).Distinct().OrderBy(tenant => tenant.Id).ToList();

    private IEnumerable<long> SourcesOf(long line) =>
    (
        from organization in database.OrganizationMappings
        where organization.Target == database.Contracts[database.Lines[line].Contract].Account && organization.RetiredIn is null
        from mapping in database.TenantMappings
        where mapping.Target == organization.Owner && mapping.RetiredIn is null
        let tenant = database.Tenants[mapping.Owner]
        where database.Lines[line].Basis.Metrics.Any(metric => metric.Product == tenant.Product)
        select tenant.Integration
    ).Distinct().Where(source => database.Reminders.ContainsKey(new(GrainKind.Integration, source, ReminderName.Read))).ToList();

    private IEnumerable<RowWrite> ReadNow(long integration, DateOnly night) => database.Tenants.Values
        .Where(tenant => tenant.Integration == integration)
        .Select(tenant => (Tenant: tenant, Key: new ReminderKey(GrainKind.ProductTenant, tenant.Id, ReminderName.Read)))
        .Where(row => database.Reminders.TryGetValue(row.Key, out var reminder)
            && (reminder.Night <= night || row.Tenant.Counts.Values.Any(count => count.Evidence == Evidence.Failed && count.Night <= night)))
        .ToList()
        .Select(row => Wake(row.Key, reminder =>
        {
            (reminder.DueAt, reminder.Attempt, reminder.ParkedReason) = (transaction.Now, 0, null);
            reminder.Night = reminder.Night < night ? reminder.Night : night;
        }));

    private void KeepNight(long integration, long msp, NightSummary night)
    {
        if (!database.Nights.TryGetValue((integration, night.Night), out var row))
            database.Nights[(integration, night.Night)] = row = new() { Integration = integration, Night = night.Night, Msp = msp, State = "" };
        row.State = night.Unread > 0 || night.FailureCode is not null ? "incomplete" : "finished";
        (row.Read, row.Unread) = (row.Read + night.Read, night.Unread);
    }
}
