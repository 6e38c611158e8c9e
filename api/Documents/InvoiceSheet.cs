using System.Globalization;
using System.Text;
using UsageBilling.Api.Resources;

namespace UsageBilling.Api.Documents;

/// <summary>An invoice for a spreadsheet, as RFC 4180 has it: one row for each line, each complete in itself.</summary>
internal static class InvoiceSheet
{
    public const string MediaType = "text/csv";

    private const string NewLine = "\r\n";

    private static readonly string[] Columns =
        ["invoice", "issued_on", "account", "contract", "item", "kind", "period_from", "period_through", "from", "through", "units", "unit_price", "amount", "currency"];

    public static InvoiceFile Of(InvoiceRows invoice)
    {
        var text = new StringBuilder(string.Join(',', Columns)).Append(NewLine);
        foreach (var line in invoice.Lines) text.AppendJoin(',', Cells(invoice.Head, line)).Append(NewLine);
        return new(MediaType, "attachment", invoice.Head.Number, "csv", text.ToString());
    }

    /// <summary>A text that somebody typed. A spreadsheet takes one that begins like a formula for one, and would run it: an apostrophe keeps it a text.</summary>
    public static string Text(string typed) => Quoted(typed.Length > 0 && (typed[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠') ? "'" + typed : typed);

    private static IEnumerable<string> Cells(InvoiceHeadResource head, InvoiceLineRow line) =>
    [
        head.Number.ToString(CultureInfo.InvariantCulture), Date(head.IssuedOn), Text(head.Account.Name), Text(line.ContractName), Text(line.Item), line.Kind,
        Date(line.Period.From), Date(line.Period.Until.AddDays(-1)), Date(line.Days.From), Date(line.Days.Until.AddDays(-1)),
        Words.Number(line.Units), Words.Amount(line.Price, head.Currency), Words.Amount(line.Amount, head.Currency), head.Currency,
    ];

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny("\",\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
