using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Feeds;

namespace UsageBilling.Api.Feeds;

/// <summary>What a feed is told, as JSON.</summary>
/// <param name="Counts">At most 20,000.</param>
/// <param name="AsOf">The night that they are for; absent: the last night.</param>
/// <param name="Complete">Whether accounts that are not named are missing. Absent: they are left as they are.</param>
/// <param name="IdempotencyKey">Chosen by the sender; may be the header <c>Idempotency-Key</c> instead.</param>
internal sealed record NewSnapshot(IReadOnlyList<NewCount> Counts, DateOnly? AsOf = null, bool Complete = false, string? IdempotencyKey = null);

/// <summary>One count. Everything about it is checked row by row.</summary>
/// <param name="Quantity">The count itself, never a difference: a number, or its text.</param>
/// <param name="AccountName">The account's name; needed when the feed does not know the account.</param>
internal sealed record NewCount(string? ExternalId = null, string? Metric = null, JsonElement? Quantity = null, string? AccountName = null);

/// <summary>What the address says about a snapshot.</summary>
/// <param name="DryRun">Only says what would become of the rows.</param>
/// <param name="Complete">Of CSV, which has no place for it.</param>
/// <param name="AsOf">Of CSV that has no such column.</param>
internal sealed record SnapshotQuery(
    [FromQuery(Name = "dry_run")] bool? DryRun, [FromQuery(Name = "complete")] bool? Complete, [FromQuery(Name = "as_of")] DateOnly? AsOf);

/// <summary>A snapshot as it was sent, JSON or CSV.</summary>
/// <param name="Hash">Of everything that was said: the same key with other words is a mistake.</param>
internal sealed record SnapshotRequest(IReadOnlyList<FedRow> Rows, DateOnly? AsOf, bool Complete, string? Key, byte[] Hash)
{
    public const int RowsMax = 20_000;
    public const int BodyBytesMax = 4 * 1024 * 1024;
    public const string Csv = "text/csv";

    private const int KeyMax = 200;
    private const string JsonType = "application/json";

    private static readonly string[] Columns = ["external_id", "account_name", "metric", "quantity", "as_of"];
    private static readonly string[] Needed = ["external_id", "metric", "quantity"];

    /// <summary>Either the request or what is wrong with it as a whole.</summary>
    public static async Task<(SnapshotRequest? Request, ProblemResult? Problem)> Read(HttpRequest http, SnapshotQuery query, JsonSerializerOptions options, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(http.ContentType, out var type) || type.MediaType is not (JsonType or Csv)) return (null, ProblemResult.Of(ProblemCode.MediaTypeUnsupported));
        using var body = new MemoryStream();
        await http.Body.CopyToAsync(body, cancellation);
        if (body.Length == 0) return (null, ProblemResult.Of(ProblemCode.BodyMissing));
        var (request, problem) = type.MediaType == Csv ? FromCsv(body.ToArray(), query) : FromJson(body.ToArray(), query, options);
        if (request is null) return (null, problem);
        if (request.Rows.Count > RowsMax) return (null, ProblemResult.Of(ProblemCode.SnapshotTooLarge, $"A snapshot has at most {RowsMax} rows, and this has {request.Rows.Count}."));
        var header = http.Headers["Idempotency-Key"].ToString();
        if (header.Length > 0 && request.Key is { } other && other != header) return (null, Invalid("idempotency_key", "Is another one than the header's."));
        var key = request.Key ?? (header.Length > 0 ? header : null);
        if (key is null ? query.DryRun != true : key.Length is 0 or > KeyMax || key.Any(char.IsControl))
            return (null, Invalid("idempotency_key", $"Must be a text of 1 to {KeyMax} characters, here or in the header Idempotency-Key."));
        return (request with { Key = key, Hash = HashOf(type.MediaType, query, body.ToArray()) }, null);
    }

    private static (SnapshotRequest?, ProblemResult?) FromJson(byte[] body, SnapshotQuery query, JsonSerializerOptions options)
    {
        if (query.Complete is not null || query.AsOf is not null) return (null, Invalid(query.Complete is not null ? "complete" : "as_of", "Belongs into the body, not into the address."));
        NewSnapshot? sent;
        try
        {
            sent = JsonSerializer.Deserialize<NewSnapshot>(body, options);
        }
        catch (JsonException wrong)
        {
            throw new BadHttpRequestException("The body cannot be read.", StatusCodes.Status400BadRequest, wrong);
        }

        if (sent is null) return (null, ProblemResult.Of(ProblemCode.BodyMissing));
        var rows = sent.Counts.Select((count, index) => new FedRow(index + 1, count?.ExternalId, count?.AccountName, count?.Metric, Quantity(count?.Quantity ?? default)));
        return (new([.. rows], sent.AsOf, sent.Complete, sent.IdempotencyKey, []), null);
    }

    private static (SnapshotRequest?, ProblemResult?) FromCsv(byte[] body, SnapshotQuery query)
    {
        var (table, objection) = CsvTable.Parse(body);
        if (table is null) return (null, ProblemResult.Of(ProblemCode.CsvInvalid, objection));
        if (table.Header.FirstOrDefault(name => !Columns.Contains(name)) is { } unknown)
            return (null, ProblemResult.Of(ProblemCode.CsvInvalid, $"The header has '{unknown}', which is none of {string.Join(", ", Columns)}."));
        if (Needed.FirstOrDefault(name => !table.Header.Contains(name)) is { } missing) return (null, ProblemResult.Of(ProblemCode.CsvInvalid, $"The header lacks '{missing}'."));
        var dates = table.Rows.Select(row => table.Of(row, "as_of")).Where(date => !string.IsNullOrEmpty(date)).Distinct().ToList();
        var asOf = query.AsOf;
        foreach (var text in dates)
        {
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return (null, Invalid("as_of", $"'{(text!.Length > 20 ? text[..20] : text)}' is not a date; write 2026-11-22."));
            if (asOf is { } before && before != date) return (null, Invalid("as_of", "All rows of a snapshot are of one night, and those of the address."));
            asOf = date;
        }

        var rows = table.Rows.Select((row, index) => new FedRow(index + 1, table.Of(row, "external_id"), table.Of(row, "account_name"), table.Of(row, "metric"), Quantity(table.Of(row, "quantity")!)));
        return (new([.. rows], asOf, query.Complete == true, null, []), null);
    }

    private static decimal? Quantity(JsonElement sent) => sent.ValueKind switch
    {
        JsonValueKind.Number => sent.TryGetDecimal(out var number) ? number : null,
        JsonValueKind.String => Quantity(sent.GetString()!),
        _ => null,
    };

    private static decimal? Quantity(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static ProblemResult Invalid(string field, string message) => ProblemResult.Of(ProblemCode.ValidationFailed, [new FieldError(field, message)]);

    private static byte[] HashOf(string type, SnapshotQuery query, byte[] body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{type}\n{query.Complete}\n{query.AsOf:yyyy-MM-dd}\n")));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
