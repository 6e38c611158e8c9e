using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Billing;

/// <summary>Who may apply a plan, and what undoes a posting.</summary>
public sealed class ApprovalTests(BillingFixture billing) : IClassFixture<BillingFixture>
{
    private static string Iso(DateOnly date) => BillingFixture.Iso(date);

    [Fact]
    public async Task With_four_eyes_another_key_applies_the_plan()
    {
        var customer = await billing.Customer();
        await billing.Give(customer, 10);
        var plan = await billing.Plan(customer);
        await billing.Hub.Sql("update msp set four_eyes = true where id = $1", billing.Hub.Msp.Value);

        Assert.Equal("409 second_person_needed", (await billing.Apply(plan)).Problem);
        Assert.Equal(200, (await billing.Apply(plan, billing.Second)).Status);
        await billing.Hub.Sql("update msp set four_eyes = false where id = $1", billing.Hub.Msp.Value);
    }

    [Theory]
    [InlineData("10", "4.2", 11, "applied")]
    [InlineData("10", "4.2", 9, "applied")]
    [InlineData("0", "100", 11, "open over_percent 4.20 42.00")]
    [InlineData("100", "0", 11, "open over_amount 4.20 42.00")]
    [InlineData(null, null, 11, "open limits_none 4.20 42.00")]
    [InlineData("10", "100", 11, "applied")]
    [InlineData("9.9", "100", 11, "open over_percent 4.20 42.00")]
    [InlineData("50", "4.19", 11, "open over_amount 4.20 42.00")]
    [InlineData("10", "100", 9, "applied")]
    public async Task Small_changes_of_a_contract_are_applied_by_themselves_when_that_is_asked_for(string? percent, string? amount, int units, string answer)
    {
        var customer = await billing.Customer();
        await HadTen(customer);
        await billing.Give(customer, units);
        await Limits(percent, amount);

        var plan = (await billing.Hub.Operator.Post("/v1/plans", new { through = Iso(billing.Hub.Night), contract = customer.Contract, auto = true })).Json;

        var attention = string.Concat(plan["attention"]!.AsArray().Select(one => $" {one!["code"]} {one["adjustments"]} {one["regular"]}"));
        Assert.Equal(answer, $"{plan["state"]}{attention}");
        await Limits(null, null);
    }

    [Theory]
    [InlineData("10", "4.205", "applied")]
    [InlineData("10", "4.204", "open over_amount KWD 4.205 42.050")]
    [InlineData("10", "4.2", "open over_amount KWD 4.205 42.050")]
    [InlineData("10", "4.199", "open over_amount KWD 4.205 42.050 over_amount USD 4.20 42.00")]
    [InlineData("9.999", "4.205", "open over_percent KWD 4.205 42.050 over_percent USD 4.20 42.00")]
    [InlineData("9.999", "4.2", "open over_amount KWD 4.205 42.050 over_percent USD 4.20 42.00")]
    public async Task At_its_border_a_limit_still_holds_for_each_currency_by_itself(string percent, string amount, string answer)
    {
        var customer = await billing.Customer();
        var dinars = customer with
        {
            Line = await billing.Hub.Sql(
                "insert into service_line (msp_id, contract_id, remote_id, service_remote_id, name, unit_price, currency, period, anchor_on, charged_until, minimum)"
                + " select msp_id, contract_id, remote_id || 'd', service_remote_id, name, 4.205, 'KWD', period, anchor_on, charged_until, 0 from service_line where id = $1 returning id",
                customer.Line),
        };
        Assert.Equal(200, (await billing.Hub.Operator.Put($"/v1/lines/{dinars.Line}/basis", new { kind = "manual" })).Status);
        foreach (var one in (Customer[])[customer, dinars])
        {
            await HadTen(one);
            await billing.Give(one, 11);
        }

        await Limits(percent, amount);

        Assert.Equal(answer, await Auto(customer, billing.Hub.Operator));
        await Limits(null, null);
    }

    [Fact]
    public async Task With_four_eyes_what_is_within_the_limits_waits_for_another_key_all_the_same()
    {
        var customer = await billing.Customer();
        await HadTen(customer);
        await billing.Give(customer, 11);
        await Limits("10", "4.2");
        await billing.Hub.Sql("update msp set four_eyes = true where id = $1", billing.Hub.Msp.Value);

        var plan = (await billing.Hub.Operator.Post("/v1/plans", new { through = Iso(billing.Hub.Night), contract = customer.Contract, auto = true })).Json;

        Assert.Equal("open []", $"{plan["state"]} {plan["attention"]}");
        Assert.Equal("409 second_person_needed", (await billing.Apply(plan)).Problem);
        Assert.Equal(200, (await billing.Apply(plan, billing.Second)).Status);
        await billing.Hub.Sql("update msp set four_eyes = false where id = $1", billing.Hub.Msp.Value);
        await Limits(null, null);
    }

    [Fact]
    public async Task A_posting_is_reversed_once_and_its_items_wait_for_review_again()
    {
        var customer = await billing.Customer();
        await billing.Give(customer, 10);
        await billing.Give(customer, 9, day: 2);
        var posted = (await billing.Apply(await billing.Plan(customer))).Json;
        var total = (string)posted["totals"]![0]!["amount"]!;

        var reversed = await billing.Hub.Operator.Post($"/v1/postings/{posted["id"]}/reverse");

        Assert.Equal($"201 reversal {posted["id"]} 2 -{total}", $"{reversed.Status} {reversed.Json["kind"]} {reversed.Json["reverses"]} {reversed.Json["items"]} {reversed.Json["totals"]![0]!["amount"]}");
        Assert.Equal($"/v1/postings/{reversed.Json["id"]}", reversed.Location);
        var back = (await billing.Hub.Viewer.Get($"/v1/postings/{reversed.Json["id"]}/items")).Json["items"]!.AsArray();
        Assert.Equal(["reversal -10", "reversal 1"], back.Select(item => $"{item!["kind"]} {item["units"]}"));
        var again = await billing.Review(customer);
        Assert.Equal(["again 10", "again -1"], again.Select(item => $"{item!["kind"]} {item["units"]}"));
        Assert.Equal("2 1", $"{again[0]!["corrects"]!["turn"]} {again[0]!["corrects"]!["entry"]}");
        Assert.Equal("person", (string?)again[0]!["caused_by"]!["source"]);
        Assert.EndsWith(", again after it was reversed", (string?)again[0]!["text"]);
        Assert.Equal($"{reversed.Json["id"]}", (await billing.Hub.Viewer.Get($"/v1/postings/{posted["id"]}")).Json["reversed_by"]!.ToString());
        Assert.Equal("409 posting_reversed", (await billing.Hub.Operator.Post($"/v1/postings/{posted["id"]}/reverse")).Problem);
        Assert.Equal("409 reversal_stays", (await billing.Hub.Operator.Post($"/v1/postings/{reversed.Json["id"]}/reverse")).Problem);
        Assert.Equal($"posting.reversed {posted["id"]}", string.Join(' ', new[] { "action", "grain_id" }.Select(name => (billing.Hub.Superuser.Get("/v1/audit?limit=1").Result).Json["items"]![0]![name])));

        await billing.Give(customer, 12, day: 3);
        var plan = await billing.Plan(customer);
        Assert.Equal("3 reversed_before", $"{plan["items"]} {plan["attention"]![0]!["code"]}");
        Assert.Equal(200, (await billing.Apply(plan)).Status);
        Assert.Empty(await billing.Review(customer));
    }

    [Fact]
    public async Task Postings_are_listed_by_page_the_newest_first_and_are_their_msps_alone()
    {
        var customer = await billing.Customer();
        for (var units = 1; units <= 2; units++)
        {
            await billing.Give(customer, units);
            Assert.Equal(200, (await billing.Apply(await billing.Plan(customer))).Status);
        }

        var newest = await billing.Hub.Viewer.Get("/v1/postings?limit=1");
        var before = await billing.Hub.Viewer.Get($"/v1/postings?limit=1&cursor={newest.Json["next_cursor"]}");
        var id = (long)newest.Json["items"]![0]!["id"]!;

        Assert.True((long)before.Json["items"]![0]!["id"]! < id);
        Assert.Empty((await billing.Hub.Stranger.Get("/v1/postings")).Json["items"]!.AsArray());
        foreach (var path in (string[])[$"/v1/postings/{id}", $"/v1/postings/{id}/items"]) Assert.Equal("404 not_found", (await billing.Hub.Stranger.Get(path)).Problem);
        Assert.Equal("404 not_found", (await billing.Hub.Stranger.Post($"/v1/postings/{id}/reverse")).Problem);
        Assert.Equal("403 scope_insufficient", (await billing.Hub.Viewer.Post($"/v1/postings/{id}/reverse")).Problem);
    }

    /// <summary>A plan of the contract that is to be applied at once, and why it is not.</summary>
    private async Task<string> Auto(Customer customer, Door door)
    {
        var plan = (await door.Post("/v1/plans", new { through = Iso(billing.Hub.Night), contract = customer.Contract, auto = true })).Json;
        return $"{plan["state"]}{string.Concat(plan["attention"]!.AsArray().Select(one => $" {one!["code"]} {one["currency"]} {one["adjustments"]} {one["regular"]}").Order(StringComparer.Ordinal))}";
    }

    private Task HadTen(Customer customer) => billing.Hub.Sql(
        "insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver) values ($1, $2, 1, $3, 10, $2, 'opening', 1)",
        customer.Line, billing.First.AddDays(-1), billing.Hub.Msp.Value);

    private Task Limits(string? percent, string? amount) =>
        billing.Hub.Sql($"update msp set apply_percent = {percent ?? "null"}, apply_amount = {amount ?? "null"} where id = $1", billing.Hub.Msp.Value);
}
