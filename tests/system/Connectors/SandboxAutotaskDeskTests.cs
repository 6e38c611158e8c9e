using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.System.Connectors;

/// <summary>The service desk of Autotask against the sandbox: a ticket's whole life, and its answers lost.</summary>
public sealed class SandboxAutotaskDeskTests
{
    private static readonly DateTimeOffset s_now = new(2026, 9, 21, 10, 0, 0, TimeSpan.Zero);

    private static readonly NewTicket s_ticket = new("hub:alert-17", "Usage mismatch: M365", "31 instead of 28.", "205", s_now, s_now.AddDays(1))
    {
        Queue = "29683378", Location = "3002", TicketType = "5", Source = "-1",
    };

    [Fact]
    public async Task A_ticket_is_opened_found_noted_closed_and_opened_again()
    {
        await using var desk = await SandboxDesk.Open();
        var (tickets, access) = (desk.AutotaskTickets, desk.AutotaskAccess);

        Assert.Equal("applied", Told(await tickets.Open(access, s_ticket, CancellationToken.None)));
        var found = Assert.Single(Value(await tickets.Find(access, "hub:alert-17", CancellationToken.None)));
        Assert.Equal("applied", Told(await tickets.AddNote(access, found.RemoteId, Note("2"), CancellationToken.None)));
        Assert.Equal("applied", Told(await tickets.AddNote(access, found.RemoteId, Note("3"), CancellationToken.None)));
        var notes = Value(await tickets.Notes(access, found.RemoteId, CancellationToken.None));
        Assert.Equal("applied", Told(await tickets.SetStatus(access, found.RemoteId, "5", CancellationToken.None)));
        var closed = Assert.Single(Value(await tickets.Find(access, "hub:alert-17", CancellationToken.None)));
        Assert.Equal("applied", Told(await tickets.SetStatus(access, found.RemoteId, "1", CancellationToken.None)));

        var day = desk.Clock.GetUtcNow();
        Assert.Equal(("1", $"T{day:yyyyMMdd}.0001", "205", "Usage mismatch: M365", "1"), (found.RemoteId, found.Number, found.AccountRemoteId, found.Title, found.StatusRemoteId));
        Assert.Equal((true, "/Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketID=1"), (found.OpenedAt == day, found.Link!.PathAndQuery));
        Assert.Equal(found with { StatusRemoteId = "5" }, closed);
        Assert.Equal([new ObservedNote("2", "Still 31.\n\nhub:alert-17:3"), new ObservedNote("1", "Still 31.\n\nhub:alert-17:2")], notes);
        Assert.Equal(["POST Tickets 1", "POST TicketNotes 1", "POST TicketNotes 2", "PATCH Tickets 1", "PATCH Tickets 1"], await desk.Writes());
    }

    [Fact]
    public async Task Values_are_the_lists_of_the_tenant_and_the_places_of_its_companies()
    {
        await using var desk = await SandboxDesk.Open();

        var values = Value(await desk.AutotaskTickets.Values(desk.AutotaskAccess, CancellationToken.None));

        Assert.Equal(
            ["IssueType 2", "Location 5", "Priority 4", "Queue 3", "Source 3", "Status 5", "TicketType 3"],
            values.GroupBy(value => value.List).Select(list => $"{list.Key} {list.Count()}").Order(StringComparer.Ordinal));
        Assert.Contains(new DeskValue(DeskList.Status, "5", "Complete", true, false), values);
        Assert.Contains(new DeskValue(DeskList.Status, "12", "On Hold", false, false), values);
        Assert.Contains(new DeskValue(DeskList.Priority, "2", "Medium", true, true), values);
        Assert.Contains(new DeskValue(DeskList.Location, "3005", "Lincoln depot", false, false, "207"), values);
    }

    [Theory]
    [InlineData("999", "29683378", "3002", "refused: vendor_refused")]
    [InlineData("205", "5", "3002", "refused: vendor_refused")]
    [InlineData("205", "29683378", "3003", "refused: vendor_refused")]
    [InlineData("205", null, "3002", "refused: queue_needed")]
    [InlineData("205", "29683378", null, "applied")]
    [InlineData("0", "29683378", null, "applied")]
    public async Task What_a_ticket_names_must_exist(string account, string? queue, string? location, string told)
    {
        await using var desk = await SandboxDesk.Open();

        var outcome = await desk.AutotaskTickets.Open(desk.AutotaskAccess, s_ticket with { AccountRemoteId = account, Queue = queue, Location = location }, CancellationToken.None);

        Assert.Equal((told, told == "applied" ? 1 : 0), (Told(outcome), (await desk.Writes()).Count));
    }

    /// <summary>Every fault of a write: what is known after it, and what looking for the mark then shows.</summary>
    [Theory]
    [InlineData("unauthorized", "not sent: Unauthorized wrong_secret", 0)]
    [InlineData("forbidden", "not sent: Forbidden forbidden", 0)]
    [InlineData("rate_limited", "not sent: RateLimited thread_limit", 0)]
    [InlineData("server_error", "in doubt: ServerError server_error", 0)]
    [InlineData("server_error_after_apply", "in doubt: ServerError server_error", 1)]
    [InlineData("timeout_before", "in doubt: TimedOut no_answer_in_time", 0)]
    [InlineData("timeout_after", "in doubt: TimedOut no_answer_in_time", 1)]
    [InlineData("reset_after", "in doubt: ServerError connection_lost", 1)]
    [InlineData("ok_with_error", "in doubt: Malformed errors_in_success", 0)]
    public async Task A_lost_ticket_is_told_from_one_never_opened_by_its_mark(string kind, string told, int there)
    {
        await using var desk = await SandboxDesk.Open();
        var whole = s_ticket with { Status = "1", Priority = "2" };
        await desk.Fault("autotask", kind, "V1.0/Tickets", retryAfterSeconds: 12);

        var opening = desk.AutotaskTickets.Open(desk.AutotaskAccess, whole, CancellationToken.None);
        if (kind.StartsWith("timeout", StringComparison.Ordinal)) await desk.LetTheCallTimeOut("autotask");
        var outcome = await opening;

        Assert.Equal((told, kind == "rate_limited" ? 12 : null), (Told(outcome), (outcome as SendOutcome.NotSent)?.Failure.RetryAfterSeconds));
        Assert.Equal(there, Value(await desk.AutotaskTickets.Find(desk.AutotaskAccess, whole.Mark, CancellationToken.None)).Count);
        Assert.Equal(there, (await desk.Writes()).Count);
    }

    [Theory]
    [InlineData("timeout_after", "in doubt: TimedOut no_answer_in_time", 1)]
    [InlineData("reset_after", "in doubt: ServerError connection_lost", 1)]
    [InlineData("timeout_before", "in doubt: TimedOut no_answer_in_time", 0)]
    [InlineData("unauthorized", "not sent: Unauthorized wrong_secret", 0)]
    public async Task A_lost_note_is_told_from_one_never_added_by_its_mark(string kind, string told, int there)
    {
        await using var desk = await SandboxDesk.Open();
        var (tickets, access) = (desk.AutotaskTickets, desk.AutotaskAccess);
        await tickets.Open(access, s_ticket, CancellationToken.None);
        await desk.Fault("autotask", kind, "Tickets/1/Notes");

        var adding = tickets.AddNote(access, "1", Note("2"), CancellationToken.None);
        if (kind.StartsWith("timeout", StringComparison.Ordinal)) await desk.LetTheCallTimeOut("autotask");

        Assert.Equal(told, Told(await adding));
        Assert.Equal(there, Value(await tickets.Notes(access, "1", CancellationToken.None)).Count(note => note.Text.EndsWith("\nhub:alert-17:2", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_status_can_be_set_again_after_its_answer_was_lost()
    {
        await using var desk = await SandboxDesk.Open();
        var (tickets, access) = (desk.AutotaskTickets, desk.AutotaskAccess);
        await tickets.Open(access, s_ticket, CancellationToken.None);
        await desk.Fault("autotask", "reset_after", "V1.0/Tickets");

        var told = (Told(await tickets.SetStatus(access, "1", "5", CancellationToken.None)), Told(await tickets.SetStatus(access, "1", "5", CancellationToken.None)), Told(await tickets.SetStatus(access, "2", "5", CancellationToken.None)));

        Assert.Equal(("in doubt: ServerError connection_lost", "applied", "refused: vendor_refused"), told);
        Assert.Equal("5", Assert.Single(Value(await tickets.Find(access, s_ticket.Mark, CancellationToken.None))).StatusRemoteId);
    }

    /// <summary>A search that is wrong must not look like a ticket that is not there: the next step would be to open a second one.</summary>
    [Theory]
    [InlineData("truncated_page", "Malformed list_truncated")]
    [InlineData("empty_list", "Malformed list_truncated")]
    [InlineData("looping_next", "Malformed page_repeated")]
    [InlineData("ok_with_error", "Malformed errors_in_success")]
    [InlineData("server_error", "ServerError server_error")]
    [InlineData("rate_limited", "RateLimited thread_limit")]
    [InlineData("unauthorized", "Unauthorized wrong_secret")]
    public async Task A_search_with_a_fault_is_a_failure(string kind, string told)
    {
        await using var desk = await SandboxDesk.Open();
        await desk.AutotaskTickets.Open(desk.AutotaskAccess, s_ticket, CancellationToken.None);
        await desk.Fault("autotask", kind, "Tickets/query", times: 3);

        var failure = Assert.IsType<VendorAnswer<IReadOnlyList<ObservedTicket>>.Failed>(await desk.AutotaskTickets.Find(desk.AutotaskAccess, s_ticket.Mark, CancellationToken.None)).Failure;

        Assert.Equal(told, $"{failure.Kind} {failure.Code}");
    }

    private static NewNote Note(string number) => new($"hub:alert-17:{number}", "Seen again", "Still 31.", s_now);

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
