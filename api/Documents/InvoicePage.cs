using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using UsageBilling.Api.Resources;

namespace UsageBilling.Api.Documents;

/// <summary>An invoice for paper: one page of HTML that needs no other file and runs nothing. A4 and Letter.</summary>
internal static class InvoicePage
{
    public const string MediaType = "text/html";

    /// <summary>Letters of every language stay letters; what HTML gives a meaning to loses it.</summary>
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private const string Style = """
        @page { margin: 18mm 16mm; }
        * { box-sizing: border-box; }
        body { font: 10.5pt/1.45 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; color: #1a1f27; max-width: 190mm; margin: 12mm auto; padding: 0 6mm; }
        header { display: flex; justify-content: space-between; align-items: flex-start; gap: 10mm; border-bottom: 2px solid #1a1f27; padding-bottom: 6mm; }
        header > div { min-width: 0; overflow-wrap: anywhere; }
        header > div:last-child { text-align: right; flex: none; }
        h1 { font-size: 22pt; line-height: 1.1; margin: 0; font-weight: 600; }
        .from { font-weight: 600; font-size: 12pt; }
        .label { color: #5b6472; font-size: 8.5pt; text-transform: uppercase; letter-spacing: .06em; }
        .facts { display: grid; grid-template-columns: auto auto; gap: .5mm 4mm; justify-content: end; align-items: baseline; margin-top: 2mm; }
        .to { margin: 7mm 0 8mm; font-size: 12pt; overflow-wrap: anywhere; }
        table { width: 100%; border-collapse: collapse; }
        thead { display: table-header-group; }
        th { text-align: left; font-weight: 500; color: #5b6472; font-size: 8.5pt; text-transform: uppercase; letter-spacing: .06em; border-bottom: 1px solid #9aa3af; padding: 1.5mm 2mm 1.5mm 0; }
        td:first-child { width: 42%; }
        td { vertical-align: top; padding: 1.6mm 2mm 1.6mm 0; border-bottom: 1px solid #e3e6ea; overflow-wrap: anywhere; }
        tr { break-inside: avoid; }
        .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; padding-right: 0; padding-left: 4mm; overflow-wrap: normal; }
        .days { white-space: nowrap; color: #3b4351; font-size: 9pt; }
        .contract td { font-weight: 600; padding-top: 5mm; border-bottom: 1px solid #9aa3af; break-after: avoid; }
        .subtotal td { color: #3b4351; border-bottom: 0; break-before: avoid; }
        .total td { font-weight: 600; font-size: 13pt; border-top: 2px solid #1a1f27; border-bottom: 0; padding-top: 3mm; }
        @media print { body { margin: 0; padding: 0; max-width: none; } }
        """;

    public static InvoiceFile Of(InvoiceRows rows)
    {
        var invoice = rows.ToJson();
        var page = new StringBuilder(4096);
        Head(page, invoice);
        foreach (var contract in invoice.Contracts) Contract(page, contract, invoice.Currency);
        page.Append($"""<tr class="total"><td colspan="4">Total</td><td class="number">{Text($"{invoice.Total} {invoice.Currency}")}</td></tr>""")
            .Append("\n</tbody>\n</table>\n</body>\n</html>\n");
        return new(MediaType, "inline", invoice.Number, "html", page.ToString());
    }

    private static void Head(StringBuilder page, InvoiceResource invoice)
    {
        var number = invoice.Number.ToString(CultureInfo.InvariantCulture);
        page.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Invoice {number}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <header>
            <div class="from">{Text(invoice.Msp)}</div>
            <div><h1>Invoice</h1>
            <div class="facts"><span class="label">Number</span><span>{number}</span><span class="label">Date</span><span>{Date(invoice.IssuedOn)}</span></div></div>
            </header>
            <div class="to"><div class="label">Billed to</div>{Text(invoice.Account.Name)}</div>
            <table>
            <thead><tr><th>Item</th><th>Period</th><th class="number">Quantity</th><th class="number">Price</th><th class="number">Amount</th></tr></thead>
            <tbody>

            """);
    }

    private static void Contract(StringBuilder page, InvoiceContractResource contract, string currency)
    {
        page.Append($"""<tr class="contract"><td colspan="5">{Text(contract.Name)}</td></tr>""").Append('\n');
        foreach (var line in contract.Lines)
        {
            page.Append($"""
                <tr><td>{Text(line.Item)}</td><td class="days">{Date(line.PeriodFrom)} – {Date(line.PeriodUntil.AddDays(-1))}</td><td class="number">{Minus(line.Units)}</td><td class="number">{Minus(line.UnitPrice)}</td><td class="number">{Minus(line.Amount)}</td></tr>

                """);
        }

        page.Append($"""<tr class="subtotal"><td colspan="4">Subtotal</td><td class="number">{Minus(contract.Subtotal)} {currency}</td></tr>""").Append('\n');
    }

    /// <summary>A date that nobody reads the other way round: <c>3 Nov 2026</c>.</summary>
    private static string Date(DateOnly date) => date.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private static string Text(string typed) => Encoder.Encode(typed);

    /// <summary>A minus as wide as a digit, and not to be taken for a dash.</summary>
    private static string Minus(string number) => number.Replace('-', '\u2212');
}
