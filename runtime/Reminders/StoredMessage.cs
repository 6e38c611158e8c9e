using Npgsql;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Reminders;

/// <summary>A message as it lies in its table.</summary>
/// <param name="Kind">What is said, for example <c>inputs_changed</c>.</param>
public sealed record StoredMessage(long Id, long Grain, string Kind, DateOnly Night, InputCause Cause)
{
    internal static StoredMessage FromRow(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.Date(3), (InputCause)row.GetInt16(4));
}

/// <summary>A message to a contract, unpacked for one of its lines.</summary>
/// <param name="Id">The message to the contract.</param>
/// <param name="Line">Null when no line of the contract must hear it.</param>
internal sealed record ToldMessage(long Id, long Contract, long? Line, long Msp, string Kind, DateOnly Night, InputCause Cause)
{
    public static ToldMessage FromRow(NpgsqlDataReader row) => row.IsDBNull(2)
        ? new(row.GetInt64(0), row.GetInt64(1), null, 0, row.GetString(4), row.Date(5), (InputCause)row.GetInt16(6))
        : new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4), row.Date(5), (InputCause)row.GetInt16(6));

    public StoredMessage ForLine(long line) => new(Id, line, Kind, Night, Cause);
}

/// <summary>A reminder that is due.</summary>
/// <param name="Night">The night it is for, when it is for one.</param>
public sealed record DueReminder(long Grain, string Name, DateOnly? Night)
{
    internal static DueReminder FromRow(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetString(1), row.MaybeDate(2));
}
