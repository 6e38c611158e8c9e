using Npgsql;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Intents;

/// <summary>
/// The state machine of intents: pending → sending → in_doubt → confirmed, with rejected and parked as ends that a person may release.
/// Every step compares the generation and the attempt it is about, so that a silo which wakes up late changes nothing.
/// </summary>
public sealed class IntentStore(NpgsqlDataSource database)
{
    /// <summary>Contracts looked at in one pass: as many as one bulk read of units takes.</summary>
    public const int HeadsMax = 500;

    /// <summary>PSA integrations with intents to look at now.</summary>
    public Task<IReadOnlyList<DuePsa>> DuePsas(CancellationToken cancellation) => Query("Intents/due_integrations", DuePsa.FromRow, _ => { }, cancellation);

    /// <summary>The due head intent of each contract, oldest first, at most <see cref="HeadsMax"/>.</summary>
    public Task<IReadOnlyList<Intent>> Heads(long integration, CancellationToken cancellation) =>
        Query("Intents/heads", Intent.FromRow, command => command.With(integration).With(HeadsMax), cancellation);

    /// <summary>The database's instant.</summary>
    public async Task<DateTimeOffset> Now(CancellationToken cancellation) => (await Query("Intents/now", row => row.Instant(0), _ => { }, cancellation))[0];

    /// <summary>Commits that the first byte may leave. False when the intent is somebody else's by now, or was superseded.</summary>
    public async Task<bool> MarkSending(Intent intent, decimal observed, decimal delta, CancellationToken cancellation)
    {
        var marked = await Query(
            "Intents/mark_sending",
            row => row.GetInt32(0),
            command => command.With(intent.Id).With(intent.Generation).With(intent.Attempt).With(observed).With(delta),
            cancellation);
        return marked.Count == 1;
    }

    /// <summary>The PSA could not be read: the intent waits in the state it is in, and no attempt and no check is counted.</summary>
    public Task Postpone(Intent intent, TimeSpan after, CancellationToken cancellation) =>
        Do("Intents/postpone", command => command.With(intent.Id).With(intent.Attempt).With(after.TotalSeconds), cancellation);

    /// <summary>Nothing was sent, because the PSA shows something unlooked-for: read again later.</summary>
    public Task LookAgain(Intent intent, decimal? observed, string code, string sentence, TimeSpan after, CancellationToken cancellation) => Do(
        "Intents/look_again",
        command => command.With(intent.Id).With(intent.Generation).With(intent.Attempt).With(observed).With(code).With(sentence).With(after.TotalSeconds),
        cancellation);

    /// <summary>The PSA shows what was wanted.</summary>
    /// <param name="code"><c>unchanged</c> when nothing had to be sent, <c>applied</c> otherwise.</param>
    public Task Confirm(IReadOnlyList<long> ids, string code, CancellationToken cancellation) =>
        Do("Intents/confirm", command => command.With(ids.ToArray()).With(code), cancellation);

    /// <summary>The vendor said yes; the intent stays in flight until a read shows it.</summary>
    public Task Acknowledge(Intent intent, int attempt, TimeSpan checkAfter, CancellationToken cancellation) =>
        Do("Intents/acknowledge", command => command.With(intent.Id).With(attempt).With(checkAfter.TotalSeconds).With(intent.Generation), cancellation);

    /// <summary>The answer was lost.</summary>
    public Task Doubt(Intent intent, int attempt, string code, string sentence, TimeSpan checkAfter, CancellationToken cancellation) =>
        Do("Intents/doubt", command => command.With(intent.Id).With(attempt).With(code).With(sentence).With(checkAfter.TotalSeconds).With(intent.Generation), cancellation);

    /// <summary>Certainly not applied: to be sent again, perhaps with another date.</summary>
    /// <param name="state">The state it is in now.</param>
    public Task Retry(Intent intent, int attempt, string state, DateOnly sentOn, string code, string sentence, TimeSpan after, CancellationToken cancellation) => Do(
        "Intents/retry",
        command => command.With(intent.Id).With(attempt).With(state).With(sentOn).With(code).With(sentence).With(after.TotalSeconds).With(intent.Generation),
        cancellation);

    /// <summary>The hub itself held the call back: it waits as if it had never been marked, and no attempt is counted.</summary>
    public Task Withhold(Intent intent, int attempt, string code, string sentence, TimeSpan after, CancellationToken cancellation) => Do(
        "Intents/withhold", command => command.With(intent.Id).With(attempt).With(intent.Generation).With(code).With(sentence).With(after.TotalSeconds), cancellation);

    /// <summary>The end, until a person releases it.</summary>
    /// <param name="state"><c>rejected</c> when the PSA said no, <c>parked</c> when a person must look.</param>
    public Task Settle(Intent intent, int attempt, string state, string code, string sentence, CancellationToken cancellation) => Do(
        "Intents/settle", command => command.With(intent.Id).With(attempt).With(state).With(code).With(sentence).With(intent.Generation), cancellation);

    /// <summary>Still not known: look again later.</summary>
    /// <param name="unchanged">Whether the PSA shows what it showed before the send.</param>
    public Task CheckAgain(Intent intent, bool unchanged, TimeSpan after, CancellationToken cancellation) =>
        Do("Intents/check_again", command => command.With(intent.Id).With(intent.Attempt).With(unchanged).With(after.TotalSeconds).With(intent.Generation), cancellation);

    /// <summary>A person says: try again. False when there is nothing to release, or a newer wish has taken its place.</summary>
    public async Task<bool> Release(long msp, long id, CancellationToken cancellation) =>
        (await Query("Intents/release", row => row.GetInt64(0), command => command.With(msp).With(id), cancellation)).Count == 1;

    private async Task Do(string sql, Action<NpgsqlBatchCommand> fill, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        fill(batch.Add(sql));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<IReadOnlyList<T>> Query<T>(string sql, Func<NpgsqlDataReader, T> fromRow, Action<NpgsqlBatchCommand> fill, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        fill(batch.Add(sql));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.Rows(fromRow, cancellation);
    }
}
