using System.Globalization;
using System.Text;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Notices;

/// <summary>A line whose units changed.</summary>
/// <param name="Before">What it had on <paramref name="FirstOn"/> before the changes.</param>
/// <param name="After">What it has from <paramref name="EffectiveOn"/> on.</param>
/// <param name="FirstOn">The first date whose units changed.</param>
/// <param name="EffectiveOn">The last date whose units changed.</param>
/// <param name="Prorated">The adjustments of the same turns, together.</param>
public sealed record ChangedLine(string Name, Units Before, Units After, DateOnly FirstOn, DateOnly EffectiveOn, Money Prorated);

/// <summary>What a contract's addresses are told about a night.</summary>
/// <param name="Body">As plain text.</param>
/// <param name="Page">The same as a page of HTML.</param>
public sealed record NoticeText(string Subject, string Body, string Page)
{
    /// <summary>Lines that are listed; the others are counted.</summary>
    public const int LinesMax = 200;

    /// <summary>Characters of a name; longer ones are cut.</summary>
    public const int NameMax = 120;

    private const string Opening = "The units of service lines have changed.";
    private const string Closing = "Lines that are held for a look are not included. What changes later this night is told in the next notice.";

    /// <summary>The text about some lines of one contract. The same arguments give the same text, to the character.</summary>
    public static NoticeText Of(string account, string contract, DateOnly night, IReadOnlyList<ChangedLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var (customer, covered, on) = (OneLine(account), OneLine(contract), Iso(night));
        var body = new StringBuilder();
        Say(body, Opening);
        Say(body, "");
        Say(body, $"Account   {customer}");
        Say(body, $"Contract  {covered}");
        Say(body, $"Night     {on}");
        var listed = lines.Take(LinesMax).Select(line => line with { Name = OneLine(line.Name) }).ToList();
        foreach (var line in listed)
        {
            Say(body, "");
            Say(body, line.Name);
            Say(body, $"    {line.Before} → {line.After} units from {Iso(line.EffectiveOn)}{Since(line)}");
            Say(body, $"    prorations {line.Prorated}");
        }

        Say(body, "");
        List<string> notes = lines.Count > LinesMax ? [$"And {lines.Count - LinesMax} more lines.", Closing] : [Closing];
        foreach (var note in notes) Say(body, note);
        var subject = $"Units changed: {covered} ({customer}), {on}";
        return new(subject, body.ToString(), NoticePage.Of(subject, Opening, customer, covered, on, listed, notes));
    }

    private static string Since(ChangedLine line) => line.FirstOn == line.EffectiveOn ? "" : $", changed since {Iso(line.FirstOn)}";

    private static void Say(StringBuilder body, string line) => body.Append(line).Append("\r\n");

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A name as it may stand in a header: no line breaks, no other control characters, none that turn the direction of what follows.</summary>
    private static string OneLine(string name)
    {
        var clean = new StringBuilder();
        foreach (var letter in name.EnumerateRunes())
        {
            var blank = Rune.IsWhiteSpace(letter) || Rune.IsControl(letter) || letter.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
            if (!blank) clean.Append(letter);
            else if (clean.Length > 0 && clean[^1] != ' ') clean.Append(' ');
            if (clean.Length >= NameMax) break;
        }

        return clean.ToString().Trim() is { Length: > 0 } said ? said : "(no name)";
    }
}
