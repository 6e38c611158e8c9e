using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Billing;

/// <summary>From review to posting, as a billing clerk does it.</summary>
public sealed class PlanTests(BillingFixture billing) : IClassFixture<BillingFixture>
{
    private static string Iso(DateOnly date) => BillingFixture.Iso(date);

    [Fact]
    public async Task The_review_says_what_is_ready_for_which_days_and_because_of_which_count()
    {
        var customer = await billing.Customer();
        await billing.Give(customer, 10);
        await billing.Give(customer, 12, day: 2);

        var items = await billing.Review(customer);

        Assert.Equal(2, items.Count);
        var days = billing.DaysInMonth;
        var (from, last) = (billing.First.AddDays(1), billing.First.AddDays(days - 1));
        Assert.Equal(
            $"+2 × Spanning Backup, {from:d MMM} – {last:d MMM}, {days - 1} of {days} days|{Iso(from)}|{Iso(last.AddDays(1))}|{days - 1}|{days}|2|4.20|USD|12|",
            string.Join('|', new[] { "text", "from", "until", "days", "period_days", "units", "unit_price", "currency", "psa_units", "blocked" }.Select(name => items[1]![name]?.ToString())));
        Assert.Equal($$"""{"effective_on":"{{Iso(from)}}","sequence":1,"night":"{{Iso(billing.Hub.Night)}}","source":"person"}""", items[1]!["caused_by"]!.ToJsonString());
        Assert.Equal($"{customer.Account} {customer.Contract} {customer.Line}", $"{items[1]!["account"]!["id"]} {items[1]!["contract"]!["id"]} {items[1]!["line"]!["id"]}");
    }

    [Fact]
    public async Task The_review_is_narrowed_by_account_contract_and_days_and_has_pages_and_a_sum()
    {
        var customer = await billing.Customer();
        await billing.Give(customer, 10);
        await billing.Give(customer, 5, day: 3);
        var whole = BillingFixture.Words(await billing.Review(customer));

        Assert.StartsWith("adjustment 10 42.00, adjustment -5 -", whole);
        Assert.Equal(whole, BillingFixture.Words(await billing.Review(customer, $"&contract={customer.Contract}&from={Iso(billing.First)}&to={Iso(billing.First.AddDays(2))}")));
        Assert.Equal("adjustment 10 42.00", BillingFixture.Words(await billing.Review(customer, $"&to={Iso(billing.First.AddDays(1))}")));
        Assert.Equal("", BillingFixture.Words(await billing.Review(customer, $"&from={Iso(billing.First.AddMonths(1))}")));
        Assert.Empty(await billing.Review(customer, "&contract=999999"));

        var first = await billing.Hub.Viewer.Get($"/v1/review?account={customer.Account}&limit=1");
        var second = await billing.Hub.Viewer.Get($"/v1/review?account={customer.Account}&limit=1&cursor={first.Json["next_cursor"]}");
        Assert.Equal(whole, $"{BillingFixture.Words(first.Json["items"]!)}, {BillingFixture.Words(second.Json["items"]!)}");
        Assert.Null(second.Json["next_cursor"]);

        var sum = await billing.Hub.Viewer.Get($"/v1/review/summary?account={customer.Account}&to={Iso(billing.First)}");
        Assert.Equal($$"""200 {"through":"{{Iso(billing.Hub.Night)}}","items":1,"totals":[{"currency":"USD","items":1,"amount":"42.00"}],"blocked":[]}""", sum.Stable);
        Assert.Empty((await billing.Hub.Stranger.Get("/v1/review")).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task A_plan_is_applied_once_and_says_the_same_when_asked_again()
    {
        var customer = await billing.Customer();
        await billing.Give(customer, 10);

        var plan = await billing.Plan(customer);
        var posted = await billing.Apply(plan);
        var again = await billing.Apply(plan);

        Assert.Equal($"open 1 0 42.00 {customer.Account} ", $"{plan["state"]} {plan["items"]} {plan["blocked"]} {plan["totals"]![0]!["amount"]} {plan["account"]!["id"]} {plan["contract"]}");
        Assert.Equal("limits_none", (string?)plan["attention"]![0]!["code"]);
        Assert.Equal($"200 posting {plan["id"]} 1 42.00", $"{posted.Status} {posted.Json["kind"]} {posted.Json["plan"]} {posted.Json["items"]} {posted.Json["totals"]![0]!["amount"]}");
        Assert.Equal(posted.Text, again.Text);
        Assert.Empty(await billing.Review(customer));
        Assert.Equal("409 plan_empty", (await billing.Hub.Operator.Post("/v1/plans", new { through = Iso(billing.Hub.Night), account = customer.Account })).Problem);
        Assert.Equal(BillingFixture.Words((await billing.Hub.Viewer.Get($"/v1/plans/{plan["id"]}/items")).Json["items"]!), BillingFixture.Words((await billing.Hub.Viewer.Get($"/v1/postings/{posted.Json["id"]}/items")).Json["items"]!));
        var applied = (await billing.Hub.Viewer.Get($"/v1/plans/{plan["id"]}")).Json;
        Assert.Equal($"applied {posted.Json["id"]}", $"{applied["state"]} {applied["posting"]}");
        var audit = (await billing.Hub.Superuser.Get("/v1/audit?limit=2")).Json["items"]!.AsArray();
        Assert.Equal(
            [$"plan.applied {plan["id"]}: posting {posted.Json["id"]}: 1 items, 42.00 USD", $"plan.made {plan["id"]}: plan {plan["id"]} through {Iso(billing.Hub.Night)}: 1 items, 42.00 USD"],
            audit.Select(entry => $"{entry!["action"]} {entry["grain_id"]}: {entry["after"]}"));
    }

    [Fact]
    public async Task A_plan_that_would_post_something_else_by_now_is_refused_with_the_difference()
    {
        var customer = await billing.Customer();
        await billing.Give(customer, 10);
        await billing.Give(customer, 12, day: 2);
        var stale = await billing.Plan(customer);
        await billing.Give(customer, 15, day: 3);

        var refused = await billing.Apply(stale);

        Assert.Equal("409 plan_changed", refused.Problem);
        Assert.Equal("1 0 0", $"{refused.Json["difference"]!["added"]} {refused.Json["difference"]!["removed"]} {refused.Json["difference"]!["changed"]}");
        Assert.Equal("added +3", $"{refused.Json["difference"]!["items"]![0]!["change"]} {((string)refused.Json["difference"]!["items"]![0]!["item"]!["text"]!)[..2]}");
        Assert.Equal(3, (await billing.Review(customer)).Count);

        var other = await billing.Plan(customer);
        Assert.Equal(200, (await billing.Apply(other)).Status);
        var gone = await billing.Apply(stale);
        Assert.Equal("0 2 0", $"{gone.Json["difference"]!["added"]} {gone.Json["difference"]!["removed"]} {gone.Json["difference"]!["changed"]}");
    }

    [Fact]
    public async Task What_the_psa_does_not_have_stays_out_and_says_why_until_it_has_it()
    {
        var (refused, fine) = (await billing.Customer(), await billing.Customer());
        await billing.Give(refused, 10);
        await billing.Hub.Sql("update intent set state = 'rejected' where line_id = $1", refused.Line);
        var both = await billing.Hub.Sql("update contract set account_id = $2 where id = $1 returning account_id", refused.Contract, fine.Account);
        await billing.Give(fine, 1);
        Assert.Equal(fine.Account, both);
        var whole = await billing.Plan(fine);

        Assert.Equal("2 1 4.20", $"{whole["items"]} {whole["blocked"]} {whole["totals"]![0]!["amount"]}");
        Assert.Equal("adjustment 10 42.00 psa_refused, adjustment 1 4.20", BillingFixture.Words(await billing.Review(fine)));
        var sum = (await billing.Hub.Viewer.Get($"/v1/review/summary?account={fine.Account}")).Json;
        Assert.Equal("psa_refused USD 1 42.00", string.Join(' ', new[] { "code", "currency", "items", "amount" }.Select(name => sum["blocked"]![0]![name])));

        await billing.Hub.Sql("update intent set state = 'confirmed' where line_id = $1", refused.Line);
        var changed = await billing.Apply(whole);
        Assert.Equal("409 plan_changed", changed.Problem);
        Assert.Equal("changed psa_refused", $"{changed.Json["difference"]!["items"]![0]!["change"]} {changed.Json["difference"]!["items"]![0]!["blocked_before"]!["code"]}");

        await billing.Hub.Sql("update contract set active = false where id = $1", refused.Contract);
        var posted = await billing.Apply(await billing.Plan(fine));
        Assert.Equal("1 4.20", $"{posted.Json["items"]} {posted.Json["totals"]![0]!["amount"]}");
        Assert.Equal("adjustment 10 42.00 contract_inactive", BillingFixture.Words(await billing.Review(fine)));
        Assert.Equal("409 plan_empty", (await billing.Hub.Operator.Post("/v1/plans", new { through = Iso(billing.Hub.Night), account = fine.Account })).Problem);
    }

    [Theory]
    [InlineData("rejected", "null", false, "psa_refused")]
    [InlineData("parked", "null", false, "psa_unconfirmed")]
    [InlineData("in_doubt", "now() - interval '25 hours'", false, "psa_unconfirmed")]
    [InlineData("in_doubt", "now() - interval '23 hours'", false, "")]
    [InlineData("pending", "null", false, "")]
    [InlineData("rejected", "null", true, "")]
    public async Task An_intent_keeps_items_back_while_nothing_newer_of_the_line_is_confirmed(string state, string sendingAt, bool confirmedSince, string block)
    {
        var customer = await billing.Customer();
        await billing.Give(customer, 10);
        await billing.Hub.Sql($"update intent set state = $2, sending_at = {sendingAt} where line_id = $1", customer.Line, state);
        await billing.Give(customer, 11, day: 2);
        if (confirmedSince) await billing.Hub.Sql("update intent set state = 'confirmed' where id = (select max(id) from intent where line_id = $1)", customer.Line);

        Assert.Equal([block, block], (await billing.Review(customer)).Select(item => (string?)item!["blocked"]?["code"] ?? ""));
    }

    [Fact]
    public async Task A_plan_is_applied_with_its_own_hash_by_its_own_msp_within_a_week()
    {
        var customer = await billing.Customer();
        await billing.Give(customer, 10);
        var plan = await billing.Plan(customer);
        var address = $"/v1/plans/{plan["id"]}";

        Assert.Equal("409 plan_hash_mismatch", (await billing.Hub.Operator.Post($"{address}/apply", new { hash = new string('0', 64) })).Problem);
        Assert.Equal("400 validation_failed hash", (await billing.Hub.Operator.Post($"{address}/apply", new { })).Problem);
        Assert.Equal("403 scope_insufficient", (await billing.Apply(plan, billing.Hub.Viewer)).Problem);
        foreach (var path in (string[])[address, $"{address}/items"]) Assert.Equal("404 not_found", (await billing.Hub.Stranger.Get(path)).Problem);
        Assert.Equal("404 not_found", (await billing.Apply(plan, billing.Hub.Stranger)).Problem);
        Assert.DoesNotContain((await billing.Hub.Stranger.Get("/v1/plans")).Json["items"]!.AsArray(), _ => true);

        await billing.Hub.Sql("update plan set created_at = now() - interval '7 days 1 second' where id = $1", (long)plan["id"]!);
        Assert.Equal("409 plan_expired", (await billing.Apply(plan)).Problem);
        Assert.Equal("expired", (string?)(await billing.Hub.Viewer.Get(address)).Json["state"]);
        Assert.Single(await billing.Review(customer));
    }

    [Theory]
    [InlineData("""{"through": "2026-02-31"}""", "400 validation_failed through")]
    [InlineData("""{"through": "tomorrow"}""", "400 validation_failed through")]
    [InlineData("""{}""", "400 validation_failed through")]
    [InlineData("""{"through": "2500-01-01"}""", "422 date_too_far")]
    [InlineData("""{"through": "2026-01-31", "account": 999999}""", "404 account_unknown")]
    [InlineData("""{"through": "2026-01-31", "contract": 999999}""", "404 contract_unknown")]
    [InlineData("""{"through": "2026-01-31", "colour": "red"}""", "400 field_unknown colour")]
    public async Task A_plan_that_cannot_be_meant_is_refused(string body, string problem) =>
        Assert.Equal(problem, (await billing.Hub.Operator.PostText("/v1/plans", body)).Problem);

    [Theory]
    [InlineData("?through=2026-02-31", "400 parameter_invalid through")]
    [InlineData("?through=2500-01-01", "422 date_too_far")]
    [InlineData("?from=2026-02-01&to=2026-01-01", "400 validation_failed to")]
    [InlineData("?account=alder", "400 parameter_invalid account")]
    [InlineData("?limit=201", "400 validation_failed limit")]
    public async Task A_review_that_cannot_be_meant_is_refused(string query, string problem)
    {
        var answer = await billing.Hub.Viewer.Get("/v1/review" + query);
        Assert.Equal(problem, answer.Problem);
    }

    [Fact]
    public async Task Accounts_and_contracts_of_another_msp_do_not_exist_and_a_contract_is_its_accounts()
    {
        var (one, other) = (await billing.Customer(), await billing.Customer());
        Task<Answer> Ask(Door door, object body) => door.Post("/v1/plans", body);
        var through = Iso(billing.Hub.Night);

        Assert.Equal("404 account_unknown", (await Ask(billing.Hub.Stranger, new { through, account = one.Account })).Problem);
        Assert.Equal("404 contract_unknown", (await Ask(billing.Hub.Stranger, new { through, contract = one.Contract })).Problem);
        Assert.Equal("404 contract_unknown", (await Ask(billing.Hub.Operator, new { through, account = one.Account, contract = other.Contract })).Problem);
        Assert.Equal("403 scope_insufficient", (await Ask(billing.Hub.Viewer, new { through })).Problem);
    }
}
