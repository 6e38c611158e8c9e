using Npgsql;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Invariants;
using UsageBilling.Tests.Simulator.Checks;
using UsageBilling.Tests.Simulator.Programs;
using UsageBilling.Tests.Simulator.Store;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.Simulator;

/// <summary>Every invariant is written down twice, for PostgreSQL and for the simulation: both find nothing in good states and both find what was spoilt.</summary>
public sealed class InvariantTests
{
    private const ulong Seed = 5;
    private const int Days = 25;

    private static readonly Dictionary<string, Func<Database, VendorView, VendorView>> Spoilt = new()
    {
        ["I1"] = Change(database => Replace(Posted(database).Ledger, row => row with { Number = row.Number + 7 })),
        ["I2"] = Change(database =>
        {
            foreach (var tenant in database.Tenants.Values)
                foreach (var (metric, count) in tenant.Counts.ToList())
                    tenant.Counts[metric] = count with { Units = new Units(777) };
        }),
        ["I3"] = Change(database => Replace(Posted(database).Ledger, row => row with { Entry = row.Entry with { UnitsDelta = row.Entry.UnitsDelta + 1 } })),
        ["I4"] = Change(database => Replace(Posted(database).Ledger, row => row with { Entry = row.Entry with { Amount = new Money(row.Entry.Amount.Amount + 1, row.Entry.Amount.Currency) } })),
        ["I5"] = Change(database => database.Reminders.Remove(database.Reminders.Keys.First(key => key.Kind == GrainKind.ProductTenant && key.Name == ReminderName.Read))),
        ["I6"] = Change(database => database.Intents.Last().Desired++),
        ["I7"] = Change(database =>
        {
            foreach (var intent in database.Intents.OfLine(database.Intents.Last().Line)) intent.State = "in_doubt";
        }),
        ["I8"] = (_, vendor) => vendor with { Shows = [.. vendor.Shows.Select(shown => shown with { Units = shown.Units + 1 })] },
        ["I9"] = (_, vendor) => vendor with { Applied = [.. vendor.Applied, .. vendor.Applied, .. vendor.Applied] },
        ["I10"] = Change(database => Replace(database.Lines.Values.First().Counts, row => row with { Count = row.Count with { Night = row.Count.Night.AddDays(1_000) } })),
        ["I12"] = Change(database =>
        {
            database.Msps[99] = new(99, "Etc/UTC", new(0, 30), "USD", HoldLimits.Default);
            database.Contracts.Values.First().Msp = 99;
        }),
        ["I13"] = Change(database => Replace(Posted(database).Ledger, row => row with { Entry = row.Entry with { CountSequence = 99 } })),
        ["I14"] = Change(database =>
        {
            var key = new MessageKey(database.Lines.Keys.First(), new(2026, 1, 1), InputCause.Reading);
            database.Messages[key] = new() { Id = 1, Key = key, Msp = database.Lines.Values.First().Msp, DueAt = database.Clock.Now.AddHours(-3) };
        }),
    };

    public static TheoryData<string> Ids => [.. Spoilt.Keys];

    [Fact]
    public void Every_invariant_has_a_statement_a_check_and_a_spoilt_state()
    {
        Assert.Equal(Invariant.All.Select(invariant => invariant.Id), InvariantChecks.All.Keys);
        Assert.Equal(Invariant.All.Select(invariant => invariant.Id).Except(["I11", "I15", "I16"]), Spoilt.Keys);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(11)]
    [InlineData(23)]
    public async Task The_statements_find_nothing_where_the_checks_find_nothing(ulong seed)
    {
        var simulation = new Simulation(Scenario.Stormy(seed, Days)).Run();
        Assert.Empty(await FoundByStatements(simulation.Database, simulation.VendorView(), ""));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task What_is_spoilt_is_found_by_both(string id)
    {
        var simulation = new Simulation(Scenario.Stormy(Seed, Days)).Run();
        var vendor = Spoilt[id](simulation.Database, simulation.VendorView());
        Assert.Contains(id, InvariantChecks.Breaches(simulation.Database, vendor, simulation.Database.Clock.Now).Select(breach => breach.Invariant));
        Assert.Contains(id, await FoundByStatements(simulation.Database, vendor, ""));
    }

    [Theory]
    [InlineData("alter table ledger_entry disable trigger ledger_entry_append_only")]
    [InlineData("drop trigger count_record_append_only on count_record")]
    public async Task A_table_that_can_be_changed_is_found(string hole)
    {
        var simulation = new Simulation(Scenario.Stormy(Seed, 1)).Run();
        Assert.Equal(["I11"], await FoundByStatements(simulation.Database, simulation.VendorView(), hole));
    }

    [Fact]
    public void A_row_that_was_changed_is_found_in_the_simulation()
    {
        var database = new Simulation(Scenario.Stormy(Seed, Days)).Run().Database;
        var appended = new AppendOnly(database);
        appended.Check(what => new BreachException(what));
        Replace(Posted(database).Ledger, row => row with { Number = row.Number + 1 });
        Assert.Throws<BreachException>(() => appended.Check(what => new BreachException(what)));
    }

    private static async Task<IEnumerable<string>> FoundByStatements(Database database, VendorView vendor, string hole)
    {
        var connectionString = await PostgresFixture.FreshDatabase();
        await using var source = NpgsqlDataSource.Create(connectionString);
        await Loading.Load(database, source);
        if (hole.Length > 0)
        {
            await using var command = source.CreateCommand(hole);
            await command.ExecuteNonQueryAsync();
        }

        var found = await new InvariantStore(source).Breaches(vendor, database.Clock.Now, default);
        await source.DisposeAsync();
        await PostgresFixture.Drop(connectionString);
        return found.Select(breach => breach.Invariant).Distinct();
    }

    private static Func<Database, VendorView, VendorView> Change(Action<Database> spoil) => (database, vendor) =>
    {
        spoil(database);
        return vendor;
    };

    private static LineRow Posted(Database database)
    {
        var moved = database.Audit.Where(row => row.Action == "contract.observed").Select(row => row.Grain).ToHashSet();
        return database.Lines.Values.First(line => !moved.Contains(line.Contract) && line.HasOneSetOfTerms && line.Ledger.Exists(row => row.Entry.CountSequence > 0));
    }

    private static void Replace<T>(List<T> rows, Func<T, T> change) => rows[^1] = change(rows[^1]);
}
