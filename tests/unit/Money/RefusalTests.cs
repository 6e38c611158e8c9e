using System.Text.Json;
using UsageBilling.Grains.Prorating;
using UsageBilling.Grains.Prorating.Cases;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Silo.Commands.Prorate;

namespace UsageBilling.Tests.Unit.Prorating;

/// <summary>Bad input is refused with a stable code, and nothing is computed.</summary>
public sealed class RefusalTests
{
    private const string Good = """
        {"id": "x", "period_start": "2026-06-01", "period_end": "2026-07-01", "unit_price": "30.00", "currency": "USD", "initial_units": 1, "changes": [],
         "mode": "accrual", "convention": "actual_days_of_aligned_period", "total": "30.00", "engine_default_matches": true}
        """;

    private static readonly ProrationRequest June = new() { Currency = "USD", Periods = [new(new(2026, 6, 1), new(2026, 7, 1)), new(new(2026, 7, 1), new(2026, 8, 1))], UnitPrice = 30m, InitialUnits = 1m };

    [Fact]
    public void Good_input_is_answered() => Assert.IsType<ProrationAnswer.Computed>(ProrationPreview.Of(June));

    [Fact]
    public void An_unknown_currency_is_refused() => Refuses(RefusalCode.CurrencyUnknown, June with { Currency = "XYZ" });

    [Fact]
    public void Periods_must_be_real_and_apart()
    {
        Refuses(RefusalCode.PeriodInvalid, June with { Periods = [new(new(2026, 6, 1), new(2026, 6, 1))] });
        Refuses(RefusalCode.PeriodInvalid, June with { Periods = [new(new(2026, 6, 1), new(2027, 6, 3))] });
        Refuses(RefusalCode.PeriodsOverlap, June with { Periods = [June.Periods[0], new(new(2026, 6, 30), new(2026, 8, 1))] });
        Refuses(RefusalCode.RequestTooLarge, June with { Periods = [] });
        Refuses(RefusalCode.ServiceDatesInverted, June with { ServiceFrom = new(2026, 6, 10), ServiceUntil = new(2026, 6, 9) });
    }

    [Fact]
    public void Prices_must_be_prices()
    {
        Refuses(RefusalCode.PriceInvalid, June with { UnitPrice = -0.01m });
        Refuses(RefusalCode.PriceInvalid, June with { UnitPrice = 1_000_000_000.01m });
        Refuses(RefusalCode.PriceInvalid, June with { PriceChanges = [new(new(2026, 6, 10), 0.0000001m)] });
        Refuses(RefusalCode.PriceInvalid, June with { Commitment = -1m });
    }

    [Fact]
    public void Units_must_be_units()
    {
        Refuses(RefusalCode.UnitsInvalid, June with { InitialUnits = -1m });
        Refuses(RefusalCode.UnitsInvalid, June with { Changes = [new(new(2026, 6, 10), 1_000_000_001m)] });
        Refuses(RefusalCode.UnitsInvalid, June with { Included = 0.0000001m });
        Refuses(RefusalCode.LimitsInverted, June with { Minimum = 5m, Maximum = 4m });
    }

    [Fact]
    public void Tiers_must_rise_and_only_the_last_is_open()
    {
        Refuses(RefusalCode.TiersInvalid, June with { Tiers = new(TierKind.Graduated, []) });
        Refuses(RefusalCode.TiersInvalid, June with { Tiers = new(TierKind.Graduated, [new(5m, 1m), new(5m, 1m), new(null, 1m)]) });
        Refuses(RefusalCode.TiersInvalid, June with { Tiers = new(TierKind.Volume, [new(null, 1m), new(null, 1m)]) });
        Refuses(RefusalCode.TiersInvalid, June with { Tiers = new(TierKind.Volume, [new(5m, 1m)]) });
        Refuses(RefusalCode.TiersInvalid, June with { Tiers = new(TierKind.Volume, [new(5m, -1m), new(null, 1m)]) });
        Refuses(RefusalCode.TiersInvalid, June with { PriceChanges = [new(new(2026, 6, 2), 0m, 0, new(TierKind.Volume, [new(0m, 1m), new(null, 1m)]))] });
    }

    [Fact]
    public void What_was_posted_must_lie_in_the_periods_and_be_whole_coins()
    {
        Refuses(RefusalCode.PostedInvalid, June with { PostedBefore = [new(new(2026, 5, 30), new(2026, 6, 2), 1m, null, 1m)] });
        Refuses(RefusalCode.PostedInvalid, June with { PostedBefore = [new(new(2026, 6, 1), new(2026, 6, 2), 1m, null, 1.001m)] });
    }

    [Theory]
    [InlineData(0, 31, true), InlineData(1, 30, true), InlineData(1, 31, true), InlineData(2, 1, false), InlineData(null, 1, false)]
    public void A_change_reaches_back_over_so_many_closed_periods_and_no_more(int? most, int day, bool refused)
    {
        var june = June with
        {
            Periods = [new(new(2026, 5, 1), new(2026, 6, 1)), .. June.Periods],
            AsOf = new(2026, 7, 15),
            Settings = new() { ClosedPeriodsBackMax = most },
            Changes = [new(new(2026, 5, day), 2m)],
        };
        if (refused) Refuses(RefusalCode.DateTooOld, june);
        else Assert.IsType<ProrationAnswer.Computed>(ProrationPreview.Of(june));
    }

    [Theory]
    [InlineData("\"period_end\": \"2026-07-01\"", "\"period_end\": \"2026-02-31\"", "date_invalid", "period_end")]
    [InlineData("\"changes\": []", "\"changes\": [{\"date\": \"2026-02-30\", \"units\": 1}]", "date_invalid", "changes[0].date")]
    [InlineData("\"initial_units\": 1", "\"initial_units\": [1]", "value_invalid", "initial_units")]
    [InlineData("\"initial_units\": 1", "\"initial_unit\": 1", "field_unknown", "initial_unit")]
    [InlineData("\"changes\": []", "\"changes\": {}", "value_invalid", "changes")]
    [InlineData("\"changes\": []", "\"changes\": [7]", "value_invalid field_missing field_missing", "changes[0] changes[0].date changes[0].units")]
    [InlineData("\"changes\": []", "\"changes\": [{\"date\": \"2026-06-10\", \"units\": 1, \"event\": \"first\"}]", "value_invalid", "changes[0].event")]
    [InlineData("\"mode\": \"accrual\"", "\"mode\": \"guess\"", "value_invalid", "mode")]
    [InlineData("actual_days_of_aligned_period", "per_second", "value_invalid", "convention")]
    [InlineData("\"unit_price\": \"30.00\"", "\"unit_price\": \"1e3\"", "value_invalid", "unit_price")]
    [InlineData("\"unit_price\": \"30.00\"", "\"unit_price\": \"-30.00\"", "price_invalid", "unit_price")]
    [InlineData("\"currency\": \"USD\"", "\"currency\": \"usd\"", "currency_unknown", "currency")]
    [InlineData("\"initial_units\": 1", "\"initial_units\": 1000000001", "units_invalid", "initial_units")]
    [InlineData("\"period_end\": \"2026-07-01\"", "\"period_end\": \"2026-05-01\"", "period_invalid", "period_end")]
    [InlineData("\"changes\": []", "\"changes\": [], \"next_period\": {\"from\": \"2026-06-30\", \"to\": \"2026-07-31\", \"units\": 1, \"amount\": \"30.00\"}", "periods_overlap", "next_period")]
    [InlineData("\"changes\": []", "\"changes\": [], \"graduated\": [[\"0\", \"5\", \"1\"], [\"6\", null, \"1\"]]", "value_invalid", "graduated[1]")]
    [InlineData("\"changes\": []", "\"changes\": [], \"graduated\": [[\"0\", \"5\", \"1\"], [\"5\", \"4\", \"1\"], [\"4\", null, \"1\"]]", "tiers_invalid", "graduated")]
    [InlineData("\"changes\": []", "\"changes\": [], \"settings\": {\"day_count\": \"fixed31\"}", "value_invalid", "settings.day_count")]
    [InlineData("\"changes\": []", "\"changes\": [], \"settings\": {\"daycount\": \"fixed30\"}", "field_unknown", "settings.daycount")]
    [InlineData("\"changes\": []", "\"changes\": [], \"settings\": {\"daycount\": null}", "field_unknown", "settings.daycount")]
    [InlineData("\"period_start\": \"2026-06-01\", \"period_end\": \"2026-07-01\"", "\"periods\": [{\"from\": \"2026-06-01\", \"to\": \"2026-07-01\"}, {\"from\": \"2026-06-30\", \"to\": \"2026-08-01\"}]", "periods_overlap", "periods[1]")]
    [InlineData("\"period_start\": \"2026-06-01\", \"period_end\": \"2026-07-01\"", "\"periods\": [{\"from\": \"2026-06-01\", \"until\": \"2026-07-01\"}]", "field_missing field_unknown", "periods[0].to periods[0].until")]
    [InlineData("\"changes\": []", "\"changes\": [], \"price_changes\": [{\"date\": \"2026-06-10\", \"volume\": [[\"0\", \"5\", \"1\"], [\"5\", \"4\", \"1\"], [\"4\", null, \"1\"]]}]", "tiers_invalid", "price_changes[0].volume")]
    [InlineData("\"changes\": []", "\"changes\": [], \"price_changes\": [{\"date\": \"2026-06-10\", \"unit_price\": -1}]", "price_invalid", "price_changes[0].unit_price")]
    [InlineData("\"changes\": []", "\"changes\": [], \"posted_before\": [{\"from\": \"2026-05-10\", \"to\": \"2026-06-10\", \"amount\": 1}]", "posted_invalid", "posted_before[0]")]
    [InlineData("\"changes\": []", "\"changes\": [], \"posted_with\": {\"minimum\": 5, \"maximum\": 4}", "limits_inverted", "posted_with.maximum")]
    [InlineData("\"changes\": []", "\"changes\": [], \"posted_with\": {\"included\": -1}", "units_invalid", "posted_with.included")]
    [InlineData("\"changes\": []", "\"changes\": [], \"posted_with\": {\"commitment\": 1000000001}", "price_invalid", "posted_with.commitment")]
    [InlineData("\"changes\": []", "\"changes\": [], \"posted_with\": {\"settings\": {\"mode\": \"yearly\"}, \"price\": 3}", "value_invalid field_unknown", "posted_with.settings.mode posted_with.price")]
    public void A_case_that_cannot_be_read_says_which_field_is_wrong(string good, string bad, string codes, string fields)
    {
        using var document = JsonDocument.Parse(Good.Replace(good, bad, StringComparison.Ordinal));
        var result = CaseResult.Of(document.RootElement);
        var problems = result.Json["problems"]!.AsArray().Select(problem => (Code: problem!["code"]!.GetValue<string>(), Field: problem["field"]?.GetValue<string>())).ToList();
        Assert.Equal((codes, fields), (string.Join(' ', problems.Select(problem => problem.Code)), string.Join(' ', problems.Select(problem => problem.Field))));
        Assert.False(result.Satisfied);
        Assert.False(result.Json.ContainsKey("lines"));
    }

    [Theory]
    [InlineData("30.00", true, true), InlineData("30.01", true, false), InlineData("30.01", false, true)]
    public void Only_a_case_that_is_meant_to_match_must_match(string total, bool meant, bool satisfied)
    {
        var text = Good.Replace("\"total\": \"30.00\"", $"\"total\": \"{total}\"", StringComparison.Ordinal).Replace("matches\": true", $"matches\": {(meant ? "true" : "false")}", StringComparison.Ordinal);
        using var document = JsonDocument.Parse(text);
        var result = CaseResult.Of(document.RootElement);
        Assert.Equal((total == "30.00", satisfied), (result.Matches, result.Satisfied));
    }

    [Theory]
    [InlineData("{\"cases\": []}", null)]
    [InlineData("[]", null)]
    [InlineData("", "it is not JSON: ")]
    [InlineData("{\"cases\": [}", "it is not JSON: ")]
    [InlineData("{\"cases\": [], \"cases\": []}", "it is not JSON: ")]
    [InlineData("{\"cases\": [{\"id\": \"\\ud800\"}]}", "it has text that is not Unicode.")]
    [InlineData("{\"casez\": []}", "it has none of the lists cases, ")]
    [InlineData("7", "it has none of the lists cases, ")]
    [InlineData("{\"cases\": 7}", "'cases' is not a list.")]
    public void A_file_is_json_with_one_of_the_lists(string json, string? objection)
    {
        var (file, said) = CaseFile.Of(System.Text.Encoding.UTF8.GetBytes(json));
        Assert.Equal(objection is null, file is not null);
        Assert.StartsWith(objection ?? "", said ?? "", StringComparison.Ordinal);
    }

    private static void Refuses(string code, ProrationRequest request) => Assert.Equal(code, Assert.IsType<ProrationAnswer.Refused>(ProrationPreview.Of(request)).Why.Code);
}
