using System.Globalization;
using Npgsql;
using UsageBilling.Api.Resources;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Sheets;

/// <summary>A line as a row of a table: what it has on the last night, and in the end from when on what differs is to hold.</summary>
internal sealed class LineCells
{
    public const string From = "from";

    /// <summary>Those that are its terms, in the order of the table.</summary>
    public static readonly IReadOnlyList<string> Terms =
    [
        "minimum_units", "maximum_units", "included_units", "commitment", "timing", "unit_rounding", "mode", "change_day", "day_count", "line_style", "rounding", "unit_price_rounding",
        "increases", "decreases", "closed_periods_back_max",
    ];

    public static readonly SheetColumns Columns = new(
        ["line_id", "account", "contract", "name", "basis", "metrics", "units", "price", "currency", .. Terms, From], ["line_id"], ["account", "contract", "name", "currency"]);

    private readonly Dictionary<string, string> cells;

    private LineCells(long line, Dictionary<string, string> cells) => (Line, this.cells) = (line, cells);

    public long Line { get; }

    public IReadOnlyList<string> Written => [.. Columns.All.Select(column => Columns.Shown.Contains(column) ? Cell.Text(cells[column]) : Cell.Plain(cells[column]))];

    public static LineCells FromRow(NpgsqlDataReader row)
    {
        var currency = row.GetString(8);
        string[] plain =
        [
            row.GetInt64(0).ToString(CultureInfo.InvariantCulture), row.GetString(1), row.GetString(2), row.GetString(3), Words.Of((BasisKind)row.GetInt16(4)), row.Text(5) ?? "", Number(row, 6),
            Words.Amount(row.GetDecimal(7), currency), currency, Number(row, 9), Number(row, 10), Number(row, 11), row.IsDBNull(12) ? "" : Words.Amount(row.GetDecimal(12), currency),
            Words.Of(row.GetBoolean(13) ? BillingTiming.Advance : BillingTiming.Arrears), Words.Of((UnitRounding)row.GetInt16(14)), .. Settings(ProrationFields.Of(ProrationColumns.Overrides(row, 15))), "",
        ];
        return new(row.GetInt64(0), Columns.All.Zip(plain).ToDictionary(pair => pair.First, pair => pair.Second));
    }

    /// <summary>Whether a row says something else in a column that it has. Where nothing is said of units, a price or a basis, nothing is to be changed about them.</summary>
    public bool Differs(SheetRow row, string column)
    {
        if (!row.Has(column) || (row[column] is null && !Terms.Contains(column))) return false;
        var (said, known) = (row[column] ?? "", cells[column]);
        if (column == "metrics") return said.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet().SetEquals(known.Split(' ', StringSplitOptions.RemoveEmptyEntries)) is false;
        return said != known && (Words.Units(said) is not { } number || Words.Units(known) != number);
    }

    private static string Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? "" : Words.Number(row.GetDecimal(column));

    private static string[] Settings(ProrationFields settings) =>
    [
        settings.Mode ?? "", settings.ChangeDay ?? "", settings.DayCount ?? "", settings.LineStyle ?? "", settings.Rounding ?? "", settings.UnitPriceRounding ?? "", settings.Increases ?? "",
        settings.Decreases ?? "", settings.ClosedPeriodsBackMax?.ToString(CultureInfo.InvariantCulture) ?? "",
    ];
}
