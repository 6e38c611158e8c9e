using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns;
using UsageBilling.Tests.Simulator.Store;
using UsageBilling.Tests.Simulator.Time;

namespace UsageBilling.Tests.Simulator.Hub;

/// <summary>The store's side of a reading pass, with the rules of runtime/Sql/Reads.</summary>
/// <param name="chunk">Tenants handed over in one transaction: few, so that passes are cut between them.</param>
internal sealed class NightReadsModel(Host host, Process process, Turns<ProductTenantState, ProductTenantMessage> tenants, int chunk) : INightReads
{
    private Database Database => host.Database;

    public async Task<IReadOnlyList<DueIntegration>> DueIntegrations(CancellationToken cancellation)
    {
        await host.Pace.Database(process);
        return
        [
            .. Database.Integrations.Values
                .Where(row => row.Credentials != CredentialState.Refused)
                .Select(row => (Row: row, Reminder: Database.Reminders.GetValueOrDefault(new(GrainKind.Integration, row.Id, ReminderName.Read))))
                .Where(due => due.Reminder is { ParkedReason: null } reminder && reminder.DueAt <= Database.Clock.Now)
                .OrderBy(due => due.Reminder!.DueAt).ThenBy(due => due.Row.Id)
                .Select(due => new DueIntegration(due.Row.Id, due.Row.Msp, due.Row.Kind, "https://vendor.test/", "", "", "", due.Row.Failures, due.Reminder!.Night)),
        ];
    }

    public async Task<PassNight> Instant(long msp, CancellationToken cancellation)
    {
        await host.Pace.Database(process);
        var (night, calendar) = (Database.NightOf(msp), Database.Msps[msp].Calendar);
        var following = calendar.Existing(night.AddDays(1));
        return new(Database.Clock.Now, night, following, calendar.RunAt(following), Database.Msps[msp].Limits.ProductDropPercent);
    }

    public async Task Postpone(DueIntegration integration, TimeSpan after, CancellationToken cancellation)
    {
        await host.Pace.Database(process);
        if (Database.Reminders.TryGetValue(new(GrainKind.Integration, integration.Id, ReminderName.Read), out var row) && row.DueAt <= Database.Clock.Now) row.DueAt = Database.Clock.Now + after;
    }

    public async Task CountDue(DueIntegration integration, DateOnly night, int due, CancellationToken cancellation) => await host.Pace.Database(process);

    public async Task Begin(DueIntegration integration, DateOnly night, CancellationToken cancellation)
    {
        await host.Pace.Database(process);
        if (Database.Nights.TryGetValue((integration.Id, night), out var known)) known.State = known.State == "finished" ? known.State : "running";
        else Database.Nights[(integration.Id, night)] = new() { Integration = integration.Id, Night = night, Msp = integration.Msp, State = "running" };
    }

    public async Task<int> Discover(DueIntegration integration, DateOnly night, IReadOnlyList<ObservedTenant> seen, CancellationToken cancellation)
    {
        await host.Pace.Database(process);
        var discovered = 0;
        foreach (var tenant in seen.OrderBy(tenant => tenant.Product, StringComparer.Ordinal).ThenBy(tenant => tenant.RemoteId, StringComparer.Ordinal))
        {
            if (Database.Tenants.Values.Any(known => known.Integration == integration.Id && known.Product == tenant.Product && known.RemoteId == tenant.RemoteId)) continue;
            var id = Database.NextId();
            Database.Tenants[id] = new() { Id = id, Msp = integration.Msp, Integration = integration.Id, Product = tenant.Product, RemoteId = tenant.RemoteId };
            var key = new ReminderKey(GrainKind.ProductTenant, id, ReminderName.Read);
            Database.Reminders.Add(key, new() { Key = key, Msp = integration.Msp, DueAt = Database.Clock.Now, Night = night });
            discovered++;
        }

        return discovered;
    }

    public async Task<DueTenants> DueTenants(long integration, PassNight night, CancellationToken cancellation)
    {
        await host.Pace.Database(process);
        var known = Database.Tenants.Values.Where(tenant => tenant.Integration == integration).ToList();
        List<DueTenant> all =
        [
            .. known.Select(tenant => (Tenant: tenant, Due: Due(tenant.Id, Database.Clock.Now, night)))
                .Where(row => row.Due.Count > 0)
                .Select(row => new DueTenant(
                    row.Tenant.Id,
                    row.Tenant.Product,
                    row.Tenant.RemoteId,
                    row.Tenant.Version,
                    row.Due.Exists(reminder => reminder.Key.Name == ReminderName.Refresh),
                    row.Due.Find(reminder => reminder.Key.Name == ReminderName.Read)?.Night,
                    row.Due.Exists(reminder => reminder.Key.Name == ReminderName.Read),
                    Target(Database.TenantMappings, row.Tenant.Id, night.Night) is not null,
                    Target(Database.TenantMappings, row.Tenant.Id, night.Night) is { } organization ? Target(Database.OrganizationMappings, organization, night.Night) : null))
                .OrderBy(due => due.Account ?? long.MaxValue).ThenBy(due => due.Id),
        ];
        return new(all, all.Count == 0 ? 0 : known.Count);
    }

    public async Task<int> Waiting(long integration, PassNight night, CancellationToken cancellation)
    {
        await host.Pace.Database(process);
        return Database.Tenants.Values.Where(tenant => tenant.Integration == integration).Count(tenant =>
            Database.Reminders.TryGetValue(new(GrainKind.ProductTenant, tenant.Id, ReminderName.Read), out var row) && row.Night <= night.Night && row.DueAt > night.At && row.ParkedReason is null);
    }

    public async Task ServeRefreshes(DueIntegration integration, PassNight night, IReadOnlyCollection<long> asked, CancellationToken cancellation)
    {
        await host.Pace.Database(process);
        var now = Database.Clock.Now;
        if (Database.Integrations[integration.Id].Failures == 0) return;
        if (!Database.Reminders.TryGetValue(new(GrainKind.Integration, integration.Id, ReminderName.Read), out var row) || row.DueAt <= now || row.ParkedReason is not null) return;
        if (Database.Refreshes(integration.Id, now).Any(refresh => refresh.DueAt > night.At || !asked.Contains(refresh.Key.Grain))) row.DueAt = now;
    }

    public async Task<IReadOnlyList<LastCount>> LastCounts(long integration, CancellationToken cancellation)
    {
        await host.Pace.Database(process);
        return
        [
            .. Database.Tenants.Values.Where(tenant => tenant.Integration == integration)
                .SelectMany(tenant => tenant.Counts.Values, (tenant, count) => (tenant, count))
                .Select(row => new LastCount(row.tenant.Id, row.tenant.Product, row.tenant.RemoteId, row.count)),
        ];
    }

    public async Task<HandedOver> HandOver(DueIntegration integration, PassNight night, IReadOnlyList<Sighted> sights, CancellationToken cancellation)
    {
        var all = HandedOver.Nothing;
        foreach (var some in sights.Where(sight => sight.Unchanged is not null).Chunk(chunk)) all += await Tried(() => KeepUnchanged(integration, night, some));
        foreach (var some in sights.Where(sight => sight.Unchanged is null).Chunk(chunk)) all += await Tried(() => TryHandOver(integration, night, some));
        return all;
    }

    private static long? Target(List<MappingRow> mappings, long owner, DateOnly night) =>
        mappings.Find(mapping => mapping.Owner == owner && mapping.RetiredIn is null && mapping.Covers(night))?.Target;

    /// <summary>What was asked for after the pass began is left for a later one.</summary>
    private List<ReminderRow> Due(long tenant, DateTimeOffset now, PassNight night)
    {
        var due = new List<ReminderRow>();
        foreach (var (name, until) in ((string, DateTimeOffset)[])[(ReminderName.Read, now), (ReminderName.Refresh, night.At < now ? night.At : now)])
            if (Database.Reminders.TryGetValue(new(GrainKind.ProductTenant, tenant, name), out var row) && row.DueAt <= until && row.ParkedReason is null)
                due.Add(row);
        return due;
    }

    private async Task<HandedOver> Tried(Func<Task<HandedOver>> work)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await work();
            }
            catch (Exception fault) when (Host.IsTransient(fault) && tries < Transient.TriesMax)
            {
                await host.Pace.Step(process, Transient.After(tries));
            }
        }
    }

    /// <summary>One statement: a tenant of the version that was read, still due for the night, keeps its readings and waits for the next.</summary>
    private async Task<HandedOver> KeepUnchanged(DueIntegration integration, PassNight night, Sighted[] sights)
    {
        var session = process.Connect(Database);
        try
        {
            var transaction = new Transaction(Database, session);
            await host.Pace.Database(process);
            var (kept, left) = (0, 0);
            foreach (var sight in sights)
            {
                var key = new ReminderKey(GrainKind.ProductTenant, sight.Tenant.Id, ReminderName.Read);
                if (!transaction.TryLock(RowKey.Of(key))) throw new TimeoutException("The reminder is held by somebody.");
                if (!Database.Reminders.TryGetValue(key, out var row) || !(row.Night <= night.Night) || row.DueAt > transaction.Now || row.ParkedReason is not null) continue;
                if (row.Night != night.Night || Database.Tenants[sight.Tenant.Id].Version != sight.Tenant.Version)
                {
                    left++;
                    continue;
                }

                kept++;
                transaction.Write(() => Keep(row, night, sight));
            }

            CountRead(transaction, integration, night, kept);
            await host.Pace.Commit(process, transaction);
            return new(kept, 0, left);
        }
        finally
        {
            session.End();
        }
    }

    private void Keep(ReminderRow reminder, PassNight night, Sighted sight)
    {
        (reminder.DueAt, reminder.Night, reminder.Attempt) = (night.NextAt, night.Next, 0);
        var readings = Database.Tenants[sight.Tenant.Id].Readings;
        foreach (var count in sight.Unchanged!) readings.Add(count.Metric, night.Night, count.Units, count.Evidence, count.Reason, night.At);
    }

    private void CountRead(Transaction transaction, DueIntegration integration, PassNight night, int read)
    {
        if (read > 0 && Database.Nights.TryGetValue((integration.Id, night.Night), out var row)) transaction.Write(() => row.Read += read);
    }

    private async Task<HandedOver> TryHandOver(DueIntegration integration, PassNight night, Sighted[] sights)
    {
        var session = process.Connect(Database);
        try
        {
            var transaction = new Transaction(Database, session);
            await host.Pace.Database(process);
            var due = sights.ToDictionary(sight => sight.Tenant.Id, sight => Due(sight.Tenant.Id, transaction.Now, night).FindAll(row => transaction.TryLock(RowKey.Of(row.Key))));
            var still = sights.Where(sight => Still(due[sight.Tenant.Id], sight.Tenant)).ToList();
            var deliveries = still.ConvertAll(sight => new Delivery<ProductTenantMessage>(sight.Tenant.Id, sight.Message, null, [.. due[sight.Tenant.Id].Select(row => row.Key.Name)]));
            if (deliveries.Count == 0) return HandedOver.Nothing;
            var results = await tenants.Run(transaction, deliveries, wait: false, null, "silo");
            Failures.Mark(Database, transaction, tenants.Kind, deliveries, results);
            var took = still.Where((_, place) => results[place] is TurnResult.Taken { Verdict: Verdict.Accepted }).ToList();
            CountRead(transaction, integration, night, took.Count(sight => sight.IsOfNight));
            await host.Pace.Commit(process, transaction);
            host.Worked?.Invoke(process);
            return new(took.Count, 0, results.Count - took.Count);
        }
        finally
        {
            session.End();
        }
    }

    private static bool Still(List<ReminderRow> due, DueTenant tenant) => tenant.ForNight
        ? due.Exists(row => row.Key.Name == ReminderName.Read && row.Night == tenant.DueNight)
        : due.Exists(row => row.Key.Name == ReminderName.Refresh);
}
