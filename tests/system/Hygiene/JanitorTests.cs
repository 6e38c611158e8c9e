using UsageBilling.Runtime.Hygiene;
using UsageBilling.Silo;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Hygiene;

/// <summary>What the janitor takes away, what it leaves, and that it does so once a day.</summary>
public sealed class JanitorTests
{
    [Fact]
    public async Task Old_runs_and_nights_go_in_batches_and_the_others_stay()
    {
        await using var database = await TidyDatabase.Create();
        await database.Sql("""
            create table batch (id int generated always as identity, rows bigint);
            create function note_batch() returns trigger language plpgsql as $$ begin insert into batch (rows) select count(*) from gone; return null; end $$;
            create trigger b after delete on run referencing old table as gone for each statement execute function note_batch();
            insert into run (msp_id, kind, grain_kind, grain_id, state, finished_at)
                select 1, 'refresh', 3, 1, case when n % 2 = 0 then 'done' else 'failed' end, now() - interval '91 days' from generate_series(1, 12001) n;
            insert into run (msp_id, kind, grain_kind, grain_id, state, started_at, finished_at) values
                (1, 'refresh', 3, 1, 'done', now() - interval '200 days', now() - interval '89 days'), (1, 'import', 4, 1, 'running', now() - interval '200 days', null);
            insert into night (integration_id, night, msp_id, state, due, read, unread, changed, discovered, started_at)
                select 1, current_date - n, 1, 'finished', 0, 0, 0, 0, 0, now() from generate_series(0, 1000) n;
            """);

        var said = await database.Tidy();

        Assert.Contains("prune runs | 12001 | -", said, StringComparison.Ordinal);
        Assert.Equal("5000 5000 2001", await database.Scalar<string>("select string_agg(rows::text, ' ' order by id) from batch"));
        Assert.Equal(2L, await database.Scalar<long>("select count(*) from run"));
        Assert.Equal(await database.Scalar<DateOnly>("select (current_date - interval '26 months')::date"), await database.Scalar<DateOnly>("select min(night) from night"));
    }

    [Fact]
    public async Task A_confirmed_intent_goes_when_no_wish_can_be_compared_with_it_any_more()
    {
        await using var database = await TidyDatabase.Create();
        await database.Sql("""
            insert into service_line (msp_id, contract_id, remote_id, service_remote_id, name, unit_price, currency, period, anchor_on, charged_until)
                select 1, 1, 'l' || n, 's' || n, 'L', 1, 'USD', 1, '2020-01-01', '2026-12-01' from generate_series(2, 5) n;
            insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, state, night, created_at, settled_at)
            select 1, 1, i.line, 'c' || i.line, 's' || i.line, current_date - i.days, current_date - i.days, i.units, i.state, current_date - i.days,
                now() - make_interval(days => i.days), case when i.state = 'confirmed' then now() - make_interval(days => i.days) end
            from (values
                (1, 1500, 1, 'confirmed'), (1, 1400, 2, 'confirmed'), (1, 1300, 3, 'confirmed'), -- two have a newer one
                (2, 1400, 1, 'confirmed'), (2, 100, 2, 'confirmed'),  -- a wish of 150 days ago may still come
                (3, 1400, 1, 'confirmed'), (3, 1350, 2, 'parked'), (3, 1300, 3, 'confirmed'),  -- the parked one may be released
                (4, 700, 1, 'confirmed'), (4, 650, 2, 'confirmed'), -- too young
                (5, 1400, 1, 'confirmed')) as i(line, days, units, state) -- the only one
            """);

        Assert.Contains("prune intents | 2 | -", await database.Tidy(), StringComparison.Ordinal);

        Assert.Equal("1: 3; 2: 1 2; 3: 1 2 3; 4: 1 2; 5: 1", await database.Scalar<string>("""
            select string_agg(line || ': ' || units, '; ' order by line)
            from (select line_id as line, string_agg(desired_units::text, ' ' order by id) as units from intent group by line_id) l
            """));
    }

    [Fact]
    public async Task What_was_told_to_webhooks_goes_however_it_ended_and_a_webhook_that_was_removed_goes_after_it()
    {
        await using var database = await TidyDatabase.Create();
        await database.Sql("""
            insert into webhook (msp_id, name, url, events, secret_protected, created_by, removed_at) values
                (1, 'here', 'https://x.example/', array['plan.ready'], 's', 'clerk', null), (1, 'gone', 'https://x.example/', array['plan.ready'], '', 'clerk', now() - interval '31 days'),
                (1, 'just gone', 'https://x.example/', array['plan.ready'], '', 'clerk', now());
            insert into webhook_delivery (msp_id, webhook_id, event, about, body, state, created_at)
            select 1, d.webhook, 'plan.ready', d.days::text, '', d.state, now() - make_interval(days => d.days)
            from (values (1, 31, 'parked'), (1, 32, 'pending'), (1, 33, 'delivered'), (1, 29, 'parked'), (1, 28, 'delivered'), (2, 34, 'delivered'), (3, 35, 'delivered')) as d(webhook, days, state);
            """);

        Assert.Contains("prune webhooks | 6 | -", await database.Tidy(), StringComparison.Ordinal);

        Assert.Equal("29 28", await database.Scalar<string>("select string_agg(about, ' ' order by id) from webhook_delivery"));
        Assert.Equal("here, just gone", await database.Scalar<string>("select string_agg(name, ', ' order by id) from webhook"));
    }

    [Fact]
    public async Task Old_notices_go_but_what_waits_for_a_person_and_the_last_word_of_each_line_stay()
    {
        await using var database = await TidyDatabase.Create();
        await database.Sql("""
            insert into notice (msp_id, contract_id, night, state, due_at, written_at, settled_at, code)
            select 1, 1, current_date - n.days, n.state, now(), now(), case when n.state in ('sent', 'parked') then now() - make_interval(days => n.days) end, n.code
            from (values (1000, 'sent', null), (950, 'sent', null), (940, 'parked', 'mail_refused'), (930, 'sent', null), (920, 'sent', null), (10, 'sent', null), (5, 'failed', 'mail_deferred')) as n(days, state, code)
            order by n.days desc;
            insert into notice_item (line_id, notice_id, msp_id, units_before, units_after, first_on, effective_on, prorated, currency, through_ver)
            select i.line, i.notice, 1, 1, 2, current_date, current_date, 0, 'USD', i.ver
            from (values (1, 1, 2), (2, 1, 2), (1, 2, 3), (1, 3, 4), (3, 4, 5), (1, 5, 6), (4, 5, 2), (1, 6, 7), (1, 7, 8)) as i(line, notice, ver);
            """);

        // Of notices 1, 2 and 5 the items that were followed by later ones; then notice 2, which had no other. 3 is parked, and 4 has the last word of line 3
        Assert.Contains("prune notices | 4 | -", await database.Tidy(), StringComparison.Ordinal);

        Assert.Equal("1: 2; 3: 1; 4: 3; 5: 4; 6: 1; 7: 1", await database.Scalar<string>("""
            select string_agg(n.id || ': ' || (select string_agg(line_id::text, ' ' order by line_id) from notice_item i where i.notice_id = n.id), '; ' order by n.id) from notice n
            """));
        Assert.Contains("prune notices | 4 | -", await database.Tidy(await Later()), StringComparison.Ordinal);
        Assert.Equal("1 4 5 7", await database.Scalar<string>("select string_agg(id::text, ' ' order by id) from notice"));
        Assert.Equal("1: 8, 2: 2, 3: 5, 4: 2", await database.Scalar<string>("select string_agg(line_id || ': ' || ver, ', ' order by line_id) from (select line_id, max(through_ver) as ver from notice_item group by line_id) l"));

        async Task<Retention> Later()
        {
            await database.Sql("update notice set state = 'sent' where state = 'parked'; update notice set settled_at = now() - interval '9 months' where id = 6");
            return new() { NoticeMonths = Retention.MonthsMin };
        }
    }

    [Fact]
    public async Task Two_janitors_at_once_do_the_work_once_and_the_day_has_one_run()
    {
        await using var database = await TidyDatabase.Create();

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.Janitor().RunIfDue(TidyDatabase.Midnight, default)));

        Assert.Single(runs, steps => steps.Count > 0);
        Assert.Empty(await database.Janitor().RunIfDue(TidyDatabase.Midnight, default));
        Assert.Equal(1L, await database.Scalar<long>("select count(*) from janitor_run where step = 'end'"));
    }

    [Fact]
    public async Task A_run_is_due_again_after_the_next_quiet_time()
    {
        await using var database = await TidyDatabase.Create();
        await database.Tidy();
        await database.Sql("update janitor_run set run_at = date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - interval '1 minute'");

        Assert.NotEmpty(await database.Janitor().RunIfDue(TidyDatabase.Midnight, default));
    }

    [Fact]
    public async Task A_step_that_fails_is_told_and_the_others_go_on()
    {
        await using var database = await TidyDatabase.Create();
        await database.Sql("""
            create function fail() returns trigger language plpgsql as $$ begin raise exception 'not this one'; end $$;
            create trigger f before delete on run for each statement execute function fail();
            insert into night (integration_id, night, msp_id, state, due, read, unread, changed, discovered, started_at) values (1, '2020-01-01', 1, 'finished', 0, 0, 0, 0, 0, now());
            """);

        var steps = await database.Janitor().RunIfDue(TidyDatabase.Midnight, default);

        Assert.Contains("not this one", Assert.Single(steps, step => step.Fault is not null).Fault, StringComparison.Ordinal);
        Assert.Equal(1, steps.Single(step => step.Name == "prune nights").Rows);
        Assert.Equal("prune runs", await database.Scalar<string>("select step from janitor_run where fault like '%not this one%'"));
        Assert.Equal((long)steps.Count, await database.Scalar<long>("select rows from janitor_run where step = 'end'"));
    }

    [Fact]
    public async Task A_bloated_index_is_rebuilt_once_a_week_and_what_a_broken_rebuild_left_is_dropped()
    {
        await using var database = await TidyDatabase.Create();
        var always = new Retention { BloatBytes = 0 };
        await database.Sql("create index message_said_once_ccnew on message (shard)");
        var before = await Files();

        Assert.Equal("reindex reminder_due | 1 | -\nreindex message_said_once | 1 | -", await database.Tidy(always));
        var after = await Files();
        Assert.NotEqual(before, after);
        Assert.True(await database.Scalar<bool>("select to_regclass('message_said_once_ccnew') is null"));

        Assert.Equal("", await database.Tidy(always));
        Assert.Equal(after, await Files());

        Task<string> Files() => database.Scalar<string>("select pg_relation_filenode('reminder_due') || ' ' || pg_relation_filenode('message_said_once')");
    }

    [Fact]
    public async Task A_silo_tidies_up_when_it_starts_and_when_Quartz_pokes_on_a_new_day()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Hub.Sql("create trigger a after insert on janitor_run for each statement execute function announce()");
        var options = demo.Hub.SiloOptions();
        await using var silo = await SiloServer.Start(options with { Hygiene = options.Hygiene with { JanitorEvery = TimeSpan.FromSeconds(1) } }, default);

        await demo.Hub.Until("the first run", "select count(*) = 1 from janitor_run where step = 'end'");
        await demo.Hub.Sql("update janitor_run set run_at = now() - interval '2 days'");
        await demo.Hub.Until("the next day's run", "select count(*) = 2 from janitor_run where step = 'end'");
    }
}
