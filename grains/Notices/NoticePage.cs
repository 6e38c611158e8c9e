using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace UsageBilling.Grains.Notices;

/// <summary>A notice as a page of HTML that runs nothing and loads nothing, for mail programs that show one. It says what the plain text says.</summary>
internal static class NoticePage
{
    private const string Cell = "padding: 4px 16px 4px 0; border-bottom: 1px solid #d5dae1; text-align: left; vertical-align: top";
    private const string NumberCell = "padding: 4px 16px 4px 0; border-bottom: 1px solid #d5dae1; text-align: right; vertical-align: top; white-space: nowrap";

    /// <summary>Letters of every language stay letters; what HTML gives a meaning to loses it.</summary>
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <param name="lines">Those that are listed, with names that stay on one line.</param>
    /// <param name="notes">Sentences below them.</param>
    public static string Of(string subject, string opening, string account, string contract, string night, IEnumerable<ChangedLine> lines, IEnumerable<string> notes)
    {
        var page = new StringBuilder();
        Say(page, "<!DOCTYPE html>");
        Say(page, $"<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{Text(subject)}</title></head>");
        Say(page, "<body style=\"font-family: Helvetica, Arial, sans-serif; font-size: 14px; line-height: 1.45; color: #1a1f27\">");
        Say(page, $"<p>{Text(opening)}</p>");
        Say(page, $"<p>Account: <b>{Text(account)}</b><br>");
        Say(page, $"Contract: <b>{Text(contract)}</b><br>");
        Say(page, $"Night: {Text(night)}</p>");
        Say(page, "<table style=\"border-collapse: collapse\">");
        Say(page, $"<tr>{Head("Service line", Cell)}{Head("Before", NumberCell)}{Head("After", NumberCell)}{Head("From", Cell)}{Head("Changed since", Cell)}{Head("Prorations", NumberCell)}</tr>");
        foreach (var line in lines) Row(page, line);
        Say(page, "</table>");
        foreach (var note in notes) Say(page, $"<p style=\"color: #5b6472\">{Text(note)}</p>");
        Say(page, "</body></html>");
        return page.ToString();
    }

    /// <summary>A line for each cell: a mail may be sent only in lines of some length.</summary>
    private static void Row(StringBuilder page, ChangedLine line)
    {
        Say(page, $"<tr><td style=\"{Cell}\">{Text(line.Name)}</td>");
        Say(page, $"<td style=\"{NumberCell}\">{Text(line.Before.ToString())}</td>");
        Say(page, $"<td style=\"{NumberCell}\">{Text(line.After.ToString())}</td>");
        Say(page, $"<td style=\"{Cell}\">{Iso(line.EffectiveOn)}</td>");
        Say(page, $"<td style=\"{Cell}\">{Iso(line.FirstOn)}</td>");
        Say(page, $"<td style=\"{NumberCell}\">{Text(line.Prorated.ToString())}</td></tr>");
    }

    private static string Head(string words, string style) => $"<th style=\"{style}\">{words}</th>";

    private static string Text(string text) => Encoder.Encode(text);

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void Say(StringBuilder page, string line) => page.Append(line).Append("\r\n");
}
