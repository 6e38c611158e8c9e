using System.Text;

namespace UsageBilling.Tests.System.Conventions;

/// <summary>Tells code, comments and texts of a C# file apart, well enough for conventions: what a text says is not code, and a comment is neither.</summary>
internal sealed class CSharpText
{
    private readonly string source;
    private readonly StringBuilder code = new();
    private readonly List<string> texts = [];
    private int at;

    private CSharpText(string source) => this.source = source;

    /// <summary>The code, with comments gone and every text empty.</summary>
    public string Code => code.ToString();

    /// <summary>Every text, without its quotes; holes of interpolated texts are left in.</summary>
    public IReadOnlyList<string> Texts => texts;

    public static CSharpText Of(string source)
    {
        var read = new CSharpText(source);
        read.Read();
        return read;
    }

    private void Read()
    {
        while (at < source.Length)
        {
            if (Starts("//")) SkipTo("\n");
            else if (Starts("/*")) SkipPast("*/");
            else if (source[at] == '\'') SkipSign();
            else if (source[at] == '"') TakeText(verbatim: at > 0 && (source[at - 1] == '@' || (at > 1 && source[at - 2] == '@' && source[at - 1] == '$')));
            else code.Append(source[at++]);
        }
    }

    private bool Starts(string word) => string.CompareOrdinal(source, at, word, 0, word.Length) == 0;

    private void SkipTo(string end)
    {
        var found = source.IndexOf(end, at, StringComparison.Ordinal);
        at = found < 0 ? source.Length : found;
    }

    private void SkipPast(string end)
    {
        SkipTo(end);
        at = Math.Min(source.Length, at + end.Length);
    }

    private void SkipSign()
    {
        for (at++; at < source.Length && source[at] != '\'' && source[at] != '\n'; at++)
            if (source[at] == '\\')
                at++;
        at++;
        code.Append("' '");
    }

    private void TakeText(bool verbatim)
    {
        var quotes = 0;
        while (at + quotes < source.Length && source[at + quotes] == '"') quotes++;
        if (quotes >= 3) TakeRaw(new string('"', quotes));
        else TakeQuoted(verbatim);
        code.Append("\"\"");
    }

    private void TakeRaw(string fence)
    {
        var start = at + fence.Length;
        at = start;
        SkipTo(fence);
        texts.Add(source[start..at]);
        at = Math.Min(source.Length, at + fence.Length);
    }

    private void TakeQuoted(bool verbatim)
    {
        var start = ++at;
        var interpolated = start > 1 && (source[start - 2] == '$' || (start > 2 && source[start - 3] == '$' && source[start - 2] == '@'));
        var holes = 0;
        while (at < source.Length)
        {
            if (interpolated && source[at] is '{' or '}') holes = Math.Max(0, holes + (source[at] == '{' ? 1 : -1));
            if (!verbatim && source[at] == '\\') at++;
            else if (source[at] == '"' && verbatim && at + 1 < source.Length && source[at + 1] == '"') at++;
            else if (source[at] == '"' && holes == 0) break;
            else if (source[at] == '\n' && !verbatim) break;
            at++;
        }

        texts.Add(source[start..Math.Min(at, source.Length)]);
        at++;
    }
}
