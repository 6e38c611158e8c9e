using UsageBilling.Runtime.Invariants;
using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Billing;

/// <summary>Invoices of three customers, two currencies and a credit keep the invariants; each way of spoiling them is found.</summary>
public sealed class InvoiceInvariantTests : IAsyncLifetime
{
    private readonly HubFixture hub = new();

    public async Task InitializeAsync()
    {
        await hub.InitializeAsync();
        foreach (var currency in (string[])["USD", "KWD", "USD"])
        {
            var (line, _, _) = await hub.Customer();
            await hub.Charge(line, 42m, currency);
            await hub.Adjust(line, -3, -4.2m, currency);
        }

        await hub.Adjust((await hub.Customer()).Line, -3, -4.2m);
        Assert.Equal(3, (await hub.Operator.Post("/v1/invoices", new { })).Json["invoices"]!.AsArray().Count);
        await hub.Charge((await hub.Customer()).Line, 1m);
    }

    public Task DisposeAsync() => hub.DisposeAsync();

    [Theory]
    [InlineData("select 1", "")]
    [InlineData("update invoice set number = 7 where number = 2", "I15 msp 1 has 3 invoices numbered 1 to 7, and gave numbers to 3")]
    [InlineData("update invoice set number = number + 10", "I15 msp 1 has 3 invoices numbered 11 to 13, and gave numbers to 3")]
    [InlineData("update invoice_counter set last_number = 4", "I15 msp 1 has 3 invoices numbered 1 to 3, and gave numbers to 4")]
    [InlineData("delete from invoice_counter", "I15 msp 1 has 3 invoices numbered 1 to 3, and gave numbers to 0")]
    [InlineData("insert into invoice_counter (msp_id, last_number) values (2, 1)", "I15 msp 2 has 0 invoices numbered 0 to 0, and gave numbers to 1")]
    [InlineData("update invoice set total = total + 0.001 where number = 2", "I15 invoice 2 comes to 37.8 and says 37.801")]
    [InlineData("update invoice set currency = 'EUR' where number = 2", "I15 invoice 2 has 2 lines that are not in EUR")]
    [InlineData("update invoice set lines = 3 where number = 2", "I15 invoice 2 has 2 lines numbered 1 to 2 and says 3")]
    [InlineData("update invoice_line set line_no = 3 where invoice_id = 2 and line_no = 2", "I15 invoice 2 has 2 lines numbered 1 to 3 and says 2")]
    [InlineData(
        "update invoice_line set line_id = o.line_id, line_ver = o.line_ver, entry_no = o.entry_no from invoice_line o where invoice_line.invoice_id = 3 and invoice_line.line_no = 1 and o.invoice_id = 1 and o.line_no = 1",
        "I15 line 1 version 2, entry 1 is on 2 invoices; I16 line 3 version 2, entry 1 is posted, does not wait and is not invoiced")]
    [InlineData("delete from invoice_due", "I16 line 4 version 2, entry 1 is posted, does not wait and is not invoiced; I16 line 5 version 2, entry 1 is posted, does not wait and is not invoiced")]
    [InlineData("insert into invoice_due (msp_id, line_id, line_ver, entry_no) values (1, 1, 2, 1)", "I16 line 1 version 2, entry 1 is posted, waits and is invoiced")]
    [InlineData("insert into invoice_due (msp_id, line_id, line_ver, entry_no) values (1, 1, 9, 1)", "I16 line 1 version 9, entry 1 is not posted, waits and is not invoiced")]
    [InlineData(
        "delete from posting_item where (line_id, entry_no) in ((1, 1), (5, 1)) and line_ver = 2",
        "I16 line 1 version 2, entry 1 is not posted, does not wait and is invoiced; I16 line 5 version 2, entry 1 is not posted, waits and is not invoiced")]
    public async Task Whatever_is_spoilt_of_invoices_is_found(string spoil, string found)
    {
        // What forbids it is switched off, as by somebody who repairs things by hand
        await hub.Sql("alter table invoice disable trigger all; alter table invoice_line disable trigger all; alter table posting_item disable trigger all; alter table invoice_line drop constraint invoice_line_billed_once");
        await hub.Sql(spoil);

        var breaches = await new InvariantStore(hub.Source).Breaches(default);

        Assert.Equal(found, string.Join("; ", breaches.Where(breach => breach.Invariant is "I15" or "I16").Select(breach => $"{breach.Invariant} {breach.What} {breach.How}")));
    }
}
