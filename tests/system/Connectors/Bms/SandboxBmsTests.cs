using UsageBilling.Interfaces.Vendors;
using UsageBilling.Sandbox;
using static UsageBilling.Tests.System.Connectors.Bms.BmsScript;

namespace UsageBilling.Tests.System.Connectors.Bms;

public sealed class SandboxBmsTests
{
    private const string Us = "bms-us";
    private static readonly NewLine s_fourMore = new("16001", "40", "Spanning Backup for Microsoft 365 – Standard licence", 4m, 3.5m, 2.1m, new DateOnly(2026, 9, 16));
    private static readonly DateTimeOffset s_openedAt = new(2026, 9, 21, 2, 30, 0, TimeSpan.Zero);

    private static readonly NewTicket s_ticket = new("alert:17", "Backup failed", "The last good backup is of 19 September.", "4001", s_openedAt, s_openedAt.AddDays(1))
    {
        Location = "8002",
        Status = "1",
        Priority = "12",
        TicketType = "62",
        Source = "0",
    };

    [Fact]
    public async Task The_demo_can_be_read_whole()
    {
        await using var desk = await SandboxDesk.Open();
        var access = desk.BmsAccess(Us);

        var test = Value(await desk.Bms.Test(access, CancellationToken.None));
        var accounts = Value(await desk.Bms.Accounts(access, CancellationToken.None));
        var contracts = Value(await desk.Bms.Contracts(access, CancellationToken.None));
        var services = Value(await desk.Bms.Services(access, ["16001", "16003"], CancellationToken.None));

        Assert.Equal(new CredentialProof("Demo MSP"), test);
        Assert.Equal((5, new ObservedAccount("4000", "Demo MSP", true), new ObservedAccount("4004", "Kestrel Bakery", false)), (accounts.Count, accounts[0], accounts[^1]));
        Assert.Equal((3, new ObservedContract("16001", "4001", "Cedar Freight Inc. – Managed services", true, new(2025, 1, 1), new(2034, 12, 31), 1)), (contracts.Count, contracts[0]));
        Assert.Equal(
        [
            new ObservedService("40001", "16001", "40", "Spanning Backup for Microsoft 365 – Standard licence", 3.5m, 2.1m, 1),
            new ObservedService("40005", "16003", "40", "Spanning Backup for Microsoft 365 – Standard licence", 3.5m, 2.1m, 1),
            new ObservedService("40006", "16003", "41", "Spanning Backup for Microsoft 365 – Archived licence", 1.25m, 0.7m, 1),
            new ObservedService("40002", "16001", "42", "Spanning Backup for Google Workspace – Standard licence", 3.2m, 1.95m, 1),
        ], services);
    }

    [Fact]
    public async Task Each_region_and_Vorex_has_a_company_of_its_own()
    {
        await using var desk = await SandboxDesk.Open();
        var vorex = desk.Set.PsaConnector("vorex")!;

        var emea = Value(await desk.Bms.Test(desk.BmsAccess("bms-emea", "Demo MSP Europe"), CancellationToken.None));
        var other = Value(await vorex.Test(desk.BmsAccess("vorex", "Demo MSP Vorex"), CancellationToken.None));
        var astray = Failure(await desk.Bms.Test(desk.BmsAccess("bms-emea", "Demo MSP"), CancellationToken.None));

        Assert.Equal(("Demo MSP Europe", "Demo MSP Vorex", "wrong_company"), (emea.Account, other.Account, astray.Code));
        Assert.Equal((3, 3), (Value(await vorex.Accounts(desk.BmsAccess("vorex", "Demo MSP Vorex"), CancellationToken.None)).Count, Value(await desk.Bms.Contracts(desk.BmsAccess("bms-emea", "Demo MSP Europe"), CancellationToken.None)).Count));
    }

    [Theory]
    [InlineData("nobody@demo.example", Demo.Secret, "Unauthorized unknown_user")]
    [InlineData(Demo.BmsUser, "no", "Unauthorized wrong_secret")]
    [InlineData("owner@demo.example", Demo.Secret, "Unauthorized mfa_required")]
    [InlineData("clerk@demo.example", Demo.Secret, "Forbidden no_api_access")]
    public async Task What_is_wrong_with_a_user_is_told_apart(string user, string secret, string told)
    {
        await using var desk = await SandboxDesk.Open();

        Assert.Equal(told, Told(await desk.Bms.Test(desk.BmsAccess(Us) with { User = user, Secret = secret }, CancellationToken.None)));
    }

    [Fact]
    public async Task A_line_is_added_and_known_by_its_new_id_and_the_vendors_no_is_quoted()
    {
        await using var desk = await SandboxDesk.Open();
        var before = await Lines(desk);

        var added = await desk.BmsLines.AddLine(desk.BmsAccess(Us), s_fourMore, CancellationToken.None);
        var late = Assert.IsType<SendOutcome.Refused>(await desk.BmsLines.AddLine(desk.BmsAccess(Us), s_fourMore with { EffectiveOn = new(2035, 1, 1) }, CancellationToken.None));
        var after = await Lines(desk);

        Assert.Equal([new AddedLine("40001", s_fourMore.ContractRemoteId, new(2025, 1, 1), 3.5m, 2.1m)], before);
        Assert.Equal([new DateOnly?(new(2026, 9, 16))], after.Except(before).Select(line => line.EffectiveOn));
        Assert.Equal(("applied", "vendor_refused"), (Told(added), late.Code));
        Assert.Contains("EffectiveDate must lie in the contract", late.Message, StringComparison.Ordinal);
        Assert.Equal([$"{after.Except(before).Single().RemoteId} 2026-09-16 4"], await desk.Journal(Us));
    }

    [Theory]
    [InlineData("unauthorized", 2, "not sent: Unauthorized token_refused", false)]
    [InlineData("unauthorized", 1, "applied", true)]
    [InlineData("forbidden", 1, "not sent: Forbidden forbidden", false)]
    [InlineData("rate_limited", 1, "not sent: RateLimited quota_exhausted", false)]
    [InlineData("server_error", 1, "in doubt: ServerError server_error", false)]
    [InlineData("server_error_after_apply", 1, "in doubt: ServerError server_error", true)]
    [InlineData("timeout_before", 1, "in doubt: TimedOut no_answer_in_time", false)]
    [InlineData("timeout_after", 1, "in doubt: TimedOut no_answer_in_time", true)]
    [InlineData("reset_after", 1, "in doubt: ServerError connection_lost", true)]
    [InlineData("ok_with_error", 1, "refused: vendor_refused", false)]
    public async Task A_fault_on_an_added_line_says_what_is_known_and_reading_back_says_the_rest(string kind, int times, string told, bool applied)
    {
        await using var desk = await SandboxDesk.Open();
        var before = await Lines(desk);
        await desk.Fault(Us, kind, "recurringservices", times, retryAfterSeconds: 12);

        var sending = desk.BmsLines.AddLine(desk.BmsAccess(Us), s_fourMore, CancellationToken.None);
        if (kind.StartsWith("timeout", StringComparison.Ordinal)) await desk.LetTheCallTimeOut(Us);
        var outcome = await sending;
        var after = await Lines(desk);

        Assert.Equal((told, applied ? 1 : 0, applied ? 1 : 0), (Told(outcome), after.Except(before).Count(), (await desk.Journal(Us)).Count));
        Assert.Equal(kind == "rate_limited" ? 12 : null, (outcome as SendOutcome.NotSent)?.Failure.RetryAfterSeconds);
    }

    /// <summary>Faults of the account list that last longer than the retries.</summary>
    [Theory]
    [InlineData("unauthorized", "Unauthorized token_refused")]
    [InlineData("forbidden", "Forbidden forbidden")]
    [InlineData("rate_limited", "RateLimited quota_exhausted")]
    [InlineData("server_error", "ServerError server_error")]
    [InlineData("truncated_page", "Malformed list_truncated")]
    [InlineData("looping_next", "Malformed total_changed")]
    [InlineData("ok_with_error", "Rejected vendor_refused")]
    [InlineData("empty_list", "Forbidden no_visible_data")]
    public async Task A_list_of_accounts_with_a_fault_is_a_failure(string kind, string told)
    {
        await using var desk = await SandboxDesk.Open();
        await desk.Fault(Us, kind, "accounts/summary", times: 3);

        Assert.Equal(told, Told(await desk.Bms.Accounts(desk.BmsAccess(Us), CancellationToken.None)));
    }

    [Theory]
    [InlineData("server_error")]
    [InlineData("rate_limited")]
    public async Task A_read_outlives_two_faults(string kind)
    {
        await using var desk = await SandboxDesk.Open();
        await desk.Fault(Us, kind, "accounts/summary", times: 2);

        Assert.Equal(5, Value(await desk.Bms.Accounts(desk.BmsAccess(Us), CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_token_that_ran_out_or_was_turned_away_or_lost_while_it_was_refreshed_costs_nothing_but_calls()
    {
        await using var desk = await SandboxDesk.Open();
        var access = desk.BmsAccess(Us);

        await desk.Bms.Accounts(access, CancellationToken.None);
        desk.Clock.Advance(TimeSpan.FromHours(2));
        var refreshed = await desk.Bms.Accounts(access, CancellationToken.None);
        await desk.Fault(Us, "unauthorized", "accounts/summary");
        var replaced = await desk.Bms.Accounts(access, CancellationToken.None);
        desk.Clock.Advance(TimeSpan.FromHours(2));
        await desk.Fault(Us, "reset_after", "refreshtoken");
        var anew = await desk.Bms.Accounts(access, CancellationToken.None);

        Assert.All([refreshed, replaced, anew], answer => Assert.Equal(5, Value(answer).Count));
    }

    [Fact]
    public async Task The_lists_of_the_desk_come_whole()
    {
        await using var desk = await SandboxDesk.Open();

        var values = Value(await desk.BmsDesk.Values(desk.BmsAccess(Us), CancellationToken.None));

        Assert.All(Enum.GetValues<DeskList>(), list => Assert.Contains(values, value => value.List == list));
        Assert.Contains(new DeskValue(DeskList.Location, "8005", "Warehouse", true, false, "4002"), values);
        Assert.Contains(new DeskValue(DeskList.TicketType, "61", "Service Request", true, true), values);
        Assert.Contains(new DeskValue(DeskList.Source, "0", "Client Portal", true, false), values);
    }

    [Fact]
    public async Task A_ticket_is_opened_found_noted_and_closed()
    {
        await using var desk = await SandboxDesk.Open();
        var access = desk.BmsAccess(Us);

        Assert.Empty(Value(await desk.BmsDesk.Find(access, s_ticket.Mark, CancellationToken.None)));
        var opened = Told(await desk.BmsDesk.Open(access, s_ticket, CancellationToken.None));
        var found = Assert.Single(Value(await desk.BmsDesk.Find(access, s_ticket.Mark, CancellationToken.None)));
        var noted = Told(await desk.BmsDesk.AddNote(access, found.RemoteId, new NewNote("alert:17:2", "Still failing", "Third day.", s_openedAt), CancellationToken.None));
        var note = Assert.Single(Value(await desk.BmsDesk.Notes(access, found.RemoteId, CancellationToken.None)));
        var closed = Told(await desk.BmsDesk.SetStatus(access, found.RemoteId, "5", CancellationToken.None));
        var after = Assert.Single(Value(await desk.BmsDesk.Find(access, s_ticket.Mark, CancellationToken.None)));

        Assert.Equal(("applied", "applied", "applied"), (opened, noted, closed));
        Assert.Equal(("4001", "Backup failed [alert:17]", "1", s_openedAt), (found.AccountRemoteId, found.Title, found.StatusRemoteId, found.OpenedAt));
        Assert.Equal(("Still failing\n\nThird day.\n\n[alert:17:2]", "5"), (note.Text, after.StatusRemoteId));
    }

    [Theory]
    [InlineData("server_error_after_apply", "in doubt: ServerError server_error", 1)]
    [InlineData("reset_after", "in doubt: ServerError connection_lost", 1)]
    [InlineData("server_error", "in doubt: ServerError server_error", 0)]
    [InlineData("ok_with_error", "refused: vendor_refused", 0)]
    public async Task A_ticket_whose_answer_is_lost_is_found_by_its_mark_or_was_never_opened(string kind, string told, int found)
    {
        await using var desk = await SandboxDesk.Open();
        await desk.Fault(Us, kind, "servicedesk/tickets");

        Assert.Equal(told, Told(await desk.BmsDesk.Open(desk.BmsAccess(Us), s_ticket, CancellationToken.None)));

        Assert.Equal(found, Value(await desk.BmsDesk.Find(desk.BmsAccess(Us), s_ticket.Mark, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_repeated_page_of_notes_is_a_failure()
    {
        await using var desk = await SandboxDesk.Open();
        var access = desk.BmsAccess(Us);
        await desk.BmsDesk.AddNote(access, "20000", new NewNote("alert:17:2", "Still failing", "Third day.", s_openedAt), CancellationToken.None);
        await desk.Fault(Us, "repeated_page", "notes");

        Assert.Equal("Malformed page_repeated", Told(await desk.BmsDesk.Notes(access, "20000", CancellationToken.None)));
    }

    private static async Task<IReadOnlyList<AddedLine>> Lines(SandboxDesk desk)
        => [.. Value(await desk.BmsLines.AddedLines(desk.BmsAccess(Us), s_fourMore.ServiceRemoteId, CancellationToken.None)).Where(line => line.ContractRemoteId == s_fourMore.ContractRemoteId)];
}
