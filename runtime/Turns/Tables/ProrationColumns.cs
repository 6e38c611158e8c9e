using Npgsql;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Runtime.Turns.Tables;

/// <summary>How lines are prorated, in columns: mode, change day, day count, line style, both roundings, increases, decreases, closed periods back.</summary>
public static class ProrationColumns
{
    /// <summary>Settings with the date in the column before them.</summary>
    public static DatedSettings Dated(NpgsqlDataReader row, int column)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new(row.Date(column), Overrides(row, column + 1).Over(ProrationSettings.Default));
    }

    /// <summary>Settings of which some may be null.</summary>
    public static ProrationOverrides Overrides(NpgsqlDataReader row, int column)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new(
            Mode: (CountMode?)Number(row, column),
            ChangeDay: (ChangeDay?)Number(row, column + 1),
            DayCount: (DayCount?)Number(row, column + 2),
            LineStyle: (LineStyle?)Number(row, column + 3),
            Rounding: (LineRounding?)Number(row, column + 4),
            UnitPriceRounding: (UnitPriceRounding?)Number(row, column + 5),
            Increases: (ChangePolicy?)Number(row, column + 6),
            Decreases: (ChangePolicy?)Number(row, column + 7),
            ClosedPeriodsBackMax: row.IsDBNull(column + 8) ? null : row.GetInt32(column + 8));
    }

    private static short? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt16(column);
}
