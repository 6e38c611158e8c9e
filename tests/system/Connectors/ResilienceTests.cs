using UsageBilling.Interfaces.Vendors;
using static UsageBilling.Tests.System.Connectors.AutotaskScript;

namespace UsageBilling.Tests.System.Connectors;

public sealed class ResilienceTests
{
    private const string Quota = Root + "/V1.0/ThresholdInformation";
    private const string Used = """{"externalRequestThreshold":10000,"requestThresholdTimeframe":60,"currentTimeframeRequestCount":17}""";
    private static readonly VendorAnswer<ObservedQuota> s_answered = new VendorAnswer<ObservedQuota>.Answered(new ObservedQuota(17, 10000, 60));

    /// <summary>What the vendor answers in turn, and what the read says in the end.</summary>
    [Theory]
    [InlineData("500 200", "answered after 2")]
    [InlineData("503 502 200", "answered after 3")]
    [InlineData("429 200", "answered after 2")]
    [InlineData("500 500 500 200", "ServerError server_error after 3")]
    [InlineData("429 429 429 200", "RateLimited rate_limited after 3")]
    [InlineData("500explained 200", "Rejected vendor_refused after 1")]
    [InlineData("500permission 200", "Forbidden not_permitted after 1")]
    [InlineData("401 200", "Unauthorized wrong_secret after 1")]
    [InlineData("403 200", "Forbidden forbidden after 1")]
    [InlineData("404 200", "Rejected route_not_found after 1")]
    [InlineData("302 200", "Malformed redirect_refused after 1")]
    [InlineData("garbage 200", "Malformed answer_not_json after 1")]
    public async Task A_read_is_tried_again_when_the_vendor_failed_and_not_when_it_said_no(string script, string told)
    {
        var answers = new Queue<string>(script.Split(' '));
        await using var desk = new Desk(Zoned(_ => Answer(answers.Dequeue())));

        var answer = await desk.Autotask.Quota(desk.Access("/autotask"), CancellationToken.None);

        Assert.Equal(told, $"{Told(answer)} after {desk.Vendor.Count(Quota)}");
    }

    /// <summary>A query has a body, so the attempts are all ours; a GET that is cut off without a byte is also repeated beneath us, by the runtime.</summary>
    [Fact]
    public async Task A_query_that_is_cut_off_is_tried_three_times()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Reset));

        var test = Assert.IsType<VendorAnswer<CredentialProof>.Failed>(await desk.Autotask.Test(desk.Access("/autotask"), CancellationToken.None));

        Assert.Equal(("connection_lost", 3), (test.Failure.Code, desk.Vendor.Count(Root + "/V1.0/Companies/query")));
    }

    [Fact]
    public async Task A_short_Retry_After_is_waited_out()
    {
        var turned = false;
        await using var desk = new Desk(Zoned(_ => turned ? Canned.Json(Used) : Canned.Json("{}", 429, "Retry-After: 7")));
        desk.Vendor.Arrived = seen => turned |= seen.Path == Quota;

        var reading = desk.Autotask.Quota(desk.Access("/autotask"), CancellationToken.None);
        await desk.Clock.SomebodyWaits(TimeSpan.FromSeconds(7));
        Assert.Equal(1, desk.Vendor.Count(Quota));
        desk.Clock.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal((s_answered, 2), (await reading, desk.Vendor.Count(Quota)));
    }

    [Theory]
    [InlineData("Retry-After: 600", 600)]
    [InlineData("Retry-After: Mon, 21 Sep 2026 03:05:00 GMT", 300)]
    public async Task A_long_Retry_After_is_given_to_the_caller_at_once(string header, int seconds)
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json("{}", 429, header)));

        var failed = Assert.IsType<VendorAnswer<ObservedQuota>.Failed>(await desk.Autotask.Quota(desk.Access("/autotask"), CancellationToken.None));

        Assert.Equal(new VendorFailure(VendorFailureKind.RateLimited, "rate_limited", "The vendor allows no more calls for now (429).", seconds), failed.Failure);
        Assert.Equal(1, desk.Vendor.Count(Quota));
    }

    [Fact]
    public async Task An_open_circuit_lets_nothing_through_until_its_pause_is_over()
    {
        var down = true;
        await using var desk = new Desk(Zoned(_ => down ? Canned.Json("", 503) : Canned.Json(Used)),
            options => options with { ReadAttemptsMax = 1, BreakerCallsMin = 4, BreakerPause = TimeSpan.FromSeconds(30) });
        var access = desk.Access("/autotask");
        var told = new List<string>();

        for (var call = 0; call < 7; call++) told.Add(Told(await desk.Autotask.Quota(access, CancellationToken.None)));
        var write = await desk.Autotask.ChangeUnits(access, new UnitsChange("1", "2", new(2026, 9, 16), 1), CancellationToken.None);
        var neighbour = Told(await desk.Autotask.Quota(access with { Integration = new(8) }, CancellationToken.None));
        down = false;
        desk.Clock.Advance(TimeSpan.FromSeconds(30));
        told.Add(Told(await desk.Autotask.Quota(access, CancellationToken.None)));

        // Two of the calls looked up the zone and went well: half of all had failed when the circuit opened.
        Assert.Equal(["ServerError server_error", "ServerError server_error", .. Enumerable.Repeat("CircuitOpen circuit_open", 5), "answered"], told);
        Assert.Equal("circuit_open", Assert.IsType<SendOutcome.NotSent>(write).Failure.Code);
        Assert.Equal("ServerError server_error", neighbour);
    }

    [Theory]
    [InlineData("500explained")]
    [InlineData("401")]
    [InlineData("403")]
    [InlineData("404")]
    [InlineData("429")]
    public async Task A_no_of_the_vendor_does_not_open_the_circuit(string answer)
    {
        await using var desk = new Desk(Zoned(_ => Answer(answer)), options => options with { ReadAttemptsMax = 1, BreakerCallsMin = 2 });

        for (var call = 0; call < 10; call++) await desk.Autotask.Quota(desk.Access("/autotask"), CancellationToken.None);

        Assert.Equal(10, desk.Vendor.Count(Quota));
    }

    [Fact]
    public async Task No_more_than_three_calls_are_in_one_endpoint_at_once()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int inside = 0, most = 0;
        await using var desk = new Desk(Zoned(_ => Canned.Json(Used)));
        await desk.Autotask.Quota(desk.Access("/autotask"), CancellationToken.None);
        desk.Vendor.Pause = async seen =>
        {
            if (seen.Path != Quota) return;
            most = Math.Max(most, Interlocked.Increment(ref inside));
            if (inside == 3) third.TrySetResult();
            await gate.Task;
            Interlocked.Decrement(ref inside);
        };

        var reads = Enumerable.Range(0, 12).Select(_ => desk.Autotask.Quota(desk.Access("/autotask"), CancellationToken.None)).ToList();
        await third.Task;
        Assert.Equal(3, inside);
        gate.SetResult();
        await Task.WhenAll(reads);

        Assert.Equal((3, 13), (most, desk.Vendor.Count(Quota)));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n", "Malformed answer_too_large")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", "Malformed answer_too_large")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Long: {40000}\r\nContent-Length: 0\r\n\r\n", "Malformed headers_too_large")]
    public async Task An_answer_beyond_its_bounds_is_a_failure(string head, string told)
    {
        var bytes = head.Replace("{40000}", new string('h', 40_000), StringComparison.Ordinal) + new string(' ', 2_000);
        await using var desk = new Desk(Zoned(_ => Canned.Raw(bytes)), options => options with { AnswerBytesMax = 1_000 });

        Assert.Equal(told, Told(await desk.Autotask.Quota(desk.Access("/autotask"), CancellationToken.None)));
    }

    [Fact]
    public async Task A_read_that_is_broken_off_is_broken_off_for_its_caller_too()
    {
        using var stopping = new CancellationTokenSource();
        await using var desk = new Desk(Zoned(_ => Canned.Silence));
        desk.Vendor.Arrived = seen =>
        {
            if (seen.Path == Quota) stopping.Cancel();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => desk.Autotask.Quota(desk.Access("/autotask"), stopping.Token));
    }

    private static Canned Answer(string word) => word switch
    {
        "200" => Canned.Json(Used),
        "reset" => Canned.Reset,
        "garbage" => Canned.Json("<html>"),
        "302" => Canned.Json("", 302, "Location: http://169.254.169.254/"),
        "500explained" => Canned.Json("""{"errors":["is required"]}""", 500),
        "500permission" => Canned.Json("""{"errors":["The logged in Resource does not have the adequate permissions"]}""", 500),
        _ => Canned.Json("", int.Parse(word, global::System.Globalization.CultureInfo.InvariantCulture)),
    };

    private static string Told(VendorAnswer<ObservedQuota> answer) => answer is VendorAnswer<ObservedQuota>.Failed failed ? $"{failed.Failure.Kind} {failed.Failure.Code}" : "answered";
}
