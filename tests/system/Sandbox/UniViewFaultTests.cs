namespace UsageBilling.Tests.System.Sandbox;

public sealed class UniViewFaultTests
{
    private const string Domains = "v2/spanning/domains?include[users]=false&page_size=4&page_number=";

    [Theory]
    [InlineData("unauthorized", 401, """{"title":"Unauthorized","status":401}""")]
    [InlineData("forbidden", 403, """{"title":"Forbidden","status":403}""")]
    [InlineData("rate_limited", 429, """{"title":"Too Many Requests","status":429}""")]
    [InlineData("server_error", 500, """{"title":"Internal Server Error","status":500}""")]
    [InlineData("server_error_after_apply", 500, """{"title":"Internal Server Error","status":500}""")]
    [InlineData("ok_with_error", 200, """{"errors":["The request could not be completed."]}""")]
    public async Task A_fault_answers_in_place_of_the_vendor_once(string kind, int status, string body)
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("uniview", $$"""{"kind":"{{kind}}","match":"/spanning/","retry_after_seconds":9}""");
        var met = await sandbox.UniView(Domains + 1);
        met.Is(status, body);
        Assert.Equal(kind == "rate_limited" ? "9" : "", met.Headers.GetValueOrDefault("Retry-After", ""));
        Assert.Equal(200, (await sandbox.UniView(Domains + 1)).Status);
    }

    [Theory]
    [InlineData("timeout_before")]
    [InlineData("timeout_after")]
    [InlineData("reset_after")]
    public async Task A_fault_cuts_the_connection_once(string kind)
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Token();
        await sandbox.Fault("uniview", $$"""{"kind":"{{kind}}","match":"/spanning/","delay_milliseconds":0}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => sandbox.UniView(Domains + 1));
        Assert.Equal(200, (await sandbox.UniView(Domains + 1)).Status);
    }

    [Theory]
    [InlineData("truncated_page", 1, "d-301 d-302", "13 4")]
    [InlineData("repeated_page", 2, "d-301 d-302 d-303 d-304", "13 4")]
    [InlineData("looping_next", 9, "d-313", "13 10")]
    [InlineData("empty_list", 1, "", "0 0")]
    public async Task A_list_can_be_wrong_in_ways_its_headers_tell_or_hide(string kind, int page, string ids, string totals)
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("uniview", $$"""{"kind":"{{kind}}"}""");
        var reply = await sandbox.UniView(Domains + page);
        Assert.Equal(
            (200, ids, totals),
            (reply.Status, string.Join(" ", reply.Json.AsArray().Select(row => row!["id"]!.ToString())), $"{reply.Headers["Paging-Total-Records"]} {reply.Headers["Paging-Total-Pages"]}"));
    }

    [Theory]
    [InlineData("halved_counts", "14 2 30 16")]
    [InlineData("zero_counts", "0 0 0 0")]
    [InlineData("null_counts", "  60 0")]
    public async Task Counts_can_be_wrong(string kind, string counts)
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("uniview", $$"""{"kind":"{{kind}}"}""");
        Assert.Equal(counts, await FirstCounts(sandbox));
        Assert.Equal("28 4 60 32", await FirstCounts(sandbox));
    }

    [Fact]
    public async Task Stale_reads_show_the_state_of_when_the_fault_was_set()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("uniview", """{"kind":"stale_reads"}""");
        await sandbox.Call("POST", "/_sandbox/uniview/domains/d-301", """{"numberOfProtectedStandardUsers":30}""");
        Assert.Equal("28 4 60 32", await FirstCounts(sandbox));
        Assert.Equal("30 4 60 34", await FirstCounts(sandbox));
    }

    [Fact]
    public async Task A_slow_answer_comes_when_the_faults_are_cleared()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault("uniview", """{"kind":"slow","match":"/spanning/"}""");
        var slow = sandbox.UniView(Domains + 1);
        (await sandbox.Call("GET", "/_sandbox/uniview/held?count=1")).Is(200, """{"held":1}""");
        Assert.False(slow.IsCompleted);
        await sandbox.Call("DELETE", "/_sandbox/uniview/faults");
        Assert.Equal(200, (await slow).Status);
    }

    [Fact]
    public async Task A_foreign_edit_has_nothing_to_edit()
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.Call("POST", "/_sandbox/uniview/faults", """{"kind":"foreign_edit","contract_service_id":1,"unit_change":1,"effective_date":"2026-09-16"}""");
        Assert.Equal(400, reply.Status);
    }

    private static async Task<string> FirstCounts(TestSandbox sandbox)
    {
        var domain = (await sandbox.UniView(Domains + 1)).Json[0]!;
        return $"{domain["numberOfProtectedStandardUsers"]} {domain["numberOfArchivedLicensesTotal"]} {domain["numberOfUsers"]} {domain["numberOfProtectedUsers"]}";
    }
}
