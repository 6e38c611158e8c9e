using System.Text.RegularExpressions;

namespace UsageBilling.Api.Contract;

/// <summary>One request of <c>requests.http</c>: what a route is called, what it is for, and an example that works.</summary>
/// <param name="Name">The route's name, by which later requests use its answer; the OpenAPI document has it as operationId.</param>
/// <param name="Summary">One sentence for a person.</param>
/// <param name="Method">For example <c>GET</c>.</param>
/// <param name="Address">As it stands in the file, variables included.</param>
/// <param name="Headers">Names and values, variables included.</param>
/// <param name="Body">Variables included; null when it has none.</param>
/// <param name="Expected">The status and code of the refusal that is the answer in the demo; null when the request is accepted.</param>
public sealed partial record RequestExample(string Name, string Summary, string Method, string Address, IReadOnlyDictionary<string, string> Headers, string? Body, string? Expected)
{
    private const string Separator = "###";

    /// <summary>All of the file, in its order.</summary>
    public static IReadOnlyList<RequestExample> All { get; } = [.. Parse(Read())];

    /// <summary>The path's segments, without host and query; a variable is one segment.</summary>
    public IReadOnlyList<string> Segments { get; } = Split(Address);

    /// <summary>Whether it is an example of the route.</summary>
    /// <param name="path">As ApiExplorer has it: <c>v1/lines/{id}</c>, <c>v1/lines/</c>.</param>
    public bool IsOf(string method, string path)
    {
        var wanted = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return Method == method && wanted.Length == Segments.Count && wanted.Zip(Segments).All(pair => Fits(pair.First, pair.Second));
    }

    /// <summary>Variables by what a function makes of their names.</summary>
    public static string Fill(string text, Func<string, string> value) => Variable().Replace(text, found => value(found.Groups[1].Value));

    private static bool Fits(string wanted, string segment)
    {
        var brace = wanted.IndexOf('{', StringComparison.Ordinal);
        if (brace < 0) return wanted == segment;
        var (before, after) = (wanted[..brace], wanted[(wanted.LastIndexOf('}') + 1)..]);
        if (!segment.StartsWith(before, StringComparison.Ordinal) || !segment.EndsWith(after, StringComparison.Ordinal)) return false;
        // A variable in the place of a number, and nothing else beside it
        return Variable().Replace(segment[before.Length..^after.Length], "1") is var rest && rest.Length > 0 && rest.All(letter => char.IsAsciiDigit(letter) || letter is '.' or '-');
    }

    private static string[] Split(string address)
    {
        var path = address.Replace("{{host}}", "", StringComparison.Ordinal).Split('?')[0].Trim('/');
        return path.Length == 0 ? [] : path.Split('/');
    }

    private static IEnumerable<RequestExample> Parse(string text) => text
        .Split('\n' + Separator)
        .Skip(1)
        .Select(block => block.Split('\n').Select(line => line.TrimEnd()).ToList())
        .Select(Parse);

    private static RequestExample Parse(List<string> lines)
    {
        var first = lines.FindIndex(1, line => !line.StartsWith('#'));
        var empty = lines.FindIndex(first, line => line.Length == 0);
        var words = lines[first].Split(' ', 2);
        var headers = lines[(first + 1)..empty].Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var body = string.Join('\n', lines[empty..]).Trim();
        return new(Said(lines, "# @name ")!, lines[0].Trim(), words[0], words[1], headers, body.Length == 0 ? null : body, Said(lines, "# @expect "));
    }

    private static string? Said(List<string> lines, string mark) => lines.Find(line => line.StartsWith(mark, StringComparison.Ordinal))?[mark.Length..];

    private static string Read()
    {
        using var stream = typeof(RequestExample).Assembly.GetManifestResourceStream("requests.http")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\{\{(.+?)\}\}")]
    private static partial Regex Variable();
}
