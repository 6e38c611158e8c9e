using System.Text.Json;
using System.Text.Json.Serialization;

namespace UsageBilling.Benchmarks;

/// <summary>What a benchmark found as one line for programs: the last that it prints.</summary>
internal static class JsonLine
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Of<T>(T result) => JsonSerializer.Serialize(result, Options);
}
