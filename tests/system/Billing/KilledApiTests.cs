using Npgsql;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Billing;

/// <summary>An api that is killed in the middle of posting 2,005 items, at each place where it writes.</summary>
public sealed class KilledApiTests : IAsyncLifetime
{
    private const int Items = 2_005;
    private const int Gate = 4711;

    private DemoMsp demo = null!;
    private string key = "";

    public async Task InitializeAsync()
    {
        demo = await DemoMsp.AfterFirstNight();
        key = await new ApiKeys(demo.Hub.Database).Create(DemoMsp.Msp, "clerk", ApiScope.Operator, default);
        // Each entry of the night once more and back again, two hundred times: nothing changes in sum
        await demo.Hub.Sql("""
            insert into ledger_entry (line_id, line_ver, entry_no, msp_id, kind, period_from, period_until, from_on, until_on, units_delta, unit_price, amount, currency, night, count_effective_on, count_seq)
            select e.line_id, e.line_ver, n + 1, e.msp_id, e.kind, e.period_from, e.period_until, e.from_on, e.until_on, sign * e.units_delta, e.unit_price, sign * e.amount, e.currency, e.night, e.count_effective_on, e.count_seq
            from ledger_entry e cross join generate_series(1, 400) n cross join lateral (select 2 * (n % 2) - 1 as sign) s
            """);
        Assert.Equal("", await demo.Breaches());
    }

    public async Task DisposeAsync() => await demo.DisposeAsync();

    [Theory]
    [InlineData("insert on posting")]
    [InlineData("insert on posting_item")]
    [InlineData("insert on posting_total")]
    [InlineData("update on plan")]
    [InlineData("insert or update on posting_watermark")]
    [InlineData("insert on audit")]
    public async Task Killed_while_a_plan_is_applied_nothing_is_posted_and_applied_again_each_item_is_posted_once(string where)
    {
        var (id, hash) = (0L, "");
        await Killed(where, async door =>
        {
            var plan = (await door.Post("/v1/plans", new { through = DemoMsp.Iso(DemoSeed.FirstNight) })).Json;
            (id, hash) = ((long)plan["id"]!, (string)plan["hash"]!);
            return $"/v1/plans/{id}/apply";
        }, () => new { hash });
        Assert.Equal("0 | 0 | 0 | 0", await demo.Table("select (select count(*) from posting), (select count(*) from posting_item), (select count(*) from invoice_due), (select count(*) from plan where posting_id is not null)"));

        var (api, url) = await ApiProcess.Start(demo.Hub.ConnectionString);
        await using (api)
        {
            using var door = new Door(url, key);
            var posted = await door.Post($"/v1/plans/{id}/apply", new { hash });
            var again = await door.Post($"/v1/plans/{id}/apply", new { hash });
            Assert.Equal($"200 {Items}, 200 {posted.Json["id"]}", $"{posted.Status} {posted.Json["items"]}, {again.Status} {again.Json["id"]}");
            Assert.Equal("409 plan_empty", (await door.Post("/v1/plans", new { through = DemoMsp.Iso(DemoSeed.FirstNight) })).Problem);
        }

        Assert.Equal($"1 | {Items}", await demo.Table("select count(distinct posting_id), count(*) from posting_item"));
        await Balances();
    }

    [Theory]
    [InlineData("insert on ledger_entry")]
    [InlineData("insert on posting_item")]
    public async Task Killed_while_a_posting_is_reversed_nothing_is_reversed_and_asked_again_it_is_reversed_once(string where)
    {
        var id = 0L;
        await Killed(where, async door =>
        {
            var plan = (await door.Post("/v1/plans", new { through = DemoMsp.Iso(DemoSeed.FirstNight) })).Json;
            id = (long)(await door.Post($"/v1/plans/{plan["id"]}/apply", new { hash = (string)plan["hash"]! })).Json["id"]!;
            return $"/v1/postings/{id}/reverse";
        }, () => null);
        Assert.Equal($"1 | {Items} | {Items}", await demo.Table("select (select count(*) from posting), (select count(*) from posting_item), (select count(*) from ledger_entry)"));

        var (api, url) = await ApiProcess.Start(demo.Hub.ConnectionString);
        await using (api)
        {
            using var door = new Door(url, key);
            Assert.Equal(201, (await door.Post($"/v1/postings/{id}/reverse")).Status);
            Assert.Equal("409 posting_reversed", (await door.Post($"/v1/postings/{id}/reverse")).Problem);
        }

        Assert.Equal($"2 | {2 * Items} | {3 * Items}", await demo.Table("select (select count(*) from posting), (select count(*) from posting_item), (select count(*) from ledger_entry)"));
        Assert.Equal("0", await demo.Table("select trim_scale(sum(amount)) from posting_total"));
        await Balances();
    }

    /// <summary>
    /// The api asks for something, and comes to the place of a trigger. That one ends the waiting of a second connection, which is the signal, and waits for
    /// a lock that the test holds: there the process is killed, with its transaction open.
    /// </summary>
    private async Task Killed(string where, Func<Door, Task<string>> prepare, Func<object?> body)
    {
        var (api, url) = await ApiProcess.Start(demo.Hub.ConnectionString);
        await using (api)
        {
            using var door = new Door(url, key);
            var path = await prepare(door);
            await using var gate = await Connection();
            await Execute(gate, $"select pg_advisory_lock({Gate})");
            await using var watch = await Connection();
            await Execute(gate, $"""
                create function stop_here() returns trigger language plpgsql security definer as $$ begin
                    perform pg_cancel_backend({watch.ProcessID});
                    perform pg_advisory_xact_lock({Gate});
                    return null;
                end $$;
                create trigger stop_here after {where} for each statement execute function stop_here();
                """);
            var arrived = Execute(watch, $"select pg_advisory_lock({Gate})");
            var asked = door.Post(path, body());

            if (await Task.WhenAny(arrived, asked).WaitAsync(TimeSpan.FromSeconds(60), Hub.Clock) == asked)
            {
                await Execute(gate, $"select pg_advisory_unlock({Gate})");
                Assert.Fail($"The api never came to the place: {(await asked).Problem}");
            }

            var cancelled = await Assert.ThrowsAsync<PostgresException>(() => arrived);
            Assert.Equal(PostgresErrorCodes.QueryCanceled, cancelled.SqlState);
            Assert.False(asked.IsCompleted);
            await api.Kill();
            await Assert.ThrowsAsync<HttpRequestException>(() => asked);
        }

        // Whoever wants the trigger's table waits until PostgreSQL has noticed that the process is gone
        await demo.Hub.Sql($"drop trigger stop_here on {where.Split(' ')[^1]}");
    }

    /// <summary>What is posted, and what waits for an invoice, is what the ledger says; and nothing is that must never be.</summary>
    private async Task Balances()
    {
        Assert.Equal("0", await demo.Table("""
            select count(*) from (
                select p.posting_id, e.currency, count(*) as items, sum(e.amount) as amount
                from posting_item p join ledger_entry e on e.line_id = p.line_id and e.line_ver = p.line_ver and e.entry_no = p.entry_no
                group by 1, 2
            ) s full join posting_total t on t.posting_id = s.posting_id and t.currency = s.currency
            where s.items is distinct from t.items or s.amount is distinct from t.amount
            """));
        Assert.Equal("t", await demo.Table("select case when (select count(*) from posting_item) = (select count(*) from invoice_due) then 't' end"));
        Assert.Equal("", await demo.Breaches());
    }

    private async Task<NpgsqlConnection> Connection()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(demo.Hub.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task Execute(NpgsqlConnection connection, string statement)
    {
#pragma warning disable CA2100 // a test's own text
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
