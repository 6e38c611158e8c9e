using System.Globalization;
using System.Text;
using UsageBilling.Api.Resources;
using UsageBilling.Api.Sheets;

namespace UsageBilling.Api.Documents;

/// <summary>An invoice for a spreadsheet, as RFC 4180 has it: one row for each line, each complete in itself.</summary>
internal static class InvoiceSheet
{
    public const string MediaType = "text/csv";

    private static readonly string[] Columns =
        ["invoice", "issued_on", "account", "contract", "item", "kind", "period_from", "period_through", "from", "through", "units", "unit_price", "amount", "currency"];

    public static InvoiceFile Of(InvoiceRows invoice)
    {
        var text = new StringBuilder(string.Join(',', Columns)).Append(Cell.NewLine);
        foreach (var line in invoice.Lines) text.AppendJoin(',', Cells(invoice.Head, line)).Append(Cell.NewLine);
        return new(MediaType, "attachment", invoice.Head.Number, "csv", text.ToString());
    }

    private static IEnumerable<string> Cells(InvoiceHeadResource head, InvoiceLineRow line) =>
    [
        head.Number.ToString(CultureInfo.InvariantCulture), Cell.Date(head.IssuedOn), Cell.Text(head.Account.Name), Cell.Text(line.ContractName), Cell.Text(line.Item), line.Kind,
        Cell.Date(line.Period.From), Cell.Date(line.Period.Until.AddDays(-1)), Cell.Date(line.Days.From), Cell.Date(line.Days.Until.AddDays(-1)),
        Words.Number(line.Units), Words.Amount(line.Price, head.Currency), Words.Amount(line.Amount, head.Currency), head.Currency,
    ];
}
