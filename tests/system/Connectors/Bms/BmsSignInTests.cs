using UsageBilling.Interfaces.Vendors;
using static UsageBilling.Tests.System.Connectors.Bms.BmsScript;

namespace UsageBilling.Tests.System.Connectors.Bms;

public sealed class BmsSignInTests
{
    private const string User = Base + "/v2/security/userinfo";
    private const string Notes = Base + "/v2/servicedesk/tickets/1/notes";
    private static readonly Canned s_none = Rows();
    private static readonly Canned s_me = Ok("""{"userId":7,"businessName":"Acme MSP"}""");

    [Theory]
    [InlineData("/bms")]
    [InlineData("/bms/")]
    [InlineData("/bms/v2")]
    [InlineData("/bms/V2/")]
    public async Task A_user_signs_in_by_form_and_calls_with_the_token(string path)
    {
        await using var desk = new Desk(SignedIn(_ => s_me));

        var test = await desk.Bms.Test(desk.Access(path) with { IntegrationCode = "Acme & Söhne" }, CancellationToken.None);

        Assert.Equal(new VendorAnswer<CredentialProof>.Answered(new CredentialProof("Acme MSP")), test);
        Assert.Equal([$"POST {SignIn}", $"GET {User}"], desk.Vendor.Requests.Select(seen => $"{seen.Method} {seen.Target}"));
        Assert.Equal(("application/x-www-form-urlencoded", "UserName=hub%40msp.test&Password=s3cret-of-the-test&Tenant=Acme%20%26%20S%C3%B6hne&GrantType=password"),
            (desk.Vendor.Requests[0].Headers["Content-Type"], desk.Vendor.Requests[0].Body));
        Assert.False(desk.Vendor.Requests[0].Headers.ContainsKey("Authorization"));
        Assert.Equal("Bearer a-1", desk.Vendor.Requests[1].Headers["Authorization"]);
    }

    [Fact]
    public async Task What_the_description_spells_with_capitals_is_read_as_well()
    {
        await using var desk = new Desk(seen => seen.Path == SignIn
            ? Canned.Json("""{"Success":true,"Result":{"AccessToken":"A","RefreshToken":"R","AccessTokenExpireOn":"2026-09-21T04:00:00Z","RefreshTokenExpireOn":"2026-09-22T04:00:00Z"}}""")
            : Canned.Json("""{"Success":true,"Error":null,"Result":[{"Id":1,"AccountName":"Alder","IsActive":false}],"TotalRecords":1}"""));

        Assert.Equal([new ObservedAccount("1", "Alder", false)], Value(await desk.Bms.Accounts(desk.Access(Base), CancellationToken.None)));
    }

    [Fact]
    public async Task A_token_is_refreshed_a_minute_before_it_expires_and_both_tokens_rotate()
    {
        await using var desk = new Desk(seen => seen.Path == SignIn ? Granted(1)
            : seen.Path != Refresh ? s_none
            : seen.Body == "AccessToken=a-1&RefreshToken=r-1" ? Granted(2, "2026-09-21T05:00:00Z") : Granted(3, "2026-09-21T06:00:00Z"));

        await Read(desk);
        desk.Clock.Advance(TimeSpan.FromMinutes(59) - TimeSpan.FromSeconds(1));
        await Read(desk);
        Assert.Equal(0, desk.Vendor.Count(Refresh));
        desk.Clock.Advance(TimeSpan.FromSeconds(1));
        await Read(desk);
        desk.Clock.Advance(TimeSpan.FromHours(1));
        await Read(desk);

        Assert.Equal(["AccessToken=a-1&RefreshToken=r-1", "AccessToken=a-2&RefreshToken=r-2"], desk.Vendor.Requests.Where(seen => seen.Path == Refresh).Select(seen => seen.Body));
        Assert.Equal((1, "Bearer a-3"), (desk.Vendor.Count(SignIn), desk.Vendor.Requests[^1].Headers["Authorization"]));
    }

    /// <summary>The pair that was sent may be used up, so it is not sent again.</summary>
    [Theory]
    [InlineData("401")]
    [InlineData("no")]
    [InlineData("500")]
    [InlineData("cut off")]
    [InlineData("not json")]
    public async Task A_refresh_that_fails_is_followed_by_a_sign_in(string failing)
    {
        await using var desk = new Desk(seen => seen.Path == SignIn ? Granted(1) : seen.Path != Refresh ? s_none : failing switch
        {
            "401" => Canned.Json("", 401),
            "no" => No("The refresh token is not valid."),
            "500" => Canned.Json("", 500),
            "cut off" => Canned.Reset,
            _ => Canned.Json("<html>"),
        });

        await Read(desk);
        desk.Clock.Advance(TimeSpan.FromMinutes(59));

        Assert.Equal("answered", await Read(desk));
        Assert.Equal((2, 1), (desk.Vendor.Count(SignIn), desk.Vendor.Count(Refresh)));
    }

    [Fact]
    public async Task A_refresh_that_is_held_back_keeps_its_pair_for_the_next_time()
    {
        await using var desk = new Desk(seen => seen.Path == SignIn ? Granted(1) : seen.Path == Refresh ? Granted(2, "2026-09-21T05:00:00Z") : s_none);
        await Read(desk);
        desk.Clock.Advance(TimeSpan.FromMinutes(59));
        desk.Permits.Refusal = endpoint => endpoint == "security/refreshtoken" ? new(VendorFailureKind.Withheld, "quota_spent", "There are no more calls.", 40) : null;

        Assert.Equal("Withheld quota_spent", await Read(desk));
        desk.Permits.Refusal = _ => null;
        Assert.Equal("answered", await Read(desk));

        Assert.Equal((1, 1), (desk.Vendor.Count(SignIn), desk.Vendor.Count(Refresh)));
    }

    [Fact]
    public async Task A_pair_that_cannot_be_refreshed_any_more_is_signed_in_for_again()
    {
        await using var desk = new Desk(seen => seen.Path == SignIn ? Granted(1, refreshableUntil: "2026-09-21T03:30:00Z") : s_none);

        await Read(desk);
        desk.Clock.Advance(TimeSpan.FromMinutes(59));
        await Read(desk);

        Assert.Equal((2, 0), (desk.Vendor.Count(SignIn), desk.Vendor.Count(Refresh)));
    }

    [Theory]
    [InlineData("2026-09-21T02:00:00Z")]
    [InlineData("2026-09-20T23:15:00")]
    public async Task A_token_that_seems_to_have_expired_already_is_believed_for_a_minute(string until)
    {
        await using var desk = new Desk(seen => seen.Path == SignIn || seen.Path == Refresh ? Granted(1, until) : s_none);

        await Read(desk);
        desk.Clock.Advance(TimeSpan.FromSeconds(59));
        await Read(desk);
        Assert.Equal((1, 0), (desk.Vendor.Count(SignIn), desk.Vendor.Count(Refresh)));
        desk.Clock.Advance(TimeSpan.FromSeconds(1));
        await Read(desk);

        Assert.Equal(1, desk.Vendor.Count(Refresh));
    }

    [Fact]
    public async Task A_token_turned_away_is_replaced_by_one_new_sign_in()
    {
        var granted = 0;
        await using var desk = new Desk(seen => seen.Path == SignIn ? Granted(++granted) : seen.Headers["Authorization"] == "Bearer a-2" ? s_none : No("Security Error", 401));

        Assert.Equal(("answered", 2), (await Read(desk), granted));
        Assert.Equal(0, desk.Vendor.Count(Refresh));
    }

    [Fact]
    public async Task A_new_token_turned_away_too_is_unauthorized_and_not_tried_again()
    {
        await using var desk = new Desk(SignedIn(_ => No("Security Error", 401)));

        Assert.Equal("Unauthorized token_refused", await Read(desk));
        Assert.Equal((2, 2), (desk.Vendor.Count(SignIn), desk.Vendor.Count(Notes)));
    }

    [Fact]
    public async Task Calls_at_once_sign_in_once()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var desk = new Desk(SignedIn(_ => Page(1, Account(1, "Alder"))));
        desk.Vendor.Pause = seen =>
        {
            if (seen.Path != SignIn) return Task.CompletedTask;
            asked.TrySetResult();
            return release.Task;
        };

        var reads = Enumerable.Range(0, 6).Select(_ => desk.Bms.Accounts(desk.Access(Base), CancellationToken.None)).ToList();
        await asked.Task;
        release.SetResult();

        Assert.All(await Task.WhenAll(reads), answer => Assert.Single(Value(answer)));
        Assert.Equal((1, 6), (desk.Vendor.Count(SignIn), desk.Vendor.Count(Base + "/v2/crm/accounts/summary")));
    }

    [Fact]
    public async Task Calls_at_once_hear_of_one_wrong_password_and_a_later_one_tries_it_again()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var desk = new Desk(_ => No("The password is not valid."));
        desk.Vendor.Pause = _ =>
        {
            asked.TrySetResult();
            return release.Task;
        };

        var reads = Enumerable.Range(0, 6).Select(_ => Read(desk)).ToList();
        await asked.Task;
        release.SetResult();

        Assert.All(await Task.WhenAll(reads), told => Assert.Equal("Unauthorized wrong_secret", told));
        Assert.Equal(1, desk.Vendor.Count(SignIn));
        Assert.Equal(("Unauthorized wrong_secret", 2), (await Read(desk), desk.Vendor.Count(SignIn)));
    }

    [Fact]
    public async Task Credentials_are_proved_by_a_new_sign_in_whatever_is_remembered()
    {
        await using var desk = new Desk(SignedIn(_ => s_me));

        await desk.Bms.Test(desk.Access(Base), CancellationToken.None);
        await desk.Bms.Test(desk.Access(Base), CancellationToken.None);

        Assert.Equal(2, desk.Vendor.Count(SignIn));
    }

    [Fact]
    public async Task Bms_and_Vorex_are_two_kinds_and_each_endpoint_has_a_budget_of_its_own()
    {
        await using var desk = new Desk(SignedIn(_ => s_me));
        var vorex = desk.Set.PsaConnector("vorex")!;

        await vorex.Test(desk.Access(Base), CancellationToken.None);

        Assert.Equal(("vorex", "vorex", "vorex"), (vorex.Kind, desk.Set.PsaLinesOf("vorex")!.Kind, desk.Set.PsaDesk("vorex")!.Kind));
        Assert.Equal(["security/authenticate 4 1200", "security/userinfo 4 1200"], desk.Permits.Asked);
        Assert.Equal(new PsaCapabilities(ChangesUnits: false, WholeUnitsOnly: true, ConcurrentCallsMax: 4) { ReadsUnits = false }, vorex.Capabilities);
    }

    /// <summary>How a sign-in may be turned down, and what is then known.</summary>
    [Theory]
    [InlineData(200, "Invalid username or password", "Unauthorized wrong_secret", 1)]
    [InlineData(400, "The user name or password is incorrect, or the company.", "Unauthorized wrong_secret", 1)]
    [InlineData(401, "Security Error", "Unauthorized wrong_secret", 1)]
    [InlineData(401, "Invalid credentials", "Unauthorized wrong_secret", 1)]
    [InlineData(200, "The company name is not valid.", "Unauthorized wrong_company", 1)]
    [InlineData(401, "Tenant not found", "Unauthorized wrong_company", 1)]
    [InlineData(200, "Company not found for this user", "Unauthorized wrong_company", 1)]
    [InlineData(200, "User not found", "Unauthorized unknown_user", 1)]
    [InlineData(401, "The user does not exist in this company", "Unauthorized unknown_user", 1)]
    [InlineData(200, "The user name is not valid.", "Unauthorized unknown_user", 1)]
    [InlineData(200, "MFA code is required", "Unauthorized mfa_required", 1)]
    [InlineData(401, "Multi-Factor authentication is enabled for this user", "Unauthorized mfa_required", 1)]
    [InlineData(200, "The user has no API access.", "Forbidden no_api_access", 1)]
    [InlineData(403, "Forbidden", "Forbidden no_api_access", 1)]
    [InlineData(200, "The account is locked", "Unauthorized sign_in_refused", 1)]
    [InlineData(429, "Too Many Requests", "RateLimited quota_exhausted", 3)]
    [InlineData(200, "The request limit was exceeded", "RateLimited quota_exhausted", 1)]
    [InlineData(200, "Execution Timeout Expired", "ServerError vendor_timed_out", 1)]
    [InlineData(500, "Internal Server Error", "ServerError server_error", 3)]
    public async Task A_sign_in_that_is_turned_down_says_why(int status, string message, string told, int attempts)
    {
        await using var desk = new Desk(_ => No(message, status));

        var failure = Failure(await desk.Bms.Test(desk.Access(Base), CancellationToken.None));

        Assert.Equal((told, attempts), ($"{failure.Kind} {failure.Code}", desk.Vendor.Requests.Count));
        Assert.Contains($"Kaseya says: {message}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "", "Unauthorized wrong_secret")]
    [InlineData(403, "", "Forbidden no_api_access")]
    [InlineData(302, "", "Malformed api_not_found")]
    [InlineData(404, "", "Rejected api_not_found")]
    [InlineData(405, "", "Rejected api_not_found")]
    [InlineData(200, "<html>", "Malformed api_not_found")]
    [InlineData(200, "[]", "Malformed api_not_found")]
    [InlineData(200, """{"success":true,"result":null}""", "Malformed token_unreadable")]
    [InlineData(200, """{"success":true,"result":{"accessToken":"a b","accessTokenExpireOn":"2026-09-21T04:00:00Z"}}""", "Malformed token_unreadable")]
    [InlineData(200, """{"success":true,"result":{"accessToken":"a"}}""", "Malformed token_unreadable")]
    public async Task An_answer_without_a_token_is_no_sign_in(int status, string body, string told)
    {
        await using var desk = new Desk(_ => Canned.Json(body, status));

        Assert.Equal((told, 1), (Told(await desk.Bms.Test(desk.Access(Base), CancellationToken.None)), desk.Vendor.Requests.Count));
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_told_from_all_of_them()
    {
        await using var desk = new Desk(_ => Canned.Silence);
        var access = desk.Access(Base);
        await desk.Vendor.DisposeAsync();

        Assert.Equal("Unreachable connect_failed", Told(await desk.Bms.Test(access, CancellationToken.None)));
    }

    [Theory]
    [InlineData("", "s", "Acme", "credentials_missing")]
    [InlineData("u", "", "Acme", "credentials_missing")]
    [InlineData("u", "s", "", "credentials_missing")]
    [InlineData("u", "s\0", "Acme", "credentials_unusable")]
    public async Task Credentials_that_cannot_be_used_are_unauthorized_without_a_call(string user, string secret, string company, string code)
    {
        await using var desk = new Desk(SignedIn(_ => s_me));
        var access = desk.Access(Base, user) with { Secret = secret, IntegrationCode = company };

        Assert.Equal(($"Unauthorized {code}", $"Unauthorized {code}", 0),
            (Told(await desk.Bms.Test(access, CancellationToken.None)), Told(await desk.Bms.Accounts(access, CancellationToken.None)), desk.Vendor.Requests.Count));
    }

    [Fact]
    public async Task Neither_secrets_nor_tokens_are_repeated_by_us()
    {
        await using var signing = new Desk(_ => No($"No: {Desk.Secret} at {Desk.Code}"));
        await using var calling = new Desk(SignedIn(_ => No($"No: {Desk.Secret} at {Desk.Code} with a-1")));

        var signedIn = Failure(await signing.Bms.Test(signing.Access(Base), CancellationToken.None));
        var called = Failure(await calling.Bms.Test(calling.Access(Base), CancellationToken.None));

        Assert.EndsWith("Kaseya says: No: *** at ***", signedIn.Message, StringComparison.Ordinal);
        Assert.Equal("Kaseya says: No: *** at *** with ***", called.Message);
    }

    private static async Task<string> Read(Desk desk) => Told(await desk.BmsDesk.Notes(desk.Access(Base), "1", CancellationToken.None));
}
