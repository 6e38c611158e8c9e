using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using UsageBilling.Sandbox;

namespace UsageBilling.Tests.System.Sandbox;

public sealed class BmsAccessTests
{
    private const string Us = "bms-us";

    [Theory]
    [InlineData("GrantType", "UserName", "Password", "Tenant")]
    [InlineData("grantType", "userName", "password", "tenant")]
    public async Task A_token_is_given_for_a_form_of_either_kind_with_names_in_any_casing(params string[] names)
    {
        await using var sandbox = await TestSandbox.Start();
        string[] values = ["password", "api@demo.example", "demo-secret", "demo msp"];
        var fields = names.Zip(values, KeyValuePair.Create).ToList();
        var encoded = await sandbox.BmsForm(Us, "authenticate", new FormUrlEncodedContent(fields));
        using var multipart = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
            multipart.Add(new StringContent(value), name);
        var parted = await sandbox.BmsForm(Us, "authenticate", multipart);
        foreach (var reply in new[] { encoded, parted })
        {
            var result = reply.Json["result"]!;
            Assert.Equal(
                (200, true, "2026-09-21T11:00:00Z", "2026-09-22T10:00:00Z"),
                (reply.Status, reply.Json["success"]!.GetValue<bool>(), result["accessTokenExpireOn"]!.ToString(), result["refreshTokenExpireOn"]!.ToString()));
            Assert.Equal(4, result.AsObject().Count);
        }

        Assert.NotEqual(encoded.Json["result"]!["accessToken"]!.ToString(), parted.Json["result"]!["accessToken"]!.ToString());
    }

    [Fact]
    public async Task An_access_token_has_the_three_parts_of_a_jwt()
    {
        await using var sandbox = await TestSandbox.Start();
        var token = (await sandbox.BmsSignIn(Us)).Json["result"]!["accessToken"]!.ToString();
        var parts = token.Split('.');
        var claims = JsonDocument.Parse(global::System.Buffers.Text.Base64Url.DecodeFromChars(parts[1])).RootElement;
        Assert.Equal(3, parts.Length);
        Assert.Equal(("Demo MSP", "api@demo.example"), (claims.GetProperty("tenant").GetString(), claims.GetProperty("sub").GetString()));
    }

    [Theory]
    [InlineData("Tenant", "Demo MSP Europe", 978002, "The company name is not valid.")]
    [InlineData("UserName", "nobody@demo.example", 978003, "The user name is not valid.")]
    [InlineData("Password", "wrong", 978004, "The password is not valid.")]
    [InlineData("UserName", "clerk@demo.example", 978005, "The user has no API access.")]
    [InlineData("UserName", "owner@demo.example", 978006, "A multi-factor authentication (MFA) code is required.")]
    [InlineData("GrantType", "", 978008, "The grant type is not supported.")]
    public async Task A_sign_in_that_fails_is_a_200_that_says_why(string field, string value, int code, string message)
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.BmsSignIn(Us, (field, value))).Is(200, Refusal(code, message));
    }

    [Fact]
    public async Task A_user_with_a_second_factor_needs_its_code_and_the_api_employee_does_not()
    {
        await using var sandbox = await TestSandbox.Start();
        (await sandbox.BmsSignIn(Us, ("UserName", "owner@demo.example"), ("MFACode", "111111"))).Is(200, Refusal(978007, "The multi-factor authentication (MFA) code is not valid."));
        Assert.True((await sandbox.BmsSignIn(Us, ("UserName", "owner@demo.example"), ("MFACode", "246810"))).Json["success"]!.GetValue<bool>());
        Assert.True((await sandbox.BmsSignIn(Us)).Json["success"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_body_that_is_no_form_is_not_read()
    {
        await using var sandbox = await TestSandbox.Start();
        using var json = new StringContent("""{"UserName":"api@demo.example"}""", Encoding.UTF8, "application/json");
        Assert.Equal(415, (await sandbox.BmsForm(Us, "authenticate", json)).Status);
    }

    [Fact]
    public async Task Without_a_token_with_a_strange_one_or_after_it_expired_the_answer_is_401()
    {
        await using var sandbox = await TestSandbox.Start(new SandboxOptions { TokenSeconds = 600 });
        var refused = await sandbox.Call("GET", "/bms-us/v2/system/queues/lookup");
        refused.Is(401, """
            {"success":false,"error":{"code":978001,"message":"Security Error","details":"The access token is missing, unknown or expired.","stackStrace":null,"subErrors":[]},"result":null}
            """);
        Assert.StartsWith("Bearer", refused.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Equal(401, await Status(sandbox, "a.b.c"));
        Assert.Equal(200, (await sandbox.Bms(Us, "GET", "system/queues/lookup")).Status);
        await sandbox.Call("POST", "/_sandbox/clock", """{"advance_seconds":600}""");
        Assert.Equal(401, (await sandbox.Bms(Us, "GET", "system/queues/lookup")).Status);
    }

    [Fact]
    public async Task A_refresh_gives_two_new_tokens_and_ends_the_two_old_ones()
    {
        await using var sandbox = await TestSandbox.Start(new SandboxOptions { TokenSeconds = 600 });
        var first = Pair(await sandbox.BmsSignIn(Us));
        await sandbox.Call("POST", "/_sandbox/clock", """{"advance_seconds":700}""");
        var second = Pair(await Refresh(sandbox, first));
        Assert.NotEqual(first.Access, second.Access);
        Assert.NotEqual(first.Refresh, second.Refresh);
        Assert.Equal((401, 200), (await Status(sandbox, first.Access), await Status(sandbox, second.Access)));
        (await Refresh(sandbox, first)).Is(200, Refusal(978009, "The refresh token is not valid."));
        (await Refresh(sandbox, (second.Access, first.Refresh))).Is(200, Refusal(978009, "The refresh token is not valid."));
        await sandbox.Call("POST", "/_sandbox/clock", """{"advance_seconds":14400}""");
        (await Refresh(sandbox, second)).Is(200, Refusal(978009, "The refresh token is not valid."));
    }

    [Fact]
    public async Task A_token_of_one_region_opens_no_other()
    {
        await using var sandbox = await TestSandbox.Start();
        var token = Pair(await sandbox.BmsSignIn("bms-emea")).Access;
        Assert.Equal(401, await Status(sandbox, token));
    }

    [Fact]
    public async Task The_user_can_be_asked_for()
    {
        await using var sandbox = await TestSandbox.Start();
        var user = (await sandbox.Bms("vorex", "GET", "security/userinfo")).Json["result"]!;
        Assert.Equal("11 7301 Demo MSP Vorex", $"{user["userId"]} {user["tenantId"]} {user["businessName"]}");
    }

    private static string Refusal(int code, string message) =>
        $$"""{"success":false,"error":{"code":{{code}},"message":"{{message}}","details":null,"stackStrace":null,"subErrors":[]},"result":null}""";

    private static (string Access, string Refresh) Pair(Reply reply) => (reply.Json["result"]!["accessToken"]!.ToString(), reply.Json["result"]!["refreshToken"]!.ToString());

    private static Task<Reply> Refresh(TestSandbox sandbox, (string Access, string Refresh) pair) =>
        sandbox.BmsForm(Us, "refreshtoken", new FormUrlEncodedContent(new Dictionary<string, string> { ["accesstoken"] = pair.Access, ["RefreshToken"] = pair.Refresh }));

    private static async Task<int> Status(TestSandbox sandbox, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/bms-us/v2/system/queues/lookup");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await sandbox.Http.SendAsync(request);
        return (int)response.StatusCode;
    }
}
