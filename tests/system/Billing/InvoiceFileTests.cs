using System.Net.Http.Headers;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Billing;

public sealed class InvoiceFileTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private const string Hostile = "=HYPERLINK(\"https://evil.test\",\"Pay, now\")<script>alert('1')</script> & Søn";

    [Fact]
    public async Task A_spreadsheet_runs_no_formula_that_a_customer_is_called()
    {
        var id = await HostileInvoice();

        var sheet = await hub.Viewer.Get($"/v1/invoices/{id}.csv");

        Assert.Equal((200, "text/csv"), (sheet.Status, sheet.MediaType));
        Assert.Equal(
            "invoice,issued_on,account,contract,item,kind,period_from,period_through,from,through,units,unit_price,amount,currency\r\n"
            + "1,2026-12-01,\"'=HYPERLINK(\"\"https://evil.test\"\",\"\"Pay, now\"\")<script>alert('1')</script> & Søn\",'@contract,\"10 × -5 Backup, 1 Nov – 30 Nov\",charge,2026-11-01,2026-11-30,2026-11-01,2026-11-30,10,4.20,42.00,USD\r\n"
            + "1,2026-12-01,\"'=HYPERLINK(\"\"https://evil.test\"\",\"\"Pay, now\"\")<script>alert('1')</script> & Søn\",'@contract,\"−3 × -5 Backup, 21 Nov – 30 Nov, 10 of 30 days\",adjustment,2026-11-01,2026-11-30,2026-11-21,2026-11-30,-3,4.20,-4.20,USD\r\n",
            sheet.Text);
    }

    [Fact]
    public async Task A_page_shows_every_name_as_it_is_and_runs_nothing()
    {
        var id = await HostileInvoice();
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await hub.Key(hub.Msp, ApiScope.Viewer));

        using var answer = await client.GetAsync(new Uri(hub.BaseUrl, $"/v1/invoices/{id}.html"));
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Contains("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("=HYPERLINK(&quot;https://evil.test&quot;,&quot;Pay, now&quot;)&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt; &amp; Søn", page, StringComparison.Ordinal);
        Assert.Contains("<td>−3 × -5 Backup, 21 Nov – 30 Nov, 10 of 30 days</td><td class=\"days\">1 Nov 2026 – 30 Nov 2026</td><td class=\"number\">\u22123</td><td class=\"number\">4.20</td><td class=\"number\">\u22124.20</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td colspan=\"4\">Total</td><td class=\"number\">37.80 USD</td>", page, StringComparison.Ordinal);
        foreach (var loads in (string[])["src=", "href=", "url(", "@import", "http:"]) Assert.DoesNotContain(loads, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/csv", "text/csv")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData("text/html;q=0.5, application/json", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("image/png", "application/json")]
    public async Task The_caller_says_what_it_would_rather_have(string accept, string type)
    {
        var id = await HostileInvoice();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(hub.BaseUrl, $"/v1/invoices/{id}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await hub.Key(hub.Msp, ApiScope.Viewer));
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var answer = await client.SendAsync(request);

        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>The database's first invoice, of names that somebody chose with care.</summary>
    private async Task<long> HostileInvoice()
    {
        if (await hub.Sql("select coalesce(max(id), 0) from invoice") is > 0 and var known) return known;
        var (line, account, contract) = await hub.Customer();
        await hub.Sql("update psa_account set name = $2 where id = $1", account, Hostile);
        await hub.Sql("update contract set name = '@contract' where id = $1", contract);
        await hub.Sql("update service_line set name = '-5 Backup' where id = $1", line);
        await hub.Charge(line, 42m);
        await hub.Adjust(line, -3, -4.2m);
        return (long)(await hub.Operator.Post("/v1/invoices", new { account, issued_on = "2026-12-01" })).Json["invoices"]![0]!["id"]!;
    }
}
