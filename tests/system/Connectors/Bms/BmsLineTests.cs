using System.Globalization;
using UsageBilling.Interfaces.Vendors;
using static UsageBilling.Tests.System.Connectors.Bms.BmsScript;

namespace UsageBilling.Tests.System.Connectors.Bms;

public sealed class BmsLineTests
{
    private const string Adding = Base + "/v2/finance/contracts/recurringservices/1/services";
    private const string Added = """{"id":901,"serviceId":45,"contractId":1,"units":4.0}""";
    private static readonly NewLine s_fourMore = new("1", "45", "EDR seats", 4m, 23.10m, 17.5m, new DateOnly(2026, 9, 16));

    [Theory]
    [InlineData("4", 4)]
    [InlineData("1", 1)]
    [InlineData("2.000", 2)]
    public async Task A_line_is_one_request_with_its_service_units_prices_and_day(string units, int sent)
    {
        await using var desk = new Desk(SignedIn(_ => Ok(Added)));

        var outcome = await desk.BmsLines.AddLine(desk.Access(Base), s_fourMore with { Units = Number(units) }, CancellationToken.None);

        Assert.Equal("applied", Told(outcome));
        var request = Assert.Single(desk.Vendor.Requests, seen => seen.Path == Adding);
        Assert.Equal(("POST", "application/json", $$"""[{"ServiceId":45,"ServiceName":"EDR seats","Units":{{sent}},"UnitCost":17.5,"UnitPrice":23.10,"EffectiveDate":"2026-09-16T00:00:00"}]"""),
            (request.Method, request.Headers["Content-Type"], request.Body));
    }

    [Theory]
    [InlineData("1.5", "1", "45", "fractional_units")]
    [InlineData("0", "1", "45", "units_out_of_range")]
    [InlineData("-3", "1", "45", "units_out_of_range")]
    [InlineData("2147483648", "1", "45", "units_out_of_range")]
    [InlineData("4", "x", "45", "remote_id_invalid")]
    [InlineData("4", "1", "0", "remote_id_invalid")]
    public async Task A_line_that_cannot_be_added_is_refused_without_a_call(string units, string contract, string service, string code)
    {
        await using var desk = new Desk(SignedIn(_ => Ok(Added)));
        var line = s_fourMore with { Units = Number(units), ContractRemoteId = contract, ServiceRemoteId = service };

        Assert.Equal(($"refused: {code}", 0), (Told(await desk.BmsLines.AddLine(desk.Access(Base), line, CancellationToken.None)), desk.Vendor.Requests.Count));
    }

    /// <summary>Every answer a change can get, and what is then known.</summary>
    [Theory]
    [InlineData(200, """{"success":true,"result":{"id":901}}""", "applied")]
    [InlineData(201, """{"Success":true,"Error":null,"Result":{"Id":901}}""", "applied")]
    [InlineData(200, """{"success":true,"result":null}""", "in doubt: Malformed answer_unreadable")]
    [InlineData(200, """{"success":true,"result":{"id":0}}""", "in doubt: Malformed answer_unreadable")]
    [InlineData(200, """{"success":true,"result":{"id":901},"error":{"message":"Partly"}}""", "in doubt: Malformed errors_in_success")]
    [InlineData(200, """{"result":{"id":901}}""", "in doubt: Malformed answer_unreadable")]
    [InlineData(200, "", "in doubt: Malformed answer_unreadable")]
    [InlineData(200, "<html>", "in doubt: Malformed answer_unreadable")]
    [InlineData(200, """{"success":true,"resu""", "in doubt: Malformed answer_unreadable")]
    [InlineData(200, """{"success":false,"error":{"message":"The contract is not active.","stackStrace":null}}""", "refused: vendor_refused")]
    [InlineData(200, """{"success":false}""", "refused: vendor_refused")]
    [InlineData(200, """{"success":false,"error":{"message":"No permission for this."}}""", "refused: not_permitted")]
    [InlineData(200, """{"success":false,"error":{"message":"The limit of calls is exceeded."}}""", "not sent: RateLimited quota_exhausted")]
    [InlineData(200, """{"success":false,"error":{"message":"Execution Timeout Expired."}}""", "in doubt: ServerError vendor_timed_out")]
    [InlineData(200, """{"success":false,"error":{"message":"Object reference not set.","stackStrace":"at Kaseya"}}""", "in doubt: Rejected vendor_refused")]
    [InlineData(302, "", "in doubt: Malformed redirect_refused")]
    [InlineData(400, """{"success":false,"error":{"message":"Validation Error"}}""", "refused: vendor_refused")]
    [InlineData(400, "", "refused: vendor_refused")]
    [InlineData(403, "", "not sent: Forbidden forbidden")]
    [InlineData(404, "", "not sent: Rejected route_not_found")]
    [InlineData(405, "", "not sent: Rejected method_not_allowed")]
    [InlineData(408, "", "in doubt: TimedOut vendor_timed_out")]
    [InlineData(415, "", "refused: vendor_refused")]
    [InlineData(429, """{"success":false,"error":{"message":"Too Many Requests"}}""", "not sent: RateLimited quota_exhausted")]
    [InlineData(500, """{"success":false,"error":{"message":"Internal Server Error"}}""", "in doubt: ServerError server_error")]
    [InlineData(503, "", "in doubt: ServerError server_error")]
    public async Task An_answer_says_whether_the_line_was_added_refused_not_sent_or_nobody_knows(int status, string body, string told)
    {
        await using var desk = new Desk(SignedIn(_ => Canned.Json(body, status)));

        Assert.Equal((told, 1), (await Sent(desk), desk.Vendor.Count(Adding)));
    }

    [Fact]
    public async Task A_change_whose_token_is_turned_away_goes_out_again_with_a_new_one()
    {
        var granted = 0;
        await using var desk = new Desk(seen => seen.Path == SignIn ? Granted(++granted) : seen.Headers["Authorization"] == "Bearer a-2" ? Ok(Added) : Canned.Json("", 401));

        Assert.Equal(("applied", 2, 2), (await Sent(desk), granted, desk.Vendor.Count(Adding)));
    }

    [Fact]
    public async Task A_change_turned_away_twice_was_not_sent()
    {
        await using var desk = new Desk(SignedIn(_ => Canned.Json("", 401)));

        Assert.Equal(("not sent: Unauthorized token_refused", 2, 2), (await Sent(desk), desk.Vendor.Count(SignIn), desk.Vendor.Count(Adding)));
    }

    [Fact]
    public async Task Without_a_token_nothing_is_sent()
    {
        await using var desk = new Desk(_ => No("The password is not valid."));

        Assert.Equal(("not sent: Unauthorized wrong_secret", 0), (await Sent(desk), desk.Vendor.Count(Adding)));
    }

    [Fact]
    public async Task A_connection_cut_off_after_the_request_is_in_doubt_and_not_repeated()
    {
        await using var desk = new Desk(SignedIn(_ => Canned.Reset));

        Assert.Equal(("in doubt: ServerError connection_lost", 1), (await Sent(desk), desk.Vendor.Count(Adding)));
    }

    [Fact]
    public async Task Silence_past_the_time_limit_is_in_doubt()
    {
        await using var desk = new Desk(SignedIn(_ => Canned.Silence));
        desk.Vendor.Arrived = seen =>
        {
            if (seen.Path == Adding) desk.Clock.Advance(TimeSpan.FromSeconds(30));
        };

        Assert.Equal(("in doubt: TimedOut no_answer_in_time", 1), (await Sent(desk), desk.Vendor.Count(Adding)));
    }

    [Fact]
    public async Task Breaking_off_while_signing_in_is_not_sent_and_after_the_request_in_doubt()
    {
        using var early = new CancellationTokenSource();
        using var late = new CancellationTokenSource();
        await using var signing = new Desk(_ => Canned.Silence);
        signing.Vendor.Arrived = _ => early.Cancel();
        await using var adding = new Desk(SignedIn(_ => Canned.Silence));
        adding.Vendor.Arrived = seen =>
        {
            if (seen.Path == Adding) late.Cancel();
        };

        Assert.Equal(("not sent: Unreachable cancelled_before_send", "in doubt: TimedOut cancelled_after_send"), (await Sent(signing, early.Token), await Sent(adding, late.Token)));
    }

    [Fact]
    public async Task A_change_that_is_held_back_is_not_sent()
    {
        await using var desk = new Desk(SignedIn(_ => Ok(Added)));
        desk.Permits.Refusal = endpoint => endpoint == "finance/contracts/recurringservices/services" ? new(VendorFailureKind.Withheld, "quota_spent", "There are no more calls.", 40) : null;

        Assert.Equal(("not sent: Withheld quota_spent", 0), (await Sent(desk), desk.Vendor.Count(Adding)));
    }

    [Fact]
    public async Task The_lines_of_a_service_are_read_anew_each_time_so_that_a_lost_one_shows()
    {
        var rows = new List<string> { Line(801, 1), Line(802, 2) };
        await using var desk = new Desk(SignedIn(seen => seen.Path == Adding ? Canned.Reset : Page(rows.Count, [.. rows])));
        desk.Vendor.Arrived = seen =>
        {
            if (seen.Path == Adding) rows.Add(Line(901, 1));
        };

        var before = Value(await desk.BmsLines.AddedLines(desk.Access(Base), "45", CancellationToken.None));
        await Sent(desk);
        var after = Value(await desk.BmsLines.AddedLines(desk.Access(Base), "45", CancellationToken.None));

        Assert.Equal([new AddedLine("801", "1", new(2026, 9, 16), 23.1m, 17.5m), new AddedLine("802", "2", new(2026, 9, 16), 23.1m, 17.5m)], before);
        Assert.Equal(["901"], after.Select(line => line.RemoteId).Except(before.Select(line => line.RemoteId)));
    }

    [Theory]
    [InlineData("""{"contractId":1,"effectiveDate":"2026-09-16T00:00:00"}""", "45", "Malformed row_without_id")]
    [InlineData("""{"id":801,"effectiveDate":"2026-09-16T00:00:00"}""", "45", "Malformed row_unreadable")]
    [InlineData("""{"id":801,"contractId":2}""", "45", "answered")]
    [InlineData("""{"id":801,"contractId":1,"effectiveDate":"2026-09-16T00:00:00"}""", "one", "Rejected remote_id_invalid")]
    public async Task A_line_that_cannot_be_read_is_a_failure_and_not_a_line_that_never_arrived(string row, string service, string told)
    {
        await using var desk = new Desk(SignedIn(_ => Page(1, row)));

        Assert.Equal(told, Told(await desk.BmsLines.AddedLines(desk.Access(Base), service, CancellationToken.None)));
    }

    private static async Task<string> Sent(Desk desk, CancellationToken cancellation = default) => Told(await desk.BmsLines.AddLine(desk.Access(Base), s_fourMore, cancellation));

    private static string Line(int id, int contract)
        => $$"""{"id":{{id}},"serviceId":45,"contractId":{{contract}},"effectiveDate":"2026-09-16T00:00:00","unitCost":17.5,"unitPrice":23.1}""";

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
