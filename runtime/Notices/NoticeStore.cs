using Npgsql;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Notices;

/// <summary>A notice in a silo's hands.</summary>
/// <param name="Attempt">Which one this is, from 1.</param>
/// <param name="Message">Its identity at mail servers, the same at every attempt.</param>
/// <param name="Addresses">Who is still to be told.</param>
public sealed record TakenNotice(
    long Id, int Attempt, Guid Message, IReadOnlyList<string> Addresses, DateOnly Night, string Account, string Contract, IReadOnlyList<NoticeItem> Items);

/// <summary>What a notice says of one line.</summary>
/// <param name="FirstOn">The first date whose units changed, and <paramref name="EffectiveOn"/> the last.</param>
public sealed record NoticeItem(string Line, decimal Before, decimal After, DateOnly FirstOn, DateOnly EffectiveOn, decimal Prorated, string Currency);

/// <summary>How an attempt ended.</summary>
/// <param name="State"><c>sent</c>, <c>failed</c> (it is tried again) or <c>parked</c> (a person must look).</param>
/// <param name="Told">Who was told by it.</param>
/// <param name="After">When it is tried again.</param>
public sealed record NoticeEnd(string State, IReadOnlyList<string> Told, string? Code, string? Sentence, TimeSpan After);

/// <summary>A notice that waits for a person.</summary>
public sealed record ParkedNotice(long Id, string Code);

/// <summary>Notices in PostgreSQL: due → sending → sent, or failed and tried again, or parked.</summary>
/// <remarks>All but <see cref="Find"/> is asked under the lock of whoever sends, so a notice found in <c>sending</c> is one whose silo is gone.</remarks>
public sealed class NoticeStore(NpgsqlDataSource database)
{
    /// <summary>Contracts looked at by one statement.</summary>
    public const int ContractsMax = 1000;

    /// <summary>Notices taken at a time.</summary>
    public const int TakenMax = 50;

    /// <summary>Gives a notice of their night to contracts whose lines have counts that nobody was told of.</summary>
    /// <param name="settle">How long after it was found a notice becomes due.</param>
    public async Task Find(TimeSpan settle, CancellationToken cancellation)
    {
        var msps = await Query(
            "Notices/msps",
            row => (Msp: row.GetInt64(0), Night: NightCalendar.Of(row.GetString(1), row.GetFieldValue<TimeOnly>(2)).NightAt(row.Instant(3))),
            _ => { },
            cancellation);
        foreach (var (msp, night) in msps)
        {
            while (await Looked(msp, night, settle, cancellation) == ContractsMax)
            {
                // what was looked at is not looked at again until a line of it takes a turn, so this ends
            }
        }
    }

    /// <summary>Puts off what the night may still change, drops what nobody wants any more, and parks what was tried too often.</summary>
    /// <param name="wait">How long a notice is put off at a time.</param>
    /// <param name="waitMax">After which time it is sent whatever still waits.</param>
    public async Task<IReadOnlyList<ParkedNotice>> Sort(TimeSpan wait, TimeSpan waitMax, int attemptsMax, CancellationToken cancellation)
    {
        await Do("Notices/drop_unwanted", _ => { }, cancellation);
        await Do("Notices/wait", command => command.With(wait.TotalSeconds).With(waitMax.TotalSeconds), cancellation);
        return await Query("Notices/park_hopeless", row => new ParkedNotice(row.GetInt64(0), row.GetString(1)), command => command.With(attemptsMax), cancellation);
    }

    /// <summary>Writes down what the due notices say and that they are being sent, in one commit, before anything leaves.</summary>
    public async Task<IReadOnlyList<TakenNotice>> Take(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var due = await Query(connection, "Notices/take", row => row.GetInt64(0), command => command.With(TakenMax), cancellation);
        if (due.Count == 0) return [];
        long[] ids = [.. due];
        await Query(connection, "Notices/write_items", _ => 0, command => command.With(ids), cancellation);
        await Query(connection, "Notices/drop_empty", _ => 0, command => command.With(ids), cancellation);
        var taken = await Query(connection, "Notices/mark_sending", TakenFromRow, command => command.With(ids), cancellation);
        var items = (await Query(connection, "Notices/items", row => (Notice: row.GetInt64(0), Item: ItemFromRow(row)), command => command.With(ids), cancellation)).ToLookup(item => item.Notice, item => item.Item);
        await transaction.CommitAsync(cancellation);
        return [.. taken.Select(notice => notice with { Items = [.. items[notice.Id]] }).OrderBy(notice => notice.Id)];
    }

    /// <summary>Writes down how an attempt ended. A silo that wakes up late, when another has taken the notice, changes nothing.</summary>
    public Task Settle(TakenNotice notice, NoticeEnd end, CancellationToken cancellation)
    {
        string[] told = [.. end.Told];
        return Do(
            "Notices/settle",
            command => command.With(notice.Id).With(notice.Attempt).With(end.State).With(told).With(end.Code).With(end.Sentence).With(end.After.TotalSeconds),
            cancellation);
    }

    private async Task<long> Looked(long msp, DateOnly night, TimeSpan settle, CancellationToken cancellation) =>
        (await Query("Notices/find", row => row.GetInt64(0), command => command.With(msp).With(night).With(settle.TotalSeconds).With(ContractsMax), cancellation))[0];

    private static TakenNotice TakenFromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt32(1), row.GetGuid(2), row.GetFieldValue<string[]>(3), row.Date(4), row.GetString(5), row.GetString(6), []);

    private static NoticeItem ItemFromRow(NpgsqlDataReader row) =>
        new(row.GetString(1), row.GetDecimal(2), row.GetDecimal(3), row.Date(4), row.Date(5), row.GetDecimal(6), row.GetString(7));

    private Task Do(string sql, Action<NpgsqlBatchCommand> fill, CancellationToken cancellation) => Query(sql, _ => 0, fill, cancellation);

    private async Task<List<T>> Query<T>(string sql, Func<NpgsqlDataReader, T> fromRow, Action<NpgsqlBatchCommand> fill, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await Query(connection, sql, fromRow, fill, cancellation);
    }

    private static async Task<List<T>> Query<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> fromRow, Action<NpgsqlBatchCommand> fill, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        fill(batch.Add(sql));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.Rows(fromRow, cancellation);
    }
}
