using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace UsageBilling.Tests.System.Api.Isolation;

/// <summary>What is changed only as long as it is what somebody saw: every route that takes <c>If-Match</c>, from the api's own document.</summary>
public sealed class ConditionTests(TwoMsps msps) : IClassFixture<TwoMsps>, IAsyncLifetime
{
    private Asked asked = null!;
    private IReadOnlyList<Route> routes = [];

    public async Task InitializeAsync()
    {
        asked = new(msps.Night, whose => whose == TwoMsps.Own ? msps.SpareKey : msps.OtherSpareKey);
        routes = await Route.All(msps.Door);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Another_tag_changes_nothing_and_what_is_another_msps_is_not_there_whatever_the_tag()
    {
        var conditional = routes.Where(route => route.TakesIfMatch).ToList();
        Assert.Equal(
            routes.Where(route => route.Method == HttpMethod.Put || route.Method == HttpMethod.Delete).Select(route => route.Name),
            conditional.Where(route => route.Method != HttpMethod.Post).Select(route => route.Name));
        var before = await msps.Fingerprint(TwoMsps.Own.Id) + await msps.Fingerprint(TwoMsps.Other.Id);
        foreach (var route in conditional)
        {
            var answers = new List<string>();
            foreach (var path in asked.Paths(route, TwoMsps.Own)) answers.Add((await Send(route, path, TwoMsps.Own, "\"0123\", W/\"4567\"")).Problem);
            Assert.True(answers.Contains("412 precondition_failed"), $"{route.Name}: {string.Join(", ", answers)}");
            if (route.Path.Count == 0) continue;
            foreach (var tag in (string[])["\"0123\"", "*"])
                foreach (var path in asked.Paths(route, TwoMsps.Other)) Assert.Equal(404, (await Send(route, path, TwoMsps.Own, tag)).Status);
        }

        Assert.Equal(before, await msps.Fingerprint(TwoMsps.Own.Id) + await msps.Fingerprint(TwoMsps.Other.Id));
    }

    [Fact]
    public async Task The_tag_that_a_get_gives_is_the_one_that_a_change_takes()
    {
        foreach (var route in routes.Where(route => route.TakesIfMatch && route.Method != HttpMethod.Delete))
        {
            var seen = Whole(route);
            var answers = new List<Answer>();
            foreach (var (path, whole) in asked.Paths(route, TwoMsps.Own).Zip(asked.Paths(seen, TwoMsps.Own)))
            {
                if ((await msps.Door.Get(whole)).Headers.TryGetValue("ETag", out var tag)) answers.Add(await Send(route, path, TwoMsps.Own, $"\"0123\", {tag}"));
            }

            Assert.True(answers.Count > 0 && answers.TrueForAll(answer => answer.Status is not (412 or >= 500)), $"{route.Name}: {string.Join(", ", answers.Select(answer => answer.Text))}");
        }
    }

    [Fact]
    public async Task What_is_removed_is_what_its_tag_names()
    {
        var job = $"/v1/jobs/{(long)(await msps.Door.Post("/v1/jobs", new { name = "Walnut", all = true, action = "post", schedule = new { kind = "monthly", day = "last", at = "18:00" } })).Json["id"]!}";
        var key = $"/v1/keys/{(string)(await msps.Door.Post("/v1/keys", new { name = "Walnut", scope = "viewer" })).Json["made"]!["id"]!}";
        foreach (var address in (string[])[job, key])
        {
            var tag = (await msps.Door.Get(address)).Headers["ETag"];
            Assert.Equal(412, (await msps.Door.Send(HttpMethod.Delete, address, null, ("If-Match", $"W/{tag}"))).Status);
            Assert.Equal(204, (await msps.Door.Send(HttpMethod.Delete, address, null, ("If-Match", tag))).Status);
        }
    }

    [Fact]
    public async Task What_has_a_tag_is_not_sent_again_while_it_is_the_same()
    {
        var address = $"/v1/organizations/{TwoMsps.Own.Id}";
        var first = await msps.Door.Get(address);
        var tag = first.Headers["ETag"];

        foreach (var named in (string[])[tag, $"W/{tag}", $"\"0123\", {tag}", "*"])
        {
            var same = await msps.Door.Send(HttpMethod.Get, address, null, ("If-None-Match", named));
            Assert.Equal((304, "", tag), (same.Status, same.Text, same.Headers["ETag"]));
        }

        Assert.Equal((200, first.Text), await Again("\"0123\""));
        var changed = await msps.Door.Put($"{address}/account", new { account_id = (long?)null }, tag);
        Assert.Equal((200, changed.Text), await Again(tag));
        Assert.Equal(changed.Headers["ETag"], (await msps.Door.Get(address)).Headers["ETag"]);
        Assert.Equal("404 not_found", (await msps.Door.Send(HttpMethod.Get, $"/v1/organizations/{TwoMsps.Other.Id}", null, ("If-None-Match", "*"))).Problem);

        async Task<(int, string)> Again(string named)
        {
            var answer = await msps.Door.Send(HttpMethod.Get, address, null, ("If-None-Match", named));
            return (answer.Status, answer.Text);
        }
    }

    [Fact]
    public async Task What_replaces_everything_says_what_it_replaces_and_a_condition_that_nobody_would_ask_is_refused()
    {
        var gets = routes.Where(route => route.Method == HttpMethod.Get).Select(route => route.Template).ToHashSet();
        foreach (var route in routes.Where(route => route.Method == HttpMethod.Put))
        {
            var body = new StringContent(asked.Body(route, TwoMsps.Own)!, Encoding.UTF8, "application/json");
            var answer = await msps.Door.Send(route.Method, asked.Paths(route, TwoMsps.Own).First(), body);
            Assert.True((answer.Status == 428) == gets.Contains(route.Template), $"{route.Name}: {answer.Status} {answer.Text}");
            if (answer.Status == 428) Assert.Equal("428 precondition_required", answer.Problem);
        }

        Assert.Equal("400 condition_unsupported", (await msps.Door.Send(HttpMethod.Post, "/v1/organizations", new StringContent("""{"name":"Walnut"}""", Encoding.UTF8, "application/json"), ("If-Match", "*"))).Problem);
    }

    [Theory]
    [InlineData("/v1/msp", "/v1/msp", """{"name":"Walnut WHO","zone":"UTC","night_at":"00:00","hold_units":"6","hold_percent":"30","product_drop_percent":"10","missed_nights_max":3,"apply_percent":null,"apply_amount":null,"four_eyes":false}""", "msp")]
    [InlineData("/v1/jobs/500100", "/v1/jobs/500100", """{"name":"Walnut WHO","all":true,"action":"post","schedule":{"kind":"monthly","day":"last","at":"18:00"}}""", "job")]
    [InlineData("/v1/lines/500100/terms", "/v1/lines/500100/terms", """{"minimum_units":"WHO"}""", "service_line")]
    [InlineData("/v1/lines/500102", "/v1/lines/500102/units", """{"units":"1WHO","effective_on":"NIGHT"}""", "service_line")]
    [InlineData("/v1/contracts/500100", "/v1/contracts/500100/notices", """{"enabled":true,"addresses":["walnut.WHO@customer.test"]}""", "contract")]
    [InlineData("/v1/integrations/500100/unit-timing", "/v1/integrations/500100/unit-timing", """{"timing":"WHO"}""", "integration")]
    public async Task Of_two_who_saw_the_same_one_changes_it_and_the_other_is_told(string seen, string changed, string body, string table)
    {
        var tag = (await msps.Door.Get(seen)).Headers["ETag"];
        string[] words = changed.EndsWith("timing", StringComparison.Ordinal) ? ["next_month", "month_peak"] : ["1", "2"];

        // both wait for the row, so that both have begun before either changes anything
        await using var holder = await msps.Source.OpenConnectionAsync();
        var id = seen == "/v1/msp" ? TwoMsps.Own.Id : long.Parse(seen.Split('/')[3], CultureInfo.InvariantCulture);
        await using var transaction = await holder.BeginTransactionAsync();
#pragma warning disable CA2100 // a test's own text
        await using (var locked = new Npgsql.NpgsqlCommand($"select 1 from {table} where id = {id} for update", holder)) await locked.ExecuteNonQueryAsync();
#pragma warning restore CA2100
        var writers = words.Select(word => msps.Door.Send(
            HttpMethod.Put, changed,
            new StringContent(body.Replace("WHO", word, StringComparison.Ordinal).Replace("NIGHT", msps.Night.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), StringComparison.Ordinal), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            ("If-Match", tag))).ToList();
        while (await msps.Scalar<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") < writers.Count)
            Assert.False(writers.Exists(writer => writer.IsCompleted), "A writer did not wait.");
        await transaction.RollbackAsync();

        var answers = await Task.WhenAll(writers);
        Assert.Equal([200, 412], answers.Select(answer => answer.Status).Order());
        Assert.Equal("412 precondition_failed", answers.Single(answer => answer.Status == 412).Problem);
    }

    /// <summary>The route that shows what this one changes: the same address, or the nearest above it; price is shown with the terms.</summary>
    private Route Whole(Route route)
    {
        for (var template = route.Template.Replace("/price", "/terms", StringComparison.Ordinal); ; template = template[..template.LastIndexOf('/')])
            if (routes.FirstOrDefault(other => other.Method == HttpMethod.Get && other.Template == template) is { } found) return found;
    }

    private Task<Answer> Send(Route route, string path, MspNumbers body, string ifMatch) => msps.Door.Send(
        route.Method, path, asked.Body(route, body) is { } text ? new StringContent(text, Encoding.UTF8, "application/json") : null, ("If-Match", ifMatch));
}
