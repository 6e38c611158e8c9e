using System.Text.Json;
using UsageBilling.Connectors.Http;

namespace UsageBilling.Connectors.Bms;

/// <summary>What is around every answer: whether it succeeded, why not, the result, and for most lists how long they are.</summary>
internal sealed class BmsEnvelope
{
    private const int TextsMax = 20;
    private readonly BmsRow _body;
    private readonly BmsRow? _error;

    private BmsEnvelope(BmsRow body, bool succeeded)
    {
        _body = body;
        _error = body.Row("error");
        Succeeded = succeeded;
    }

    public bool Succeeded { get; }

    /// <summary>Why not, in the vendor's words. Its stack trace is none of them.</summary>
    public IReadOnlyList<string> Errors => _error is not { } error ? []
        : [.. new[] { error.Text("message"), error.Text("details") }.Concat((error.List("subErrors") ?? []).Take(TextsMax).Select(Sentence)).OfType<string>().Distinct()];

    /// <summary>Whether the vendor's code broke, as opposed to: said no. <c>stackStrace</c> is how the vendor spells it.</summary>
    public bool Broke => _error is { } error && (error.Text("stackStrace") ?? error.Text("stackTrace")) is not null;

    public BmsRow? Result => _body.Row("result");

    public IReadOnlyList<JsonElement>? Rows => _body.List("result");

    public long? TotalRecords => _body.Whole("totalRecords");

    /// <summary>Null when the body is not an envelope.</summary>
    public static BmsEnvelope? FromJson(byte[] body)
        => JsonFields.Parse(body) is { ValueKind: JsonValueKind.Object } root && new BmsRow(root) is var row && row.Flag("success") is { } succeeded ? new(row, succeeded) : null;

    private static string? Sentence(JsonElement text) => text.ValueKind == JsonValueKind.String ? JsonFields.Unescaped(text) : null;
}
