using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Intents;

/// <summary>The state machine of intents in PostgreSQL, one statement a step.</summary>
public sealed class IntentStore(NpgsqlDataSource database) : IIntentStore
{
    /// <summary>Contracts looked at in one pass: as many as one bulk read of units takes.</summary>
    public const int HeadsMax = 500;

    /// <inheritdoc/>
    public Task<IReadOnlyList<DuePsa>> DuePsas(CancellationToken cancellation) => Query("Intents/due_integrations", DuePsa.FromRow, command => command.With(false), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Intent>> Heads(long integration, CancellationToken cancellation) =>
        Query("Intents/heads", Intent.FromRow, command => command.With(integration).With(HeadsMax), cancellation);

    /// <inheritdoc/>
    public async Task<DateTimeOffset> Now(CancellationToken cancellation) => (await Query("Intents/now", row => row.Instant(0), _ => { }, cancellation))[0];

    /// <inheritdoc/>
    public async Task<bool> MarkSending(Intent intent, decimal observed, decimal delta, CancellationToken cancellation)
    {
        var marked = await Query(
            "Intents/mark_sending",
            row => row.GetInt32(0),
            command => command.With(intent.Id).With(intent.Generation).With(intent.Attempt).With(observed).With(delta).With(intent.SentOn),
            cancellation);
        return marked.Count == 1;
    }

    /// <inheritdoc/>
    public Task Postpone(Intent intent, TimeSpan after, CancellationToken cancellation) =>
        Do("Intents/postpone", command => command.With(intent.Id).With(intent.Attempt).With(after.TotalSeconds), cancellation);

    /// <inheritdoc/>
    public Task LookAgain(Intent intent, decimal? observed, string code, string sentence, TimeSpan after, CancellationToken cancellation) => Do(
        "Intents/look_again",
        command => command.With(intent.Id).With(intent.Generation).With(intent.Attempt).With(observed).With(code).With(sentence).With(after.TotalSeconds),
        cancellation);

    /// <inheritdoc/>
    public Task Confirm(Intent intent, string code, CancellationToken cancellation) =>
        Do("Intents/confirm", command => command.With(intent.Id).With(code).With(intent.SentOn).With(intent.Attempt).With(intent.Generation), cancellation);

    /// <inheritdoc/>
    public Task Acknowledge(Intent intent, int attempt, TimeSpan checkAfter, CancellationToken cancellation) =>
        Do("Intents/acknowledge", command => command.With(intent.Id).With(attempt).With(checkAfter.TotalSeconds).With(intent.Generation), cancellation);

    /// <inheritdoc/>
    public Task Doubt(Intent intent, int attempt, string code, string sentence, TimeSpan checkAfter, CancellationToken cancellation) =>
        Do("Intents/doubt", command => command.With(intent.Id).With(attempt).With(code).With(sentence).With(checkAfter.TotalSeconds).With(intent.Generation), cancellation);

    /// <inheritdoc/>
    public Task Retry(Intent intent, int attempt, string state, DateOnly sentOn, string code, string sentence, TimeSpan after, CancellationToken cancellation) => Do(
        "Intents/retry",
        command => command.With(intent.Id).With(attempt).With(state).With(sentOn).With(code).With(sentence).With(after.TotalSeconds).With(intent.Generation).With(0),
        cancellation);

    /// <inheritdoc/>
    public Task Withhold(Intent intent, int attempt, string code, string sentence, TimeSpan after, CancellationToken cancellation) => Do(
        "Intents/retry",
        command => command.With(intent.Id).With(attempt).With("sending").With<DateOnly?>(null).With(code).With(sentence).With(after.TotalSeconds).With(intent.Generation).With(1),
        cancellation);

    /// <inheritdoc/>
    public Task Settle(Intent intent, int attempt, string state, string code, string sentence, CancellationToken cancellation) => Do(
        "Intents/settle", command => command.With(intent.Id).With(attempt).With(state).With(code).With(sentence).With(intent.Generation), cancellation);

    /// <inheritdoc/>
    public Task CheckAgain(Intent intent, decimal? observed, TimeSpan after, CancellationToken cancellation) =>
        Do("Intents/check_again", command => command.With(intent.Id).With(intent.Attempt).With(observed).With(after.TotalSeconds).With(intent.Generation), cancellation);

    /// <inheritdoc/>
    public async Task<long?> Release(MspId msp, long id, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return (await connection.RowsOf(msp, "Intents/release", command => command.With(msp.Value).With(id).With(actor), row => (long?)row.GetInt64(0), cancellation)).SingleOrDefault();
    }

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
