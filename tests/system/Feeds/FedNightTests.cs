using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Keys;
using UsageBilling.Runtime.Turns;
using UsageBilling.Tests.System.Hosting;
using UsageBilling.Tests.System.Nights;

namespace UsageBilling.Tests.System.Feeds;

/// <summary>What is fed counts as if it had been read, is doubted for the same reasons, and is missed when it does not come.</summary>
public sealed class FedNightTests
{
    [Fact]
    public async Task A_fed_count_moves_the_line_of_its_customer_and_the_psa_hears_of_it()
    {
        await using var fed = await FedHub.Start();
        await fed.Line("8005", "g-1");
        await using var silo = await fed.Demo.StartSilo();

        var told = await fed.Tell("nightly-1", complete: false, ("g-1", 20));
        await fed.Demo.UntilQuiet("the count");

        Assert.Equal(201, told.Status);
        Assert.Equal("g-1 | active_licences | N | 20 | 1 | -", await fed.Demo.Table(FedHub.Readings));
        Assert.Equal("8005 | 20 | N | reading", await fed.Demo.Table(FedHub.Counts));
        Assert.Equal(Sorted(FirstNight.Journal + "\n8005 N 2 18->20"), await fed.Demo.Psa.Journal());
        Assert.Equal("True", await fed.Demo.Table("select taken_at is not null from feed_snapshot"));
        Assert.Equal("", await fed.Demo.Breaches());
    }

    [Fact]
    public async Task Counts_are_held_for_the_reasons_that_hold_any_count()
    {
        await using var fed = await FedHub.Start();
        foreach (var (line, account) in new[] { ("8002", "g-1"), ("8012", "g-3"), ("8005", "g-5"), ("8009", "g-9") }) await fed.Line(line, account);
        await using var silo = await fed.Demo.StartSilo();

        await fed.Tell("first", complete: true, ("g-1", 5), ("g-3", 211), ("g-5", 19), ("g-9", 86));
        await fed.Demo.UntilQuiet("the first snapshot");
        Assert.Equal("8002 | 5 | N | reading\n8005 | 19 | N | reading\n8009 | 86 | N | reading\n8012 | 211 | N | reading", await fed.Demo.Table(FedHub.Counts));

        await fed.Tell("second", complete: true, ("g-1", 0), ("g-3", 211), ("g-5", 30), ("g-9", 86));
        await fed.Demo.UntilQuiet("the second snapshot");
        Assert.Equal("8002 | dropped_to_zero | N | 5 | 0 | -\n8005 | moved_too_far | N | 19 | 30 | -", await fed.Demo.Table(FedHub.Holds));

        // g-1 is missing, and what is left has lost more than a tenth: 327 fell to 290
        await fed.Tell("third", complete: true, ("g-3", 180), ("g-5", 30), ("g-9", 80));
        await fed.Demo.UntilQuiet("the third snapshot");
        Assert.Equal(
            """
            8002 | dropped_to_zero | N | 5 | 0 | -
            8005 | moved_too_far | N | 19 | 30 | -
            8009 | product_total_drop | N | 86 | 80 | -
            8012 | product_total_drop | N | 211 | 180 | -
            """,
            await fed.Demo.Table(FedHub.Holds));
        Assert.Equal("g-1 | - | 3 | tenant_missing", await fed.Demo.Table("select t.remote_id, c.units, c.evidence, c.reason from tenant_count c join product_tenant t on t.id = c.tenant_id where t.remote_id = 'g-1'"));

        // a believable number ends the doubt by itself
        await fed.Tell("fourth", complete: true, ("g-1", 5), ("g-3", 212), ("g-5", 20), ("g-9", 86));
        await fed.Demo.UntilQuiet("the fourth snapshot");
        Assert.Equal(
            """
            8002 | dropped_to_zero | N | 5 | 0 | withdrawn
            8005 | moved_too_far | N | 19 | 30 | withdrawn
            8009 | product_total_drop | N | 86 | 80 | withdrawn
            8012 | product_total_drop | N | 211 | 180 | withdrawn
            """,
            await fed.Demo.Table(FedHub.Holds));
        Assert.Equal(
            """
            8002 | 5 | N | reading
            8005 | 19 | N | reading
            8005 | 20 | N | reading
            8009 | 86 | N | reading
            8012 | 211 | N | reading
            8012 | 212 | N | reading
            """,
            await fed.Demo.Table(FedHub.Counts));
        Assert.Equal("", await fed.Demo.Breaches());
    }

    [Fact]
    public async Task A_tenant_that_a_complete_snapshot_lacks_is_missing_and_never_zero()
    {
        await using var fed = await FedHub.Start();
        await fed.Line("8005", "g-5");
        await fed.Line("8009", "g-9");
        await using var silo = await fed.Demo.StartSilo();
        await fed.Tell("first", complete: true, ("g-5", 18), ("g-9", 85));
        await fed.Demo.UntilQuiet("the first snapshot");

        await fed.Tell("part", complete: false, ("g-9", 86));
        await fed.Demo.UntilQuiet("what names one");
        Assert.Equal("", await fed.Demo.Table(FedHub.Holds));

        await fed.Tell("whole", complete: true, ("g-9", 86));
        await fed.Demo.UntilQuiet("what lacks one");

        Assert.Equal("8005 | tenant_missing | N | 18 | - | -", await fed.Demo.Table(FedHub.Holds));
        Assert.Equal(
            """
            g-5 | active_licences | N | 18 | 1 | -
            g-5 | active_licences | N | - | 3 | tenant_missing
            g-9 | active_licences | N | 85 | 1 | -
            g-9 | active_licences | N | 86 | 1 | -
            g-9 | active_licences | N | 86 | 1 | -
            """,
            await fed.Demo.Table(FedHub.Readings));
        Assert.Equal("", await fed.Demo.Breaches());
    }

    [Fact]
    public async Task A_night_that_nobody_fed_is_over_all_the_same_and_the_next_count_ends_the_doubt()
    {
        await using var fed = await FedHub.Start();
        await FedTheNightBefore(fed);
        Assert.Equal("8005 | 20 | N-1 | mapping", await fed.Demo.Table(FedHub.Counts));

        await fed.Demo.SecondNight();
        await using var silo = await fed.Demo.StartSilo();
        await fed.Demo.UntilQuiet("the night's end");

        Assert.Equal("g-1 | active_licences | N-1 | 20 | 5 | -\ng-1 | active_licences | N | - | 3 | not_fed", await fed.Demo.Table(FedHub.Readings));
        Assert.Equal("8005 | not_fed | N | 20 | - | -", await fed.Demo.Table(FedHub.Holds));
        Assert.Equal(
            "N | incomplete | 1 | 0 | 1 | 1 | not_fed", await fed.Demo.Table($"select night, state, due, read, unread, changed, failure_code from night where integration_id = {fed.Feed}"));
        Assert.Equal("1 | read | N+2 | False\n4 | read | N+2 | False", await fed.Demo.Table(RemindersOf(fed)));

        await fed.Tell("late", complete: true, ("g-1", 21));
        await fed.Demo.UntilQuiet("the count of the second night");
        Assert.Equal("8005 | not_fed | N | 20 | - | withdrawn", await fed.Demo.Table(FedHub.Holds));
        Assert.Equal("8005 | 20 | N-1 | mapping\n8005 | 21 | N+1 | reading", await fed.Demo.Table(FedHub.Counts));
        Assert.Equal("", await fed.Demo.Breaches());
    }

    [Fact]
    public async Task A_fed_night_ends_without_a_word_and_nobody_waits_for_the_one_that_runs()
    {
        await using var fed = await FedHub.Start();
        await fed.Line("8005", "g-1");
        await fed.Tell("first", complete: true, ("g-1", 20));
        await fed.Demo.ReadNight("the count");

        await fed.Demo.SecondNight();
        await fed.Demo.ReadNight("the second night");

        Assert.Equal("N | finished | 1 | 1 | 0 | 0 | -", await fed.Demo.Table($"select night, state, due, read, unread, changed, failure_code from night where integration_id = {fed.Feed}"));
        Assert.Equal("g-1 | active_licences | N | 20 | 1 | -", await fed.Demo.Table(FedHub.Readings));
        Assert.Equal("1 | read | N+2 | False\n4 | read | N+2 | False", await fed.Demo.Table(RemindersOf(fed)));
        var night = (await fed.Superuser.Get($"/v1/nights/{DemoMsp.Iso(DemoSeed.FirstNight.AddDays(1))}")).Json;
        Assert.Equal("finished", (string?)night["state"]);
        Assert.Equal("UniView", (string?)Assert.Single(night["integrations"]!.AsArray())!["integration"]!["name"]);
        Assert.Equal("", await fed.Demo.Breaches());
    }

    [Fact]
    public async Task Get_units_now_is_answered_with_what_was_fed_last_and_is_no_further_reading()
    {
        await using var fed = await FedHub.Start();
        await fed.Line("8002", "g-1");
        await using var silo = await fed.Demo.StartSilo();
        await fed.Tell("first", complete: true, ("g-1", 0));
        await fed.Demo.UntilQuiet("the count");
        var line = await fed.Demo.Hub.Scalar<long>("select id from service_line where remote_id = '8002'");

        Assert.Equal(new TurnResult.Taken(Verdict.Ok), await fed.Demo.Lines.Ask(DemoMsp.Msp, line, new ServiceLineMessage.RefreshRequested(), "clerk", default));
        await fed.Demo.Hub.Until("the answer", $"select refresh_asked_at is null from service_line where id = {line}");
        await fed.Demo.UntilQuiet("the look");

        Assert.Equal("0", await fed.Demo.Table("select count(*) from reminder where name = 'refresh'"));
        Assert.Equal("g-1 | active_licences | N | 0 | 1 | -", await fed.Demo.Table(FedHub.Readings));
        Assert.Equal("dropped_to_zero | 0", await fed.Demo.Table($"select reason, agreeing from hold where line_id = {line} and resolved_at is null"));
    }

    [Fact]
    public async Task Two_further_snapshots_an_hour_apart_confirm_a_zero()
    {
        await using var fed = await FedHub.Start();
        await fed.Line("8002", "g-1");
        await using var silo = await fed.Demo.StartSilo();
        await fed.Tell("first", complete: true, ("g-1", 0));
        await fed.Demo.UntilQuiet("the count");

        var line = await fed.Demo.Hub.Scalar<long>("select id from service_line where remote_id = '8002'");

        foreach (var key in new[] { "second", "third" })
        {
            await fed.Demo.Hub.Sql($"""
                update hold set read_at = read_at - interval '2 hours' where line_id = {line} and resolved_at is null;
                update tenant_count set observed_at = observed_at - interval '2 hours' where tenant_id = (select id from product_tenant where remote_id = 'g-1');
                """);
            await fed.Tell(key, complete: true, ("g-1", 0));
            await fed.Demo.UntilQuiet(key);
            await fed.Demo.Hub.Sql($"update reminder set due_at = now() where grain_kind = 3 and grain_id = {line} and name = 'confirm'");
            await fed.Demo.Hub.Until("the line's own look", $"select not exists (select 1 from reminder where grain_kind = 3 and grain_id = {line} and name = 'confirm' and due_at <= now())");
            await fed.Demo.UntilQuiet("the look");
        }

        Assert.Equal("8002 | dropped_to_zero | N | 4 | 0 | agreed", await fed.Demo.Table(FedHub.Holds));
        Assert.Equal("8002 | 0 | N | agreed", await fed.Demo.Table(FedHub.Counts));
        Assert.Equal("", await fed.Demo.Breaches());
    }

    [Fact]
    public async Task A_tenant_that_the_database_refuses_keeps_none_of_the_others_from_their_part()
    {
        await using var fed = await FedHub.Start();
        await fed.Line("8005", "g-1");
        await fed.Line("8009", "g-2");
        await fed.Demo.Hub.Sql("alter table tenant_count add constraint forbidden check (units is distinct from 19) not valid");
        await using var silo = await fed.Demo.StartSilo();

        await fed.Tell("first", complete: true, ("g-1", 19), ("g-2", 86));
        await fed.Demo.UntilQuiet("the counts");

        Assert.Equal("g-2 | active_licences | N | 86 | 1 | -", await fed.Demo.Table(FedHub.Readings));
        Assert.Equal("True", await fed.Demo.Table("select taken_at is not null from feed_snapshot"));
    }

    [Fact]
    public async Task A_snapshot_that_a_silo_left_half_handed_over_is_gone_on_with_where_it_was_left()
    {
        await using var fed = await FedHub.Start();
        await fed.Line("8005", "g-1");
        await fed.Line("8009", "g-2");
        await fed.Tell("first", complete: true, ("g-1", 19), ("g-2", 86));
        await fed.Demo.Hub.Sql("update feed_snapshot set taken_through = (select id from product_tenant where remote_id = 'g-1')");

        await fed.Demo.ReadNight("the rest");

        Assert.Equal("g-2 | active_licences | N | 86 | 1 | -", await fed.Demo.Table(FedHub.Readings));
        Assert.Equal("True", await fed.Demo.Table("select taken_at is not null and taken_through = (select id from product_tenant where remote_id = 'g-2') from feed_snapshot"));
    }

    [Fact]
    public async Task Snapshots_are_handed_over_in_the_order_in_which_they_came_and_the_last_one_has_the_last_word()
    {
        await using var fed = await FedHub.Start();
        await fed.Line("8005", "g-1");
        foreach (var units in new[] { 19, 22, 20 }) await fed.Tell($"key-{units}", complete: true, ("g-1", units));

        await fed.Demo.ReadNight("all three");

        Assert.Equal("g-1 | active_licences | N | 19 | 1 | -\ng-1 | active_licences | N | 22 | 1 | -\ng-1 | active_licences | N | 20 | 1 | -", await fed.Demo.Table(FedHub.Readings));
        Assert.Equal("8005 | 20", await fed.Demo.Table("select l.remote_id, c.units from count_record c join service_line l on l.id = c.line_id where l.remote_id = '8005' order by c.effective_on desc, c.seq desc limit 1"));
        Assert.Equal("", await fed.Demo.Breaches());
    }

    [Fact]
    public async Task Two_msps_that_use_the_same_ids_do_not_meet()
    {
        await using var fed = await FedHub.Start();
        await fed.Line("8005", "g-1");
        var other = await fed.Demo.Hub.Scalar<long>($"insert into msp (name, zone, night_at) values ('Southwind', '{DemoSeed.Zone}', '{DemoSeed.LaterToday}') returning id");
        var stranger = await fed.Door(new(other), ApiScope.Superuser);
        var theirs = (long)(await stranger.Post("/v1/feeds", new { name = "Graphus", product = "graphus" })).Json["id"]!;
        await using var silo = await fed.Demo.StartSilo();

        await fed.Tell("nightly", complete: true, ("g-1", 20));
        var told = await stranger.Post($"/v1/feeds/{theirs}/snapshots", new { complete = true, idempotency_key = "nightly", counts = new[] { new { external_id = "g-1", account_name = "Theirs", metric = FedHub.Active, quantity = 0 } } });
        await fed.Demo.UntilQuiet("both");

        Assert.Equal(201, told.Status);
        Assert.Equal(
            "Customer g-1 | True | 20 | 1\nTheirs | False | 0 | 5",
            await fed.Demo.Table("select t.name, t.msp_id = 1, r.units, r.evidence from reading r join product_tenant t on t.id = r.tenant_id where t.remote_id = 'g-1' order by 1"));
        Assert.Equal("8005 | 20 | N | reading", await fed.Demo.Table(FedHub.Counts));
        Assert.Equal("404 not_found", (await stranger.Post($"/v1/feeds/{fed.Feed}/snapshots", new { idempotency_key = "k", counts = Array.Empty<object>() })).Problem);
        Assert.Equal("", await fed.Demo.Breaches());
    }

    private static string Sorted(string lines) => string.Join("\n", lines.Split('\n').Order(StringComparer.Ordinal));

    private static string RemindersOf(FedHub fed) => $"""
        select grain_kind, name, night, due_at <= now() from reminder
        where (grain_kind = 4 and grain_id = {fed.Feed}) or (grain_kind = 1 and grain_id in (select id from product_tenant where integration_id = {fed.Feed}))
        order by 1
        """;

    /// <summary>A tenant that was fed the night before the last and is mapped since: as a night later it would have been.</summary>
    private static async Task FedTheNightBefore(FedHub fed)
    {
        await fed.Basis("8005");
        await fed.Account("g-1");
        await fed.Tell("first", complete: true, ("g-1", 20));
        await fed.Demo.ReadNight("the count");
        await fed.Demo.Hub.Sql($"""
            update reading set night = night - 1 where tenant_id in (select id from product_tenant where integration_id = {fed.Feed});
            update tenant_count set night = night - 1 where tenant_id in (select id from product_tenant where integration_id = {fed.Feed});
            """);
        await fed.Map("8005", "g-1", DemoSeed.FirstNight.AddDays(-1));
        await fed.Demo.ReadNight("the mapping");
    }
}
