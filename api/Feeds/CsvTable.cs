using System.Text;

namespace UsageBilling.Api.Feeds;

/// <summary>A CSV file as it is meant (RFC 4180): a header, fields between commas, quotes doubled inside quotes. What is not so is refused as a whole, because nobody knows what the rest says.</summary>
internal sealed class CsvTable
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly List<string> header;

    private CsvTable(List<string> header, List<List<string>> rows) => (this.header, Rows) = (header, rows);

    /// <summary>The rows below the header; each has as many fields as the header.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows { get; }

    public IReadOnlyList<string> Header => header;

    /// <summary>The field of a row, or null when there is no such column.</summary>
    public string? Of(IReadOnlyList<string> row, string column) => header.IndexOf(column) is >= 0 and var index ? row[index] : null;

    /// <summary>The table, or a sentence that says what is wrong and in which line.</summary>
    public static (CsvTable? Table, string? Objection) Parse(byte[] bytes)
    {
        string text;
        try
        {
            text = Strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return (null, "The file is not UTF-8.");
        }

        var (records, objection) = new Reader(text).Read();
        if (objection is not null) return (null, objection);
        if (records.Count == 0) return (null, "The file has no header.");
        var columns = records[0].Fields.ConvertAll(name => name.Trim());
        if (columns.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice) return (null, $"The header has '{twice.Key}' more than once.");
        var other = records.Find(record => record.Fields.Count != columns.Count);
        return other is null
            ? (new(columns, [.. records.Skip(1).Select(record => record.Fields)]), null)
            : (null, $"Line {other.Line} has {other.Fields.Count} fields where the header has {columns.Count}.");
    }

    private sealed record Record(int Line, List<string> Fields);

    /// <summary>Goes through the text once. Empty lines are passed over.</summary>
    private sealed class Reader(string text)
    {
        private readonly List<Record> records = [];
        private int at;
        private int line = 1;

        public (List<Record> Records, string? Objection) Read()
        {
            while (at < text.Length)
            {
                var record = new Record(line, []);
                if (ReadRecord(record) is { } objection) return (records, objection);
                if (record.Fields is not [""]) records.Add(record);
            }

            return (records, null);
        }

        private string? ReadRecord(Record record)
        {
            while (true)
            {
                if (at < text.Length && text[at] == '"')
                {
                    if (ReadQuoted(record) is { } objection) return objection;
                }
                else
                {
                    var end = text.AsSpan(at).IndexOfAny(",\r\n\"");
                    end = end < 0 ? text.Length : at + end;
                    if (end < text.Length && text[end] == '"') return $"Line {line} has a quote inside a field that does not begin with one.";
                    record.Fields.Add(text[at..end]);
                    at = end;
                }

                if (at < text.Length && text[at] == ',') at++;
                else return EndLine();
            }
        }

        private string? ReadQuoted(Record record)
        {
            var (began, field) = (line, new StringBuilder());
            for (at++; at < text.Length; at++)
            {
                if (text[at] == '\n') line++;
                if (text[at] != '"') field.Append(text[at]);
                else if (at + 1 < text.Length && text[at + 1] == '"') field.Append(text[++at]);
                else
                {
                    at++;
                    record.Fields.Add(field.ToString());
                    return at == text.Length || text[at] is ',' or '\r' or '\n' ? null : $"Line {line} goes on after a closing quote.";
                }
            }

            return $"The quote that line {began} opens is never closed.";
        }

        private string? EndLine()
        {
            if (at < text.Length && text[at] == '\r') at++;
            if (at == text.Length) return null;
            if (text[at] != '\n') return $"Line {line} has a carriage return in the middle.";
            (at, line) = (at + 1, line + 1);
            return null;
        }
    }
}
