using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using UsageBilling.Runtime.Secrets;

namespace UsageBilling.Tests.System.Api.Isolation;

/// <summary>Whatever is changed through the api is on record by the same commit: who, what, before and after. Every route that can change something is walked.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private const string Secret = "s3cret-of-walnut";

    /// <summary>Routes that are asked with a body, and change nothing.</summary>
    private static readonly Dictionary<string, string> ChangeNothing = new()
    {
        ["POST /v1/proration/preview"] = "computes from the body alone",
        ["POST /v1/integrations/{id}/settings/reset-plan"] = "shows what a reset would change",
    };

    private readonly TwoMsps msps = new();

    public async Task InitializeAsync()
    {
        await msps.InitializeAsync();
        var stored = msps.Server.Services.GetRequiredService<SecretVault>().Protect(TwoMsps.Own.Id, Secret);
        await msps.Sql($"update integration set secret_protected = '{stored}' where id = {Own}");
        await msps.Sql($"""
            insert into integration (id, msp_id, kind, name, base_url, user_name, secret_protected, reads_products) overriding system value
            values ({Own + 5}, {Own}, 'uniview', 'In vain', 'https://vain.spanning.com/', 'u', 's', true)
            """);
        await msps.Sql("create function refuse_record() returns trigger language plpgsql as $$ begin raise exception 'the record cannot be kept'; end $$");
    }

    public Task DisposeAsync() => msps.DisposeAsync();

    [Fact]
    public async Task Every_change_is_on_record_and_what_cannot_be_recorded_does_not_happen()
    {
        var walked = new List<string>(ChangeNothing.Keys);
        foreach (var step in Steps())
        {
            var (path, body) = await step.Ask();
            await Refused(step.Route, path, body);
            var before = await Records();
            var answer = await Send(step.Route, path, body);
            Assert.True(answer.Status is >= 200 and < 300, $"{step.Route}: {answer.Status} {answer.Text}");
            var kept = (await Records()).Except(before).ToList();
            Assert.True(kept.Count > 0, $"{step.Route} left no record.");
            Assert.All(kept, record => Assert.StartsWith($"{TwoMsps.Own.Word} key (", record, StringComparison.Ordinal));
            Assert.All(kept, record => Assert.DoesNotContain(Secret, record, StringComparison.Ordinal));
            walked.Add(step.Route);
        }

        var routes = (await Route.All(msps.Door)).Where(route => route.Changes).Select(route => route.Name);
        Assert.Equal(routes.Order(StringComparer.Ordinal), walked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_superuser_reads_the_record_and_nobody_rewrites_it()
    {
        Assert.Contains(TwoMsps.Own.Word, (await msps.Door.Get("/v1/audit")).Text, StringComparison.Ordinal);
        foreach (var role in await msps.Texts("select hub_role(part)::text from unnest(array['api', 'silo']) as p(part)"))
        {
            foreach (var book in new[] { "audit", "ledger_entry", "count_record", "posting", "posting_item", "invoice", "invoice_line", "line_price", "line_terms", "line_tier" })
                Assert.False(await msps.Scalar<bool>($"select has_any_column_privilege('{role}', '{book}', 'update') or has_table_privilege('{role}', '{book}', 'delete, truncate')"), $"{role} may change {book}.");
        }
    }

    private static long Own => TwoMsps.Own.Id;

    private string Night => msps.Night.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>In an order in which each finds what it needs.</summary>
    private IEnumerable<(string Route, Func<Task<(string Path, string? Body)>> Ask)> Steps()
    {
        var m = Own.ToString(CultureInfo.InvariantCulture);
        yield return Simple("PUT /v1/msp", """{"name":"Walnut and sons","zone":"UTC","night_at":"00:00","hold_units":"6","hold_percent":"30","product_drop_percent":"10","missed_nights_max":3,"apply_percent":null,"apply_amount":null,"four_eyes":false}""");
        yield return Simple("PUT /v1/msp/proration", """{"settings":{"day_count":"fixed30"}}""");
        yield return Simple("POST /v1/integrations", """{"kind":"uniview","name":"Walnut","user":"u","secret":"SECRET","base_url":"https://walnut.spanning.com/"}""");
        yield return Simple("PUT /v1/integrations/{id}", """{"name":"Walnut PSA","user":"another","secret":"SECRET","base_url":"https://webservices2.autotask.net/"}""");
        yield return Simple("POST /v1/integrations/{id}/reveal");
        yield return Simple("POST /v1/integrations/{id}/test");
        yield return Simple("POST /v1/integrations/{id}/import");
        yield return Simple("POST /v1/integrations/{id}/reconcile");
        yield return Simple("POST /v1/integrations/{id}/lookups");
        yield return Simple("POST /v1/integrations/{id}/test-ticket");
        yield return Simple("PUT /v1/integrations/{id}/settings", """{"settings":{"account":"MSP"}}""");
        yield return Simple("PUT /v1/integrations/{id}/organizations/{organization}/settings", """{"settings":{"queue":"5"}}""");
        yield return ("POST /v1/integrations/{id}/settings/reset", async () => ($"/v1/integrations/{m}/settings/reset", new JsonObject { ["hash"] = (string?)(await msps.Door.Post($"/v1/integrations/{m}/settings/reset-plan")).Json["hash"] }.ToJsonString()));
        yield return ("DELETE /v1/integrations/{id}/organizations/{organization}/settings", async () =>
        {
            await msps.Door.Put($"/v1/integrations/{m}/organizations/{m}/settings", new { settings = new { queue = "5" } });
            return ($"/v1/integrations/{m}/organizations/{m}/settings", null);
        });
        yield return Simple("PUT /v1/integrations/{id}/unit-timing", """{"timing":"next_month"}""");
        yield return At("DELETE /v1/integrations/{id}", $"/v1/integrations/{Own + 5}", null);
        yield return ("POST /v1/runs/{id}/cancel", async () => ($"/v1/runs/{await msps.Scalar<long>($"select max(id) from run where msp_id = {Own} and state = 'running'")}/cancel", null));
        yield return Simple("POST /v1/nights");
        yield return Simple("POST /v1/lines/{id}/refresh");
        yield return Simple("POST /v1/holds/{id}/release", """{"units":"8"}""");
        yield return Simple("PUT /v1/lines/{id}/price", """{"unit_price":"5","from":"NIGHT"}""");
        yield return Simple("PUT /v1/lines/{id}/terms", """{"minimum_units":"2"}""");
        yield return At("PUT /v1/lines/{id}/basis", $"/v1/lines/{Own + 1}/basis", """{"kind":"manual"}""");
        yield return At("PUT /v1/lines/{id}/units", $"/v1/lines/{Own + 2}/units", """{"units":"9","effective_on":"NIGHT"}""");
        yield return At("POST /v1/lines/{id}/end", $"/v1/lines/{Own + 2}/end", """{"on":"NIGHT","start":{"basis":{"kind":"manual"}}}""");
        yield return At("POST /v1/contracts/{id}/lines", $"/v1/contracts/{Own + 1}/lines", """{"service":"MSP","units":"5","from":"NIGHT","price":"3","cost":"2"}""");
        yield return Simple("POST /v1/intents/{id}/release");
        yield return Simple("PUT /v1/contracts/{id}/notices", """{"enabled":true,"addresses":["walnut@customer.test"]}""");
        yield return Simple("POST /v1/notices/{id}/release");
        yield return Simple("POST /v1/postings/{id}/reverse");
        yield return Simple("POST /v1/plans", """{"through":"NIGHT"}""");
        yield return ("POST /v1/plans/{id}/apply", async () =>
        {
            var plan = (await msps.Door.Post("/v1/plans", new { through = Night })).Json;
            return ($"/v1/plans/{(long)plan["id"]!}/apply", new JsonObject { ["hash"] = (string)plan["hash"]! }.ToJsonString());
        });
        yield return Simple("POST /v1/invoices");
        yield return Simple("POST /v1/jobs", """{"name":"Walnut","all":true,"action":"post","schedule":{"kind":"monthly","day":"last","at":"18:00"}}""");
        yield return Simple("PUT /v1/jobs/{id}", """{"name":"Other name","all":true,"action":"post","schedule":{"kind":"monthly","day":"last","at":"18:00"}}""");
        yield return Simple("POST /v1/jobs/{id}/run");
        yield return Simple("DELETE /v1/jobs/{id}");
        yield return Simple("PUT /v1/tenants/{id}/organization", """{"organization_id":null}""");
        yield return Simple("PUT /v1/organizations/{id}/account", """{"account_id":null}""");
        yield return Simple("POST /v1/mappings/bulk", """{"items":[{"organization_id":MSP,"account_id":MSP}]}""");
        yield return At("POST /v1/mappings/import", "/v1/mappings/import?dry_run=false", "tenant_id,organization_id\nMSP,MSP\n");
        yield return At("POST /v1/lines/import", "/v1/lines/import?dry_run=false", "line_id,price,from\nMSP,6,NIGHT\n");
        yield return Simple("POST /v1/feeds", """{"name":"Walnut feed","product":"graphus"}""");
        yield return At("PUT /v1/feeds/{id}/accounts", $"/v1/feeds/{Own + 2}/accounts", """{"accounts":[{"external_id":"Walnut","name":"Walnut"}]}""");
        yield return At("PUT /v1/feeds/{id}/metrics", $"/v1/feeds/{Own + 2}/metrics", """{"metrics":[{"key":"protected_inboxes"}]}""");
        yield return At("POST /v1/feeds/{id}/snapshots", $"/v1/feeds/{Own + 2}/snapshots", """{"idempotency_key":"1","counts":[{"external_id":"Walnut","metric":"protected_inboxes","quantity":5}]}""");
        yield return Simple("POST /v1/webhooks", """{"name":"Walnut","url":"https://walnut.example/hooks","events":["units.changed"]}""");
        yield return Simple("PUT /v1/webhooks/{id}", """{"name":"Walnut too","url":"https://walnut.example/hooks","events":["line.held"]}""");
        yield return Simple("POST /v1/webhooks/{id}/rotate", """{"overlap_minutes":5}""");
        yield return At("POST /v1/webhooks/{id}/deliveries/{delivery}/resend", $"/v1/webhooks/{m}/deliveries/{m}/resend", null);
        yield return Simple("POST /v1/webhooks/{id}/test");
        yield return Simple("DELETE /v1/webhooks/{id}");
        yield return Simple("POST /v1/organizations", """{"name":"Walnut"}""");
        yield return Simple("POST /v1/alerts", """{"identity":"walnut","state":"raised","severity":"high","title":"Walnut","integration_id":MSP}""");
        yield return Simple("POST /v1/tickets/{id}/release");
        yield return Simple("POST /v1/parked/release");
        yield return Simple("POST /v1/keys", """{"name":"Walnut","scope":"viewer"}""");
        yield return At("POST /v1/keys/{id}/rotate", $"/v1/keys/{msps.SpareKey}/rotate", """{"overlap_minutes":5}""");
        yield return At("DELETE /v1/keys/{id}", $"/v1/keys/{msps.SpareKey}", null);

        (string, Func<Task<(string, string?)>>) Simple(string route, string? body = null) =>
            At(route, route.Split(' ')[1].Replace("{id}", m, StringComparison.Ordinal).Replace("{organization}", m, StringComparison.Ordinal), body);

        (string, Func<Task<(string, string?)>>) At(string route, string path, string? body) => (route, () => Task.FromResult<(string, string?)>(
            (path, body?.Replace("MSP", m, StringComparison.Ordinal).Replace("NIGHT", Night, StringComparison.Ordinal).Replace("SECRET", Secret, StringComparison.Ordinal))));
    }

    /// <summary>The same request while nothing can be recorded: it fails as a whole.</summary>
    private async Task Refused(string route, string path, string? body)
    {
        var before = await msps.Fingerprint(Own);
        await msps.Sql("create trigger refused before insert on audit for each statement execute function refuse_record()");
        var answer = await Send(route, path, body);
        await msps.Sql("drop trigger refused on audit");
        Assert.True(answer.Status == 500, $"{route} without a record: {answer.Status} {answer.Text}");
        Assert.True(before == await msps.Fingerprint(Own), $"{route} changed something without a record: {Differences(before, await msps.Fingerprint(Own))}");
    }

    private static string Differences(string before, string after) => string.Join(", ", after.Split('\n').Except(before.Split('\n')));

    private Task<Answer> Send(string route, string path, string? body) =>
        msps.Door.Send(
            new(route.Split(' ')[0]), path, body is null ? null : new StringContent(body, Encoding.UTF8, route.EndsWith("/import", StringComparison.Ordinal) && !route.Contains("{id}", StringComparison.Ordinal) ? "text/csv" : "application/json"), route.StartsWith("PUT ", StringComparison.Ordinal) ? [("If-Match", "*")] : []);

    private Task<IReadOnlyList<string>> Records() => msps.Texts($"select concat_ws('|', actor, id, action, grain_kind, grain_id, before, after) from audit where msp_id = {Own}");
}
