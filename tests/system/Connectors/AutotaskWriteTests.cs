using UsageBilling.Interfaces.Vendors;
using static UsageBilling.Tests.System.Connectors.AutotaskScript;

namespace UsageBilling.Tests.System.Connectors;

public sealed class AutotaskWriteTests
{
    private const string Adjustments = Root + "/V1.0/Contracts/29684183/ServiceAdjustments";
    private static readonly UnitsChange s_fourMore = new("29684183", "8001", new DateOnly(2026, 9, 16), 4m);

    [Theory]
    [InlineData("4", 4)]
    [InlineData("-3", -3)]
    [InlineData("2.000", 2)]
    public async Task A_change_is_one_request_with_the_line_the_delta_and_the_day(string delta, int sent)
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json("""{"itemId":null}""")));

        var outcome = await desk.Autotask.ChangeUnits(desk.Access("/autotask"), s_fourMore with { Delta = decimal.Parse(delta, global::System.Globalization.CultureInfo.InvariantCulture) }, CancellationToken.None);

        Assert.Equal(new SendOutcome.Applied(), outcome);
        Assert.Equal($$"""{"contractID":29684183,"contractServiceID":8001,"unitChange":{{sent}},"effectiveDate":"2026-09-16"}""", Assert.Single(desk.Vendor.Requests, seen => seen.Path == Adjustments).Body);
    }

    [Theory]
    [InlineData("1.5", "fractional_units")]
    [InlineData("0", "no_change")]
    [InlineData("0.0", "no_change")]
    [InlineData("2147483648", "units_out_of_range")]
    [InlineData("-2147483648", "units_out_of_range")]
    public async Task A_delta_Autotask_cannot_take_is_refused_without_a_call(string delta, string code)
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json("""{"itemId":null}""")));

        var outcome = await desk.Autotask.ChangeUnits(desk.Access("/autotask"), s_fourMore with { Delta = decimal.Parse(delta, global::System.Globalization.CultureInfo.InvariantCulture) }, CancellationToken.None);

        Assert.Equal(code, Assert.IsType<SendOutcome.Refused>(outcome).Code);
        Assert.Empty(desk.Vendor.Requests);
    }

    /// <summary>Every answer a write can get, and what is then known.</summary>
    [Theory]
    [InlineData(200, """{"itemId":null}""", "applied")]
    [InlineData(200, """{"itemId":17}""", "applied")]
    [InlineData(200, """{"itemId":null,"errors":["no"]}""", "in doubt: Malformed errors_in_success")]
    [InlineData(200, """{"ok":true}""", "in doubt: Malformed answer_unreadable")]
    [InlineData(200, "null", "in doubt: Malformed answer_unreadable")]
    [InlineData(200, "", "in doubt: Malformed answer_unreadable")]
    [InlineData(200, "<html>", "in doubt: Malformed answer_unreadable")]
    [InlineData(200, """{"itemId":nu""", "in doubt: Malformed answer_unreadable")]
    [InlineData(302, "", "in doubt: Malformed redirect_refused")]
    [InlineData(400, """{"Message":"The request is invalid."}""", "refused: vendor_refused")]
    [InlineData(401, "", "not sent: Unauthorized wrong_secret")]
    [InlineData(403, "", "not sent: Forbidden forbidden")]
    [InlineData(404, "<html>", "not sent: Rejected route_not_found")]
    [InlineData(405, """{"Message":"The requested resource does not support http method 'POST'."}""", "not sent: Rejected method_not_allowed")]
    [InlineData(408, "", "in doubt: TimedOut vendor_timed_out")]
    [InlineData(409, """{"errors":["conflict"]}""", "refused: vendor_refused")]
    [InlineData(429, """{"errors":["The Autotask API thread threshold of 3 threads has been exceeded."]}""", "not sent: RateLimited thread_limit")]
    [InlineData(500, """{"errors":["The Autotask API thread threshold of 3 threads has been exceeded."]}""", "not sent: RateLimited thread_limit")]
    [InlineData(500, """{"errors":["IntegrationCode is invalid."]}""", "not sent: Unauthorized integration_code_invalid")]
    [InlineData(500, """{"errors":["Attempt to insert duplicate data into contract_service_period"]}""", "refused: date_taken")]
    [InlineData(500, """{"errors":["ContractServiceAdjustment effectiveDate must be between the start date and end date of the Contract referenced by contractID."]}""", "refused: date_outside_contract")]
    [InlineData(500, """{"errors":["The logged in Resource does not have the adequate permissions to create this entity type."]}""", "refused: not_permitted")]
    [InlineData(500, """{"errors":["Unable to make changes as it would result in the deletion/modification of an already approved and posted contract period"]}""", "refused: period_posted")]
    [InlineData(500, """{"errors":["unitChange is required.; on record number [0]."]}""", "refused: vendor_refused")]
    [InlineData(500, """{"errors":[{"message":"Attempt to insert duplicate data into contract_service_period"}]}""", "refused: date_taken")]
    [InlineData(500, """{"errors":["Execution Timeout Expired."]}""", "in doubt: ServerError vendor_timed_out")]
    [InlineData(500, """{"errors":[]}""", "in doubt: ServerError server_error")]
    [InlineData(500, """{"errors":"text"}""", "in doubt: ServerError server_error")]
    [InlineData(500, "<html>", "in doubt: ServerError server_error")]
    [InlineData(502, "", "in doubt: ServerError server_error")]
    [InlineData(503, "", "in doubt: ServerError server_error")]
    [InlineData(504, "", "in doubt: ServerError server_error")]
    public async Task An_answer_says_whether_the_change_was_applied_refused_not_sent_or_nobody_knows(int status, string body, string told)
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json(body, status)));

        Assert.Equal((told, 1), (await Sent(desk), desk.Vendor.Count(Adjustments)));
    }

    [Fact]
    public async Task A_connection_reset_after_the_request_is_in_doubt_and_not_repeated()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Reset));

        Assert.Equal(("in doubt: ServerError connection_lost", 1), (await Sent(desk), desk.Vendor.Count(Adjustments)));
    }

    [Fact]
    public async Task An_answer_cut_short_is_in_doubt()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Raw("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{\"itemId\":null}#cut")));

        Assert.Equal(("in doubt: ServerError connection_lost", 1), (await Sent(desk), desk.Vendor.Count(Adjustments)));
    }

    [Fact]
    public async Task An_answer_that_is_not_HTTP_is_in_doubt()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Raw("220 smtp ready\r\n\r\n")));

        Assert.Equal(("in doubt: Malformed answer_not_http", 1), (await Sent(desk), desk.Vendor.Count(Adjustments)));
    }

    [Fact]
    public async Task Silence_past_the_time_limit_is_in_doubt()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Silence));
        desk.Vendor.Arrived = seen =>
        {
            if (seen.Path == Adjustments) desk.Clock.Advance(TimeSpan.FromSeconds(30));
        };

        Assert.Equal(("in doubt: TimedOut no_answer_in_time", 1), (await Sent(desk), desk.Vendor.Count(Adjustments)));
    }

    [Fact]
    public async Task Breaking_off_after_the_request_is_in_doubt_and_before_it_not_sent()
    {
        using var stopping = new CancellationTokenSource();
        await using var desk = new Desk(Zoned(_ => Canned.Silence));
        desk.Vendor.Arrived = seen =>
        {
            if (seen.Path == Adjustments) stopping.Cancel();
        };

        var during = await Sent(desk, stopping.Token);
        var before = await Sent(desk, stopping.Token);

        Assert.Equal(("in doubt: TimedOut cancelled_after_send", "not sent: Unreachable cancelled_before_send", 1), (during, before, desk.Vendor.Count(Adjustments)));
    }

    [Fact]
    public async Task A_vendor_that_cannot_be_reached_was_not_sent_anything()
    {
        await using var desk = new Desk(seen => Zoned(_ => Canned.Silence)(seen), options => options with { ReadAttemptsMax = 1 });
        var access = desk.Access("/autotask");
        await desk.Vendor.DisposeAsync();

        Assert.Equal("not sent: Unreachable connect_failed", Told(await desk.Autotask.ChangeUnits(access, s_fourMore, CancellationToken.None)));
    }

    [Fact]
    public async Task A_vendor_that_goes_away_between_zone_and_change_was_not_sent_anything()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json("""{"externalRequestThreshold":1,"requestThresholdTimeframe":1,"currentTimeframeRequestCount":1}""")));
        var access = desk.Access("/autotask");
        await desk.Autotask.Quota(access, CancellationToken.None);
        await desk.Vendor.DisposeAsync();

        Assert.Equal("not sent: Unreachable connect_failed", Told(await desk.Autotask.ChangeUnits(access, s_fourMore, CancellationToken.None)));
    }

    [Fact]
    public async Task A_host_that_is_not_found_or_does_not_speak_TLS_was_not_sent_anything()
    {
        await using var desk = new Desk(_ => Canned.Reset, options => options with { ReadAttemptsMax = 1, Resolve = (_, _) => throw new global::System.Net.Sockets.SocketException((int)global::System.Net.Sockets.SocketError.HostNotFound) });
        desk.Vendor.Greeting = "220 this is not TLS\r\n";

        var unknown = await desk.Autotask.ChangeUnits(Desk.AccessTo("https://webservices99.autotask.net/"), s_fourMore, CancellationToken.None);
        var plain = await desk.Autotask.ChangeUnits(Desk.AccessTo(desk.Vendor.Origin.Replace("http:", "https:", StringComparison.Ordinal)), s_fourMore, CancellationToken.None);

        Assert.Equal(("not sent: Unreachable host_not_found", "not sent: Unreachable tls_failed"), (Told(unknown), Told(plain)));
    }

    [Fact]
    public async Task A_host_that_is_not_even_found_in_time_was_not_sent_anything()
    {
        var stuck = false;
        async Task<global::System.Net.IPAddress[]> Resolve(string host, CancellationToken cancellation)
        {
            if (stuck) await new TaskCompletionSource().Task.WaitAsync(cancellation);
            return [global::System.Net.IPAddress.Loopback];
        }

        await using var desk = new Desk(Zoned(_ => Canned.Json("""{"externalRequestThreshold":1,"requestThresholdTimeframe":1,"currentTimeframeRequestCount":1}""")),
            options => options with { Resolve = Resolve });
        var access = Desk.AccessTo(desk.Vendor.Origin.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/autotask");
        await desk.Autotask.Quota(access, CancellationToken.None);
        stuck = true;

        var sending = desk.Autotask.ChangeUnits(access, s_fourMore, CancellationToken.None);
        await desk.Clock.SomebodyWaits(TimeSpan.FromSeconds(30));
        desk.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(("not sent: Unreachable connect_timed_out", 0), (Told(await sending), desk.Vendor.Count(Adjustments)));
    }

    [Fact]
    public async Task A_write_opens_its_own_connection_so_that_a_dead_one_costs_no_doubt()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json("""{"itemId":null}""")));

        await Sent(desk);
        await Sent(desk);

        Assert.Equal(3, desk.Vendor.Connections);
    }

    [Theory]
    [InlineData("a\r\nX-Injected: 1")]
    [InlineData("a\0b")]
    public async Task Credentials_that_cannot_be_sent_are_unauthorized_without_a_call(string secret)
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json("""{"itemId":null}""")));

        var outcome = await desk.Autotask.ChangeUnits(desk.Access("/autotask") with { Secret = secret }, s_fourMore, CancellationToken.None);

        Assert.Equal(("not sent: Unauthorized credentials_unusable", 0), (Told(outcome), desk.Vendor.Requests.Count));
    }

    private static async Task<string> Sent(Desk desk, CancellationToken cancellation = default) => Told(await desk.Autotask.ChangeUnits(desk.Access("/autotask"), s_fourMore, cancellation));

    private static string Told(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Applied => "applied",
        SendOutcome.Refused refused => $"refused: {refused.Code}",
        SendOutcome.NotSent notSent => $"not sent: {notSent.Failure.Kind} {notSent.Failure.Code}",
        SendOutcome.InDoubt doubt => $"in doubt: {doubt.Failure.Kind} {doubt.Failure.Code}",
        _ => throw new InvalidOperationException(),
    };
}
