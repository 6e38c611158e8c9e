using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Keys;

/// <summary>The msps of this hub.</summary>
public sealed class Msps(NpgsqlDataSource database)
{
    /// <summary>The msp of that name, made when there is none; its zone and currency stay as they were made.</summary>
    /// <param name="zone">An IANA name, for example <c>America/New_York</c>.</param>
    /// <exception cref="ArgumentException">No such zone.</exception>
    public async Task<MspId> Ensure(string name, string zone, Currency currency, CancellationToken cancellation)
    {
        if (!NightCalendar.IsZone(zone)) throw new ArgumentException($"'{zone}' is not a time zone of the IANA database.", nameof(zone));
        await using var command = database.CreateCommand(SqlText.Load("Keys/ensure_msp"));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = zone });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = currency.Code });
        return new((long)(await command.ExecuteScalarAsync(cancellation))!);
    }

    /// <summary>Makes an msp.</summary>
    /// <param name="zone">An IANA name, for example <c>America/New_York</c>.</param>
    /// <param name="nightAt">When its nights begin, to the minute.</param>
    /// <returns>Null when there is one of that name already.</returns>
    /// <exception cref="ArgumentException">No such zone.</exception>
    public async Task<MspId?> Create(string name, string zone, TimeOnly nightAt, Currency currency, CancellationToken cancellation)
    {
        if (!NightCalendar.IsZone(zone)) throw new ArgumentException($"'{zone}' is not a time zone of the IANA database.", nameof(zone));
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Nights/lock_msps");
        batch.Add("Keys/create_msp").With(name).With(zone).With(nightAt).With(currency.Code);
        var id = (long?)await batch.ExecuteScalarAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return id is { } made ? new(made) : null;
    }

    /// <summary>The msps of that name, ordered by id: none, one, or two of those that rows made by hand may be.</summary>
    public async Task<IReadOnlyList<MspId>> Named(string name, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SqlText.Load("Keys/msps_named"));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.Rows(row => new MspId(row.GetInt64(0)), cancellation);
    }
}
