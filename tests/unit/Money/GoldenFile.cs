using System.Text.Json;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Prorating;

/// <summary>Published amounts of other billing systems, restated in golden.json. Its "about" explains every field.</summary>
internal sealed record GoldenFile(
    GoldenCase[] Cases, GoldenCase[] CoinDrift, GoldenRounding[] Rounding, GoldenBoundaries[] Periods, GoldenRatio[] Ratios)
{
    private static readonly JsonSerializerOptions SnakeCase = new(JsonSerializerDefaults.General) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static readonly GoldenFile Read =
        JsonSerializer.Deserialize<GoldenFile>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Money", "golden.json")), SnakeCase)!;
}

internal sealed record GoldenCase(
    string Id, GoldenSpan Period, GoldenCadence? Cadence, string Currency, string UnitPrice, decimal? Included, string ExactTotal, string Total,
    string? TotalHere, GoldenNext? Next, GoldenRun[] Runs);

internal sealed record GoldenSpan(DateOnly From, DateOnly? Until)
{
    public DateRange Days() => new(From, Until!.Value);
}

internal sealed record GoldenCadence(string Every, DateOnly Anchor)
{
    public BillingCadence Cadence() => new(Enum.Parse<BillingPeriod>(Every.Replace("_", "", StringComparison.Ordinal), ignoreCase: true), Anchor);
}

internal sealed record GoldenRun(JsonElement[][] Counts, string[][] Prices, GoldenSpan? Service, string Net, string? NetHere, GoldenLine[]? Lines);

internal sealed record GoldenLine(DateOnly From, DateOnly Until, decimal Units, string UnitPrice, string Amount);

internal sealed record GoldenNext(DateOnly From, DateOnly Until, decimal Units, string Amount);

internal sealed record GoldenRounding(string Id, string Rule, string Currency, string Amount, decimal[]? Weights, JsonElement Expected);

internal sealed record GoldenBoundaries(string Id, string Every, DateOnly Anchor, int First, DateOnly[] Boundaries);

internal sealed record GoldenRatio(string Id, DateOnly From, DateOnly Until, GoldenSpan Period, string Fraction, string? Ratio, int Places);
