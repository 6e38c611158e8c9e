using Npgsql;
using UsageBilling.Grains.Billing;
using UsageBilling.Runtime.Billing;
using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Billing;

public sealed class InvoiceTests(HubFixture hub) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task What_is_posted_becomes_an_invoice_in_words_and_only_once()
    {
        var (line, account, contract) = await hub.Customer();
        await hub.Charge(line, 42m);
        await hub.Adjust(line, 3, 4.2m);

        var made = await hub.Operator.Post("/v1/invoices", new { account, issued_on = "2026-12-02" });

        var head = made.Json["invoices"]!.AsArray().Single()!;
        var (id, number, name) = ((long)head["id"]!, (long)head["number"]!, (string)head["account"]!["name"]!);
        Assert.Equal(
            $$$"""200 {"invoices":[{"id":{{{id}}},"number":{{{number}}},"account":{"id":{{{account}}},"name":"{{{name}}}"},"currency":"USD","issued_on":"2026-12-02","total":"46.20","lines":2,"job_run":null,"issued_at":"*","issued_by":"{{{(string)head["issued_by"]!}}}"}],"carried_forward":[],"more":false}""",
            made.Stable);
        Assert.Equal(
            $$$"""200 {"id":{{{id}}},"number":{{{number}}},"msp":"Northwind","account":{"id":{{{account}}},"name":"{{{name}}}"},"currency":"USD","issued_on":"2026-12-02","total":"46.20","job_run":null,"issued_at":"*","issued_by":"{{{(string)head["issued_by"]!}}}" """.TrimEnd()
            + $$$""","contracts":[{"id":{{{contract}}},"name":"Backup 2026","subtotal":"46.20","lines":["""
            + $$$"""{"line_id":{{{line}}},"turn":2,"entry":1,"item":"10 × Spanning Backup, 1 Nov – 30 Nov","kind":"charge","period_from":"2026-11-01","period_until":"2026-12-01","from":"2026-11-01","until":"2026-12-01","units":"10","unit_price":"4.20","amount":"42.00"},"""
            + $$$"""{"line_id":{{{line}}},"turn":3,"entry":1,"item":"+3 × Spanning Backup, 21 Nov – 30 Nov, 10 of 30 days","kind":"adjustment","period_from":"2026-11-01","period_until":"2026-12-01","from":"2026-11-21","until":"2026-12-01","units":"3","unit_price":"4.20","amount":"4.20"}]}]}""",
            (await hub.Viewer.Get($"/v1/invoices/{id}")).Stable);
        Assert.Equal("""200 {"invoices":[],"carried_forward":[],"more":false}""", (await hub.Operator.Post("/v1/invoices", new { account })).Stable);
    }

    [Fact]
    public async Task A_credit_waits_for_an_invoice_that_it_can_be_taken_off()
    {
        var (line, account, _) = await hub.Customer();
        await hub.Adjust(line, -3, -4.2m);

        var none = await hub.Operator.Post("/v1/invoices", new { account });
        await hub.Charge(line, 42m);
        var both = await hub.Operator.Post("/v1/invoices", new { account });

        Assert.Equal(
            $$$"""200 {"invoices":[],"carried_forward":[{"account":{{{none.Json["carried_forward"]![0]!["account"]!.ToJsonString()}}},"currency":"USD","amount":"-4.20","items":1,"reason":"credit"}],"more":false}""",
            none.Stable);
        Assert.Equal(("37.80", 2), ((string)both.Json["invoices"]![0]!["total"]!, (int)both.Json["invoices"]![0]!["lines"]!));
        Assert.Empty(both.Json["carried_forward"]!.AsArray());
    }

    [Fact]
    public async Task Each_currency_has_its_invoice_with_its_decimals_and_one_of_them_may_be_a_credit()
    {
        var (line, account, _) = await hub.Customer();
        await hub.Charge(line, 42m);
        await hub.Charge(line, 4200m, "JPY");
        await hub.Adjust(line, -1, -1.125m, "KWD");

        var made = await hub.Operator.Post("/v1/invoices", new { account });

        Assert.Equal("JPY 4200, USD 42.00", string.Join(", ", made.Json["invoices"]!.AsArray().Select(invoice => $"{invoice!["currency"]} {invoice["total"]}")));
        Assert.Equal("KWD -1.125", $"{made.Json["carried_forward"]![0]!["currency"]} {made.Json["carried_forward"]![0]!["amount"]}");
    }

    [Fact]
    public async Task What_comes_to_nothing_is_an_invoice_of_nothing()
    {
        var (line, account, _) = await hub.Customer();
        await hub.Charge(line, 42m);
        await hub.Post(line, "reversal", PostedMoney.From, PostedMoney.From, PostedMoney.Until, -10, -42m, "USD");

        Assert.Equal("0.00", (string?)(await hub.Operator.Post("/v1/invoices", new { account })).Json["invoices"]![0]!["total"]);
    }

    [Fact]
    public async Task A_contract_alone_is_invoiced_and_a_charge_waits_for_the_day_on_which_it_is_due()
    {
        var psa = await hub.Integration("autotask");
        var account = await hub.Account(psa);
        var (advance, arrears) = (await hub.Line(psa, account), await hub.Line(psa, account));
        await hub.Sql("update service_line set in_advance = false where id = $1", arrears);
        foreach (var line in (long[])[advance, arrears]) await hub.Charge(line, 42m);
        await hub.Adjust(arrears, 1, 1.4m);

        Assert.Empty(await Totals(new { contract = await hub.ContractOf(advance), through = "2026-10-31" }));
        Assert.Equal(["42.00"], await Totals(new { contract = await hub.ContractOf(advance), through = "2026-11-01" }));
        Assert.Equal(["1.40"], await Totals(new { account, through = "2026-11-29" }));
        Assert.Equal(["42.00"], await Totals(new { account, through = "2026-11-30" }));

        async Task<string[]> Totals(object wish) =>
            [.. (await hub.Operator.Post("/v1/invoices", wish)).Json["invoices"]!.AsArray().Select(invoice => (string)invoice!["total"]!)];
    }

    [Fact]
    public async Task Many_at_once_number_without_holes_and_take_each_entry_once()
    {
        var before = await hub.Sql("select count(*) from invoice where msp_id = $1", hub.Msp.Value);
        var accounts = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            var (line, account, _) = await hub.Customer();
            accounts.Add(account);
            await hub.Charge(line, 42m);
            await hub.Adjust(line, 3, 4.2m);
        }

        var store = new InvoiceStore(hub.Source, ItemWords.Of);
        await Task.WhenAll(Enumerable.Range(0, 18).Select(i => store.Make(new(hub.Msp, accounts[i % 6], null, null, null, $"clerk {i}", null), default)));

        Assert.Equal(before + 6, await hub.Sql("select count(*) from invoice where msp_id = $1", hub.Msp.Value));
        Assert.Equal(1, await hub.Sql("select (count(*) = max(number) and count(distinct number) = count(*) and min(number) = 1)::int from invoice where msp_id = $1", hub.Msp.Value));
        Assert.Equal(6, await hub.Sql("select count(*) from invoice where account_id = any ($1) and total = 46.2 and lines = 2", accounts.ToArray()));
        Assert.Equal(0, await hub.Sql("select count(*) from invoice_due d join service_line l on l.id = d.line_id join contract k on k.id = l.contract_id where k.account_id = any ($1)", accounts.ToArray()));
    }

    [Fact]
    public async Task An_invoice_that_was_undone_leaves_no_hole_and_its_entries_wait()
    {
        var (line, account, _) = await hub.Customer();
        await hub.Charge(line, 42m);
        await hub.Sql("create function refuse_line() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$");
        await hub.Sql($"create trigger z before insert on invoice_line for each row when (new.line_id = {line}) execute function refuse_line()");

        Assert.Equal("500 internal_error", (await hub.Operator.Post("/v1/invoices", new { account })).Problem);
        await hub.Sql("drop trigger z on invoice_line");
        await hub.Sql("drop function refuse_line");
        var last = await hub.Sql("select coalesce(max(number), 0) from invoice where msp_id = $1", hub.Msp.Value);
        var made = await hub.Operator.Post("/v1/invoices", new { account });

        Assert.Equal(last + 1, (long)made.Json["invoices"]![0]!["number"]!);
    }

    [Fact]
    public async Task Nobody_changes_an_invoice_and_no_entry_is_billed_twice()
    {
        var (line, account, _) = await hub.Customer();
        await hub.Charge(line, 42m);
        await hub.Operator.Post("/v1/invoices", new { account });

        foreach (var statement in (string[])["update invoice set total = 1", "delete from invoice", "update invoice_line set item = ''", "delete from invoice_line"])
            Assert.Equal("UB001", (await Assert.ThrowsAsync<PostgresException>(() => hub.Sql(statement))).SqlState);
        var twice = await Assert.ThrowsAsync<PostgresException>(() => hub.Sql(
            "insert into invoice_line (invoice_id, line_no, msp_id, line_id, line_ver, entry_no, contract_id, contract_name, item) select invoice_id, 99, msp_id, line_id, line_ver, entry_no, contract_id, '', '' from invoice_line where line_id = $1", line));
        Assert.Equal("invoice_line_billed_once", twice.ConstraintName);
    }

    [Fact]
    public async Task More_lines_than_an_invoice_may_have_are_carried_forward_and_a_contract_alone_is_billed()
    {
        var psa = await hub.Integration("autotask");
        var account = await hub.Account(psa);
        var (many, few) = (await hub.Line(psa, account), await hub.Line(psa, account));
        await hub.Charge(few, 42m);
        await hub.Sql(
            """
            with entry as (
                insert into ledger_entry (line_id, line_ver, entry_no, msp_id, kind, period_from, period_until, from_on, until_on, units_delta, unit_price, amount, currency, night, count_effective_on, count_seq)
                select l.id, n, 1, l.msp_id, 'adjustment', '2026-11-01', '2026-12-01', '2026-11-01', '2026-12-01', 1, 4.2, 4.2, 'USD', '2026-11-01', '2026-11-01', 1 from service_line l, generate_series(2, 10001) n where l.id = $1
                returning line_id, line_ver, entry_no, msp_id
            ), posted as (
                insert into posting (msp_id, kind, through_on, items, posted_by) select msp_id, 'posting', '2026-11-01', count(*), 'test' from entry group by msp_id returning id
            )
            insert into posting_item (line_id, line_ver, entry_no, posting_id, msp_id) select e.line_id, e.line_ver, e.entry_no, p.id, e.msp_id from entry e, posted p
            """,
            many);

        var refused = await hub.Operator.Post("/v1/invoices", new { account });
        Assert.Equal("10001 too_many_lines", $"{refused.Json["carried_forward"]![0]!["items"]} {refused.Json["carried_forward"]![0]!["reason"]}");
        Assert.Equal("42.00", (string?)(await hub.Operator.Post("/v1/invoices", new { contract = await hub.ContractOf(few) })).Json["invoices"]![0]!["total"]);
        var largest = (await hub.Operator.Post("/v1/invoices", new { account })).Json["invoices"]![0]!;
        Assert.Equal("42000.00 10000", $"{largest["total"]} {largest["lines"]}");
        Assert.Equal(10_000, (await hub.Viewer.Get($"/v1/invoices/{largest["id"]}")).Json["contracts"]![0]!["lines"]!.AsArray().Count);
    }

    [Fact]
    public async Task Invoices_are_listed_the_last_first_by_account_and_by_date_page_by_page()
    {
        var (line, account, _) = await hub.Customer();
        foreach (var day in (int[])[3, 1, 2])
        {
            await hub.Charge(line, day);
            await hub.Operator.Post("/v1/invoices", new { account, issued_on = $"2026-11-0{day}" });
        }

        Assert.Equal("2.00 1.00 3.00", await Listed(""));
        Assert.Equal("2.00 3.00", await Listed("&from=2026-11-02"));
        Assert.Equal("2.00 1.00", await Listed("&to=2026-11-02"));
        Assert.Equal("2.00", await Listed("&from=2026-11-02&to=2026-11-02"));
        var first = await hub.Viewer.Get($"/v1/invoices?account={account}&limit=2");
        Assert.Equal("2.00 1.00", Totals(first));
        Assert.Equal("3.00", Totals(await hub.Viewer.Get($"/v1/invoices?account={account}&limit=2&cursor={first.Json["next_cursor"]}")));

        async Task<string> Listed(string filter) => Totals(await hub.Viewer.Get($"/v1/invoices?account={account}{filter}"));
        string Totals(Answer page) => string.Join(' ', page.Json["items"]!.AsArray().Select(invoice => (string)invoice!["total"]!));
    }

    [Fact]
    public async Task Another_msp_sees_none_of_it_and_has_numbers_of_its_own()
    {
        var (line, account, contract) = await hub.Customer();
        await hub.Charge(line, 42m);
        var id = (long)(await hub.Operator.Post("/v1/invoices", new { account })).Json["invoices"]![0]!["id"]!;

        foreach (var ending in (string[])["", ".csv", ".html"]) Assert.Equal("404 not_found", (await hub.Stranger.Get($"/v1/invoices/{id}{ending}")).Problem);
        Assert.Equal("""200 {"items":[],"next_cursor":null}""", (await hub.Stranger.Get("/v1/invoices")).Stable);
        Assert.Equal("404 account_unknown", (await hub.Stranger.Post("/v1/invoices", new { account })).Problem);
        Assert.Equal("404 contract_unknown", (await hub.Stranger.Post("/v1/invoices", new { contract })).Problem);
        Assert.Equal("""200 {"invoices":[],"carried_forward":[],"more":false}""", (await hub.Stranger.Post("/v1/invoices")).Stable);
    }

    [Fact]
    public async Task What_cannot_be_understood_is_refused_by_name()
    {
        var (line, account, contract) = await hub.Customer();
        var (_, other, _) = await hub.Customer();
        await hub.Charge(line, 42m);

        Assert.Equal("404 account_unknown", (await hub.Operator.Post("/v1/invoices", new { account = 987654321 })).Problem);
        Assert.Equal("404 contract_unknown", (await hub.Operator.Post("/v1/invoices", new { contract = 987654321 })).Problem);
        Assert.Equal("404 contract_unknown", (await hub.Operator.Post("/v1/invoices", new { contract, account = other })).Problem);
        Assert.Equal("400 validation_failed issued_on", (await hub.Operator.Post("/v1/invoices", new { account, issued_on = "2226-11-01" })).Problem);
        Assert.Equal("400 validation_failed through", (await hub.Operator.Post("/v1/invoices", new { account, through = "soon" })).Problem);
        Assert.Equal("400 field_unknown acount", (await hub.Operator.Post("/v1/invoices", new { acount = 1 })).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Post("/v1/invoices", new { account })).Problem);
        Assert.Equal("400 validation_failed to", (await hub.Viewer.Get("/v1/invoices?from=2026-11-02&to=2026-11-01")).Problem);
        Assert.Equal("400 parameter_invalid from", (await hub.Viewer.Get("/v1/invoices?from=x")).Problem);
        Assert.Equal("404 not_found", (await hub.Viewer.Get("/v1/invoices/987654321.csv")).Problem);
        Assert.Equal("404 route_unknown", (await hub.Viewer.Get("/v1/invoices/1.pdf")).Problem);
        Assert.Equal(0, await hub.Sql("select count(*) from invoice where account_id = $1", account));
    }
}
