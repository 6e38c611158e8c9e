using Npgsql;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Runtime.Intents;

/// <summary>The steps of intents that are a PSA's own where units cannot be changed: more of them are a further line, fewer are a ticket. All other steps are <see cref="IIntentStore"/>'s.</summary>
public sealed class AddedLineStore(NpgsqlDataSource database)
{
    /// <summary>PSA integrations that add lines, with intents to look at now.</summary>
    public Task<List<DuePsa>> DuePsas(CancellationToken cancellation) => Query("Intents/due_integrations", command => command.With(true), DuePsa.FromRow, cancellation);

    /// <summary>What waits for an earlier change of its line, of which nobody knows how it ended, says so; what has waited long enough goes on.</summary>
    public async Task WaitForEarlier(long integration, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.Do("Intents/wait_for_earlier", command => command.With(integration), cancellation);
    }

    /// <summary>What the PSA must be told of each intent besides units.</summary>
    public async Task<IReadOnlyDictionary<long, LineFacts>> Facts(IEnumerable<Intent> intents, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(intents);
        var ids = intents.Select(intent => intent.Id).ToArray();
        return (await Query("Intents/line_facts", command => command.With(ids), LineFacts.FromRow, cancellation)).ToDictionary(facts => facts.Intent);
    }

    /// <summary>Commits that the first byte of a further line may leave, and which lines the PSA has. False when the intent is somebody else's by now, was superseded or must wait.</summary>
    public async Task<bool> MarkSending(Intent intent, decimal before, decimal delta, IEnumerable<string> known, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var marked = await Query(
            "Intents/mark_added",
            command => command.With(intent.Id).With(intent.Generation).With(intent.Attempt).With(before).With(delta).With(intent.SentOn).With(known.ToArray()),
            row => row.GetInt32(0),
            cancellation);
        return marked.Count == 1;
    }

    /// <summary>The PSA shows the line.</summary>
    public async Task Confirm(Intent intent, string lineRemoteId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(intent);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.Do("Intents/confirm_added", command => command.With(intent.Id).With(intent.Attempt).With(intent.Generation).With(lineRemoteId), cancellation);
    }

    /// <summary>Makes a change a ticket, one for each intent. False when the intent is somebody else's by now, was superseded or must wait.</summary>
    public async Task<bool> OweTicket(Intent intent, decimal before, decimal delta, TicketTerms terms, string title, string details, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(intent);
        ArgumentNullException.ThrowIfNull(terms);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Do("Intents/leave_ticket", command => command.With(intent.Id), cancellation);
        var owed = await connection.Rows(
            "Intents/owe_ticket",
            command => command.With(intent.Id).With(intent.Generation).With(intent.Attempt).With(before).With(delta).With(intent.SentOn).With(title).With(details).With(terms.AccountRemoteId)
                .With(terms.Location).With(terms.Queue).With(terms.Status).With(terms.TicketType).With(terms.Source).With(terms.Priority).With(terms.IssueType),
            row => row.GetInt64(0),
            cancellation);
        if (owed.Count == 0) return false;
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private async Task<List<T>> Query<T>(string sql, Action<NpgsqlBatchCommand> fill, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Rows(sql, fill, fromRow, cancellation);
    }
}
