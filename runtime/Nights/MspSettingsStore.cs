using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Nights;

/// <summary>How the change of an msp ended.</summary>
public abstract record MspAnswer
{
    private MspAnswer()
    {
    }

    /// <summary>It is as wanted now, also when it was so before.</summary>
    public sealed record Accepted : MspAnswer;

    /// <summary>Another msp of the hub has the name.</summary>
    public sealed record NameTaken : MspAnswer;

    /// <summary>Lines bill in the currency already.</summary>
    /// <param name="Currency">The one that stays.</param>
    public sealed record CurrencyFixed(string Currency) : MspAnswer;
}

/// <summary>Changes what an msp has set, and moves what waits for its nights.</summary>
/// <remarks>
/// One transaction: settings, audit and due times become true together. The night of a reminder never changes, only the instant at which it
/// begins; so no night is skipped, and none is read twice.
/// </remarks>
public sealed class MspSettingsStore(NpgsqlDataSource database, WorkSignal signal)
{
    /// <summary>Nights that something may wait for at once: a year of them, the yearly boundary included, and what is left of older ones.</summary>
    public const int NightsMax = 1_000;

    private const int MoveSecondsMax = 70;

    /// <summary>Makes it so, or says why not; then nothing changed.</summary>
    /// <param name="wanted">Ranges, zone and currency are the caller's to check.</param>
    /// <param name="actor">Who asks; kept in the audit.</param>
    /// <param name="precondition">Must hold of the msp; null for nothing.</param>
    /// <exception cref="ArgumentException">No such zone.</exception>
    /// <exception cref="PostgresException">A turn was under way for longer than the connection's lock timeout: nothing changed.</exception>
    /// <exception cref="InvalidOperationException">There is no such msp, or work waits for more than <see cref="NightsMax"/> nights.</exception>
    public async Task<MspAnswer> Change(MspId msp, MspEntry wanted, string actor, Precondition? precondition, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(msp, cancellation);
        await Execute(connection, batch => batch.Add("Nights/lock_msps"), cancellation);
        if (precondition is not null) await precondition(connection, cancellation);
        var known = await Read(connection, msp, wanted.Name, cancellation);
        var after = wanted with { Currency = wanted.Currency ?? known.Entry.Currency };
        if (known.NameTaken) return new MspAnswer.NameTaken();
        if (known.HasLines && after.Currency != known.Entry.Currency) return new MspAnswer.CurrencyFixed(known.Entry.Currency!);
        if (after == known.Entry) return new MspAnswer.Accepted();

        await Execute(connection, batch => Write(batch, msp, known.Entry, after, actor), cancellation);
        var moves = (after.Zone, after.NightAt) != (known.Entry.Zone, known.Entry.NightAt);
        if (moves) await Move(connection, msp, known, after.Calendar, after.Zone, cancellation);
        await transaction.CommitAsync(cancellation);
        if (moves) signal.Raise(WorkKinds.Reads | WorkKinds.Turns | WorkKinds.Jobs);
        return new MspAnswer.Accepted();
    }

    private static void Write(NpgsqlBatch batch, MspId msp, MspEntry before, MspEntry after, string actor)
    {
        batch.Add("Nights/change_msp").With(msp.Value)
            .With(after.Name).With(after.Zone).With(after.NightAt).With(after.Currency!)
            .With(after.Limits.Units).With(after.Limits.Percent).With(after.Limits.ProductDropPercent).With(after.Limits.MissedNightsMax)
            .With(after.Apply.Percent).With(after.Apply.Amount).With(after.FourEyes);
        var (was, now) = MspEntry.Difference(before, after);
        batch.Audit(msp, actor, "msp.settings", msp.Value, was, now);
    }

    private static async Task Move(NpgsqlConnection connection, MspId msp, Known known, NightCalendar calendar, string zone, CancellationToken cancellation)
    {
        await Execute(connection, Patiently, cancellation);
        var moved = (await Nights(connection, msp, cancellation))
            .Select(night => (Night: night, At: calendar.RunAt(night)))
            .Where(night => night.At > known.At || known.Entry.Calendar.RunAt(night.Night) > known.At)
            .ToList();
        await Execute(connection, batch => Move(batch, msp, moved), cancellation);
        await JobStore.Move(connection, msp, zone, cancellation);
    }

    private static void Patiently(NpgsqlBatch batch)
    {
        batch.Add("Nights/lock_calendars");
        batch.Add("Nights/take_time");
    }

    private static void Move(NpgsqlBatch batch, MspId msp, IReadOnlyList<(DateOnly Night, DateTimeOffset At)> nights)
    {
        foreach (var sql in (string[])["Nights/move_reminders", "Nights/move_messages"])
            batch.Add(sql).With(msp.Value).Column(nights, night => night.Night).Column(nights, night => night.At);
    }

    private static async Task<List<DateOnly>> Nights(NpgsqlConnection connection, MspId msp, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = MoveSecondsMax };
        batch.Add("Nights/waiting_nights").With(msp.Value).With(NightsMax + 1);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var nights = await reader.Rows(row => row.Date(0), cancellation);
        return nights.Count <= NightsMax ? nights : throw new InvalidOperationException($"Work of msp {msp.Value} waits for more than {NightsMax} nights.");
    }

    private static async Task<Known> Read(NpgsqlConnection connection, MspId msp, string name, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Nights/msp_before").With(msp.Value).With(name);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var rows = await reader.Rows(row => new Known(row.Instant(0), MspEntry.FromRow(row), row.GetBoolean(12), row.GetBoolean(13)), cancellation);
        return rows.Count > 0 ? rows[0] : throw new InvalidOperationException($"There is no msp {msp.Value}.");
    }

    private static async Task Execute(NpgsqlConnection connection, Action<NpgsqlBatch> fill, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = MoveSecondsMax };
        fill(batch);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private sealed record Known(DateTimeOffset At, MspEntry Entry, bool NameTaken, bool HasLines);
}
