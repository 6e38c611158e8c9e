using System.Globalization;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Products;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Tests.Simulator.Store;
using UsageBilling.Tests.Simulator.Time;
using UsageBilling.Tests.Simulator.Vendors;

namespace UsageBilling.Tests.Simulator.Programs;

/// <summary>One or two msps as they are imported: accounts, contracts and lines with opening units, sources with tenants.</summary>
internal sealed class World
{
    private static readonly string[] Zones =
    [
        "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu", "Pacific/Auckland", "Africa/Casablanca", "Etc/UTC",
    ];

    private readonly Dice dice;
    private readonly Database database;
    private readonly int sourcesMost;

    public World(Dice dice, Database database, DateOnly start, int sourcesMost)
    {
        (this.dice, this.database, this.sourcesMost, Start) = (dice, database, sourcesMost, start);
        for (var msp = dice.Happens(0.25) ? 2 : 1; msp > 0; msp--) AddMsp(msp);
    }

    public DateOnly Start { get; }

    public Dictionary<long, PsaModel> Psas { get; } = [];

    public Dictionary<long, SourceModel> Sources { get; } = [];

    public static DateOnly FirstNight(Dice dice) => new DateOnly(2025, 1, 1).AddDays(dice.Below(730));

    /// <summary>What a source shows the next day.</summary>
    public static IReadOnlyList<SourceTenant> Evolve(IReadOnlyList<SourceTenant> before, Dice dice)
    {
        var after = before.Where(_ => !dice.Happens(0.004)).Select(tenant => tenant with { Units = tenant.Units.ToDictionary(count => count.Key, count => Next(count.Value, dice)) }).ToList();
        if (dice.Happens(0.03) && after.Count < 14) after.Add(NewTenant(dice, after.Count));
        return after;
    }

    private static decimal Next(decimal units, Dice dice) => dice.Below(100) switch
    {
        < 70 => units,
        < 80 => units + dice.Between(1, 3),
        < 90 => Math.Max(0, units - dice.Between(1, 3)),
        < 93 => units + dice.Between(5, 30),
        < 96 => decimal.Floor(units * 0.6m),
        < 97 => 0,
        _ => units + 1,
    };

    private static SourceTenant NewTenant(Dice dice, int number)
    {
        var product = dice.OneOf([.. Catalogue.Products.Where(known => known.Source == "uniview")]);
        return new(product.Id, string.Create(CultureInfo.InvariantCulture, $"tenant-{number:00}-{dice.Below(1_000_000)}"), product.Metrics.ToDictionary(metric => metric.Id, _ => (decimal)dice.Between(1, 40)));
    }

    private void AddMsp(long msp)
    {
        database.Msps[msp] = new(
            msp, dice.OneOf(Zones), dice.OneOf([new(0, 30), new TimeOnly(2, 30), new(23, 15), new(1, 0)]), dice.OneOf(["USD", "USD", "EUR", "JPY", "KWD"]), HoldLimits.Default);
        var psa = Integration(msp, readsProducts: false);
        Psas[psa] = new(database.Clock);
        for (var source = dice.Between(1, sourcesMost); source > 0; source--)
        {
            var id = Integration(msp, readsProducts: true);
            Sources[id] = new() { Now = [.. Enumerable.Range(0, dice.Between(3, 8)).Select(number => NewTenant(dice, number))] };
            var key = new ReminderKey(GrainKind.Integration, id, ReminderName.Read);
            database.Reminders[key] = new() { Key = key, Msp = msp, DueAt = database.Msps[msp].Calendar.RunAt(Start), Night = Start };
        }

        for (var organizations = dice.Between(2, 5); organizations > 0; organizations--)
        {
            var id = database.NextId();
            database.Organizations[id] = new() { Id = id, Msp = msp };
        }

        for (var accounts = dice.Between(2, 4); accounts > 0; accounts--) AddAccount(msp, psa);
    }

    private long Integration(long msp, bool readsProducts)
    {
        var id = database.NextId();
        database.Integrations[id] = new() { Id = id, Msp = msp, Kind = id.ToString(CultureInfo.InvariantCulture), ReadsProducts = readsProducts };
        return id;
    }

    private void AddAccount(long msp, long psa)
    {
        var account = database.NextId();
        database.Accounts[account] = new(account, msp, psa, $"account-{account}");
        for (var contracts = dice.Between(1, 2); contracts > 0; contracts--)
        {
            var id = database.NextId();
            var from = Start.AddDays(dice.Between(-400, 20));
            var until = dice.Happens(0.2) ? Start.AddDays(dice.Between(25, 55)) : from.AddDays(dice.Between(430, 900));
            if (from > Start && until <= from.AddDays(5)) until = from.AddDays(40);
            database.Contracts[id] = new() { Id = id, Msp = msp, Integration = psa, Account = account, RemoteId = $"contract-{id}", Name = $"contract {id}", From = from, Until = until };
            for (var lines = dice.Between(1, 4); lines > 0; lines--) AddLine(database.Contracts[id]);
        }
    }

    /// <summary>As an import brings it: opening units from the current period on, which the PSA has charged by itself.</summary>
    private void AddLine(ContractRow contract)
    {
        var id = database.NextId();
        var cadence = new BillingCadence(dice.OneOf([BillingPeriod.Monthly, BillingPeriod.Monthly, BillingPeriod.Quarterly, BillingPeriod.Yearly, BillingPeriod.Weekly]), contract.From);
        var currency = Currency.Of(database.Msps[contract.Msp].Currency);
        var price = dice.OneOf([3.5m, 12m, 0.333333m, 99.95m, 7.77m, 0m]);
        var minimum = dice.Happens(0.15) ? new Units(dice.Between(1, 10)) : (Units?)null;
        var maximum = dice.Happens(0.15) ? new Units(dice.Between(20, 60)) : (Units?)null;
        var night = database.NightOf(contract.Msp);
        var current = cadence.PeriodContaining(night).Span;
        var line = new LineRow
        {
            Id = id,
            Msp = contract.Msp,
            Contract = contract.Id,
            RemoteId = $"line-{id}",
            Terms = new(new UnitPrice(price), currency, cadence, dice.Happens(0.2) ? BillingTiming.Arrears : BillingTiming.Advance, minimum, maximum, dice.OneOf(Enum.GetValues<UnitRounding>())),
            ChargedUntil = current.Until,
            Service = new(contract.From, contract.Until),
        };
        var opening = new Units(dice.Between(0, 60));
        line.Counts.Add(new(new(current.From < contract.From ? contract.From : current.From, 1, opening, night, "opening"), 1, database.Clock.Now));
        database.Lines[id] = line;
        Psas[contract.Integration].Add(line.RemoteId, contract.From, contract.Until.AddDays(-1), opening.Value);
    }
}
