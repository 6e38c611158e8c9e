using Npgsql;
using UsageBilling.Grains.Billing;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Postings;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Billing;

/// <summary>What must be true of postings whatever dies, after a night that a silo has read.</summary>
public sealed class PostingTests : IAsyncLifetime
{
    private const string Posted = """
        select s.name, e.kind, e.units_delta, p.posting_id
        from ledger_entry e
        join service_line s on s.id = e.line_id
        left join posting_item p on p.line_id = e.line_id and p.line_ver = e.line_ver and p.entry_no = e.entry_no
        order by e.line_id, e.line_ver, e.entry_no
        """;

    private DemoMsp demo = null!;
    private PostingStore store = null!;

    public async Task InitializeAsync()
    {
        demo = await DemoMsp.AfterFirstNight();
        store = new(demo.Hub.Database, demo.Lines, ApprovalPolicy.Judge);
    }

    public async Task DisposeAsync() => await demo.DisposeAsync();

    [Fact]
    public async Task The_adjustments_of_a_night_are_posted_reversed_and_posted_again_and_everything_still_holds()
    {
        var plan = await Plan();
        Assert.Equal((5, 0), (plan.Items, plan.Blocked));
        var posting = await Apply(plan);
        Assert.IsType<ReverseAnswer.Reversed>(await store.Reverse(DemoMsp.Msp, posting, "clerk", default));
        Assert.Equal("", await demo.Breaches());
        Assert.Equal("adjustment 5 1 | again 5 - | reversal 5 2", await Kinds());

        var again = await Plan();
        await Apply(again);

        Assert.Equal("adjustment 5 1 | again 5 3 | reversal 5 2", await Kinds());
        Assert.Equal("t", await demo.Table("select case when sum(t.amount) filter (where t.posting_id < 3) = 0 then 't' end from posting_total t"));
        await demo.SecondNight();
        await demo.ReadNight("the second night");
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_leaves_nothing_and_the_plan_is_applied_afterwards()
    {
        var plan = await Plan();
        await demo.Hub.Sql("""
            create function fall() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
            create trigger fall after insert on posting_total for each statement execute function fall();
            """);
        var before = await demo.Table(Posted);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => store.Apply(DemoMsp.Msp, plan.Id, plan.Hash, "clerk", Approval.ByPerson, default));

        Assert.Equal(before, await demo.Table(Posted));
        Assert.Equal("0", await demo.Table("select count(*) from posting"));
        await demo.Hub.Sql("drop trigger fall on posting_total");
        await Apply(plan);
        Assert.Equal("1 | 5", await demo.Table("select count(distinct posting_id), count(*) from posting_item"));
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_reversal_that_breaks_in_the_middle_leaves_nothing()
    {
        var posting = await Apply(await Plan());
        var before = await demo.Table(Posted);
        await demo.Hub.Sql("""
            create function fall() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
            create trigger fall after insert on posting for each statement execute function fall();
            """);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => store.Reverse(DemoMsp.Msp, posting, "clerk", default));

        Assert.Equal(before, await demo.Table(Posted));
        await demo.Hub.Sql("drop trigger fall on posting");
        Assert.IsType<ReverseAnswer.Reversed>(await store.Reverse(DemoMsp.Msp, posting, "clerk", default));
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task Many_who_apply_one_plan_at_once_get_one_posting()
    {
        var plan = await Plan();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Apply(DemoMsp.Msp, plan.Id, plan.Hash, "clerk", Approval.ByPerson, default)));

        var applied = Assert.Single(answers.Cast<ApplyAnswer.Applied>(), answer => !answer.Before);
        Assert.All(answers.Cast<ApplyAnswer.Applied>(), answer => Assert.Equal(applied.Posting, answer.Posting));
        Assert.Equal("1 | 5", await demo.Table("select count(distinct posting_id), count(*) from posting_item"));
    }

    [Fact]
    public async Task Of_two_plans_for_the_same_items_applied_at_once_one_is_posted_and_the_other_told_the_difference()
    {
        var (one, other) = (await Plan(), await Plan());

        var answers = await Task.WhenAll(new[] { one, other }.Select(plan => store.Apply(DemoMsp.Msp, plan.Id, plan.Hash, "clerk", Approval.ByPerson, default)));

        Assert.Single(answers.OfType<ApplyAnswer.Applied>());
        Assert.Equal(5, Assert.Single(answers.OfType<ApplyAnswer.Changed>()).Difference.Removed);
    }

    [Fact]
    public async Task A_posting_waits_for_the_turns_of_its_lines_and_they_for_it_and_versions_stay_right()
    {
        var posting = await Apply(await Plan());
        var line = await demo.Hub.Scalar<long>("select min(line_id) from ledger_entry");

        var both = await Task.WhenAll(
            Task.Run(async () => (object)await store.Reverse(DemoMsp.Msp, posting, "clerk", default)),
            Task.Run(async () => (object)await demo.Lines.Ask(DemoMsp.Msp, line, new Interfaces.Grains.ServiceLineMessage.RefreshRequested(), "clerk", default)));

        Assert.IsType<ReverseAnswer.Reversed>(both[0]);
        Assert.IsType<Runtime.Turns.TurnResult.Taken>(both[1]);
        Assert.Equal("", await demo.Table("select e.line_id from ledger_entry e join service_line s on s.id = e.line_id where e.line_ver >= s.ver"));
    }

    [Fact]
    public async Task The_hub_itself_applies_what_is_within_the_limits_and_leaves_the_rest_to_a_person()
    {
        var plan = await Plan();
        Assert.IsType<ApplyAnswer.PersonNeeded>(await store.Apply(DemoMsp.Msp, plan.Id, plan.Hash, "silo", Approval.ByItself, default));

        await demo.Hub.Sql("update msp set apply_percent = 100, apply_amount = 1000, four_eyes = true");

        Assert.IsType<ApplyAnswer.Applied>(await store.Apply(DemoMsp.Msp, plan.Id, plan.Hash, "silo", Approval.ByItself, default));
    }

    [Fact]
    public async Task Plan_and_apply_become_true_with_the_callers_transaction_or_not_at_all()
    {
        await using (var connection = await demo.Hub.Database.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var plan = Assert.IsType<PlanAnswer.Made>(await store.Plan(connection, DemoMsp.Msp, new(DemoSeed.FirstNight), "silo", default)).Plan;
            Assert.IsType<ApplyAnswer.Applied>(await store.Apply(connection, DemoMsp.Msp, plan.Id, plan.Hash, "silo", Approval.ByPerson, default));
            await transaction.RollbackAsync();
        }

        Assert.Equal("0 | 0", await demo.Table("select (select count(*) from plan), (select count(*) from posting)"));
    }

    [Fact]
    public async Task What_waits_is_found_whatever_was_posted_before_it()
    {
        var line = await demo.Hub.Scalar<long>("select id from service_line where remote_id = '8001'");
        var contract = await demo.Hub.Scalar<long>($"select contract_id from service_line where id = {line}");
        var others = Assert.IsType<PlanAnswer.Made>(await store.Plan(DemoMsp.Msp, new(DemoSeed.FirstNight, Contract: new ContractId(contract)), "clerk", default)).Plan;
        await Apply(others);

        var rest = await Plan();
        await Apply(rest);

        Assert.Equal(5, others.Items + rest.Items);
        Assert.Equal("1", await demo.Table("select count(*) from posting_watermark where ready_since < current_date"));
    }

    private async Task<string> Kinds() => (await demo.Table("""
        select string_agg(k.words, ' , ' order by k.words)
        from (
            select e.kind || ' ' || count(*) || ' ' || coalesce(p.posting_id::text, '-') as words
            from ledger_entry e
            left join posting_item p on p.line_id = e.line_id and p.line_ver = e.line_ver and p.entry_no = e.entry_no
            group by e.kind, p.posting_id
        ) k
        """)).Replace(" , ", " | ", StringComparison.Ordinal);

    private async Task<MadePlan> Plan() => Assert.IsType<PlanAnswer.Made>(await store.Plan(DemoMsp.Msp, new(DemoSeed.FirstNight), "clerk", default)).Plan;

    private async Task<long> Apply(MadePlan plan) =>
        Assert.IsType<ApplyAnswer.Applied>(await store.Apply(DemoMsp.Msp, plan.Id, plan.Hash, "clerk", Approval.ByPerson, default)).Posting;
}
