using UsageBilling.Sandbox;

namespace UsageBilling.Tests.System.Sandbox;

public sealed class BmsFaultTests : IDisposable
{
    private const string Us = "bms-us";
    private const string AddTo = "finance/contracts/recurringservices/16001/services";
    private const string Line = """[{"serviceId":40,"units":3,"unitPrice":3.5,"effectiveDate":"2026-09-16"}]""";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sandbox-bms-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("unauthorized", 401, 978001, "Security Error")]
    [InlineData("forbidden", 403, 403, "Forbidden")]
    [InlineData("rate_limited", 429, 429, "Too Many Requests")]
    [InlineData("server_error", 500, 500, "Internal Server Error")]
    [InlineData("ok_with_error", 200, 500, "The request could not be completed.")]
    public async Task A_fault_that_answers_in_place_of_the_vendor_applies_nothing_and_goes_away(string kind, int status, int code, string message)
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault(Us, $$"""{"kind":"{{kind}}","match":"recurringservices","method":"post"}""");
        var met = await Add(sandbox);
        Assert.Equal((status, $"false {code} {message}"), (met.Status, $"{met.Json["success"]!.ToJsonString()} {met.Json["error"]!["code"]} {met.Json["error"]!["message"]}"));
        Assert.False(met.Headers.ContainsKey("Retry-After"));
        Assert.Empty(await sandbox.BmsJournal(Us));
        Assert.True((await Add(sandbox)).Json["success"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_rate_limit_can_say_how_long_to_wait()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault(Us, """{"kind":"rate_limited","retry_after_seconds":7,"match":"queues"}""");
        Assert.Equal("7", (await sandbox.Bms(Us, "GET", "system/queues/lookup")).Headers["Retry-After"]);
    }

    [Fact]
    public async Task Each_endpoint_has_an_hour_of_its_own()
    {
        await using var sandbox = await TestSandbox.Start(new SandboxOptions { EndpointCallsMax = 2, TokenSeconds = 86_400 });
        Assert.Equal((200, 200, 429), (await Status(sandbox, "queues"), await Status(sandbox, "queues"), await Status(sandbox, "queues")));
        Assert.Equal(200, await Status(sandbox, "slas"));
        await sandbox.Call("POST", "/_sandbox/clock", """{"advance_seconds":3600}""");
        Assert.Equal(200, await Status(sandbox, "queues"));
        await sandbox.Call("POST", $"/_sandbox/{Us}/traffic", """{"strangers":2}""");
        Assert.Equal((429, 429), (await Status(sandbox, "slas"), await Status(sandbox, "worktypes")));
        var traffic = (await sandbox.Call("GET", $"/_sandbox/{Us}/traffic")).Json["GET v2/system/queues/lookup"]!;
        Assert.Equal("4 1", $"{traffic["requests"]} {traffic["turned_away"]}");
    }

    [Theory]
    [InlineData("""{"kind":"timeout_before","match":"recurringservices","delay_milliseconds":0}""", 0)]
    [InlineData("""{"kind":"timeout_after","delay_milliseconds":0}""", 1)]
    [InlineData("""{"kind":"reset_after"}""", 1)]
    public async Task A_lost_answer_cuts_the_connection_after_or_before_the_write(string fault, int applied)
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault(Us, fault);
        await Assert.ThrowsAsync<HttpRequestException>(() => Add(sandbox));
        Assert.Equal(applied, (await sandbox.BmsJournal(Us)).Count);
        await Add(sandbox);
        Assert.Equal(applied + 1, (await sandbox.BmsJournal(Us)).Count);
    }

    [Fact]
    public async Task A_timeout_holds_the_answer_until_the_client_leaves()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault(Us, """{"kind":"timeout_after"}""");
        using var patience = new CancellationTokenSource();
        var sending = sandbox.Bms(Us, "POST", AddTo, Line, patience.Token);
        (await sandbox.Call("GET", $"/_sandbox/{Us}/held?count=1")).Is(200, """{"held":1}""");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(["1 POST contractservices 40007 2026-09-16 0->3"], await sandbox.BmsJournal(Us));
    }

    [Fact]
    public async Task A_server_error_after_apply_hides_that_it_was_applied()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault(Us, """{"kind":"server_error_after_apply"}""");
        Assert.Equal(200, (await sandbox.Bms(Us, "POST", "servicedesk/tickets/search", "{}")).Status);
        Assert.Equal(500, (await Add(sandbox)).Status);
        Assert.Single(await sandbox.BmsJournal(Us));
    }

    [Fact]
    public async Task A_lost_refresh_leaves_a_client_without_tokens()
    {
        await using var sandbox = await TestSandbox.Start();
        var pair = (await sandbox.BmsSignIn(Us)).Json["result"]!;
        await sandbox.Fault(Us, """{"kind":"reset_after","match":"refreshtoken"}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => Refresh());
        Assert.False((await Refresh()).Json["success"]!.GetValue<bool>());

        Task<Reply> Refresh() => sandbox.BmsForm(Us, "refreshtoken", new FormUrlEncodedContent(
            new Dictionary<string, string> { ["AccessToken"] = pair["accessToken"]!.ToString(), ["RefreshToken"] = pair["refreshToken"]!.ToString() }));
    }

    [Theory]
    [InlineData("truncated_page", 1, "4000", 5)]
    [InlineData("repeated_page", 2, "4000 4001", 5)]
    [InlineData("looping_next", 9, "4002 4003", 20)]
    [InlineData("empty_list", 1, "", 0)]
    public async Task A_list_can_be_wrong_in_ways_its_total_tells_or_hides(string kind, int page, string ids, int total)
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault(Us, $$"""{"kind":"{{kind}}"}""");
        var reply = await sandbox.Bms(Us, "GET", $"crm/accounts/summary?PageSize=2&PageNumber={page}");
        Assert.Equal((ids, total), (string.Join(" ", reply.Json["result"]!.AsArray().Select(row => row!["id"]!.ToString())), reply.Json["totalRecords"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_page_asked_for_by_a_body_can_be_repeated_too()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault(Us, """{"kind":"repeated_page"}""");
        await Search(1);
        Assert.Equal("40", await Search(2));
        Assert.Equal("41", await Search(2));

        async Task<string> Search(int page) =>
            (await sandbox.Bms(Us, "POST", "admin/finance/services/search", $$"""{"pageSize":1,"pageNumber":{{page}}}""")).Json["result"]![0]!["id"]!.ToString();
    }

    [Fact]
    public async Task Stale_reads_show_the_state_of_when_the_fault_was_set()
    {
        await using var sandbox = await TestSandbox.Start();
        await sandbox.Fault(Us, """{"kind":"stale_reads"}""");
        await Add(sandbox);
        Assert.Equal("171.8", await BillingPrice(sandbox));
        Assert.Equal("182.3", await BillingPrice(sandbox));
    }

    [Fact]
    public async Task A_foreign_edit_changes_units_as_a_person_does_and_counts_have_nothing_to_show_themselves_on()
    {
        await using var sandbox = await TestSandbox.Start();
        const string edit = """{"kind":"foreign_edit","contract_service_id":40001,"unit_change":%,"effective_date":"2026-09-10"}""";
        await sandbox.Fault(Us, edit.Replace("%", "2", StringComparison.Ordinal));
        await sandbox.Fault(Us, edit.Replace("%", "-1,\"match\":\"recurringservices\"", StringComparison.Ordinal));
        await sandbox.Fault(Us, """{"kind":"halved_counts"}""");
        await Add(sandbox);
        Assert.Equal(
            ["1 POST contractservices 40001 2026-09-10 18->20 foreign", "2 POST contractservices 40001 2026-09-10 20->19 foreign", "3 POST contractservices 40007 2026-09-16 0->3"],
            await sandbox.BmsJournal(Us));
        Assert.Equal("185.8", await BillingPrice(sandbox));
        Assert.Equal(["halved_counts 1"], (await sandbox.Call("GET", $"/_sandbox/{Us}/faults")).Json.AsArray().Select(fault => $"{fault!["kind"]} {fault["times_left"]}"));
        Assert.Equal(400, (await sandbox.Call("POST", $"/_sandbox/{Us}/faults", edit.Replace("%", "-99", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task A_restart_keeps_rows_and_the_journal_of_every_region()
    {
        var options = new SandboxOptions { State = Path.Combine(folder.FullName, "state.json") };
        await using (var first = await TestSandbox.Start(options))
        {
            await Add(first);
            await first.Bms("vorex", "PUT", "finance/contracts/24001/deactivate");
        }

        await using var second = await TestSandbox.Start(options);
        await Add(second);
        Assert.Equal(["1 POST contractservices 40007 2026-09-16 0->3", "2 POST contractservices 40008 2026-09-16 0->3"], await second.BmsJournal(Us));
        Assert.Equal(["1 PUT contracts 24001"], await second.BmsJournal("vorex"));
        Assert.Equal("192.8", await BillingPrice(second));
    }

    [Fact]
    public async Task A_seed_without_a_region_has_no_such_vendor_and_a_bad_one_is_told()
    {
        foreach (var name in new[] { "autotask.json", "uniview.json", "vorex.json" })
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Seed", name), Path.Combine(folder.FullName, name));
        var options = new SandboxOptions { Seed = folder.FullName };
        await using (var sandbox = await TestSandbox.Start(options))
        {
            Assert.Equal(200, (await sandbox.Bms("vorex", "GET", "system/queues/lookup")).Status);
            Assert.Equal(404, (await sandbox.Call("GET", "/bms-us/v2/system/queues/lookup")).Status);
        }

        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "bms-us.json"), """{"tenant":"T","tenantId":1,"accounts":[{"id":1,"colour":"red"}]}""");
        var refused = await Assert.ThrowsAsync<SandboxCannotStartException>(() => TestSandbox.Start(options));
        Assert.Equal("The seed file bms-us.json cannot be used: colour is not a property of accounts.", refused.Message);
    }

    private static Task<Reply> Add(TestSandbox sandbox) => sandbox.Bms(Us, "POST", AddTo, Line);

    private static async Task<int> Status(TestSandbox sandbox, string list) => (await sandbox.Bms(Us, "GET", $"system/{list}/lookup")).Status;

    private static async Task<string> BillingPrice(TestSandbox sandbox) =>
        (await sandbox.Bms(Us, "GET", "finance/contracts/summary?Filter.AccountName=Cedar")).Json["result"]![0]!["contractBillingPrice"]!.ToJsonString();
}
