using Npgsql;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Tickets;

/// <summary>What a PSA is owed about a ticket.</summary>
public enum TicketWriteKind
{
    /// <summary>The ticket itself.</summary>
    Open,

    /// <summary>A note.</summary>
    Note,

    /// <summary>The status of a ticket whose alert is over.</summary>
    Close,
}

/// <summary>A write owed to a PSA's service desk, as the dispatcher sees it.</summary>
/// <param name="Mark">How it is found again.</param>
/// <param name="Status">Of a close: the PSA's id of the status.</param>
/// <param name="Generation">Grows when a later note takes the place of an unsent one.</param>
/// <param name="State"><c>pending</c>, <c>sending</c> or <c>in_doubt</c>.</param>
/// <param name="Attempt">Sends so far; the fence against a late silo.</param>
/// <param name="Acknowledged">Whether the vendor said yes to the last send.</param>
/// <param name="Checks">Looks since the last send.</param>
/// <param name="UnseenSince">When a look first did not show it.</param>
/// <param name="Now">The database's instant.</param>
/// <param name="TicketRemoteId">What the PSA calls the ticket; null until it is open.</param>
/// <param name="Test">Whether somebody waits for it: a test that fails is not owed.</param>
/// <param name="Ticket">What the ticket is opened with.</param>
public sealed record TicketWrite(
    long Id, long Msp, long TicketId, TicketWriteKind Kind, string Mark, string Title, string Text, string? Status, DateTimeOffset At, int Generation, string State, int Attempt,
    bool Acknowledged, int Checks, DateTimeOffset? UnseenSince, DateTimeOffset Now, string? TicketRemoteId, bool Test, NewTicket Ticket)
{
    /// <summary>When a ticket should be done, for a PSA that demands to know.</summary>
    public static readonly TimeSpan DueWithin = TimeSpan.FromDays(1);

    internal static TicketWrite FromRow(NpgsqlDataReader row)
    {
        var opened = row.Instant(28);
        var ticket = new NewTicket(row.GetString(4), row.GetString(18), row.GetString(19), row.GetString(20), opened, opened + DueWithin)
        {
            Location = row.Text(21), Queue = row.Text(22), Status = row.Text(23), TicketType = row.Text(24), Source = row.Text(25), Priority = row.Text(26), IssueType = row.Text(27),
        };
        return new(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), KindOf(row.GetString(3)), row.GetString(4), row.GetString(5), row.GetString(6), row.Text(7), row.Instant(8), row.GetInt32(9),
            row.GetString(10), row.GetInt32(11), row.GetBoolean(12), row.GetInt32(13), row.MaybeInstant(14), row.Instant(15), row.Text(16), row.GetBoolean(17), ticket);
    }

    private static TicketWriteKind KindOf(string word) => word switch
    {
        "open" => TicketWriteKind.Open,
        "note" => TicketWriteKind.Note,
        "close" => TicketWriteKind.Close,
        _ => throw new InvalidOperationException($"A ticket is owed nothing called '{word}'."),
    };
}
