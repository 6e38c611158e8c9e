using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Nights;

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
}
