using System.Globalization;
using Npgsql;
using UsageBilling.Grains.Billing;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Postings;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Billing;

/// <summary>A job for all over the demo's first night, with plans of two items at most where five are ready: it posts account by account.</summary>
public sealed class JobPartTests : IAsyncLifetime
{
    private const string Run = "select state, code, sentence, finished_at is not null from job_run order by id";
    private const string Parts = "select part_no, case when contract_id is null then 'account' else 'contract' end, state, items, code, case when plan_id is not null then 'plan' end from job_run_part order by run_id, part_no";

    private DemoMsp demo = null!;

    public async Task InitializeAsync()
    {
        demo = await DemoMsp.AfterFirstNight();
        await demo.Hub.Sql("""
            update msp set apply_percent = 1000, apply_amount = 1000000000;
            insert into job (msp_id, name, action, week_day, run_at, next_on, due_at, created_by)
            select id, 'Weekly', 'post_and_bill', extract(isodow from current_date), '00:00', current_date, now(), 'owner' from msp;
            """);
    }

    public async Task DisposeAsync() => await demo.DisposeAsync();

    [Fact]
    public async Task What_one_plan_cannot_hold_is_posted_account_by_account_and_invoiced_in_the_end()
    {
        await DoAll(itemsMax: 2);

        Assert.Equal($"done | posted_and_invoiced | In parts: {await Accounts()} posted with 5 items. {await Sentence()} | True", await demo.Hub.Table(Run));
        Assert.Equal(Lines(await Accounts(), part => $"{part} | account | posted"), Cut(await demo.Hub.Table(Parts), columns: 3));
        await EverythingIsPostedOnce();
        Assert.Equal("1", await demo.Hub.Table("select count(*) from job where next_on = current_date + 7 and due_at > now()"));
    }

    [Fact]
    public async Task An_account_that_is_too_large_is_posted_by_contract_and_a_contract_that_is_fails_alone_and_is_told()
    {
        var (account, contract) = (await Most("k.account_id"), await Most("k.id"));
        await demo.Hub.Sql(string.Create(CultureInfo.InvariantCulture, $"""
            insert into ledger_entry (line_id, line_ver, entry_no, msp_id, kind, period_from, period_until, from_on, until_on, units_delta, unit_price, amount, currency, night, count_effective_on, count_seq)
            select e.line_id, e.line_ver, 1 + n, e.msp_id, e.kind, e.period_from, e.period_until, e.from_on, e.until_on, 0, e.unit_price, 0, e.currency, e.night, e.count_effective_on, e.count_seq
            from (select e.* from ledger_entry e join service_line l on l.id = e.line_id where l.contract_id = {contract} limit 1) e cross join generate_series(1, 2) n
            """));

        await DoAll(itemsMax: 2);

        Assert.StartsWith("failed | plan_too_large | In parts: ", await demo.Hub.Table(Run), StringComparison.Ordinal);
        Assert.Equal("contract | failed | plan_too_large", await demo.Hub.Table($"select case when contract_id = {contract} then 'contract' end, state, code from job_run_part where account_id = {account} and state = 'failed'"));
        Assert.Equal("0", await demo.Hub.Table($"select count(*) from job_run_part where state not in ('posted', 'failed') or (account_id <> {account} and contract_id is not null)"));
        Assert.Equal("0", await demo.Hub.Table($"select count(*) from ledger_entry e join service_line l on l.id = e.line_id where l.contract_id <> {contract} and not exists (select 1 from posting_item p where p.line_id = e.line_id and p.line_ver = e.line_ver and p.entry_no = e.entry_no)"));
    }

    [Fact]
    public async Task A_run_whose_connection_breaks_in_each_part_goes_on_where_it_was()
    {
        await demo.Hub.Sql("""
            create table fallen (part bigint primary key);
            create function fall() returns trigger language plpgsql as $$ begin
                if (select count(*) from posting) > (select count(*) from fallen) + 1 then perform pg_terminate_backend(pg_backend_pid()); end if;
                return null;
            end $$;
            create trigger fall after insert on posting_total for each statement execute function fall();
            """);

        var broken = await DoAllThough("insert into fallen select count(*) from fallen");

        Assert.Equal(await Accounts() - 1, broken);
        Assert.StartsWith($"done | posted_and_invoiced | In parts: {await Accounts()} posted with 5 items.", await demo.Hub.Table(Run), StringComparison.Ordinal);
        await EverythingIsPostedOnce();
    }

    [Fact]
    public async Task A_part_that_meets_a_mistake_of_ours_five_times_fails_alone()
    {
        var account = await Most("k.account_id");
        await demo.Hub.Sql($"""
            create function refuse() returns trigger language plpgsql as $$ begin if new.account_id = {account} then raise exception 'not this one'; end if; return new; end $$;
            create trigger r before insert on plan for each row execute function refuse();
            """);

        var broken = await DoAllThough("select 1");

        Assert.Equal(JobRunner.AttemptsMax, broken);
        Assert.StartsWith($"failed | internal_error | In parts: {await Accounts() - 1} posted with ", await demo.Hub.Table(Run), StringComparison.Ordinal);
        Assert.Equal("internal_error", await demo.Hub.Table($"select code from job_run_part where account_id = {account}"));
    }

    [Fact]
    public async Task Parts_that_need_a_person_wait_one_by_one_and_the_run_ends_with_the_last_of_them()
    {
        await demo.Hub.Sql("update msp set apply_percent = null, apply_amount = null");
        await DoAll(itemsMax: 2);
        Assert.Equal($"waits_for_approval | waits_for_approval | In parts: 0 posted with 0 items, {await Accounts()} wait for a person. | False", await demo.Hub.Table(Run));

        var plans = await demo.Hub.Pairs("select plan_id, part_no::bigint from job_run_part order by part_no");
        foreach (var (plan, part) in plans)
        {
            Assert.IsType<ApplyAnswer.Applied>(await Store(2).Apply(DemoMsp.Msp, plan, await demo.Hub.Scalar<string>($"select hash from plan where id = {plan}"), "clerk", Approval.ByPerson, default));
            await DoAll(itemsMax: 2);
            Assert.StartsWith(part == plans.Count ? $"done | posted_and_invoiced | In parts: {part} posted with 5 items." : $"waits_for_approval | waits_for_approval | In parts: {part} posted with ", await demo.Hub.Table(Run), StringComparison.Ordinal);
        }

        await EverythingIsPostedOnce();
    }

    [Fact]
    public async Task A_later_date_waits_until_the_parts_of_the_earlier_one_are_done_and_then_overtakes_what_waits()
    {
        await demo.Hub.Sql("update msp set apply_percent = null; update job set next_on = current_date - 7, due_at = now() - interval '7 days'");
        var runner = Runner(2);
        await runner.Run((await runner.Due(default))[0], default);
        Assert.Equal([DueWork.Parts], (await runner.Due(default)).Select(due => due.Work));
        await DoAll(itemsMax: 2);
        await demo.Hub.Sql("update msp set apply_percent = 1000");
        await new JobStore(demo.Hub.Database, demo.Signal).Ask(DemoMsp.Msp, 1, "clerk", default);

        await DoAll(itemsMax: 2);

        Assert.Equal("overtaken, overtaken, done", await demo.Hub.Table("select string_agg(state, ', ' order by id) from job_run"));
        Assert.Equal("overtaken, posted", await demo.Hub.Table("select string_agg(distinct state, ', ' order by state) from job_run_part"));
        await EverythingIsPostedOnce();
    }

    [Fact]
    public async Task A_job_that_is_deleted_between_its_parts_posts_no_further()
    {
        var runner = Runner(2);
        for (var step = 0; step < 2; step++) await runner.Run((await runner.Due(default))[0], default);

        Assert.IsType<JobAnswer.Kept>(await new JobStore(demo.Hub.Database, demo.Signal).Delete(DemoMsp.Msp, 1, "owner", null, default));

        Assert.Empty(await runner.Due(default));
        Assert.Equal("overtaken | job_deleted | The job was deleted before. | True", await demo.Hub.Table(Run));
        Assert.Equal($"1 | {await Accounts() - 1}", await demo.Hub.Table("select count(*) filter (where state = 'posted'), count(*) filter (where state = 'overtaken') from job_run_part"));
    }

    [Fact]
    public async Task With_four_eyes_a_job_waits_for_a_person_who_is_not_the_one_behind_it()
    {
        await demo.Hub.Sql("update msp set four_eyes = true");
        await DoAll(itemsMax: 100);
        Assert.Equal("waits_for_approval | waits_for_approval | Four eyes: plan 1 waits for a person. | False", await demo.Hub.Table(Run));
        var hash = await demo.Hub.Scalar<string>("select hash from plan");

        Assert.IsType<ApplyAnswer.SecondPersonNeeded>(await Store(100).Apply(DemoMsp.Msp, 1, hash, "owner", Approval.ByPerson, default));
        Assert.IsType<ApplyAnswer.Applied>(await Store(100).Apply(DemoMsp.Msp, 1, hash, "clerk", Approval.ByPerson, default));
        await DoAll(itemsMax: 100);

        Assert.StartsWith("done | posted_and_invoiced | A person applied plan 1. ", await demo.Hub.Table(Run), StringComparison.Ordinal);
        await EverythingIsPostedOnce();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    public async Task With_four_eyes_who_asks_for_a_run_does_not_apply_its_plans_alone(int itemsMax)
    {
        await demo.Hub.Sql("update msp set four_eyes = true; update job set next_on = current_date + 7, due_at = now() + interval '7 days'");
        await new JobStore(demo.Hub.Database, demo.Signal).Ask(DemoMsp.Msp, 1, "clerk", default);
        await DoAll(itemsMax);
        var hash = await demo.Hub.Scalar<string>("select hash from plan where id = 1");

        Assert.IsType<ApplyAnswer.SecondPersonNeeded>(await Store(itemsMax).Apply(DemoMsp.Msp, 1, hash, "clerk", Approval.ByPerson, default));
        Assert.IsType<ApplyAnswer.Applied>(await Store(itemsMax).Apply(DemoMsp.Msp, 1, hash, "owner", Approval.ByPerson, default));
    }

    /// <summary>Does what is due until nothing is, as a silo would.</summary>
    private async Task DoAll(int itemsMax)
    {
        var runner = Runner(itemsMax);
        for (var due = await runner.Due(default); due.Count > 0; due = await runner.Due(default)) Assert.NotNull(await runner.Run(due[0], default));
    }

    /// <summary>The same where runs break: each time the fault is told, something is done, and another silo goes on at once.</summary>
    /// <returns>How often it broke.</returns>
    private async Task<int> DoAllThough(string afterwards)
    {
        var (runner, broken) = (Runner(2), 0);
        for (var due = await runner.Due(default); due.Count > 0; due = await runner.Due(default))
        {
            try
            {
                await runner.Run(due[0], default);
            }
            catch (NpgsqlException fault)
            {
                broken++;
                await runner.PutOff(due[0], fault, default);
                await demo.Hub.Sql($"{afterwards}; update job_run set due_at = now() where state = 'running'");
                runner = Runner(2);
            }
        }

        return broken;
    }

    private JobRunner Runner(int itemsMax) => new(demo.Hub.Database, Store(itemsMax), new InvoiceStore(demo.Hub.Database, ItemWords.Of));

    private PostingStore Store(int itemsMax) => new(demo.Hub.Database, demo.Lines, ApprovalPolicy.Judge, itemsMax);

    private async Task EverythingIsPostedOnce()
    {
        Assert.Equal("5 | 5 | 5", await demo.Hub.Table("select count(*), count(distinct (line_id, line_ver, entry_no)), (select count(*) from ledger_entry) from posting_item"));
        Assert.Equal("5", await demo.Hub.Table("select (select count(*) from invoice_line) + (select count(*) from invoice_due)"));
        Assert.Equal("", await demo.Breaches());
    }

    private Task<long> Accounts() => demo.Hub.Scalar<long>("select count(distinct k.account_id) from ledger_entry e join service_line l on l.id = e.line_id join contract k on k.id = l.contract_id");

    /// <summary>The account or contract with the most entries.</summary>
    private Task<long> Most(string what) => demo.Hub.Scalar<long>($"select {what} from ledger_entry e join service_line l on l.id = e.line_id join contract k on k.id = l.contract_id group by 1 order by count(*) desc, 1 limit 1");

    /// <summary>What the run says of its invoices.</summary>
    private async Task<string> Sentence() => (await demo.Hub.Scalar<string>("select sentence from job_run")).Split("items. ")[^1];

    private static string Lines(long count, Func<int, string> line) => string.Join('\n', Enumerable.Range(1, (int)count).Select(line));

    private static string Cut(string table, int columns) => string.Join('\n', table.Split('\n').Select(line => string.Join(" | ", line.Split(" | ").Take(columns))));
}
