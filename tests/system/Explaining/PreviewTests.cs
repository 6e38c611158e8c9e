using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Explaining;

/// <summary>What a line would cost, asked of the api.</summary>
public sealed class PreviewTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private const string June = """
        {"currency": "USD", "period_start": "2026-06-01", "period_end": "2026-07-01", "unit_price": "30.00", "initial_units": 10, "changes": [{"date": "2026-06-10", "units": 11, "event": 1}]}
        """;

    [Fact]
    public async Task One_more_from_the_tenth_is_twenty_one_days_of_thirty()
    {
        var answer = await hub.Viewer.PostText("/v1/proration/preview", June.Replace("{\"currency\"", "{\"description\": \"Licence\", \"currency\"", StringComparison.Ordinal));

        const string Period = "\"period_from\":\"2026-06-01\",\"period_until\":\"2026-07-01\"";
        Assert.Equal(
            $$"""200 {"currency":"USD","lines":[{"run":0,"kind":"units","text":"10 × Licence, 1 Jun – 30 Jun",{{Period}},"from":"2026-06-01","until":"2026-07-01","days":30,"period_days":30,"units":"10","unit_price":"30.00","exact":"9000/30","amount":"300.00","currency":"USD"},"""
            + $$"""{"run":1,"kind":"units","text":"+1 × Licence, 10 Jun – 30 Jun, 21 of 30 days",{{Period}},"from":"2026-06-10","until":"2026-07-01","days":21,"period_days":30,"units":"1","unit_price":"30.00","exact":"630/30","amount":"21.00","currency":"USD"}],"""
            + "\"periods\":[{\"from\":\"2026-06-01\",\"until\":\"2026-07-01\",\"days\":30,\"posted_before\":\"0.00\",\"amount\":\"321.00\",\"total\":\"321.00\"}],\"total\":\"321.00\"}",
            answer.Stable);
    }

    [Fact]
    public async Task Several_periods_have_a_total_each_and_what_was_posted_is_corrected()
    {
        var answer = await hub.Viewer.PostText("/v1/proration/preview", """
            {"currency": "JPY", "periods": [{"from": "2026-06-01", "to": "2026-07-01"}, {"from": "2026-07-01", "to": "2026-08-01"}], "unit_price": 31, "initial_units": "2",
             "price_changes": [{"date": "2026-07-16", "unit_price": 62}], "posted_before": [{"from": "2026-06-01", "to": "2026-07-01", "units": 1, "amount": 31}]}
            """);

        Assert.Equal("31/31/62 0/94/94", string.Join(' ', answer.Json["periods"]!.AsArray().Select(period => $"{period!["posted_before"]}/{period["amount"]}/{period["total"]}")));
        Assert.Equal("156 +1 × 31 JPY, 1 Jun – 30 Jun", $"{answer.Json["total"]} {answer.Json["lines"]![0]!["text"]}");
    }

    [Theory]
    [InlineData("\"period_end\": \"2026-07-01\"", "\"period_end\": \"2026-02-31\"", "400 validation_failed period_end")]
    [InlineData("\"period_end\": \"2026-07-01\"", "\"period_end\": \"2026-05-01\"", "422 period_invalid period_end")]
    [InlineData("\"period_end\": \"2026-07-01\"", "\"period_end\": \"2028-07-01\"", "422 period_invalid period_end")]
    [InlineData("\"2026-06-10\"", "\"2026-02-31\"", "400 validation_failed changes[0].date")]
    [InlineData("\"30.00\"", "\"-30.00\"", "422 price_invalid unit_price")]
    [InlineData("\"30.00\"", "\"30,00\"", "400 validation_failed unit_price")]
    [InlineData("\"30.00\"", "true", "400 validation_failed unit_price")]
    [InlineData("\"30.00\"", "\"0.0000001\"", "422 price_invalid unit_price")]
    [InlineData("\"USD\"", "\"XYZ\"", "422 currency_unknown currency")]
    [InlineData("\"USD\"", "7", "400 validation_failed currency")]
    [InlineData("\"units\": 11", "\"units\": 1000000001", "422 units_invalid changes[0].units")]
    [InlineData("\"units\": 11", "\"units\": -1", "422 units_invalid changes[0].units")]
    [InlineData("\"units\": 11", "\"units\": {}", "400 validation_failed changes[0].units")]
    [InlineData("\"units\": 11", "\"units\": 11, \"colour\": \"red\"", "400 field_unknown changes[0].colour")]
    [InlineData("\"initial_units\": 10", "\"initial_units\": 10, \"colour\": \"red\", \"shape\": 1", "400 field_unknown colour shape")]
    [InlineData("\"initial_units\": 10", "\"initial_units\": 10, \"initial_units\": 11", "400 validation_failed initial_units")]
    [InlineData("\"initial_units\": 10", "\"minimum\": 5, \"maximum\": 4", "422 limits_inverted maximum")]
    [InlineData("\"initial_units\": 10", "\"service_start\": \"2026-06-20\", \"service_end\": \"2026-06-10\"", "422 service_dates_inverted service_end")]
    [InlineData("\"initial_units\": 10", "\"volume\": [[0, 5, 1], [5, null, -1]]", "422 tiers_invalid volume")]
    [InlineData("\"initial_units\": 10", "\"posted_before\": [{\"from\": \"2026-05-01\", \"to\": \"2026-06-02\", \"amount\": 1}]", "422 posted_invalid posted_before[0]")]
    [InlineData("\"initial_units\": 10", "\"as_of\": \"2026-08-01\", \"settings\": {\"closed_periods_back_max\": 0}", "422 date_too_old changes[0].date")]
    [InlineData("\"initial_units\": 10", "\"settings\": {\"day_count\": \"fixed31\"}", "400 validation_failed settings.day_count")]
    [InlineData("\"event\": 1", "\"event\": -1", "422 request_too_large changes[0].event")]
    [InlineData("\"period_start\": \"2026-06-01\", \"period_end\": \"2026-07-01\"", "\"periods\": [{\"from\": \"2026-06-01\", \"to\": \"2026-07-01\"}, {\"from\": \"2026-06-30\", \"to\": \"2026-08-01\"}]", "422 periods_overlap periods[1]")]
    [InlineData("\"period_start\": \"2026-06-01\", \"period_end\": \"2026-07-01\"", "\"periods\": []", "422 request_too_large periods")]
    public async Task A_question_that_cannot_be_meant_is_refused_by_field(string good, string bad, string problem)
    {
        Assert.Contains(good, June, StringComparison.Ordinal);
        Assert.Equal(problem, (await hub.Viewer.PostText("/v1/proration/preview", June.Replace(good, bad, StringComparison.Ordinal))).Problem);
    }

    [Theory]
    [InlineData("", "400 body_missing")]
    [InlineData("{", "400 json_invalid")]
    [InlineData("null", "400 validation_failed body unit_price currency period_start period_end")]
    [InlineData("[]", "400 validation_failed body unit_price currency period_start period_end")]
    public async Task A_body_that_is_no_object_is_refused(string body, string problem) =>
        Assert.Equal(problem, (await hub.Viewer.PostText("/v1/proration/preview", body)).Problem);

    [Fact]
    public async Task The_largest_question_is_answered_and_a_larger_one_refused()
    {
        string Ask(int changes, int periods) => $$"""
            {"currency": "USD", "unit_price": "1000000000", "initial_units": 1000000000, "mode": "accrual", "convention": "months_first",
             "periods": [{{string.Join(',', Enumerable.Range(0, periods).Select(year => $$"""{"from": "{{2000 + year}}-01-01", "to": "{{2001 + year}}-01-01"}"""))}}],
             "changes": [{{string.Join(',', Enumerable.Range(0, changes).Select(index => $$"""{"date": "{{2000 + (index % periods)}}-03-{{1 + (index % 28):00}}", "units": {{index % 2 * 1000000000}}}"""))}}]}
            """;

        Assert.Equal(200, (await hub.Viewer.PostText("/v1/proration/preview", Ask(99, 100))).Status);
        Assert.Equal("422 request_too_large changes", (await hub.Viewer.PostText("/v1/proration/preview", Ask(100, 100))).Problem);
        Assert.Equal("422 request_too_large changes", (await hub.Viewer.PostText("/v1/proration/preview", Ask(1_000, 1))).Problem);
        Assert.Equal("422 request_too_large periods", (await hub.Viewer.PostText("/v1/proration/preview", Ask(1, 101))).Problem);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_answered_and_the_document_has_the_shape()
    {
        Assert.Equal("401 key_missing", (await hub.Nobody.PostText("/v1/proration/preview", June)).Problem);
        using var text = new StringContent(June);
        Assert.Equal("415 media_type_unsupported", (await hub.Viewer.Send(HttpMethod.Post, "/v1/proration/preview", text)).Problem);
        var document = (await hub.Nobody.Get("/openapi/v1.json")).Json;
        var fields = document["components"]!["schemas"]!["PreviewRequest"]!["properties"]!.AsObject().Select(property => property.Key).ToList();
        Assert.Superset(new HashSet<string> { "period_start", "unit_price", "changes", "settings", "flat_by_max_tier" }, fields.ToHashSet());
        var wrong = await hub.Viewer.PostText("/v1/proration/preview", $$"""{{{string.Join(',', fields.Where(field => field != "periods").Append("other").Select(field => $"\"{field}\": true"))}}}""");
        var unknown = wrong.Json["errors"]!.AsArray().Where(error => ((string)error!["message"]!).StartsWith("Nobody reads", StringComparison.Ordinal)).Select(error => (string)error!["field"]!);
        Assert.Equal(["other"], unknown);
    }
}
