using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Mvc;
using UsageBilling.Api.Feeds;
using UsageBilling.Api.Problems;

namespace UsageBilling.Api.Sheets;

/// <summary>Whether an import changes anything.</summary>
/// <param name="DryRun">Only <c>false</c> changes something; absent or <c>true</c>: it is said what would come of each row.</param>
internal sealed record SheetQuery([FromQuery(Name = "dry_run")] bool? DryRun)
{
    public bool IsDry => DryRun ?? true;
}

/// <summary>What came of one row.</summary>
/// <param name="Row">Its number: 1 for the first below the header.</param>
/// <param name="State"><c>changed</c>, <c>unchanged</c> or <c>refused</c>; of a dry run, what it would be.</param>
/// <param name="Changes">What of it changed.</param>
/// <param name="Code">Of a refusal.</param>
/// <param name="Errors">Which fields are not as they should be, when that is the refusal.</param>
internal sealed record SheetRowResource(int Row, string State, IReadOnlyList<string> Changes, string? Code, string? Sentence, IReadOnlyList<FieldError> Errors)
{
    public static SheetRowResource Changed(int row, params IReadOnlyList<string> changes) => new(row, changes.Count > 0 ? "changed" : "unchanged", changes, null, null, []);

    public static SheetRowResource Refused(int row, string? code, string? sentence) => new(row, "refused", [], code, sentence, []);

    public static SheetRowResource Wrong(int row, IReadOnlyList<FieldError> errors) =>
        new(row, "refused", [], ProblemCode.ValidationFailed.Code, ProblemCode.ValidationFailed.Sentence, errors);
}

/// <summary>What came of a file, row by row.</summary>
internal sealed record SheetResource(bool DryRun, int Changed, int Unchanged, int Refused, IReadOnlyList<SheetRowResource> Items)
{
    public static SheetResource Of(bool dryRun, IReadOnlyList<SheetRowResource> rows) =>
        new(dryRun, rows.Count(row => row.State == "changed"), rows.Count(row => row.State == "unchanged"), rows.Count(row => row.State == "refused"), rows);
}

/// <summary>The columns of a table.</summary>
/// <param name="All">In the order in which they are written.</param>
/// <param name="Needed">Those that must come back.</param>
/// <param name="Shown">Those that are for the eye: they may come back, and are not read.</param>
internal sealed record SheetColumns(IReadOnlyList<string> All, IReadOnlyList<string> Needed, IReadOnlyList<string> Shown);

/// <summary>One row of a table that comes back.</summary>
internal sealed class SheetRow(int number, CsvTable table, IReadOnlyList<string> fields)
{
    public int Number => number;

    /// <summary>Whether the file has the column at all.</summary>
    public bool Has(string column) => table.Header.Contains(column);

    /// <summary>A field; null when it is empty or there is no such column.</summary>
    public string? this[string column] => table.Of(fields, column) is { Length: > 0 } cell ? Cell.Read(cell) : null;

    /// <summary>A field that holds an id. Null, and an error, when it holds something else.</summary>
    public long? Id(string column, List<FieldError> errors)
    {
        if (this[column] is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0) return id;
        errors.Add(new(column, "Must be a number that the export shows."));
        return null;
    }

    /// <summary>A field that holds a date.</summary>
    public DateOnly? Date(string column, List<FieldError> errors)
    {
        if (this[column] is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
        errors.Add(new(column, "Must be a date like 2026-11-22."));
        return null;
    }
}

/// <summary>A table that comes back.</summary>
internal static class Sheet
{
    /// <summary>The largest file.</summary>
    public const int BytesMax = 4 * 1024 * 1024;

    /// <summary>The most rows of one file.</summary>
    public const int RowsMax = 20_000;

    /// <summary>The most rows of one file that may change something.</summary>
    public const int ChangesMax = 1_000;

    /// <summary>The rows, or what is wrong with the file as a whole.</summary>
    public static async Task<(IReadOnlyList<SheetRow>? Rows, ProblemResult? Problem)> Read(HttpRequest http, SheetColumns columns, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(http.ContentType, out var type) || type.MediaType != SheetExport.MediaType)
            return (null, ProblemResult.Of(ProblemCode.MediaTypeUnsupported, "Send the file as text/csv."));
        using var body = new MemoryStream();
        await http.Body.CopyToAsync(body, cancellation);
        if (body.Length == 0) return (null, ProblemResult.Of(ProblemCode.BodyMissing));
        var (table, objection) = CsvTable.Parse(body.ToArray());
        if (table is null) return (null, ProblemResult.Of(ProblemCode.CsvInvalid, objection));
        if (table.Header.FirstOrDefault(name => !columns.All.Contains(name)) is { } unknown)
            return (null, ProblemResult.Of(ProblemCode.CsvInvalid, $"The header has '{Short(unknown)}', which is none of {string.Join(", ", columns.All)}."));
        if (columns.Needed.FirstOrDefault(name => !table.Header.Contains(name)) is { } missing) return (null, ProblemResult.Of(ProblemCode.CsvInvalid, $"The header lacks '{missing}'."));
        return table.Rows.Count > RowsMax
            ? (null, ProblemResult.Of(ProblemCode.ImportTooLarge, $"A file has at most {RowsMax} rows, and this has {table.Rows.Count}: split it, each part with the header."))
            : ([.. table.Rows.Select((fields, index) => new SheetRow(index + 1, table, fields))], null);
    }

    /// <summary>The problem with a file that would change too much at once; null when it would not.</summary>
    public static ProblemResult? TooMany(int changing) => changing <= ChangesMax
        ? null
        : ProblemResult.Of(ProblemCode.ImportTooLarge, $"At most {ChangesMax} rows of a file may change something, and {changing} of this one would: nothing was changed. Split it, each part with the header.");

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
