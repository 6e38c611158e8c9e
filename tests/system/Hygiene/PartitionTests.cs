using Npgsql;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Runtime;
using UsageBilling.Runtime.Hygiene;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Tests.System.Hygiene;

/// <summary>Readings lie in one table a month: there is a place for every night, and old months go as a whole.</summary>
public sealed class PartitionTests
{
    /// <summary>night | units, of all readings.</summary>
    private const string Readings = "select coalesce(string_agg(tenant_id || ' ' || night || ' ' || read_no || ' ' || units, E'\\n' order by tenant_id, night, read_no), '') from reading";

    [Fact]
    public async Task A_database_from_before_keeps_every_reading()
    {
        var (database, migrate) = await TidyDatabase.BeforeHygiene();
        await using var _ = database;
        foreach (var night in (string[])["'2019-03-31'", "'2019-04-01'", "current_date - 1", "current_date", "current_date", "'2090-01-01'"]) await database.Reading(night);
        await database.Sql("insert into reading (tenant_id, metric, night, read_no, msp_id, evidence, reason, observed_at) values (2, 'm', current_date, 1, 1, 3, 'why', now())");
        var all = await Everything();

        await migrate();

        Assert.Equal(all, await Everything());
        Assert.Equal("p", await database.Scalar<string>("select relkind::text from pg_class where oid = 'reading'::regclass"));
        Assert.Equal(0L, await database.Scalar<long>("select count(*) from reading_default"));
        Assert.Equal(2L, await database.Scalar<long>("select (select count(*) from reading_2019_03) + (select count(*) from reading_2019_04)"));
        Assert.Equal(0L, await database.Scalar<long>("select count(*) from pg_class where relname like 'reading_before%'"));

        Task<string> Everything() => database.Scalar<string>("select string_agg(r::text, E'\\n' order by tenant_id, night, read_no) from reading r");
    }

    [Fact]
    public async Task A_reading_of_any_night_can_be_inserted()
    {
        await using var database = await TidyDatabase.Create();
        DateOnly[] nights = [new(1999, 1, 1), new(2026, 11, 20), new(2026, 11, 20), new(2090, 12, 31)];

        // Read twice in a batch of their own, as turns do
        foreach (var night in nights) await Add(database, [night, night.AddDays(1)]);

        Assert.Equal(8L, await database.Scalar<long>("select count(*) from reading"));
        Assert.Equal(2L, await database.Scalar<long>("select max(read_no)::bigint from reading where night = '2026-11-20'"));
        Assert.Equal(4L, await database.Scalar<long>("select count(*) from reading_default"));
    }

    [Fact]
    public async Task Partitions_are_made_three_months_ahead_with_what_lies_in_the_default_one()
    {
        await using var database = await TidyDatabase.Create();
        await database.Sql($"select drop_reading_partition({Ahead(0)}), drop_reading_partition({Ahead(3)})");
        foreach (var night in (string[])[Ahead(-1), Ahead(0), $"{Ahead(1)} - 1", Ahead(3), Ahead(4)]) await database.Reading(night);
        var before = await database.Scalar<string>(Readings);

        Assert.Equal("make partitions | 2 | -", await database.Tidy());

        Assert.Equal(before, await database.Scalar<string>(Readings));
        Assert.Equal(2L, await database.Scalar<long>("select count(*) from reading_default"));
        Assert.Equal(3L, await database.Scalar<long>($"select count(*) from reading where tableoid <> 'reading_default'::regclass"));
        Assert.Equal("", await database.Tidy());
    }

    [Fact]
    public async Task Months_beyond_the_retention_are_dropped_whole_and_no_other()
    {
        await using var database = await TidyDatabase.Create();
        foreach (var month in (int[])[-40, -28, -25, -9]) await database.Sql($"select make_reading_partition({Ahead(month)})");
        foreach (var month in (int[])[-40, -28, -25, -9, 0]) await database.Reading(Ahead(month));
        await database.Reading(Ahead(-50)); // in the default partition

        Assert.Equal("drop partitions | 2 | -\nprune readings | 1 | -", await database.Tidy());

        Assert.Equal(3L, await database.Scalar<long>("select count(*) from reading"));
        Assert.Equal(1L, await database.Scalar<long>($"select count(*) from reading where night = {Ahead(-25)}"));
        Assert.Equal(6L, await database.Scalar<long>("select count(*) from pg_inherits where inhparent = 'reading'::regclass and inhrelid <> 'reading_default'::regclass"));
    }

    [Fact]
    public async Task What_a_turn_may_look_back_on_is_never_dropped()
    {
        Assert.True(Retention.LookBackDays >= ServiceLineGrain.DaysBackMax + 40, "Turns look further back than readings are kept.");
        Assert.Contains("i.since - 40", SqlText.Load("Tables/line_inputs"), StringComparison.Ordinal);
        await using var database = await TidyDatabase.Create();
        for (var month = -30; month < 0; month++) await database.Sql($"select make_reading_partition({Ahead(month)})");
        foreach (var night in (string[])["current_date - 184", $"current_date - {Retention.LookBackDays}", "current_date - 700", "current_date - 860"]) await database.Reading(night);
        await database.Sql("insert into hold (msp_id, line_id, reason, night, previous_units, agreeing, read_at, opened_at) values (1, 1, 'dropped_to_zero', current_date - 500, 1, 0, now(), now())");

        await database.Tidy(new Retention { ReadingMonths = 1 });
        Assert.Equal(3L, await database.Scalar<long>("select count(*) from reading"));

        await database.Sql("update hold set resolved_at = now(); insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause) values (3, 1, 1, 1, 'inputs_changed', current_date - 480, 1)");
        await database.Tidy(new Retention { ReadingMonths = 1 });
        Assert.Equal(3L, await database.Scalar<long>("select count(*) from reading"));

        await database.Sql("delete from message");
        await database.Tidy(new Retention { ReadingMonths = 1 });
        Assert.Equal(2L, await database.Scalar<long>("select count(*) from reading"));
    }

    /// <summary>The first day of a month so far from now, in SQL.</summary>
    private static string Ahead(int months) => $"(date_trunc('month', current_date) + interval '{months} months')::date";

    private static async Task Add(TidyDatabase database, DateOnly[] nights)
    {
        await using var add = database.Source.CreateCommand(SqlText.Load("Effects/add_reading"));
        foreach (var column in (object[])
            [
                nights.Select(_ => 1L).ToArray(), nights.Select(_ => "m").ToArray(), nights, nights.Select(_ => 1L).ToArray(), nights.Select(_ => 5m).ToArray(),
                nights.Select(_ => (short)1).ToArray(), nights.Select(_ => "").ToArray(), nights.Select(_ => Hosting.Hub.Clock.GetUtcNow()).ToArray(),
            ])
            add.Parameters.Add(new NpgsqlParameter { Value = column });
        await add.ExecuteNonQueryAsync();
    }
}
