using System.Globalization;
using UsageBilling.Connectors;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.System.Connectors;

public sealed class UniViewTests
{
    private const string Token = "/uniview/connect/token";
    private const string Domains = "/uniview/v2/spanning/domains";
    private const string Granted = """{"access_token":"t-1","expires_in":3600,"token_type":"Bearer"}""";

    [Fact]
    public async Task Every_tenant_comes_with_its_counts_and_null_stays_null()
    {
        const string rows = """
            [{"id":"d-1","customerId":"6b1c","name":"north.example","origin":"M365","numberOfProtectedStandardUsers":31,"numberOfArchivedLicensesTotal":6,"numberOfProtectedArchivedUsers":5},
             {"id":"d-2","customerId":null,"name":"south.example","origin":"GOOGLEWORKSPACE","numberOfProtectedStandardUsers":null,"numberOfArchivedLicensesTotal":0},
             {"id":"d-3","name":"odd.example","origin":"M365","numberOfProtectedStandardUsers":-4,"numberOfArchivedLicensesTotal":99999999999},
             {"id":"d-4","name":"later.example","origin":"SALESFORCE","numberOfProtectedStandardUsers":9}]
            """;
        await using var desk = new Desk(Answering(_ => Page(rows, total: 4)));

        var read = await desk.UniView.Read(desk.Access("/uniview/"), CancellationToken.None);

        Assert.Null(read.Failure);
        Assert.Equal(
        [
            "d-1 spanning-m365 north.example of 6b1c: standard_licences 31, archived_licences 6",
            "d-2 spanning-gws south.example of nobody: standard_licences null, archived_licences 0",
            "d-3 spanning-m365 odd.example of nobody: standard_licences null, archived_licences null",
        ], read.Tenants.Select(Told));
        Assert.Equal(
            [$"POST {Token}", $"GET {Domains}?order_by=name&include%5Busers%5D=false&page_number=1&page_size=500"],
            desk.Vendor.Requests.Select(seen => $"{seen.Method} {seen.Target}"));
        Assert.Equal("grant_type=client_credentials&client_id=hub%40msp.test&client_secret=s3cret-of-the-test", desk.Vendor.Requests[0].Body);
        Assert.Equal("Bearer t-1", desk.Vendor.Requests[1].Headers["Authorization"]);
    }

    [Fact]
    public async Task Archived_licences_can_be_taken_from_the_other_number()
    {
        const string row = """[{"id":"d-1","name":"n","origin":"m365","numberOfProtectedStandardUsers":1,"numberOfArchivedLicensesTotal":6,"numberOfProtectedArchivedUsers":5}]""";
        await using var desk = new Desk(Answering(_ => Page(row, total: 1)), options => options with { ArchivedLicences = ArchivedLicences.ProtectedUsers });

        var read = await desk.UniView.Read(desk.Access("/uniview"), CancellationToken.None);

        Assert.Equal(["d-1 spanning-m365 n of nobody: standard_licences 1, archived_licences 5"], read.Tenants.Select(Told));
    }

    [Fact]
    public async Task A_name_cut_in_the_middle_of_a_sign_is_mended_and_not_lost()
    {
        const string rows = """
            [{"id":"d-1","name":"cut \ud83d","origin":"M365"},{"id":"d-2","name":"\udc4d whole \ud83d\udc4d","origin":"M365"},{"id":"d-3","name":"nul\u0000 sign","origin":"M365"}]
            """;
        await using var desk = new Desk(Answering(_ => Page(rows, total: 3)));

        var read = await desk.UniView.Read(desk.Access("/uniview"), CancellationToken.None);

        Assert.Equal(["cut \ufffd", "\ufffd whole \ud83d\udc4d", "nul sign"], read.Tenants.Select(tenant => tenant.Name));
    }

    [Fact]
    public async Task An_empty_list_that_promises_nothing_is_a_whole_read()
    {
        await using var desk = new Desk(Answering(_ => Page("[]", total: 0)));

        var read = await desk.UniView.Read(desk.Access("/uniview"), CancellationToken.None);

        Assert.Equal((0, null), (read.Tenants.Count, read.Failure));
    }

    /// <summary>Each page is written as: its rows, the total it promises, and what its header calls the page.</summary>
    [Theory]
    [InlineData("a,b 4 | c,d 4", "a,b,c,d", null)]
    [InlineData("a,b 4 | a,b 4", "a,b", "page_repeated")]
    [InlineData("a,b 4 | b,c 4", "a,b", "row_repeated")]
    [InlineData("a,a 2", "", "row_repeated")]
    [InlineData("a,b 4 | c,d 5", "a,b", "total_changed")]
    [InlineData("a,b 4 | c,d 3", "a,b", "total_changed")]
    [InlineData("a,b 4 | 4", "a,b", "list_truncated")]
    [InlineData("a,b 4 | c 4 | 4", "a,b,c", "list_truncated")]
    [InlineData("a 4 | c,d 4 pages=2", "a,c,d", "list_truncated")]
    [InlineData("4", "", "list_truncated")]
    [InlineData("a,b,c 2", "", "list_longer_than_total")]
    [InlineData("a,b 3 | c,d 3", "a,b", "list_longer_than_total")]
    [InlineData("a,b 2 pages=2", "a,b", "list_longer_than_total")]
    [InlineData("a,b 4 | c,d 4 page=1", "a,b", "wrong_page")]
    [InlineData("a,b", "", "paging_missing")]
    [InlineData("a,b 200001", "", "too_many_records")]
    [InlineData("a,? 2", "", "row_without_id")]
    public async Task A_list_is_whole_or_says_why_it_is_not(string pages, string tenants, string? code)
    {
        var script = pages.Split('|');
        await using var desk = new Desk(Answering(number => Scripted(script[number - 1].Trim())));

        var read = await desk.UniView.Read(desk.Access("/uniview"), CancellationToken.None);

        Assert.Equal((tenants, code), (string.Join(',', read.Tenants.Select(tenant => tenant.RemoteId)), read.Failure?.Code));
        Assert.True(read.Failure is null or { Kind: VendorFailureKind.Malformed });
    }

    [Theory]
    [InlineData("""{"items":[]}""", "answer_not_list")]
    [InlineData("<html>sign in</html>", "answer_not_list")]
    [InlineData("", "answer_not_list")]
    [InlineData("null", "answer_not_list")]
    public async Task An_answer_that_is_no_list_is_a_failure(string body, string code)
    {
        await using var desk = new Desk(Answering(_ => Page(body, total: 0)));

        var read = await desk.UniView.Read(desk.Access("/uniview"), CancellationToken.None);

        Assert.Equal((0, VendorFailureKind.Malformed, code), (read.Tenants.Count, read.Failure!.Kind, read.Failure.Code));
    }

    [Fact]
    public async Task A_page_that_fails_keeps_the_tenants_of_the_pages_before_it()
    {
        await using var desk = new Desk(Answering(number => number == 1 ? Scripted("a,b 4") : Canned.Json("{}", 500)));

        var read = await desk.UniView.Read(desk.Access("/uniview"), CancellationToken.None);

        Assert.Equal(["a", "b"], read.Tenants.Select(tenant => tenant.RemoteId));
        Assert.Equal((VendorFailureKind.ServerError, "server_error"), (read.Failure!.Kind, read.Failure.Code));
        Assert.Equal(4, desk.Vendor.Count(Domains));
    }

    [Fact]
    public async Task A_token_is_used_until_a_minute_before_it_expires()
    {
        await using var desk = new Desk(Answering(_ => Page("[]", total: 0)));
        var access = desk.Access("/uniview");

        await desk.UniView.Read(access, CancellationToken.None);
        desk.Clock.Advance(TimeSpan.FromSeconds(3539));
        await desk.UniView.Read(access, CancellationToken.None);
        Assert.Equal(1, desk.Vendor.Count(Token));
        desk.Clock.Advance(TimeSpan.FromSeconds(1));
        await desk.UniView.Read(access, CancellationToken.None);

        Assert.Equal(2, desk.Vendor.Count(Token));
    }

    [Fact]
    public async Task Another_secret_gets_another_token()
    {
        await using var desk = new Desk(Answering(_ => Page("[]", total: 0)));

        await desk.UniView.Read(desk.Access("/uniview"), CancellationToken.None);
        await desk.UniView.Read(desk.Access("/uniview") with { Secret = "a new one" }, CancellationToken.None);

        Assert.Equal(2, desk.Vendor.Count(Token));
    }

    [Fact]
    public async Task A_token_turned_away_is_replaced_once()
    {
        var granted = 0;
        await using var desk = new Desk(seen => seen.Path == Token
            ? Canned.Json($$"""{"access_token":"t-{{++granted}}","expires_in":3600}""")
            : seen.Headers["Authorization"] == "Bearer t-2" ? Page("[]", total: 0) : Canned.Json("{}", 401));

        var read = await desk.UniView.Read(desk.Access("/uniview"), CancellationToken.None);

        Assert.Equal((null, 2), (read.Failure, granted));
    }

    [Fact]
    public async Task A_new_token_turned_away_too_is_unauthorized_and_not_tried_again()
    {
        await using var desk = new Desk(Answering(_ => Canned.Json("{}", 401)));

        var read = await desk.UniView.Read(desk.Access("/uniview"), CancellationToken.None);

        Assert.Equal((VendorFailureKind.Unauthorized, "token_refused"), (read.Failure!.Kind, read.Failure.Code));
        Assert.Equal((2, 2), (desk.Vendor.Count(Token), desk.Vendor.Count(Domains)));
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_client"}""", VendorFailureKind.Unauthorized, "wrong_secret")]
    [InlineData(401, "", VendorFailureKind.Unauthorized, "wrong_secret")]
    [InlineData(400, """{"error":"invalid_scope"}""", VendorFailureKind.Rejected, "vendor_refused")]
    [InlineData(403, "", VendorFailureKind.Forbidden, "forbidden")]
    [InlineData(200, """{"expires_in":3600}""", VendorFailureKind.Malformed, "token_unreadable")]
    [InlineData(200, """{"access_token":"a b","expires_in":3600}""", VendorFailureKind.Malformed, "token_unreadable")]
    [InlineData(200, """{"access_token":"t","expires_in":0}""", VendorFailureKind.Malformed, "token_unreadable")]
    [InlineData(200, "<html>", VendorFailureKind.Malformed, "answer_not_json")]
    public async Task A_token_that_is_not_granted_says_why_after_one_attempt(int status, string body, VendorFailureKind kind, string code)
    {
        await using var desk = new Desk(_ => Canned.Json(body, status));

        var test = await desk.UniView.Test(desk.Access("/uniview"), CancellationToken.None);

        var failure = Assert.IsType<VendorAnswer<CredentialProof>.Failed>(test).Failure;
        Assert.Equal((kind, code, 1), (failure.Kind, failure.Code, desk.Vendor.Requests.Count));
    }

    [Fact]
    public async Task Customers_are_read_whole()
    {
        await using var desk = new Desk(seen => seen.Path == Token ? Canned.Json(Granted) : Page("""[{"id":"6b1c","name":"Northwind Dental"},{"id":"77aa","name":null}]""", total: 2));

        var customers = await desk.UniView.Customers(desk.Access("/uniview"), CancellationToken.None);
        var test = await desk.UniView.Test(desk.Access("/uniview"), CancellationToken.None);

        Assert.Equal([new ObservedCustomer("6b1c", "Northwind Dental"), new ObservedCustomer("77aa", "77aa")], Assert.IsType<VendorAnswer<IReadOnlyList<ObservedCustomer>>.Answered>(customers).Value);
        Assert.Equal(new VendorAnswer<CredentialProof>.Answered(new CredentialProof("127.0.0.1")), test);
    }

    private static Func<Seen, Canned> Answering(Func<int, Canned> page) => seen =>
        seen.Path == Token ? Canned.Json(Granted) : page(int.Parse(seen.Target.Split("page_number=")[1].Split('&')[0], CultureInfo.InvariantCulture));

    private static Canned Page(string rows, int total) => Canned.Json(rows, 200, $"Paging-Total-Records: {total}");

    private static Canned Scripted(string page)
    {
        var words = page.Split(' ');
        var ids = char.IsAsciiDigit(words[0][0]) ? [] : words[0].Split(',');
        var rows = ids.Select(id => id == "?" ? """{"origin":"M365"}""" : $$"""{"id":"{{id}}","name":"{{id}}","origin":"M365"}""");
        var headers = words.Select(word => char.IsAsciiDigit(word[0]) ? $"Paging-Total-Records: {word}"
            : word.StartsWith("page=", StringComparison.Ordinal) ? $"Paging-Page-Number: {word[5..]}"
            : word.StartsWith("pages=", StringComparison.Ordinal) ? $"Paging-Total-Pages: {word[6..]}" : null).OfType<string>();
        return Canned.Json($"[{string.Join(',', rows)}]", 200, [.. headers]);
    }

    private static string Told(ObservedTenant tenant)
        => $"{tenant.RemoteId} {tenant.Product} {tenant.Name} of {tenant.CustomerRemoteId ?? "nobody"}: "
            + string.Join(", ", tenant.Counts.Select(count => $"{count.Metric} {count.Units?.ToString(CultureInfo.InvariantCulture) ?? "null"}"));
}
