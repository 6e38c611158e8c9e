using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using UsageBilling.Sandbox;

namespace UsageBilling.Tests.System.Sandbox;

public sealed class UniViewTests
{
    private const string Domains = "v2/spanning/domains?include[users]=false";

    [Theory]
    [InlineData("grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret", null, 200, """{"access_token":"sandbox-token-000001","expires_in":3600,"token_type":"Bearer"}""")]
    [InlineData("grant_type=client_credentials", "demo-client:demo-secret", 200, """{"access_token":"sandbox-token-000001","expires_in":3600,"token_type":"Bearer"}""")]
    [InlineData("grant_type=client_credentials", "demo-client:wrong", 400, """{"error":"invalid_client"}""")]
    [InlineData("grant_type=client_credentials&client_id=demo-client", null, 400, """{"error":"invalid_client"}""")]
    [InlineData("grant_type=password", null, 400, """{"error":"unsupported_grant_type"}""")]
    public async Task A_token_is_given_for_client_credentials_in_the_form_or_the_header(string form, string? basic, int status, string body)
    {
        await using var sandbox = await TestSandbox.Start();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/uniview/connect/token");
        request.Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        if (basic is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(basic)));
        using var response = await sandbox.Http.SendAsync(request);
        Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Without_a_token_or_after_it_expired_the_answer_is_401_with_a_challenge()
    {
        await using var sandbox = await TestSandbox.Start(new SandboxOptions { TokenSeconds = 600 });
        var refused = await sandbox.Call("GET", "/uniview/" + Domains);
        Assert.Equal((401, "Bearer error=\"invalid_token\""), (refused.Status, refused.Headers["WWW-Authenticate"]));
        Assert.Equal(200, (await sandbox.UniView(Domains)).Status);
        await sandbox.Call("POST", "/_sandbox/clock", """{"advance_seconds":600}""");
        Assert.Equal(401, (await sandbox.UniView(Domains)).Status);
    }

    [Fact]
    public async Task A_domain_shows_every_property_of_version_2()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.UniView(Domains + "&page_size=1&page_number=4")).Is(200, """
            [{"id":"d-304","customerId":"cab23124-efbf-5c0b-84a3-3bc246ce3a6e","name":"drivers.cedarfreight.example","region":"US","origin":"GOOGLEWORKSPACE",
              "numberOfUsers":40,"numberOfStandardLicensesTotal":45,"numberOfProtectedStandardUsers":38,"expirationDate":"2034-12-31T00:00:00Z",
              "storageInformation":{"protectedBytes":91200000000,"usedBytes":106400000000},
              "lastBackup":{"status":"success","timestamp":"2026-09-21T02:00:00Z","sites":{"status":"success","timestamp":"2026-09-21T02:00:00Z"},
               "teams":{"status":"success","timestamp":"2026-09-21T02:00:00Z"},"sharePoint":{"status":"success","timestamp":"2026-09-21T02:00:00Z"}},
              "backupStatusLastSevenDaysTotal":"success","backupStatusLastSevenDays":{"totalForMail":"success","totalForContact":"success",
               "totalForCalendar":"success","totalForDrive":"success","totalForSites":"success","totalForSharePoint":"success","totalForTeams":"success"},
              "loginWithItComplete":true,"errorOnlyEmail":false,"numberOfProtectedUsers":38,"numberOfUnprotectedUsers":2,
              "numberOfProtectedSharePointSites":null,"numberOfUnprotectedSharePointSites":null,"numberOfProtectedTeamChannels":null,
              "numberOfUnprotectedTeamChannels":null,"numberOfArchivedLicensesTotal":null,"numberOfSharedMailboxesTotal":null,
              "numberOfProtectedSharedMailboxes":null,"numberOfUnprotectedSharedMailboxes":null,"numberOfProtectedStandardSharedMailboxes":null,
              "numberOfProtectedArchivedSharedMailboxes":null,"numberOfProtectedStandardDeletedSharedMailboxes":null,
              "numberOfProtectedArchivedDeletedSharedMailboxes":null,"numberOfProtectedArchivedUsers":null,"users":null,"archivedUsers":null}]
            """);
    }

    [Fact]
    public async Task The_demo_counts_tell_the_story_of_the_first_night()
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.UniView(Domains);
        Assert.Equal(
            [
                "d-301 28 4", "d-302 159 11", "d-303 18 ", "d-304 38 ", "d-305 97 5", "d-306 51 1", "d-307 85 ", "d-308 14 3",
                "d-309 210 12", "d-310 19 2", "d-311  5", "d-312 0 1", "d-313 7 0",
            ],
            reply.Json.AsArray().Select(domain => $"{domain!["id"]} {domain["numberOfProtectedStandardUsers"]} {domain["numberOfArchivedLicensesTotal"]}"));
        Assert.Equal("50 1 13 1", Paging(reply));
        Assert.Equal(["d-313"], reply.Json.AsArray().Where(domain => domain!["customerId"] is null).Select(domain => domain!["id"]!.ToString()));
    }

    [Theory]
    [InlineData("v2/spanning/domains?page_size=5&page_number=3", "d-311 d-312 d-313", "5 3 13 3")]
    [InlineData("v2/spanning/domains?page_size=5&page_number=4", "", "5 4 13 3")]
    [InlineData("v1/spanning/domains?order_by=number_of_users&order_direction=desc&page_size=2", "d-309 d-302", "2 1 13 7")]
    [InlineData("v2/spanning/domains?order_by=name&page_size=2", "d-301 d-302", "2 1 13 7")]
    public async Task Lists_are_ordered_and_paged(string path, string ids, string paging)
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.UniView(path);
        Assert.Equal((ids, paging), (string.Join(" ", reply.Json.AsArray().Select(row => row!["id"]!.ToString())), Paging(reply)));
    }

    [Theory]
    [InlineData("v1/customers?name=hazel%20hotels")]
    [InlineData("v1/customers?id=B8A43397-54fb-5f20-90cc-2d937ea877c4")]
    [InlineData("v1/customers?order_by=name&order_direction=asc&page_size=1&page_number=8")]
    public async Task Customers_are_found_by_id_or_name(string path)
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.UniView(path)).Is(200, """[{"id":"b8a43397-54fb-5f20-90cc-2d937ea877c4","name":"Hazel Hotels"}]""");
    }

    [Theory]
    [InlineData("v1/customers?id=5", "id")]
    [InlineData("v2/spanning/domains?page_number=0", "page_number")]
    [InlineData("v2/spanning/domains?page_size=x", "page_size")]
    [InlineData("v2/spanning/domains?order_by=id", "order_by")]
    [InlineData("v2/spanning/domains?order_direction=up", "order_direction")]
    public async Task A_bad_parameter_is_a_400_that_names_it(string path, string parameter)
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.UniView(path);
        Assert.Equal((400, parameter), (reply.Status, reply.Json["errors"]!.AsObject().Single().Key));
    }

    [Fact]
    public async Task Version_1_shows_licences_without_the_archived_split_and_users_by_default()
    {
        await using var sandbox = await TestSandbox.Start();
        var domain = (await sandbox.UniView("v1/spanning/domains")).Json[0]!;
        Assert.Equal((35, 32, 28), (domain["numberOfLicensesTotal"]!.GetValue<int>(), domain["numberOfLicensesInUse"]!.GetValue<int>(), domain["users"]!.AsArray().Count));
        Assert.Equal(22, domain.AsObject().Count);
    }

    [Fact]
    public async Task Users_of_a_domain_are_paged_through_standard_then_archived()
    {
        await using var sandbox = await TestSandbox.Start();
        var reply = await sandbox.UniView("v2/spanning/domains/d-301/users?page_size=30");
        Assert.Equal((28, 2, "30 1 32 2"), (Emails(reply, "users").Count, Emails(reply, "archivedUsers").Count, Paging(reply)));
        Assert.Equal("user001@alderdental.example", Emails(reply, "users")[0]);
        Assert.Equal(28, (await sandbox.UniView("v1/spanning/domains/d-301/users")).Json.AsArray().Count);
        Assert.Equal(404, (await sandbox.UniView("v2/spanning/domains/nobody/users")).Status);
        Assert.Equal(405, (await sandbox.Call("POST", "/uniview/v2/spanning/domains")).Status);
    }

    [Fact]
    public async Task A_hand_edits_adds_and_removes_domains_and_the_journal_says_so()
    {
        await using var sandbox = await TestSandbox.Start();
        Assert.Equal(200, (await sandbox.Call("POST", "/_sandbox/uniview/domains/d-301", """{"numberOfProtectedStandardUsers":null,"numberOfArchivedLicensesTotal":9}""")).Status);
        Assert.Equal(201, (await sandbox.Call("POST", "/_sandbox/uniview/domains", """{"id":"d-400","name":"new.example","origin":"M365","numberOfProtectedStandardUsers":3}""")).Status);
        Assert.Equal(204, (await sandbox.Call("DELETE", "/_sandbox/uniview/domains/d-302")).Status);
        var reply = await sandbox.UniView(Domains);
        string[] changed = ["d-301", "d-302", "d-400"];
        Assert.Equal(
            ["d-301  9", "d-400 3 "],
            reply.Json.AsArray().Where(domain => changed.Contains(domain!["id"]!.ToString())).Select(domain => $"{domain!["id"]} {domain["numberOfProtectedStandardUsers"]} {domain["numberOfArchivedLicensesTotal"]}"));
        Assert.Equal(
            ["1 POST d-301", "2 POST d-400", "3 DELETE d-302"],
            (await sandbox.Call("GET", "/_sandbox/uniview/journal")).Json.AsArray().Select(entry => $"{entry!["sequence"]} {entry["method"]} {entry["item_id"]}"));
    }

    [Theory]
    [InlineData("POST", "d-301", """{"numberOfProtectedStandardUsers":-1}""", 400)]
    [InlineData("POST", "d-301", """{"numberOfUsers":null}""", 400)]
    [InlineData("POST", "d-301", """{"colour":1}""", 400)]
    [InlineData("POST", "d-301", """{"origin":"GoogleApps"}""", 400)]
    [InlineData("POST", "d-301", "[]", 400)]
    [InlineData("POST", "d-999", "{}", 404)]
    [InlineData("DELETE", "d-999", null, 404)]
    [InlineData("PUT", "d-301", "{}", 405)]
    public async Task A_bad_edit_changes_nothing(string method, string id, string? body, int status)
    {
        await using var sandbox = await TestSandbox.Start();
        Assert.Equal(status, (await sandbox.Call(method, "/_sandbox/uniview/domains/" + id, body)).Status);
        (await sandbox.Call("GET", "/_sandbox/uniview/journal")).Is(200, "[]");
    }

    private static string Paging(Reply reply) =>
        $"{reply.Headers["Paging-Page-Size"]} {reply.Headers["Paging-Page-Number"]} {reply.Headers["Paging-Total-Records"]} {reply.Headers["Paging-Total-Pages"]}";

    private static IReadOnlyList<string> Emails(Reply reply, string list) => [.. reply.Json[list]!.AsArray().Select((JsonNode? user) => user!["email"]!.ToString())];
}
