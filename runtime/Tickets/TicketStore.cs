using Npgsql;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Tickets;

/// <summary>
/// The state machine of writes owed to service desks, one statement a step: pending → sending → in_doubt → confirmed, with parked as an end that a person may release. Every step compares the attempt it is
/// about, so that a silo which wakes up late changes nothing.
/// </summary>
public sealed class TicketStore(NpgsqlDataSource database)
{
    /// <summary>Tickets looked at in one pass.</summary>
    public const int HeadsMax = 200;

    /// <summary>PSA integrations that are owed something now.</summary>
    public Task<List<DuePsa>> DuePsas(CancellationToken cancellation) => Query("Tickets/due_integrations", _ => { }, DuePsa.FromRow, cancellation);

    /// <summary>The first due write of each ticket.</summary>
    public Task<List<TicketWrite>> Heads(long integration, CancellationToken cancellation) =>
        Query("Tickets/heads", command => command.With(integration).With(HeadsMax), TicketWrite.FromRow, cancellation);

    /// <summary>Commits that the first byte may leave. False when it is somebody else's by now, or says something else.</summary>
    public async Task<bool> MarkSending(TicketWrite write, CancellationToken cancellation) =>
        (await Query("Tickets/mark_sending", command => command.With(write.Id).With(write.Generation).With(write.Attempt), row => row.GetInt32(0), cancellation)).Count == 1;

    /// <summary>The PSA shows the ticket.</summary>
    public Task ConfirmOpen(TicketWrite write, int attempt, ObservedTicket ticket, CancellationToken cancellation) => Do(
        "Tickets/confirm_open",
        command => command.With(write.Id).With(attempt).With(ticket.RemoteId).With(ticket.Number).With(ticket.Link?.AbsoluteUri).With(ticket.StatusRemoteId),
        cancellation);

    /// <summary>The PSA has the note, or the status.</summary>
    public Task Confirm(TicketWrite write, int attempt, CancellationToken cancellation) => Do("Tickets/confirm", command => command.With(write.Id).With(attempt), cancellation);

    /// <summary>The vendor said yes to a ticket; it is looked for to learn what the vendor calls it.</summary>
    public Task Acknowledge(TicketWrite write, int attempt, CancellationToken cancellation) => Do("Tickets/acknowledge", command => command.With(write.Id).With(attempt), cancellation);

    /// <summary>The answer was lost.</summary>
    public Task Doubt(TicketWrite write, int attempt, string code, string sentence, TimeSpan after, CancellationToken cancellation) =>
        Do("Tickets/doubt", command => command.With(write.Id).With(attempt).With(code).With(sentence).With(after.TotalSeconds), cancellation);

    /// <summary>Certainly not applied: to be sent again.</summary>
    /// <param name="counts">False when the hub itself held the call back, which is no attempt.</param>
    public Task Retry(TicketWrite write, int attempt, string code, string sentence, TimeSpan after, bool counts, CancellationToken cancellation) =>
        Do("Tickets/retry", command => command.With(write.Id).With(attempt).With(code).With(sentence).With(after.TotalSeconds).With(counts ? 0 : 1), cancellation);

    /// <summary>The PSA could not be looked at.</summary>
    public Task Postpone(TicketWrite write, TimeSpan after, CancellationToken cancellation) =>
        Do("Tickets/postpone", command => command.With(write.Id).With(write.Attempt).With(after.TotalSeconds), cancellation);

    /// <summary>Not there yet: look again later.</summary>
    public Task CheckAgain(TicketWrite write, TimeSpan after, CancellationToken cancellation) =>
        Do("Tickets/check_again", command => command.With(write.Id).With(write.Attempt).With(after.TotalSeconds), cancellation);

    /// <summary>The end: a person must look; of a test, it failed and is owed no more.</summary>
    /// <param name="state"><c>parked</c> or <c>withdrawn</c>.</param>
    public Task Settle(TicketWrite write, int attempt, string state, string code, string sentence, CancellationToken cancellation) =>
        Do("Tickets/settle", command => command.With(write.Id).With(attempt).With(state).With(code).With(sentence), cancellation);

    /// <summary>Somebody wants to see a ticket in the PSA.</summary>
    /// <param name="actor">Who; kept in the audit.</param>
    /// <returns>The run that ends when it is there, or is not to be.</returns>
    public async Task<long> OweTest(MspId msp, long integration, TicketTerms terms, string title, string details, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var runs = await connection.RowsOf(
            msp,
            "Tickets/owe_test",
            command => command.With(msp.Value).With(integration).With(title).With(details).With(terms.AccountRemoteId).With(terms.Location).With(terms.Queue).With(terms.Status)
                .With(terms.TicketType).With(terms.Source).With(terms.Priority).With(terms.IssueType).With(actor),
            row => row.GetInt64(0),
            cancellation);
        return runs[0];
    }

    /// <summary>A person says: try again. False when nothing about the ticket is parked.</summary>
    public async Task<bool> Release(MspId msp, long ticket, string actor, Precondition? precondition, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, cancellation);
        if (precondition is not null) await precondition(connection, cancellation);
        var released = await connection.Rows("Tickets/release", command => command.With(msp.Value).With(ticket), row => row.GetInt64(0), cancellation);
        if (released.Count == 0) return false;
        await connection.Audit(msp, actor, "ticket.released", ticket, "parked", "pending", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private async Task Do(string sql, Action<NpgsqlBatchCommand> fill, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.Do(sql, fill, cancellation);
    }

    private async Task<List<T>> Query<T>(string sql, Action<NpgsqlBatchCommand> fill, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Rows(sql, fill, fromRow, cancellation);
    }
}
