using System.Globalization;
using Npgsql;
using UsageBilling.Grains.Billing;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Postings;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Billing;

/// <summary>Silos run jobs over the demo's first night: five lines whose adjustments are ready.</summary>
public sealed class JobRunTests
{
    private const string History = "select job_id, scheduled_on, state, code, case when posting_id is not null then 'posting' end, (select count(*) from invoice i where i.job_run_id = r.id) from job_run r order by id";

    private static readonly DateOnly Today = DemoSeed.FirstNight.AddDays(1);

    [Fact]
    public async Task What_an_outage_missed_is_caught_up_once_each_in_order()
    {
        await using var demo = await Ready();
        await Job(demo, "post_and_bill", Today.AddDays(-15));

        await using (await demo.StartSilo()) await CaughtUp(demo);

        await Stands(demo, Today.AddDays(-15), 3);
        Assert.Equal(Iso(Today.AddDays(6)), await demo.Hub.Table("select next_on from job"));
    }

    [Fact]
    public async Task Two_silos_run_each_date_once()
    {
        await using var demo = await Ready();
        await Job(demo, "post_and_bill", Today.AddDays(-70));
        var silos = await Task.WhenAll(demo.StartSilo(), demo.StartSilo());
        await using var first = silos[0];
        await using var second = silos[1];

        await CaughtUp(demo);

        await Stands(demo, Today.AddDays(-70), 11);
    }

    [Fact]
    public async Task Killed_in_the_middle_of_a_run_nothing_of_it_happened_and_another_silo_does_it()
    {
        await using var demo = await Ready();
        await Job(demo, "post_and_bill", Today);
        await using (var door = await Shut(demo))
        await using (var doomed = await SiloProcess.Start(demo.Hub))
        {
            await SomebodyAtTheDoor(demo);
            await doomed.Kill();
        }

        Assert.Equal("0 | 0 | 0 | 0", await demo.Table("select (select count(*) from job_run), (select count(*) from plan), (select count(*) from posting), (select count(*) from invoice)"));
        await using (await demo.StartSilo()) await CaughtUp(demo);

        await Stands(demo, Today, 1);
    }

    [Fact]
    public async Task Cut_off_from_the_database_in_the_middle_of_a_run_the_silo_does_it_again()
    {
        await using var demo = await Ready();
        await using var silo = await demo.StartSilo();
        await using (var door = await Shut(demo))
        {
            await Job(demo, "post_and_bill", Today);
            await SomebodyAtTheDoor(demo);
            await demo.Hub.Sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'usagebilling-silo' and datname = current_database()");
        }

        await CaughtUp(demo);
        await Stands(demo, Today, 1);
    }

    [Fact]
    public async Task What_changes_more_than_the_limits_waits_for_a_person_and_is_invoiced_when_it_is_applied()
    {
        await using var demo = await Ready(limits: false);
        await Job(demo, "post_and_bill", Today);
        await using var silo = await demo.StartSilo();
        await CaughtUp(demo);
        Assert.Equal($"1 | {Iso(Today)} | waits_for_approval | waits_for_approval | - | 0", await demo.Hub.Table(History));
        var (plan, hash) = (await demo.Hub.Scalar<long>("select plan_id from job_run"), await demo.Hub.Scalar<string>("select hash from plan"));

        Assert.IsType<ApplyAnswer.Applied>(await Postings(demo).Apply(DemoMsp.Msp, plan, hash, "clerk", Approval.ByPerson, default));
        await demo.Hub.Until("the run that waited", "select not exists (select 1 from job_run where state = 'waits_for_approval')");

        await Stands(demo, Today, 1);
        Assert.StartsWith("A person applied plan 1. ", await demo.Hub.Scalar<string>("select sentence from job_run"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_waits_is_overtaken_when_a_later_one_has_posted()
    {
        await using var demo = await Ready(limits: false);
        await Job(demo, "post", Today.AddDays(-7));
        await using var silo = await demo.StartSilo();
        await CaughtUp(demo);
        var second = await demo.Hub.Scalar<long>("select max(plan_id) from job_run");

        Assert.IsType<ApplyAnswer.Applied>(await Postings(demo).Apply(DemoMsp.Msp, second, await demo.Hub.Scalar<string>($"select hash from plan where id = {second}"), "clerk", Approval.ByPerson, default));
        await demo.Hub.Until("the runs that waited", "select not exists (select 1 from job_run where state = 'waits_for_approval')");

        Assert.Equal($"1 | {Iso(Today.AddDays(-7))} | overtaken | overtaken | - | 0\n1 | {Iso(Today)} | done | posted | posting | 0", await demo.Hub.Table(History));
    }

    [Fact]
    public async Task A_run_that_was_asked_for_is_done_now_and_leaves_the_next_date_alone()
    {
        await using var demo = await Ready();
        await Job(demo, "post", Today.AddDays(7));
        await using var silo = await demo.StartSilo();

        await new JobStore(demo.Hub.Database, demo.Signal).Ask(DemoMsp.Msp, 1, "clerk", default);
        await demo.Hub.Until("the run", "select exists (select 1 from job_run where state = 'done')");

        Assert.Equal("1 | - | done | posted | posting | 0", await demo.Hub.Table(History));
        Assert.Equal($"clerk | {Iso(Today)}", await demo.Hub.Table("select asked_by, through_on from job_run"));
        Assert.Equal(Iso(Today.AddDays(7)), await demo.Hub.Table("select next_on from job"));
    }

    [Fact]
    public async Task Jobs_for_invoices_take_what_people_have_posted_and_one_contract_alone()
    {
        await using var demo = await Ready();
        var contract = await demo.Hub.Scalar<long>("select min(l.contract_id) from ledger_entry e join service_line l on l.id = e.line_id where e.amount > 0");
        Assert.IsType<PlanAnswer.Made>(await Postings(demo).Plan(DemoMsp.Msp, new(Today), "clerk", default));
        Assert.IsType<ApplyAnswer.Applied>(await Postings(demo).Apply(DemoMsp.Msp, 1, await demo.Hub.Scalar<string>("select hash from plan"), "clerk", Approval.ByPerson, default));
        await Job(demo, "generate_invoice", Today, contract);
        await using (await demo.StartSilo()) await CaughtUp(demo);

        Assert.Equal($"1 | {Iso(Today)} | done | invoiced | - | 1", await demo.Hub.Table(History));
        Assert.Equal(contract.ToString(CultureInfo.InvariantCulture), await demo.Hub.Table("select string_agg(distinct contract_id::text, ' ') from invoice_line"));
    }

    [Fact]
    public async Task A_mistake_of_ours_fails_one_date_after_five_attempts_and_the_job_goes_on()
    {
        await using var demo = await Ready();
        await Job(demo, "post_and_bill", Today);
        await demo.Hub.Sql("""
            create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not this one'; end $$;
            create trigger r before insert on invoice for each row execute function refuse();
            create function at_once() returns trigger language plpgsql as $$ begin if new.attempt > old.attempt then new.due_at := now() - interval '1 second'; end if; return new; end $$;
            create trigger o before update on job for each row execute function at_once();
            """);

        await using (await demo.StartSilo()) await CaughtUp(demo);

        Assert.Equal($"1 | {Iso(Today)} | failed | internal_error | - | 0", await demo.Hub.Table(History));
        Assert.Equal("0 | 0", await demo.Table("select (select count(*) from posting), (select attempt from job)"));
    }

    /// <summary>Each date has one run; the first posted and invoiced everything, the others found nothing; and nothing that must never be is.</summary>
    private static async Task Stands(DemoMsp demo, DateOnly from, int runs)
    {
        var billed = await demo.Hub.Scalar<long>("select count(*) from (select 1 from ledger_entry e join service_line l on l.id = e.line_id join contract k on k.id = l.contract_id group by k.account_id having sum(e.amount) >= 0) a");
        Assert.Equal(
            string.Join('\n', Enumerable.Range(0, runs).Select(i => $"1 | {Iso(from.AddDays(7 * i))} | done | {(i == 0 ? $"posted_and_invoiced | posting | {billed}" : "nothing_to_do | - | 0")}")),
            await demo.Hub.Table(History));
        Assert.True(await demo.Hub.Scalar<bool>("select (select count(*) from posting_item) = (select count(*) from ledger_entry) and (select count(*) from invoice_line) + (select count(*) from invoice_due) = (select count(*) from posting_item)"));
        Assert.Equal($"{billed} | {billed} | {billed}", await demo.Hub.Table("select count(*), max(number), count(distinct number) from invoice"));
        Assert.Equal("", await demo.Breaches());
    }

    private static async Task<DemoMsp> Ready(bool limits = true)
    {
        var demo = await DemoMsp.AfterFirstNight();
        await demo.Hub.Sql("create trigger a after insert or update or delete on job_run for each statement execute function announce(); create trigger a after update on job for each statement execute function announce()");
        if (limits) await demo.Hub.Sql("update msp set apply_percent = 1000, apply_amount = 1000000000");
        return demo;
    }

    /// <summary>A weekly job whose next date is given; in the past, as if no silo had been up since.</summary>
    private static Task Job(DemoMsp demo, string action, DateOnly next, long? contract = null) => demo.Hub.Sql(string.Create(CultureInfo.InvariantCulture,
        $"""
        insert into job (msp_id, name, contract_id, action, week_day, run_at, next_on, due_at, created_by)
        select id, 'Weekly', {(contract is { } one ? one : "null")}, '{action}', extract(isodow from date '{next:yyyy-MM-dd}'), '00:00', '{next:yyyy-MM-dd}', date '{next:yyyy-MM-dd}'::timestamp at time zone zone, 'test' from msp
        """));

    private static Task CaughtUp(DemoMsp demo) => demo.Hub.Until("every date that has come", $"select not exists (select 1 from job where next_on <= '{Iso(Today)}')");

    /// <summary>Nobody can write a line of an invoice: whoever runs a job waits here, in the middle.</summary>
    private static async Task<NpgsqlConnection> Shut(DemoMsp demo)
    {
        var connection = await demo.Hub.Database.OpenConnectionAsync();
        await using var shut = new NpgsqlCommand("begin; lock table invoice_line in exclusive mode", connection);
        await shut.ExecuteNonQueryAsync();
        return connection;
    }

    private static Task SomebodyAtTheDoor(DemoMsp demo) => demo.Hub.Sql("""
        do $$ begin
            for i in 1..250 loop
                if exists (select 1 from pg_locks where relation = 'invoice_line'::regclass and not granted) then return; end if;
                perform pg_sleep(0.1);
            end loop;
            raise exception 'no run came to its invoices';
        end $$
        """);

    private static PostingStore Postings(DemoMsp demo) => new(demo.Hub.Database, demo.Lines, ApprovalPolicy.Judge);

    private static string Iso(DateOnly date) => DemoMsp.Iso(date);
}
