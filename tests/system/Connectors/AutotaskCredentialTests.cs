using System.Net.Sockets;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Sandbox.Autotask;
using static UsageBilling.Tests.System.Connectors.AutotaskScript;

namespace UsageBilling.Tests.System.Connectors;

/// <summary>A test of credentials that fails says which of them is wrong, or that none is: each cause has a code of its own.</summary>
public sealed class AutotaskCredentialTests
{
    [Theory]
    [InlineData("right", "Demo MSP")]
    [InlineData("user", "Unauthorized unknown_user")]
    [InlineData("secret", "Unauthorized wrong_secret")]
    [InlineData("code", "Unauthorized integration_code_invalid")]
    [InlineData("zone", "Forbidden wrong_zone")]
    [InlineData("rights", "Forbidden no_visible_data")]
    [InlineData("quota", "RateLimited quota_exhausted")]
    [InlineData("address", "Rejected api_not_found")]
    [InlineData("forbidden host", "AddressRefused address_refused")]
    public async Task The_sandbox_is_asked_with_something_wrong(string wrong, string told)
    {
        await using var desk = await SandboxDesk.Open();
        if (wrong == "quota") await desk.Strangers(10_000);
        var right = desk.AutotaskAccess;

        Assert.Equal(told, Told(await desk.Autotask.Test(wrong switch
        {
            "user" => right with { User = "nobody@demo.example" },
            "secret" => right with { Secret = "no" },
            "code" => right with { IntegrationCode = "no" },
            "zone" => right with { User = AutotaskUsers.Stray },
            "rights" => right with { User = AutotaskUsers.Blind },
            "address" => right with { BaseUrl = new Uri(right.BaseUrl, "/autotask-pages") },
            "forbidden host" => right with { BaseUrl = new Uri("https://autotask.example/") },
            _ => right,
        }, CancellationToken.None)));
        Assert.Empty(await desk.Writes());
    }

    [Fact]
    public async Task A_host_that_is_not_found_that_is_not_there_and_that_speaks_no_TLS_are_told_apart()
    {
        await using var unknown = new Desk(_ => Canned.Reset, options => options with { ReadAttemptsMax = 1, Resolve = (_, _) => throw new SocketException((int)SocketError.HostNotFound) });
        unknown.Vendor.Greeting = "220 this is not TLS\r\n";
        await using var gone = new Desk(_ => Canned.Reset);
        var closed = gone.Access("/autotask");
        await gone.Vendor.DisposeAsync();

        Assert.Equal(
            ("Unreachable host_not_found", "Unreachable tls_failed", "Unreachable connect_failed"),
            (await Tested(unknown, Desk.AccessTo("https://webservices99.autotask.net/")),
                await Tested(unknown, Desk.AccessTo(unknown.Vendor.Origin.Replace("http:", "https:", StringComparison.Ordinal))),
                await Tested(gone, closed)));
    }

    /// <summary>What the address a tenant typed answers, when it is not the API's.</summary>
    [Theory]
    [InlineData(404, "<html>", "Rejected api_not_found")]
    [InlineData(405, """{"Message":"no"}""", "Rejected api_not_found")]
    [InlineData(200, "<html>Sign in</html>", "Malformed api_not_found")]
    [InlineData(302, "", "Malformed api_not_found")]
    [InlineData(200, """{"apiVersions":["V9.0"]}""", "Malformed api_version_missing")]
    [InlineData(503, "", "ServerError server_error")]
    public async Task An_address_of_Autotasks_pages_is_told_from_a_vendor_that_is_down(int status, string body, string told)
    {
        await using var desk = new Desk(_ => Canned.Json(body, status));

        Assert.Equal(told, await Tested(desk, desk.Access("/autotask")));
    }

    /// <summary>An empty list of companies is a wrong zone only when every right is there.</summary>
    [Theory]
    [InlineData("""{"info":{"name":"Company","userAccessForQuery":"All"}}""", "Forbidden wrong_zone")]
    [InlineData("""{"info":{"name":"Company","userAccessForQuery":"Restricted"}}""", "Forbidden no_visible_data")]
    [InlineData("""{"info":{"name":"Company","userAccessForQuery":"None"}}""", "Forbidden no_visible_data")]
    [InlineData("""{"errors":["no"]}""", "Forbidden no_visible_data")]
    public async Task Nothing_to_be_seen_has_two_causes(string rights, string told)
    {
        await using var desk = new Desk(Zoned(seen => seen.Path.EndsWith("/entityInformation", StringComparison.Ordinal) ? Canned.Json(rights) : List()));

        Assert.Equal(told, await Tested(desk, desk.Access("/autotask")));
    }

    private static async Task<string> Tested(Desk desk, VendorAccess access) => Told(await desk.Autotask.Test(access, CancellationToken.None));

    private static string Told(VendorAnswer<CredentialProof> answer) => answer switch
    {
        VendorAnswer<CredentialProof>.Answered proved => proved.Value.Account,
        VendorAnswer<CredentialProof>.Failed failed => $"{failed.Failure.Kind} {failed.Failure.Code}",
        _ => throw new InvalidOperationException(),
    };
}
