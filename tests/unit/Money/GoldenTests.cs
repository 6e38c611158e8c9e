using System.Globalization;
using System.Numerics;
using System.Text.Json;
using UsageBilling.Grains.Prorating;
using UsageBilling.Grains.Prorating.Cases;
using UsageBilling.Interfaces.Values;
using UsageBilling.Silo.Commands.Prorate;

namespace UsageBilling.Tests.Unit.Prorating;

/// <summary>Published amounts of other billing systems, each with its source, read by the reader that <c>./prorate</c> has.</summary>
public sealed class GoldenTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Money", "golden.json"))).RootElement;

    /// <summary>A source that rounds credit and charge by themselves, and so is a coin away from the rounded total.</summary>
    private static readonly string[] Drifting = ["KB-35", "KB-41", "KB-43", "FX-01"];

    /// <summary>A source whose months have thirty days.</summary>
    private static readonly string[] Thirty = ["KB-F30-1", "KB-F30-3", "ZU-02"];

    public static TheoryData<string> Cases => Ids("cases");

    public static TheoryData<string> Drifts => [.. Drifting];

    public static TheoryData<string> Cadences => Ids("cadences");

    public static TheoryData<string> Roundings => Ids("rounding_golden");

    public static TheoryData<string> Boundaries => Ids("period_golden");

    public static TheoryData<string> Ratios => Ids("ratio_golden");

    [Fact]
    public void No_golden_case_was_lost()
    {
        Assert.Equal((89, 5, 6, 10), (Cases.Count, Roundings.Count, Boundaries.Count, Ratios.Count));
        Assert.Equal(Drifting.Concat(Thirty).Order(), List("cases").Where(golden => !golden.GetProperty("engine_default_matches").GetBoolean()).Select(Id).Order());
        Assert.All(List("cases"), golden => Assert.NotEqual("", golden.GetProperty("source").GetString()));
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_published_case_comes_out_line_by_line_and_in_total(string id)
    {
        var golden = Find("cases", id);
        var result = CaseResult.Of(golden);
        var shown = result.Json.ToJsonString();
        Assert.True(result.Matches, shown);
        Assert.Equal(golden.TryGetProperty("expected", out _) ? true : null, result.Json["matches_lines"]?.GetValue<bool>());
        Assert.Equal(golden.GetProperty("total").GetString(), result.Json["total"]!.GetValue<string>());
        Assert.Equal(golden.TryGetProperty("next_period", out _), result.Json.ContainsKey("next_period"));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Only_what_a_source_does_otherwise_is_computed_otherwise(string id)
    {
        var settings = Asked(Find("cases", id)).Request.Settings;
        Assert.Equal(Drifting.Contains(id) ? LineRounding.IndependentPerLine : LineRounding.Cumulative, settings.Rounding);
        Assert.Equal(Thirty.Contains(id) ? DayCount.Fixed30 : DayCount.ActualPeriod, settings.DayCount);
        Assert.Equal(id == "CW-01" ? UnitPriceRounding.PerUnit : UnitPriceRounding.None, settings.UnitPriceRounding);
    }

    [Theory, MemberData(nameof(Drifts))]
    public void Where_the_source_drifts_by_a_coin_the_defaults_keep_the_rounded_total(string id)
    {
        var golden = Find("cases", id);
        var request = Asked(golden).Request;
        var computed = Computed(request with { Settings = request.Settings with { Rounding = LineRounding.Cumulative } });
        var runs = computed.Lines.GroupBy(item => item.Run).ToDictionary(run => run.Key, run => run.Sum(item => item.Line.Amount.Amount));
        foreach (var delta in golden.GetProperty("verification").GetProperty("engine_deltas").EnumerateArray())
            Assert.Equal(Number(delta, "delta"), runs.GetValueOrDefault(delta.GetProperty("event").GetInt32()));
        Assert.Equal(Number(golden.GetProperty("verification"), "engine_total"), computed.Total.Amount);
        Assert.NotEqual(Number(golden, "total"), computed.Total.Amount);
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_exact_total_is_the_published_fraction(string id)
    {
        var golden = Find("cases", id);
        if (!golden.GetProperty("verification").TryGetProperty("exact_total", out var exact)) return;
        var lines = Computed(Asked(golden).Request).Lines.Select(item => item.Line.Accrual).ToList();
        var (numerator, denominator) = Fraction(exact.GetString()!);
        var sum = lines.Aggregate(BigInteger.Zero, (sum, accrual) => sum + (BigInteger)accrual.Numerator);
        Assert.Equal(numerator * lines[0].Denominator * BigInteger.Pow(10, 12), sum * denominator);
    }

    [Theory, MemberData(nameof(Cadences))]
    public void The_cadence_finds_the_published_period(string id)
    {
        var (told, request) = (Find("cadences", id), Asked(Find("cases", id)).Request);
        var every = Enum.Parse<BillingPeriod>(told.GetProperty("every").GetString()!.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        var cadence = CadenceAlignment.Contract(every, DateOnly.Parse(told.GetProperty("anchor").GetString()!, CultureInfo.InvariantCulture));
        var days = new DateRange(request.Periods[0].From, request.Periods[0].Until);
        Assert.Equal((days, days), (cadence.PeriodContaining(days.From).Span, cadence.PeriodContaining(days.Until.AddDays(-1)).Span));
    }

    [Theory, MemberData(nameof(Roundings))]
    public void A_published_rounding_comes_out(string id) => Comes(ListedCases.Rounding(Find("rounding_golden", id)));

    [Theory, MemberData(nameof(Boundaries))]
    public void Published_boundaries_come_out(string id) => Comes(ListedCases.Boundaries(Find("period_golden", id)));

    [Theory, MemberData(nameof(Ratios))]
    public void A_published_ratio_comes_out(string id) => Comes(ListedCases.Ratio(Find("ratio_golden", id)));

    private static void Comes(CaseResult result) => Assert.True(result.Matches, result.Json.ToJsonString());

    private static TheoryData<string> Ids(string list) => [.. List(list).Select(Id)];

    private static IEnumerable<JsonElement> List(string list) => Golden.GetProperty(list).EnumerateArray();

    private static string Id(JsonElement golden) => golden.GetProperty("id").GetString()!;

    private static JsonElement Find(string list, string id) => List(list).Single(golden => Id(golden) == id);

    private static ProrationCase Asked(JsonElement golden)
    {
        var problems = new List<Problem>();
        var asked = ProrationCase.FromJson(golden, problems);
        Assert.Empty(problems);
        return asked;
    }

    private static ProrationAnswer.Computed Computed(ProrationRequest request) => Assert.IsType<ProrationAnswer.Computed>(ProrationPreview.Of(request));

    private static decimal Number(JsonElement element, string name) => decimal.Parse(element.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static (BigInteger Numerator, BigInteger Denominator) Fraction(string text) =>
        text.Split('/').Select(part => BigInteger.Parse(part, CultureInfo.InvariantCulture)).ToArray() is [var numerator, .. var rest] ? (numerator, rest is [var denominator] ? denominator : 1) : default;
}
