using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Npgsql;
using UsageBilling.Silo.Hygiene;

namespace UsageBilling.Tests.System.Hygiene;

/// <summary>What the watch shows as metrics, and what it says about limits.</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task Parked_work_is_shown_and_told_once_and_once_again_when_it_is_over()
    {
        await using var database = await TidyDatabase.Create();
        await using var watch = new Watch(database);
        await watch.Look();
        Assert.Equal(0, watch.Shows()["usagebilling.silo.work.parked message"]);

        await database.Sql("insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, parked_reason, parked_at) values (3, 1, 1, 1, 'inputs_changed', current_date, 1, 'why', now())");
        await watch.Look();
        await watch.Look();
        Assert.Equal(1, watch.Shows()["usagebilling.silo.work.parked message"]);
        Assert.Equal(["7003 Limit parked is crossed: usagebilling.silo.work.parked of message is 1, beyond 0"], watch.Said);

        await database.Sql("delete from message");
        await watch.Look();
        await watch.Look();
        Assert.Equal(["7004 Limit parked is kept again: usagebilling.silo.work.parked of message is 0"], watch.Said.Skip(1));
    }

    [Fact]
    public async Task A_transaction_that_is_left_open_is_shown_with_its_age()
    {
        await using var database = await TidyDatabase.Create();
        await using var watch = new Watch(database, new Dictionary<string, double> { ["transaction"] = 0, ["xmin"] = 0 });
        await using (var connection = await database.Source.OpenConnectionAsync())
        await using (await connection.BeginTransactionAsync())
        {
            await new NpgsqlCommand("update msp set name = 'open'", connection).ExecuteNonQueryAsync();
            await database.Sql("insert into api_key (id, msp_id, name, secret_sha256, scope) values ('k', 1, 'k', '', 'viewer')");
            await watch.Look();

            Assert.InRange(watch.Shows()["usagebilling.silo.transaction.age"], double.Epsilon, 3600);
            Assert.True(watch.Shows()["usagebilling.silo.transaction.xmin_age"] >= 1);
            Assert.Equal(0, watch.Shows()["usagebilling.silo.transaction.idle"]); // not for 10 s yet
        }

        await watch.Look();
        Assert.Equal(0, watch.Shows()["usagebilling.silo.transaction.age"]);
        Assert.Equal(["7003 Limit transaction", "7003 Limit xmin", "7004 Limit transaction", "7004 Limit xmin"], watch.Said.Select(line => line[..line.IndexOf(" is ", StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task Intents_holds_parked_integrations_and_unread_tenants_are_counted()
    {
        await using var database = await TidyDatabase.Create();
        await database.Sql("""
            insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, state, code, night, due_at) values
                (1, 1, 1, 'c', 's', '2026-11-01', '2026-11-01', 1, 'in_doubt', null, '2026-11-01', now()),
                (1, 1, 1, 'c', 's', '2026-11-02', '2026-11-02', 1, 'pending', null, '2026-11-02', now() - interval '1 hour'),
                (1, 1, 1, 'c', 's', '2026-11-03', '2026-11-03', 1, 'rejected', 'date_taken', '2026-11-03', now()),
                (1, 1, 1, 'c', 's', '2026-11-04', '2026-11-04', 1, 'rejected', 'superseded', '2026-11-04', now()),
                (1, 1, 1, 'c', 's', '2026-11-05', '2026-11-05', 1, 'parked', 'not_visible', '2026-11-05', now());
            insert into hold (msp_id, line_id, reason, night, previous_units, agreeing, read_at, opened_at) values (1, 1, 'dropped_to_zero', current_date, 1, 0, now(), now());
            insert into notice (msp_id, contract_id, night, state, due_at, written_at, code) select 1, 1, current_date - n, case when n > 2 then 'parked' else 'sent' end, now(), now(), 'mail_refused' from generate_series(1, 4) n;
            insert into ticket (msp_id, integration_id, title, details, account_remote_id, opened_at) values (1, 1, 'Down', '', '7', now());
            insert into ticket_write (msp_id, integration_id, ticket_id, kind, at, state, code) values (1, 1, 1, 'open', now(), 'parked', 'rejected');
            insert into integration (msp_id, kind, name, base_url, user_name, secret_protected, reads_products, credentials) values (1, 'uniview', 'two', 'https://x', 'u', 's', true, 3);
            insert into night (integration_id, night, msp_id, state, due, read, unread, changed, discovered, started_at) values
                (1, current_date - 1, 1, 'incomplete', 9, 0, 9, 0, 0, now()), (1, current_date, 1, 'incomplete', 9, 5, 4, 0, 0, now()), (2, current_date, 1, 'incomplete', 9, 6, 3, 0, 0, now());
            insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, due_at) values (3, 1, 1, 1, 'inputs_changed', current_date, 1, now() - interval '2 minutes');
            insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at) values (1, 1, 'read', 1, 1, now() - interval '2 hours'), (3, 2, 'wake', 1, 2, now() + interval '1 day');
            """);
        await using var watch = new Watch(database);
        await watch.Look();

        var shown = watch.Shows();
        Assert.Equal(
            (1d, 1d, 1d, 1d, 1d, 7d, 0d),
            (shown["usagebilling.silo.intents.stuck in_doubt"], shown["usagebilling.silo.intents.stuck rejected"], shown["usagebilling.silo.intents.stuck parked"],
                shown["usagebilling.silo.holds.open"], shown["usagebilling.silo.integrations.parked"], shown["usagebilling.silo.night.unread"], shown["usagebilling.silo.due.age reminder"]));
        Assert.Equal((2, 1), (shown["usagebilling.silo.notices.parked"], shown["usagebilling.silo.tickets.parked"]));
        Assert.InRange(shown["usagebilling.silo.intents.age"], 3600, 7200);
        Assert.InRange(shown["usagebilling.silo.due.age message"], 120, 3600);
        Assert.InRange(shown["usagebilling.silo.due.age read"], 7200, 10_000);
        Assert.Contains("usagebilling.silo.rows.dead reading", shown.Keys);
        Assert.Contains("usagebilling.silo.rows.live message", shown.Keys);
        Assert.Equal(["due", "intents_parked", "intents_rejected", "notices_parked", "tickets_parked", "integrations_parked"], watch.Said.Select(line => line.Split(' ')[2]));
    }

    [Fact]
    public async Task One_silo_watches_and_another_takes_over_when_it_leaves()
    {
        await using var database = await TidyDatabase.Create();
        await using var second = new Watch(database);
        await using (var first = new Watch(database))
        {
            Assert.True(await first.Look());
            Assert.False(await second.Look());
            Assert.Empty(second.Shows());
        }

        Assert.True(await second.Look());
        Assert.NotEmpty(second.Shows());
    }

    [Fact]
    public async Task A_watch_that_loses_its_connection_says_so_and_looks_again()
    {
        await using var database = await TidyDatabase.Create();
        await using var watch = new Watch(database);
        await watch.Look();
        await database.Sql("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

        Assert.False(await watch.Look());
        Assert.Empty(watch.Shows());
        Assert.StartsWith("7005 The database cannot be watched", Assert.Single(watch.Said), StringComparison.Ordinal);
        Assert.True(await watch.Look());
    }

    [Fact]
    public void Dead_rows_are_many_when_they_outnumber_the_living()
    {
        var dead = Gauge.All.Single(gauge => gauge.Limit == "dead");
        Runtime.Hygiene.Measure gone = new("rows_dead", "message", 70_000);

        Assert.Equal(70_000, dead.Weighed(gone, [gone, new("rows_live", "message", 69_999), new("rows_live", "reminder", 1_000_000)]));
        Assert.Equal(0, dead.Weighed(gone, [gone, new("rows_live", "message", 70_000)]));
    }

    /// <summary>A watchdog with somebody who reads its metrics and its log.</summary>
    private sealed class Watch : IAsyncDisposable
    {
        private readonly Watchdog dog;
        private readonly MeterListener listener = new();
        private readonly Dictionary<string, double> shown = [];
        private readonly Notebook notebook = new();
        private readonly NpgsqlDataSource source;

        public Watch(TidyDatabase database, IReadOnlyDictionary<string, double>? limits = null)
        {
            source = NpgsqlDataSource.Create(database.ConnectionString);
            dog = new(source, new HygieneOptions { Limits = limits ?? new Dictionary<string, double>() }, notebook);
            listener.InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Meter == dog.Meter) all.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => shown[string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => tag.Value)])] = value);
            listener.Start();
        }

        public IReadOnlyList<string> Said => notebook.Lines;

        public Task<bool> Look() => dog.Look(default);

        public IReadOnlyDictionary<string, double> Shows()
        {
            shown.Clear();
            listener.RecordObservableInstruments();
            return new Dictionary<string, double>(shown);
        }

        public async ValueTask DisposeAsync()
        {
            listener.Dispose();
            await dog.DisposeAsync();
            await source.DisposeAsync();
        }
    }

    private sealed class Notebook : ILogger<Watchdog>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{eventId.Id} {formatter(state, exception)}");
    }
}
