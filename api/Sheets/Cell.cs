using System.Globalization;

namespace UsageBilling.Api.Sheets;

/// <summary>One field of a table for a spreadsheet (RFC 4180).</summary>
internal static class Cell
{
    public const string NewLine = "\r\n";

    /// <summary>
    /// A text that somebody typed. A spreadsheet takes one that begins like a formula for one, and would run it: an apostrophe keeps it a text. <see cref="Read"/> takes it off again.
    /// </summary>
    public static string Text(string typed) => Plain(LooksLikeFormula(typed) ? "'" + typed : typed);

    /// <summary>What we wrote ourselves: numbers, dates, words of ours.</summary>
    public static string Plain(string cell) => cell.AsSpan().ContainsAny("\",\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    public static string Date(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    /// <summary>What was meant by a field of a table that comes back.</summary>
    public static string Read(string cell) => cell.Length > 1 && cell[0] == '\'' && LooksLikeFormula(cell[1..]) ? cell[1..] : cell;

    private static bool LooksLikeFormula(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠';
}
