using Npgsql;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;
using UsageBilling.Tests.System.Hosting;
using UsageBilling.Tests.System.Nights;

namespace UsageBilling.Tests.System.Turns;

/// <summary>What the turn engine does when a grain breaks, a row is held, or somebody writes behind its back.</summary>
public sealed class EngineTests
{
    private const string LineMessages = "select l.remote_id, m.attempt, m.parked_reason is not null from message m join service_line l on l.id = m.grain_id order by 1";

    [Theory]
    [InlineData("alter table service_line drop constraint service_line_price_range; update service_line set unit_price = -1 where remote_id = '8001'", "ArgumentOutOfRangeException")]
    [InlineData("alter table count_record add constraint forbidden check (line_id <> 1 or source = 'opening')", "23514")]
    [InlineData("alter table ledger_entry add constraint forbidden check (line_id <> 1)", "23514")]
    [InlineData("alter table intent add constraint forbidden check (line_id <> 1)", "23514")]
    public async Task A_line_that_breaks_is_tried_five_times_and_parked_while_the_others_go_on(string poison, string reason)
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Hub.Sql(poison);
        await demo.RequestNight();
        await using var silo = await demo.StartSilo();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            await demo.Hub.Until($"failed attempt {attempt}", $"select exists (select 1 from message where attempt = {attempt} and (parked_reason is not null) = ({attempt} = 5))");
            if (attempt < 5) await demo.Hub.Sql("update message set due_at = now()");
        }

        await demo.UntilQuiet("the others");
        Assert.Equal("8001 | 5 | True", await demo.Table(LineMessages));
        Assert.Contains(reason, await demo.Table("select parked_reason from message"));
        Assert.Equal(FirstNight.Journal["8001 N 3 25->28\n".Length..], await demo.Psa.Journal());

        await demo.Hub.Sql("alter table count_record drop constraint if exists forbidden; alter table ledger_entry drop constraint if exists forbidden; alter table intent drop constraint if exists forbidden; update service_line set unit_price = 3.5 where remote_id = '8001'");
        await demo.Hub.Sql(Runtime.SqlText.Load("Reminders/release_parked").Replace("$1", "1", StringComparison.Ordinal).Replace("$2", "'clerk'", StringComparison.Ordinal));
        await demo.UntilQuiet("the released line");

        Assert.Equal("", await demo.Table(LineMessages));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_change_told_while_a_line_takes_the_same_message_is_not_lost()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Hub.Sql("delete from message; insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause) values (3, 1, 1, 1, 'inputs_changed', '2026-11-20', 1)");
        await using var line = await demo.Hub.Database.OpenConnectionAsync();
        await using var taking = await line.BeginTransactionAsync();
        await new NpgsqlCommand("select id from message for update", line).ExecuteNonQueryAsync();

        await using var tenant = await demo.Hub.Database.OpenConnectionAsync();
        var telling = new NpgsqlCommand(Runtime.SqlText.Load("Effects/tell_itself"), tenant)
        {
            Parameters =
            {
                new() { Value = new[] { 1L } }, new() { Value = new[] { 1L } }, new() { Value = new[] { (short)1 } }, new() { Value = new[] { new DateOnly(2026, 11, 20) } }, new() { Value = new[] { (short)1 } },
                new() { Value = new[] { new DateTime(2026, 11, 20, 1, 0, 0, DateTimeKind.Utc) } },
            },
        }.ExecuteNonQueryAsync();
        while (!telling.IsCompleted && !await demo.Hub.Scalar<bool>("select exists (select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"))
        {
            // the teller is on its way to the message that is being taken
        }

        await new NpgsqlCommand("delete from message", line).ExecuteNonQueryAsync();
        await taking.CommitAsync();
        await telling;

        Assert.Equal("1 | inputs_changed | 2026-11-20 | 1", await demo.Hub.Table("select grain_id, kind, night, cause from message"));
    }

    [Fact]
    public async Task A_tenant_the_database_refuses_is_put_off_while_the_others_are_read()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Hub.Sql("alter table reading add constraint forbidden check (tenant_id <> 2)");
        await demo.RequestNight();

        await demo.ReadNight("the night without one tenant");

        Assert.Equal("N | incomplete | 13 | 12 | 1", await demo.Table("select night, state, due, read, unread from night"));
        Assert.Equal("2 | 1", await demo.Table("select grain_id, attempt from reminder where grain_kind = 1 and attempt > 0"));
        Assert.Equal("12", await demo.Table("select count(distinct tenant_id) from reading"));
        await demo.Hub.Sql("alter table reading drop constraint forbidden; update reminder set due_at = now() where attempt > 0 or grain_kind = 4");
        await demo.ReadNight("the tenant that was put off");

        Assert.Equal("N | finished | 13 | 13 | 0", await demo.Table("select night, state, due, read, unread from night"));
        Assert.Equal(FirstNight.Units, await demo.Table(Tables.UnitsNow));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
        Assert.Equal("", await demo.Table(Tables.ReadTwice));
    }

    [Fact]
    public async Task A_tenant_that_the_database_refuses_among_unchanged_ones_is_put_off_and_the_night_of_all_others_ends()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.Hub.Sql("""
            create function refuse() returns trigger language plpgsql as $$ begin raise exception 'This tenant is not kept.'; end $$;
            create trigger refused before insert on reading for each row when (new.tenant_id = 2) execute function refuse();
            """);
        await demo.SecondNight();

        await demo.ReadNight("the night of all tenants but one");

        Assert.Equal("N+1 | incomplete | 13 | 12 | 1", await demo.Table("select night, state, due, read, unread from night order by night desc limit 1"));
        Assert.Equal("2 | N+1 | 1", await demo.Table("select grain_id, night, attempt from reminder where grain_kind = 1 and night <> (select max(night) from reminder where grain_kind = 1)"));
        Assert.Equal("N+1 | 12", await demo.Table("select night, count(distinct tenant_id) from reading group by 1 order by 1 desc limit 1"));

        await demo.Hub.Sql("drop trigger refused on reading; update reminder set due_at = now() where attempt > 0 or grain_kind = 4");
        await demo.ReadNight("the tenant that was put off");

        Assert.Equal("N+1 | finished | 13 | 13 | 0", await demo.Table("select night, state, due, read, unread from night order by night desc limit 1"));
        Assert.Equal("", await demo.Table("select tenant_id, metric, night, count(*) from reading group by 1, 2, 3 having count(*) > 1"));
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task Unchanged_tenants_one_of_which_was_read_before_in_the_night_are_all_read_and_numbered()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.SecondNight();
        await demo.Hub.Sql("""
            insert into reading (tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at)
            select tenant_id, metric, night + 1, 1, msp_id, units, evidence, reason, observed_at + interval '1 second' from tenant_count where tenant_id = 2;
            """);

        await demo.ReadNight("the night with a tenant that was read before");

        Assert.Equal("N+1 | finished | 13 | 13 | 0", await demo.Table("select night, state, due, read, unread from night order by night desc limit 1"));
        Assert.Equal("12 | 1", await demo.Table("select count(*) filter (where reads = 1), count(*) filter (where reads = 2) from (select tenant_id, max(read_no) as reads from reading where night = (select max(night) from reading) group by 1) r"));
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_tenant_that_refuses_an_overtaken_reading_is_read_again_and_never_forgotten()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.SecondNight();
        await demo.Hub.Sql("update tenant_count set observed_at = now() + interval '1 day' where tenant_id = 2");

        await demo.ReadNight("the night with a clock that went back");

        Assert.Equal("N+1 | incomplete | 12 | 1", await demo.Table("select night, state, read, unread from night order by night desc limit 1"));
        Assert.Equal("2 | read | 1", await demo.Table("select grain_id, name, attempt from reminder where grain_kind = 1 and attempt > 0"));
        await demo.Hub.Sql("update tenant_count set observed_at = now() - interval '1 day' where tenant_id = 2; update reminder set due_at = now() where attempt > 0 or grain_kind = 4");
        await demo.ReadNight("the tenant that was overtaken");

        Assert.Equal("N+1 | finished | 13 | 0", await demo.Table("select night, state, read, unread from night order by night desc limit 1"));
        Assert.Equal("N+2 | 13", await demo.Table("select night, count(*) from reminder where grain_kind = 1 group by 1"));
    }

    [Fact]
    public async Task A_tenant_that_somebody_holds_stays_due_and_keeps_the_night_open()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.RequestNight();
        await using (var holder = await demo.Hub.Database.OpenConnectionAsync())
        {
            await using var transaction = await holder.BeginTransactionAsync();
            await using var hold = new Npgsql.NpgsqlCommand("select 1 from product_tenant where id = 2 for update", holder);
            await hold.ExecuteScalarAsync();
            await using var silo = await demo.StartSilo();
            await demo.Hub.Until("a pass without the held tenant", "select exists (select 1 from night where state = 'incomplete')");
        }

        Assert.Equal("N | incomplete | 13 | 12 | 1", await demo.Table("select night, state, due, read, unread from night"));
        await demo.Hub.Sql("update reminder set due_at = now() where grain_kind = 4");
        await demo.ReadNight("the tenant that was held");

        Assert.Equal("N | finished | 13 | 13 | 0", await demo.Table("select night, state, due, read, unread from night"));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
        Assert.Equal("", await demo.Table(Tables.ReadTwice));
    }

    [Fact]
    public async Task A_held_row_answers_busy_and_a_free_one_does_not()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await using var holder = await demo.Hub.Database.OpenConnectionAsync();
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            await using var hold = new Npgsql.NpgsqlCommand("select 1 from service_line where id = 14 for update", holder);
            await hold.ExecuteScalarAsync();
            Assert.Equal(new TurnResult.Busy(), await demo.Release(14));
            await transaction.RollbackAsync();
        }

        Assert.Equal(new TurnResult.Taken(Verdict.Ok), await demo.Release(14));
        Assert.Equal(new TurnResult.Unknown(), await demo.Lines.Ask(new MspId(2), 14, new ServiceLineMessage.RefreshRequested(), "stranger", default));
        Assert.Equal(new TurnResult.Unknown(), await demo.Lines.Ask(DemoMsp.Msp, 99, new ServiceLineMessage.RefreshRequested(), "clerk", default));
    }

    [Fact]
    public async Task The_same_message_twice_moves_a_line_once()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        var before = await demo.Table("select id, ver from service_line order by id");
        foreach (var cause in new[] { 1, 2, 3 })
            await demo.Hub.Sql($"insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause) select 3, id, 1, shard, 'inputs_changed', '{DemoMsp.Iso(DemoSeed.FirstNight)}', {cause} from service_line");

        await demo.ReadNight("the repeats");

        Assert.Equal(before, await demo.Table("select id, ver from service_line order by id"));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
        Assert.Equal("5 | 5", await demo.Table("select (select count(*) from ledger_entry), (select count(*) from intent)"));
    }

    [Fact]
    public async Task A_version_written_behind_the_engines_back_aborts_the_whole_batch()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await using var connection = await demo.Hub.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var meddler = new Meddler(() =>
        {
            using var write = new Npgsql.NpgsqlCommand("update service_line set ver = ver + 1 where id = 18", connection);
            write.ExecuteNonQuery();
        });
        var engine = new TurnEngine<ServiceLineState, ServiceLineMessage>(demo.Hub.Database, meddler, new ServiceLineTable(), demo.Signal);
        Delivery<ServiceLineMessage>[] both =
        [
            Delivery.Direct<ServiceLineMessage>(14, new ServiceLineMessage.ReleaseHold(null)),
            Delivery.Direct<ServiceLineMessage>(18, new ServiceLineMessage.ReleaseHold(null)),
        ];

        var breach = await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Run(connection, both, wait: true, null, "test", default));
        await transaction.RollbackAsync();

        Assert.Equal("2 ServiceLine grains changed but 1 were written: a version was not the one read.", breach.Message);
        Assert.Equal("3", await demo.Table("select count(*) from hold where resolved_at is null"));
        Assert.Equal(FirstNight.Units, await demo.Table(Tables.UnitsNow));
    }

    private sealed class Meddler(Action meddle) : IGrain<ServiceLineState, ServiceLineMessage>
    {
        private readonly ServiceLineGrain grain = new();

        public Decision<ServiceLineState> Decide(ServiceLineState state, ServiceLineMessage message, Turn turn)
        {
            if (state.Id.Value == 18) meddle();
            return grain.Decide(state, message, turn);
        }
    }
}
