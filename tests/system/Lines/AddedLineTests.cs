using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Lines;

/// <summary>A PSA that cannot change the units of a line gets more of them as a further line, once, and fewer as a ticket, once.</summary>
public sealed class AddedLineTests
{
    [Fact]
    public async Task More_units_are_a_further_line_and_fewer_a_ticket_and_the_plan_says_which()
    {
        await using var bms = await BmsHub.Imported();
        var line = await bms.Line();

        await bms.Give(line, 21);
        Assert.Equal("added_line pending 21", await Said(bms, line));
        Assert.Equal("added_line 21", await Planned(bms));
        await bms.Work("three more");
        Assert.Equal("21 | confirmed | applied | added_line | 1 | 3", await bms.Intents());
        Assert.Equal("40 3 3.5 N", await bms.LinesAdded());

        await bms.Give(line, 15);
        Assert.Equal("ticket pending 15", await Said(bms, line));
        await bms.Work("six fewer");
        Assert.Equal("ticket confirmed 15", await Said(bms, line));
        Assert.Equal("ticket_opened", (string?)(await bms.LastIntent())["code"]);
        Assert.NotNull((string?)(await bms.LastIntent())["ticket"]!["number"]);
        Assert.Equal("Change Spanning Backup for Microsoft 365 – Standard licence: 21 to 15 units from N", await bms.TicketsOpened());

        await bms.Give(line, 17);
        await bms.Work("two more");
        Assert.Equal("17 | confirmed | applied | added_line | 1 | 2", (await bms.Intents()).Split('\n')[2]);
        Assert.Equal("40 3 3.5 N\n40 2 3.5 N", await bms.LinesAdded());
        Assert.Equal("", await bms.Breaches());
    }

    [Theory]
    [InlineData("reset_after", 1)]
    [InlineData("server_error_after_apply", 1)]
    [InlineData("timeout_after", 1)]
    [InlineData("server_error", 2)]
    [InlineData("timeout_before", 2)]
    [InlineData("rate_limited", 2)]
    public async Task A_line_that_meets_a_fault_on_its_way_is_there_once(string fault, int sends)
    {
        await using var bms = await BmsHub.Imported(withSettings: false);
        var line = await bms.Line();
        await bms.FaultOnAdding(fault);
        await bms.Give(line, 21);

        await bms.Work($"three more, with {fault}");

        Assert.Equal($"21 | confirmed | applied | added_line | {sends} | 3", await bms.Intents());
        Assert.Equal("40 3 3.5 N", await bms.LinesAdded());
        Assert.Equal("", await bms.Breaches());
    }

    [Fact]
    public async Task Changes_of_many_contracts_ask_for_the_lines_of_their_service_together()
    {
        await using var bms = await BmsHub.Imported(withSettings: false);
        var lines = await bms.LineOfEachContract();
        foreach (var line in lines) await bms.Give(line, 21);
        var before = await bms.ReadsOfLines();

        await bms.Work("three more on each contract");

        Assert.Equal(3, lines.Count);
        Assert.Equal(string.Join("\n", lines.Select(_ => "21 | confirmed | applied | added_line | 1 | 3")), await bms.Intents());
        // before they are sent, and to see that they arrived
        Assert.Equal(2, await bms.ReadsOfLines() - before);
    }

    [Fact]
    public async Task A_silo_that_is_killed_between_send_and_answer_leaves_one_line()
    {
        await using var bms = await BmsHub.Imported(withSettings: false);
        var line = await bms.Line();
        await bms.FaultOnAdding("timeout_after");
        await bms.Give(line, 21);
        await using (var doomed = await SiloProcess.Start(bms.Hub))
        {
            await bms.Held();
            await doomed.Kill();
        }

        Assert.Equal("21 | sending | - | added_line | 1 | 3", await bms.Intents());
        await bms.Work("what the dead silo left");

        Assert.Equal("21 | confirmed | applied | added_line | 1 | 3", await bms.Intents());
        Assert.Equal("40 3 3.5 N", await bms.LinesAdded());
    }

    [Fact]
    public async Task A_psa_that_refuses_the_line_blocks_its_items_until_the_next_change_is_confirmed()
    {
        await using var bms = await BmsHub.Imported();
        var line = await bms.Line();
        await bms.FaultOnAdding("ok_with_error");
        await bms.Give(line, 21);
        await bms.Work("a refused line");
        Assert.Equal("21 | rejected | vendor_refused | added_line | 1 | 3", await bms.Intents());
        Assert.Equal("psa_refused", (string?)(await bms.Door.Get("/v1/review")).Json["items"]![0]!["blocked"]!["code"]);

        await bms.Give(line, 22);
        await bms.Work("four more");

        Assert.Equal("22 | confirmed | applied | added_line | 1 | 4", (await bms.Intents()).Split('\n')[1]);
        Assert.Null((await bms.Door.Get("/v1/review")).Json["items"]![0]!["blocked"]);
    }

    [Fact]
    public async Task Two_lines_that_could_be_the_lost_one_wait_for_a_person_and_so_does_the_next_change()
    {
        await using var bms = await BmsHub.Imported(withSettings: false);
        var line = await bms.Line();
        await bms.Give(line, 21);
        await Lost(bms, "in_doubt");
        await bms.SomebodyAdds(3);
        await bms.SomebodyAdds(5);
        await bms.Give(line, 25);

        await bms.Work("a lost line and a stranger's");

        Assert.Equal("21 | parked | lines_ambiguous | added_line | 1 | 3\n25 | pending | waits_for_earlier | - | 0 | -", await bms.Intents());
        Assert.Equal("40 3 3.5 N\n40 5 3.5 N", await bms.LinesAdded());
    }

    [Fact]
    public async Task A_released_change_whose_line_arrived_is_recognised_and_what_waited_for_it_goes_on()
    {
        await using var bms = await BmsHub.Imported(withSettings: false);
        var line = await bms.Line();
        await bms.Give(line, 21);
        await Lost(bms, "parked");
        await bms.Give(line, 25, bms.Night.AddDays(1));
        await bms.Work("a change that nobody knows of");
        Assert.Equal("21 | parked | cannot_verify | added_line | 1 | 3\n25 | pending | waits_for_earlier | - | 0 | -", await bms.Intents());

        await bms.SomebodyAdds(3);
        Assert.Equal(200, (await bms.Door.Post($"/v1/intents/{await bms.Hub.Scalar<long>("select min(id) from intent")}/release")).Status);
        await bms.Hub.Sql("update intent set due_at = now()");
        await bms.Work("the release");
        await bms.Hub.Sql("update intent set due_at = now() where state = 'pending'");
        await bms.Work("what waited");

        Assert.Equal(
            "21 | rejected | superseded | added_line | 1 | 3\n25 | confirmed | applied | added_line | 1 | 4\n21 | confirmed | applied | added_line | 0 | 3", await bms.Intents());
        Assert.Equal("3 4", string.Join(' ', (await bms.LinesAdded()).Split('\n').Select(added => added.Split(' ')[1])));
    }

    [Fact]
    public async Task A_ticket_without_settings_waits_and_is_opened_once_with_those_that_are_set_then()
    {
        await using var bms = await BmsHub.Imported(withSettings: false);
        var line = await bms.Line();
        await bms.Give(line, 12);
        await bms.Work("a ticket without settings");
        Assert.Equal("12 | parked | ticket_parked | ticket | 1 | -6", await bms.Intents());
        Assert.Equal("", await bms.TicketsOpened());

        await bms.Settings(("priority_moderate", "do_not_sync"));
        Assert.Equal(200, (await bms.Door.Post($"/v1/intents/{(long)(await bms.LastIntent())["id"]!}/release")).Status);
        await bms.Work("a severity without tickets");
        Assert.Equal("12 | parked | ticket_not_wanted | ticket | 0 | -6", await bms.Intents());

        await bms.Settings();
        Assert.Equal(200, (await bms.Door.Post($"/v1/intents/{(long)(await bms.LastIntent())["id"]!}/release")).Status);
        await bms.Work("a ticket with settings");

        Assert.Equal("12 | confirmed | ticket_opened | ticket | 1 | -6", await bms.Intents());
        Assert.Equal("Change Spanning Backup for Microsoft 365 – Standard licence: 18 to 12 units from N", await bms.TicketsOpened());
        Assert.Equal("1", await bms.Hub.Table("select count(*) from ticket"));
        Assert.Equal("", await bms.Breaches());
    }

    [Fact]
    public async Task A_line_that_is_ended_asks_for_no_units_by_a_ticket_and_its_money_stops_that_day()
    {
        await using var bms = await BmsHub.Imported();
        var line = await bms.Line();

        var ended = await bms.Door.Post($"/v1/lines/{line}/end", new { on = BmsHub.Iso(bms.Night) });
        Assert.Equal(200, ended.Status);
        Assert.Equal(BmsHub.Iso(bms.Night), (string?)ended.Json["line"]!["until"]);
        await bms.Work("the end");

        Assert.Equal("0 | confirmed | ticket_opened | ticket | 1 | -18", await bms.Intents());
        var item = Assert.Single((await bms.Door.Get("/v1/review")).Json["items"]!.AsArray())!;
        Assert.Equal($"-18 {BmsHub.Iso(bms.Night)}", $"{item["units"]} {item["from"]}");
        Assert.Equal("409 line_ended", (await bms.Door.Post($"/v1/lines/{line}/end", new { on = BmsHub.Iso(bms.Night) })).Problem);
        Assert.Equal("409 line_ended", (await bms.Door.Put($"/v1/lines/{line}/units", new { units = "3", effective_on = BmsHub.Iso(bms.Night) })).Problem);
        Assert.Equal("", await bms.Breaches());
    }

    [Fact]
    public async Task A_list_without_the_lines_that_were_there_does_not_tell_that_one_never_arrived()
    {
        await using var bms = await BmsHub.Imported(withSettings: false);
        var line = await bms.Line();
        await bms.Give(line, 21);
        await Lost(bms, "in_doubt");
        // what the hub sent, and does not know of
        await bms.SomebodyAdds(3);
        await bms.FaultOnLines("empty_list", 6);

        await bms.Work("a lost line that lists leave out at first");

        Assert.Equal("21 | confirmed | applied | added_line | 1 | 3", await bms.Intents());
        Assert.Equal("40 3 3.5 N", await bms.LinesAdded());
    }

    [Fact]
    public async Task A_list_without_the_lines_that_were_there_lets_nothing_be_sent_again()
    {
        await using var bms = await BmsHub.Imported(withSettings: false);
        var line = await bms.Line();
        await bms.Give(line, 21);
        await Lost(bms, "parked");
        await bms.SomebodyAdds(3);
        await bms.FaultOnLines("empty_list", 3);
        Assert.Equal(200, (await bms.Door.Post($"/v1/intents/{(long)(await bms.LastIntent())["id"]!}/release")).Status);
        await bms.Hub.Sql("update intent set due_at = now() where state = 'pending'");

        await bms.Work("a released change whose line lists leave out at first");

        Assert.Equal("21 | rejected | superseded | added_line | 1 | 3\n21 | confirmed | applied | added_line | 0 | 3", await bms.Intents());
        Assert.Equal("40 3 3.5 N", await bms.LinesAdded());
    }

    /// <summary>The one intent was sent for three more, and nobody knows how that ended.</summary>
    private static Task Lost(BmsHub bms, string state) => bms.Hub.Sql($"""
        update intent set state = '{state}', code = 'cannot_verify', effect = 'added_line', attempt = 1, observed_before = 18, delta = 3, known_lines = array['40001'],
            sending_at = now() - interval '1 hour', settled_at = case when '{state}' = 'parked' then now() end
        """);

    private static async Task<string> Said(BmsHub bms, long line)
    {
        var intent = await bms.LastIntent();
        var posted = (await bms.Door.Get($"/v1/lines/{line}")).Json["posted"]!;
        Assert.Equal((string?)intent["psa_effect"], (string?)posted["psa_effect"]);
        return $"{intent["psa_effect"]} {intent["state"]} {intent["desired_units"]}";
    }

    private static async Task<string> Planned(BmsHub bms)
    {
        var plan = await bms.Door.Post("/v1/plans", new { through = BmsHub.Iso(bms.Night) });
        var item = Assert.Single((await bms.Door.Get($"/v1/plans/{plan.Json["id"]}/items")).Json["items"]!.AsArray())!;
        return $"{item["psa_effect"]} {item["psa_units"]}";
    }
}
