using System.Globalization;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Invariants;
using UsageBilling.Tests.Simulator.Store;

namespace UsageBilling.Tests.Simulator.Checks;

/// <summary>The invariants of the runtime over the simulated database: for each id what its SQL says, written down a second time.</summary>
internal static partial class InvariantChecks
{
    private static readonly TimeSpan HangsAfter = TimeSpan.FromHours(2);

    /// <param name="Msps">I11 is about rows that were changed: the simulation compares what was appended, see <see cref="AppendOnly"/>.</param>
    internal sealed record Look(Database Database, VendorView Vendor, DateTimeOffset At)
    {
        /// <summary>The last night that has begun, per msp.</summary>
        public Dictionary<long, DateOnly> Nights { get; } = Database.Msps.Values.ToDictionary(msp => msp.Id, msp => msp.Calendar.NightAt(At));

        public HashSet<long> Told { get; } = [.. Database.Messages.Keys.Select(message => message.Line)];
    }

    public static IReadOnlyDictionary<string, Func<Look, IEnumerable<(string What, string How)>>> All { get; } =
        new Dictionary<string, Func<Look, IEnumerable<(string What, string How)>>>
        {
            ["I1"] = PostedOnce,
            ["I2"] = NoNightIsLost,
            ["I3"] = UnitsAreCounts,
            ["I4"] = AmountsAreExact,
            ["I5"] = EverybodyIsWoken,
            ["I6"] = EveryChangeIsWished,
            ["I7"] = OneAtATime,
            ["I8"] = VendorHasWhatWasConfirmed,
            ["I9"] = NothingAppliedTwice,
            ["I10"] = NothingEarly,
            ["I11"] = _ => [],
            ["I12"] = OneMspThroughout,
            ["I13"] = EveryCentHasItsCount,
            ["I14"] = NothingHangs,
            ["I15"] = NoInvoices,
            ["I16"] = NoInvoices,
        };

    public static IEnumerable<Breach> Breaches(Database database, VendorView vendor, DateTimeOffset at)
    {
        var look = new Look(database, vendor, at);
        foreach (var (id, check) in All)
        {
            var found = check(look).ToList();
            foreach (var (what, how) in found.Take(InvariantStore.BreachesMax)) yield return new(id, what, how, found.Count);
        }
    }

    /// <summary>Nobody posts or invoices in the simulation: the statements are tried where somebody does, in the system's tests.</summary>
    private static IEnumerable<(string What, string How)> NoInvoices(Look look) => [];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<(string What, string How)> PostedOnce(Look look)
    {
        foreach (var line in look.Database.Lines.Values)
        {
            foreach (var turn in line.Ledger.GroupBy(row => row.LineVersion))
                if (!turn.Select(row => row.Number).Order().SequenceEqual(Enumerable.Range(1, turn.Count())))
                    yield return (Text($"line {line.Id}"), Text($"version {turn.Key} is not numbered from 1"));
            foreach (var period in line.Ledger.Where(row => row.Entry.Kind == "charge").GroupBy(row => row.Entry.Period.From))
                if (period.Select(row => row.LineVersion).Distinct().Count() > 1)
                    yield return (Text($"line {line.Id}"), Text($"the period from {period.Key:yyyy-MM-dd} is charged twice"));
        }
    }

    private static IEnumerable<(string What, string How)> NoNightIsLost(Look look) => UnreadTenants(look).Concat(NightsThatAreNotFinished(look)).Concat(LinesThatMissedSomething(look));

    private static IEnumerable<(string What, string How)> NightsThatAreNotFinished(Look look)
    {
        foreach (var source in look.Database.Integrations.Values)
            if (source.NightCursor is { } night && look.Database.Nights.TryGetValue((source.Id, night), out var row) && row.State != "finished")
                yield return (Text($"integration {source.Id}"), Text($"is read through {night:yyyy-MM-dd}, which is {row.State}"));
    }

    private static IEnumerable<(string What, string How)> UnreadTenants(Look look)
    {
        var database = look.Database;
        foreach (var tenant in database.Tenants.Values.Where(tenant => tenant.Readings.Nights.Count > 0))
        {
            if (database.Reminders.Values.Any(row => row.Key.Kind == GrainKind.ProductTenant && row.Key.Grain == tenant.Id && row.ParkedReason is not null)) continue;
            var (since, read) = (tenant.Readings.Nights.Min(), tenant.Readings.Nights);
            foreach (var night in database.Nights.Values.Where(night => night.Integration == tenant.Integration && night.State == "finished"))
            {
                if (night.Night > database.Integrations[tenant.Integration].NightCursor?.AddDays(-31) && night.Night > since && !read.Contains(night.Night))
                    yield return (Text($"tenant {tenant.Id}"), Text($"has no reading of {night.Night:yyyy-MM-dd}, which is finished"));
            }
        }
    }

    private static IEnumerable<(string What, string How)> LinesThatMissedSomething(Look look)
    {
        foreach (var line in look.Database.Lines.Values.Where(line => line.Basis.Kind == BasisKind.Metrics && line.OpenHold is null && !look.Told.Contains(line.Id)))
        {
            var (contract, night) = (look.Database.Contracts[line.Contract], look.Nights[line.Msp]);
            if (night < contract.From || night >= contract.Until) continue;
            if (line.Holds.Exists(hold => hold.Resolution == "released" && hold.ResolvedAt >= line.Counts.Max(row => row.RecordedAt))) continue;
            var inputs = Inputs(look.Database, line, contract, night).ToList();
            if (inputs.Count == 0 || inputs.Contains(null)) continue;
            var counted = line.Counts.Where(row => row.Count.EffectiveOn <= night).OrderBy(row => row.Count.EffectiveOn).ThenBy(row => row.Count.Sequence).LastOrDefault()?.Count;
            if (counted?.Source == "person") continue;
            var sum = inputs.Any(input => input!.Units is null) ? null : inputs.Sum(input => (decimal?)input!.Units!.Value.Value);
            if (sum is null || sum != (counted?.Units.Value ?? 0m)) yield return (Text($"line {line.Id}"), Text($"counts {counted?.Units} where its tenants add up to {sum?.ToString(CultureInfo.InvariantCulture) ?? "no number"}"));
        }
    }

    private static IEnumerable<TenantCount?> Inputs(Database database, LineRow line, ContractRow contract, DateOnly night) =>
        from organization in database.OrganizationMappings
        where organization.Target == contract.Account && organization.RetiredIn is null && organization.Covers(night)
        from mapping in database.TenantMappings
        where mapping.Target == organization.Owner && mapping.RetiredIn is null && mapping.Covers(night)
        let tenant = database.Tenants[mapping.Owner]
        from metric in line.Basis.Metrics
        where metric.Product == tenant.Product
        select tenant.Counts.GetValueOrDefault(metric.Metric);

    private static IEnumerable<(string What, string How)> EverybodyIsWoken(Look look)
    {
        var database = look.Database;
        foreach (var tenant in database.Tenants.Values)
            if (!database.Reminders.ContainsKey(new(GrainKind.ProductTenant, tenant.Id, ReminderName.Read)))
                yield return (Text($"tenant {tenant.Id}"), "will not be read");
        foreach (var source in database.Integrations.Values.Where(row => row.ReadsProducts && row.Credentials == CredentialState.Valid))
            if (!database.Reminders.ContainsKey(new(GrainKind.Integration, source.Id, ReminderName.Read)))
                yield return (Text($"integration {source.Id}"), "will not be read");
        foreach (var line in database.Lines.Values.Where(line => !look.Told.Contains(line.Id)))
        {
            var contract = database.Contracts[line.Contract];
            if (line.Basis.Kind != BasisKind.None && line.ChargedUntil < contract.Until && !database.Reminders.ContainsKey(new(GrainKind.ServiceLine, line.Id, ReminderName.Boundary)))
                yield return (Text($"line {line.Id}"), Text($"will not be charged from {line.ChargedUntil:yyyy-MM-dd} on"));
            if (line.OpenHold?.Hold.Proposed is not null && contract.Until > look.Nights[line.Msp].AddDays(1) && !database.Reminders.ContainsKey(new(GrainKind.ServiceLine, line.Id, ReminderName.Confirm)))
                yield return (Text($"line {line.Id}"), "is held, and nobody will look again");
        }
    }

    private static IEnumerable<(string What, string How)> NothingEarly(Look look)
    {
        foreach (var line in look.Database.Lines.Values)
        {
            var night = look.Nights[line.Msp];
            foreach (var entry in line.Ledger.Select(row => row.Entry))
                if (entry.Night > night || (entry.Kind == "charge" && entry.Night < (line.Terms.Timing == Interfaces.Values.BillingTiming.Advance ? entry.Period.From : entry.Period.Until)))
                    yield return (Text($"line {line.Id}"), Text($"posted in the night of {entry.Night:yyyy-MM-dd} for the period from {entry.Period.From:yyyy-MM-dd}"));
            foreach (var count in line.Counts.Select(row => row.Count))
                if (count.Night > night || (count.EffectiveOn > count.Night && count.Source is not ("opening" or "person")))
                    yield return (Text($"line {line.Id}"), Text($"counted in the night of {count.Night:yyyy-MM-dd} from {count.EffectiveOn:yyyy-MM-dd} on"));
        }
    }

    private static IEnumerable<(string What, string How)> OneMspThroughout(Look look)
    {
        var database = look.Database;
        IEnumerable<(string What, long Own, long Other)> pairs =
        [
            .. database.Contracts.Values.Select(row => (Text($"contract {row.Id}"), row.Msp, database.Integrations[row.Integration].Msp)),
            .. database.Contracts.Values.Select(row => (Text($"contract {row.Id}"), row.Msp, database.Accounts[row.Account].Msp)),
            .. database.Lines.Values.Select(row => (Text($"line {row.Id}"), row.Msp, database.Contracts[row.Contract].Msp)),
            .. database.Intents.Select(row => (Text($"intent {row.Id}"), row.Msp, database.Lines[row.Line].Msp)),
            .. database.Tenants.Values.Select(row => (Text($"tenant {row.Id}"), row.Msp, database.Integrations[row.Integration].Msp)),
            .. database.TenantMappings.Where(row => row.Target is not null).Select(row => (Text($"mapping of tenant {row.Owner}"), database.Tenants[row.Owner].Msp, database.Organizations[row.Target!.Value].Msp)),
            .. database.OrganizationMappings.Where(row => row.Target is not null)
                .Select(row => (Text($"mapping of organization {row.Owner}"), database.Organizations[row.Owner].Msp, database.Accounts[row.Target!.Value].Msp)),
            .. database.Nights.Values.Select(row => (Text($"night of integration {row.Integration}"), row.Msp, database.Integrations[row.Integration].Msp)),
            .. database.Reminders.Values.Select(row => (Text($"reminder of {row.Key.Kind} {row.Key.Grain}"), row.Msp, row.Key.Kind switch
            {
                GrainKind.ProductTenant => database.Tenants[row.Key.Grain].Msp,
                GrainKind.ServiceLine => database.Lines[row.Key.Grain].Msp,
                _ => database.Integrations[row.Key.Grain].Msp,
            })),
            .. database.Messages.Values.Select(row => (Text($"message to line {row.Key.Line}"), row.Msp, database.Lines[row.Key.Line].Msp)),
        ];
        return pairs.Where(pair => pair.Own != pair.Other).Select(pair => (pair.What, Text($"belongs to msp {pair.Own} and to what is of msp {pair.Other}")));
    }

    private static IEnumerable<(string What, string How)> NothingHangs(Look look)
    {
        var (database, before) = (look.Database, look.At - HangsAfter);
        foreach (var intent in database.Intents.Where(intent => intent.IsInFlight && database.Integrations[intent.Integration].Credentials != CredentialState.Refused))
            if (intent.DueAt < before && intent.SendingAt < before)
                yield return (Text($"intent {intent.Id}"), Text($"is {intent.State} and due since {intent.DueAt:u}"));
        foreach (var message in database.Messages.Values.Where(message => message.ParkedReason is null && message.DueAt < before))
            yield return (Text($"message to line {message.Key.Line}"), Text($"waits since {message.DueAt:u}"));
        foreach (var reminder in database.Reminders.Values.Where(reminder => reminder.ParkedReason is null && reminder.DueAt < before))
        {
            var waitsForCredentials = reminder.Key.Kind switch
            {
                GrainKind.ProductTenant => database.Integrations[database.Tenants[reminder.Key.Grain].Integration].Credentials == CredentialState.Refused,
                GrainKind.Integration => database.Integrations[reminder.Key.Grain].Credentials == CredentialState.Refused,
                _ => false,
            };
            var owesNothing = reminder.Key.Kind == GrainKind.ProductTenant && reminder.Key.Name == ReminderName.Read && !(reminder.Night <= look.Nights[reminder.Msp]);
            if (!waitsForCredentials && !owesNothing) yield return (Text($"reminder of {reminder.Key.Kind} {reminder.Key.Grain}"), Text($"{reminder.Key.Name} waits since {reminder.DueAt:u}"));
        }
    }
}
