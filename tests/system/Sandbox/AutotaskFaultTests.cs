namespace UsageBilling.Tests.System.Sandbox;

public sealed class AutotaskFaultTests
{
    private const int Contract = 29684001;
    private const int Line = 8001;
    private const string Everything = """{"op":"gte","field":"id","value":0}""";

    [Theory]
    [InlineData("unauthorized", 401, """{"errors":["Unauthorized"]}""")]
    [InlineData("forbidden", 403, """{"errors":["The logged in Resource does not have the adequate permissions to perform this action."]}""")]
    [InlineData("rate_limited", 429, """{"errors":["The Autotask API thread threshold of 3 threads has been exceeded."]}""")]
    [InlineData("server_error", 500, """{"Message":"An error has occurred."}""")]
    [InlineData("ok_with_error", 200, """{"errors":["The request could not be completed."]}""")]
    public async Task A_fault_that_answers_in_place_of_the_vendor_applies_nothing_and_goes_away(string kind, int status, string body)
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", $$"""{"kind":"{{kind}}","match":"serviceadjustments","method":"post"}""");
        Assert.Equal(200, (await sandbox.Autotask("GET", "Companies/0")).Status);
        var met = await sandbox.Adjust(Contract, Line, 4, "2026-09-16");
        met.Is(status, body);
        Assert.False(met.Headers.ContainsKey("Retry-After"));
        Assert.Empty(await sandbox.AdjustmentsJournalled());
        (await sandbox.Adjust(Contract, Line, 4, "2026-09-16")).Is(200, """{"itemId":null}""");
    }

    [Fact]
    public async Task A_rate_limit_can_say_how_long_to_wait()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", """{"kind":"rate_limited","retry_after_seconds":7}""");
        Assert.Equal("7", (await sandbox.Autotask("GET", "Companies/0")).Headers["Retry-After"]);
    }

    [Fact]
    public async Task A_server_error_after_apply_waits_for_a_write_and_hides_that_it_was_applied()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", """{"kind":"server_error_after_apply"}""");
        Assert.Equal(200, (await sandbox.Autotask("GET", "Companies/0")).Status);
        (await sandbox.Adjust(Contract, Line, 4, "2026-09-16")).Is(500, """{"Message":"An error has occurred."}""");
        Assert.Equal(["1 line 8001 2026-09-16 4 25->29"], await sandbox.AdjustmentsJournalled());
    }

    [Theory]
    [InlineData("""{"kind":"timeout_before","method":"POST","delay_milliseconds":0}""", 0)]
    [InlineData("""{"kind":"timeout_after","delay_milliseconds":0}""", 1)]
    [InlineData("""{"kind":"reset_after"}""", 1)]
    public async Task A_lost_answer_cuts_the_connection_after_or_before_the_write(string fault, int applied)
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", fault);
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.Adjust(Contract, Line, 4, "2026-09-16"));
        Assert.Equal(applied, (await sandbox.AdjustmentsJournalled()).Count);
        Assert.Equal(applied == 1 ? 500 : 200, (await sandbox.Adjust(Contract, Line, 4, "2026-09-16")).Status);
    }

    [Theory]
    [InlineData("timeout_before", 0)]
    [InlineData("timeout_after", 1)]
    public async Task A_timeout_holds_the_answer_until_the_client_leaves(string kind, int applied)
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", $$"""{"kind":"{{kind}}","match":"ServiceAdjustments"}""");
        using var patience = new CancellationTokenSource();
        var sending = sandbox.Adjust(Contract, Line, 4, "2026-09-16", patience.Token);
        (await sandbox.Call("GET", "/_sandbox/autotask/held?count=1")).Is(200, """{"held":1}""");
        Assert.Equal(applied, (await sandbox.AdjustmentsJournalled()).Count);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(applied, (await sandbox.AdjustmentsJournalled()).Count);
    }

    [Fact]
    public async Task A_truncated_page_promises_more_rows_than_it_has_and_leads_nowhere()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", """{"kind":"truncated_page"}""");
        var page = await sandbox.Autotask("POST", "Companies/query", $$"""{"filter":[{{Everything}}],"MaxRecords":6,"IncludeFields":["id"]}""");
        page.Is(200, """{"items":[{"id":0},{"id":205},{"id":206}],"pageDetails":{"count":6,"requestCount":6,"prevPageUrl":null,"nextPageUrl":null}}""");
    }

    [Fact]
    public async Task A_repeated_page_shows_the_rows_before_it_again()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", """{"kind":"repeated_page"}""");
        Assert.Equal(["0 205 206 207", "0 205 206 207", "212 213 214"], await Pages(sandbox, 9));
    }

    [Fact]
    public async Task A_looping_next_leads_to_the_same_page()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", """{"kind":"looping_next","match":"/query/next","times":1000}""");
        Assert.Equal(["0 205 206 207", "208 209 210 211", "208 209 210 211", "208 209 210 211"], await Pages(sandbox, 4));
    }

    [Fact]
    public async Task An_empty_list_is_empty()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", """{"kind":"empty_list"}""");
        (await sandbox.Query("Companies", Everything)).Is(200, """{"items":[],"pageDetails":{"count":0,"requestCount":500,"prevPageUrl":null,"nextPageUrl":null}}""");
        Assert.Equal(11, (await sandbox.Query("Companies", Everything)).Json["items"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("halved_counts", "12")]
    [InlineData("zero_counts", "0")]
    [InlineData("null_counts", "")]
    public async Task Counts_can_be_wrong_in_what_is_read_and_right_in_what_is_kept(string kind, string shown)
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", $$"""{"kind":"{{kind}}"}""");
        Assert.Equal(11, (await sandbox.Query("Companies", Everything)).Json["items"]!.AsArray().Count);
        var units = await sandbox.Query("ContractServiceUnits", """{"op":"eq","field":"id","value":1}""");
        Assert.Equal(shown, units.Json["items"]![0]!["units"]?.ToString() ?? "");
        Assert.Equal(["2025-01-01..2025-01-31 25 units 87.5"], await sandbox.Units(Line, "2025-01-01", "2025-01-01"));
    }

    [Fact]
    public async Task Stale_reads_show_the_state_of_when_the_fault_was_set()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", """{"kind":"stale_reads","times":2}""");
        await sandbox.Adjust(Contract, Line, 4, "2026-09-16");
        string[] stale = ["2026-09-01..2026-09-30 25 units 87.5"];
        Assert.Equal(stale, await sandbox.Units(Line, "2026-09-16", "2026-09-30"));
        Assert.Equal(stale, await sandbox.Units(Line, "2026-09-16", "2026-09-30"));
        Assert.Equal(["2026-09-16..2026-09-30 29 units 101.5"], await sandbox.Units(Line, "2026-09-16", "2026-09-30"));
    }

    [Fact]
    public async Task A_foreign_edit_happens_at_once_or_just_before_the_request_it_waits_for()
    {
        await using var sandbox = await TestSandbox.Start();
        const string edit = """{"kind":"foreign_edit","contract_service_id":8001,"unit_change":2,"effective_date":"%"}""";
        (await sandbox.Fault("autotask", edit.Replace("%", "2026-09-10", StringComparison.Ordinal))).Is(201, """{"kind":"foreign_edit","applied":true}""");
        await sandbox.Fault("autotask", edit.Replace("%\"", "2026-09-12\",\"match\":\"ServiceAdjustments\"", StringComparison.Ordinal));
        await sandbox.Adjust(Contract, Line, 4, "2026-09-16");
        Assert.Equal(
            ["1 line 8001 2026-09-10 2 25->27 foreign", "2 line 8001 2026-09-12 2 27->29 foreign", "3 line 8001 2026-09-16 4 29->33"],
            await sandbox.AdjustmentsJournalled());
        var refused = await sandbox.Call("POST", "/_sandbox/autotask/faults", edit.Replace("%", "2026-09-16", StringComparison.Ordinal));
        Assert.Equal((400, "Attempt to insert duplicate data into contract_service_period"), (refused.Status, refused.Json["detail"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_fault_with_a_chance_throws_seeded_dice()
    {
        var runs = new List<string>();
        for (var run = 0; run < 2; run++)
        {
            await using var sandbox = await TestSandbox.Start();
            await sandbox.Fault("autotask", """{"kind":"server_error","chance":0.5,"seed":42,"times":1000}""");
            var statuses = new List<int>();
            for (var call = 0; call < 20; call++)
                statuses.Add((await sandbox.Autotask("GET", "Companies/0")).Status);
            runs.Add(string.Join(" ", statuses));
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.Contains("200", runs[0], StringComparison.Ordinal);
        Assert.Contains("500", runs[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_are_listed_with_what_is_left_of_them_and_cleared()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("autotask", """{"kind":"server_error","times":2}""");
        await sandbox.Fault("autotask", """{"kind":"forbidden","match":"Tickets"}""");
        await sandbox.Autotask("GET", "Companies/0");
        var listed = (await sandbox.Call("GET", "/_sandbox/autotask/faults")).Json.AsArray();
        Assert.Equal(["server_error 1", "forbidden 1"], listed.Select(fault => $"{fault!["kind"]} {fault["times_left"]}"));
        Assert.Equal(204, (await sandbox.Call("DELETE", "/_sandbox/autotask/faults")).Status);
        (await sandbox.Call("GET", "/_sandbox/autotask/faults")).Is(200, "[]");
        Assert.Equal(200, (await sandbox.Autotask("GET", "Companies/0")).Status);
    }

    [Theory]
    [InlineData("""{"kind":"gremlins"}""", "'gremlins' is not a kind of fault. The kinds are: unauthorized, forbidden, rate_limited,")]
    [InlineData("not json", "The body is not a fault:")]
    [InlineData("""{"kind":"slow","delay":5}""", "The body is not a fault:")]
    [InlineData("""{"kind":"slow","times":0}""", "times must be 1 to 1000000.")]
    [InlineData("""{"kind":"slow","chance":2}""", "chance must be above 0 and at most 1.")]
    [InlineData("""{"kind":"foreign_edit"}""", "foreign_edit needs contract_service_id, unit_change and effective_date.")]
    public async Task A_bad_fault_is_a_400_that_says_why(string body, string detail)
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.Call("POST", "/_sandbox/autotask/faults", body);
        Assert.Equal(400, reply.Status);
        Assert.StartsWith(detail, reply.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> Pages(TestSandbox sandbox, int most)
    {
        var body = $$"""{"filter":[{{Everything}}],"MaxRecords":4}""";
        List<string> pages = [];
        string? link = "Companies/query";
        while (link is not null && pages.Count < most)
        {
            var reply = await sandbox.Autotask("POST", link, body);
            pages.Add(reply.Ids);
            link = reply.Json["pageDetails"]!["nextPageUrl"]?.GetValue<string>();
        }

        return pages;
    }
}
