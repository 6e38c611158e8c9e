using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.System.Connectors;

public sealed class SandboxAutotaskTests
{
    private static readonly UnitsChange s_fourMore = new("29684001", "8001", new DateOnly(2026, 9, 16), 4m);
    private static readonly DateOnly s_first = new(2026, 9, 1);
    private static readonly DateOnly s_last = new(2026, 9, 30);

    [Fact]
    public async Task The_demo_can_be_read_whole()
    {
        await using var desk = await SandboxDesk.Open();
        var access = desk.AutotaskAccess;

        var test = Value(await desk.Autotask.Test(access, CancellationToken.None));
        var accounts = Value(await desk.Autotask.Accounts(access, CancellationToken.None));
        var contracts = Value(await desk.Autotask.Contracts(access, CancellationToken.None));
        var services = Value(await desk.Autotask.Services(access, ["29684001", "29684005"], CancellationToken.None));
        var units = Value(await desk.Autotask.Units(access, ["8001", "8009"], s_first, s_last, CancellationToken.None));
        var quota = Value(await desk.Autotask.Quota(access, CancellationToken.None));

        Assert.Equal(new CredentialProof("Demo MSP"), test);
        Assert.Equal((11, new ObservedAccount("0", "Demo MSP", true), new ObservedAccount("214", "Juniper Community Clinic", true)), (accounts.Count, accounts[0], accounts[^1]));
        Assert.Equal((10, new ObservedContract("29684001", "205", "Alder Dental Ltd – Managed services", true, new(2025, 1, 1), new(2034, 12, 31), 1)), (contracts.Count, contracts[0]));
        Assert.Equal(
        [
            new ObservedService("8001", "29684001", "45", "Spanning Backup for Microsoft 365 – Standard licence", 3.5m, 2.1m, 1),
            new ObservedService("8002", "29684001", "46", "Spanning Backup for Microsoft 365 – Archived licence", 1.25m, 0.7m, 1),
            new ObservedService("8009", "29684005", "47", "Spanning Backup for Google Workspace – Standard licence", 3.2m, 1.95m, 1),
        ], services);
        Assert.Equal([new ObservedUnits("8001", s_first, s_last, 25m, false), new ObservedUnits("8009", s_first, s_last, 85m, false)], units);
        Assert.Equal((true, 10_000, 60), (quota.Used > 0, quota.Allowed, quota.WindowMinutes));
    }

    [Fact]
    public async Task An_adjustment_is_applied_once_and_read_back_and_its_date_is_then_taken()
    {
        await using var desk = await SandboxDesk.Open();

        var first = await desk.Autotask.ChangeUnits(desk.AutotaskAccess, s_fourMore, CancellationToken.None);
        var units = Value(await desk.Autotask.Units(desk.AutotaskAccess, ["8001"], s_first, s_last, CancellationToken.None));
        var again = await desk.Autotask.ChangeUnits(desk.AutotaskAccess, s_fourMore, CancellationToken.None);
        var late = await desk.Autotask.ChangeUnits(desk.AutotaskAccess, s_fourMore with { EffectiveOn = new(2035, 1, 1) }, CancellationToken.None);

        Assert.Equal(("applied", "refused: date_taken", "refused: date_outside_contract"), (Told(first), Told(again), Told(late)));
        Assert.Equal([new ObservedUnits("8001", s_first, new(2026, 9, 15), 25m, false), new ObservedUnits("8001", new(2026, 9, 16), s_last, 29m, false)], units);
        Assert.Equal(["8001 2026-09-16 4"], await desk.Journal());
    }

    [Theory]
    [InlineData("unauthorized", "not sent: Unauthorized wrong_secret", false)]
    [InlineData("forbidden", "not sent: Forbidden forbidden", false)]
    [InlineData("rate_limited", "not sent: RateLimited thread_limit", false)]
    [InlineData("server_error", "in doubt: ServerError server_error", false)]
    [InlineData("server_error_after_apply", "in doubt: ServerError server_error", true)]
    [InlineData("timeout_before", "in doubt: TimedOut no_answer_in_time", false)]
    [InlineData("timeout_after", "in doubt: TimedOut no_answer_in_time", true)]
    [InlineData("reset_after", "in doubt: ServerError connection_lost", true)]
    [InlineData("ok_with_error", "in doubt: Malformed errors_in_success", false)]
    public async Task A_fault_on_a_write_says_what_is_known_and_is_never_answered_by_a_second_write(string kind, string told, bool applied)
    {
        await using var desk = await SandboxDesk.Open();
        await desk.Fault("autotask", kind, "ServiceAdjustments", retryAfterSeconds: 12);

        var sending = desk.Autotask.ChangeUnits(desk.AutotaskAccess, s_fourMore, CancellationToken.None);
        if (kind.StartsWith("timeout", StringComparison.Ordinal)) await desk.LetTheCallTimeOut("autotask");
        var outcome = await sending;

        Assert.Equal(told, Told(outcome));
        Assert.Equal(kind == "rate_limited" ? 12 : null, (outcome as SendOutcome.NotSent)?.Failure.RetryAfterSeconds);
        Assert.Equal(applied ? ["8001 2026-09-16 4"] : [], await desk.Journal());
        var covering = Value(await desk.Autotask.Units(desk.AutotaskAccess, ["8001"], s_last, s_last, CancellationToken.None));
        Assert.Equal([applied ? 29m : 25m], covering.Select(units => units.Units));
    }

    /// <summary>Faults of the account list that last longer than the retries.</summary>
    [Theory]
    [InlineData("unauthorized", "Unauthorized wrong_secret")]
    [InlineData("forbidden", "Forbidden forbidden")]
    [InlineData("rate_limited", "RateLimited thread_limit")]
    [InlineData("server_error", "ServerError server_error")]
    [InlineData("truncated_page", "Malformed list_truncated")]
    [InlineData("looping_next", "Malformed page_repeated")]
    [InlineData("ok_with_error", "Malformed errors_in_success")]
    [InlineData("empty_list", "Malformed list_truncated")]
    public async Task A_list_of_accounts_with_a_fault_is_a_failure(string kind, string told)
    {
        await using var desk = await SandboxDesk.Open();
        await desk.Fault("autotask", kind, "Companies/query", times: 3);

        var failure = Assert.IsType<VendorAnswer<IReadOnlyList<ObservedAccount>>.Failed>(await desk.Autotask.Accounts(desk.AutotaskAccess, CancellationToken.None)).Failure;

        Assert.Equal(told, $"{failure.Kind} {failure.Code}");
    }

    [Theory]
    [InlineData("server_error", 2)]
    [InlineData("rate_limited", 2)]
    public async Task A_read_outlives_two_faults(string kind, int times)
    {
        await using var desk = await SandboxDesk.Open();
        await desk.Fault("autotask", kind, "Companies/query", times);

        Assert.Equal(11, Value(await desk.Autotask.Accounts(desk.AutotaskAccess, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_read_that_times_out_is_tried_again()
    {
        await using var desk = await SandboxDesk.Open();
        await desk.Fault("autotask", "timeout_before", "Companies/query");

        var reading = desk.Autotask.Accounts(desk.AutotaskAccess, CancellationToken.None);
        await desk.LetTheCallTimeOut("autotask");

        Assert.Equal(11, Value(await reading).Count);
    }

    [Fact]
    public async Task An_empty_list_of_contracts_is_told_from_no_contracts_by_the_count()
    {
        await using var desk = await SandboxDesk.Open();
        await desk.Fault("autotask", "empty_list", "Contracts/query");

        var failed = Assert.IsType<VendorAnswer<IReadOnlyList<ObservedContract>>.Failed>(await desk.Autotask.Contracts(desk.AutotaskAccess, CancellationToken.None));

        Assert.Equal("list_truncated", failed.Failure.Code);
    }

    [Fact]
    public async Task Units_come_from_every_page_and_a_repeated_page_is_a_failure()
    {
        await using var desk = await SandboxDesk.Open();
        string[] lines = ["8001", "8002", "8003", "8004", "8005"];

        var whole = Value(await desk.Autotask.Units(desk.AutotaskAccess, lines, new(2025, 1, 1), new(2034, 12, 31), CancellationToken.None));
        await desk.Fault("autotask", "repeated_page", "ContractServiceUnits/query/next");
        var repeated = await desk.Autotask.Units(desk.AutotaskAccess, lines, new(2025, 1, 1), new(2034, 12, 31), CancellationToken.None);

        Assert.Equal(5 * 120, whole.Count);
        Assert.Equal("page_repeated", Assert.IsType<VendorAnswer<IReadOnlyList<ObservedUnits>>.Failed>(repeated).Failure.Code);
    }

    [Fact]
    public async Task Units_that_are_null_fail_the_read_and_a_foreign_edit_shows()
    {
        await using var desk = await SandboxDesk.Open();
        await desk.Fault("autotask", "null_counts", "ContractServiceUnits");

        var nulls = await desk.Autotask.Units(desk.AutotaskAccess, ["8001"], s_first, s_last, CancellationToken.None);
        await desk.ForeignEdit(8001, 6, "2026-09-10");
        var edited = Value(await desk.Autotask.Units(desk.AutotaskAccess, ["8001"], s_last, s_last, CancellationToken.None));

        Assert.Equal("row_unreadable", Assert.IsType<VendorAnswer<IReadOnlyList<ObservedUnits>>.Failed>(nulls).Failure.Code);
        Assert.Equal([31m], edited.Select(units => units.Units));
        Assert.Equal(["8001 2026-09-10 6 foreign"], await desk.Journal());
    }

    [Fact]
    public async Task Many_reads_at_once_stay_below_the_vendors_thread_limit()
    {
        await using var desk = await SandboxDesk.Open();
        await desk.Autotask.Quota(desk.AutotaskAccess, CancellationToken.None);
        await desk.Fault("autotask", "slow", "Contracts/query", times: 3);
        // The three slow ones hold every seat; a fourth call beside them would be answered 429 and, tried thrice, fail.
        var reads = Enumerable.Range(0, 12).Select(_ => desk.Autotask.Contracts(desk.AutotaskAccess, CancellationToken.None)).ToList();
        await desk.Held("autotask", 3);
        await desk.Release("autotask");

        Assert.All(await Task.WhenAll(reads), answer => Assert.Equal(10, Value(answer).Count));
    }

    private static string Told(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Applied => "applied",
        SendOutcome.Refused refused => $"refused: {refused.Code}",
        SendOutcome.NotSent notSent => $"not sent: {notSent.Failure.Kind} {notSent.Failure.Code}",
        SendOutcome.InDoubt doubt => $"in doubt: {doubt.Failure.Kind} {doubt.Failure.Code}",
        _ => throw new InvalidOperationException(),
    };

    private static T Value<T>(VendorAnswer<T> answer) => answer is VendorAnswer<T>.Failed failed ? throw new InvalidOperationException(failed.Failure.ToString()) : ((VendorAnswer<T>.Answered)answer).Value;
}
