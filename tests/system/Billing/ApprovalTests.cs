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
    [InlineData(null, null, 11, "open limits_none 4.20 42.00")]
    [InlineData("10", "100", 11, "applied")]
    [InlineData("9.9", "100", 11, "open over_percent 4.20 42.00")]
    [InlineData("50", "4.19", 11, "open over_amount 4.20 42.00")]
    [InlineData("10", "100", 9, "applied")]
    public async Task Small_changes_of_a_contract_are_applied_by_themselves_when_that_is_asked_for(string? percent, string? amount, int units, string answer)
    {
        var customer = await billing.Customer();
        await billing.Hub.Sql(
            "insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver) values ($1, $2, 1, $3, 10, $2, 'opening', 1)",
            customer.Line, billing.First.AddDays(-1), billing.Hub.Msp.Value);
        await billing.Give(customer, units);
        await billing.Hub.Sql($"update msp set apply_percent = {percent ?? "null"}, apply_amount = {amount ?? "null"} where id = $1", billing.Hub.Msp.Value);

        var plan = (await billing.Hub.Operator.Post("/v1/plans", new { through = Iso(billing.Hub.Night), contract = customer.Contract, auto = true })).Json;

        var attention = string.Concat(plan["attention"]!.AsArray().Select(one => $" {one!["code"]} {one["adjustments"]} {one["regular"]}"));
        Assert.Equal(answer, $"{plan["state"]}{attention}");
        await billing.Hub.Sql("update msp set apply_percent = null, apply_amount = null where id = $1", billing.Hub.Msp.Value);
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
}
