using UsageBilling.Interfaces.Vendors;
using static UsageBilling.Tests.System.Connectors.AutotaskScript;

namespace UsageBilling.Tests.System.Connectors;

/// <summary>Every attempt has a permit, and none goes on without it.</summary>
public sealed class HeldBackTests
{
    private const string Threshold = Root + "/V1.0/ThresholdInformation";
    private const string Used = """{"externalRequestThreshold":10000,"requestThresholdTimeframe":60,"currentTimeframeRequestCount":17}""";
    private static readonly UnitsChange s_change = new("1", "2", new(2026, 9, 16), 1);
    private static readonly VendorFailure s_spent = new(VendorFailureKind.Withheld, "quota_spent", "There are no more calls.", 40);

    [Fact]
    public async Task Every_attempt_asks_for_a_permit_under_what_the_vendor_allows()
    {
        var answers = new Queue<int>([500, 200]);
        await using var desk = new Desk(Zoned(_ => answers.TryDequeue(out var status) ? Canned.Json(Used, status) : Canned.Json("""{"itemId":null}""")));

        await desk.Autotask.Quota(desk.Access("/autotask"), CancellationToken.None);
        await desk.Autotask.ChangeUnits(desk.Access("/autotask"), s_change, CancellationToken.None);

        Assert.Equal(
            ["versionInformation 3 -", "zoneInformation 3 -", "ThresholdInformation 3 -", "ThresholdInformation 3 -", "ContractServiceAdjustments 3 4500"],
            desk.Permits.Asked);
    }

    [Fact]
    public async Task What_is_held_back_is_not_sent_and_not_tried_again()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json(Used)));
        desk.Permits.Refusal = endpoint => endpoint is "ThresholdInformation" or "ContractServiceAdjustments" ? s_spent : null;

        var read = Assert.IsType<VendorAnswer<ObservedQuota>.Failed>(await desk.Autotask.Quota(desk.Access("/autotask"), CancellationToken.None));
        var sent = Assert.IsType<SendOutcome.NotSent>(await desk.Autotask.ChangeUnits(desk.Access("/autotask"), s_change, CancellationToken.None));

        Assert.Equal((s_spent, s_spent), (read.Failure, sent.Failure));
        Assert.Equal((0, 4), (desk.Vendor.Count(Threshold), desk.Permits.Asked.Count));
    }

    [Fact]
    public async Task When_the_second_attempt_is_held_back_the_first_ones_failure_is_the_answer()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json("", 503)));
        desk.Permits.Refusal = endpoint => desk.Permits.Asked.Count(asked => asked.StartsWith(endpoint, StringComparison.Ordinal)) > 1 ? s_spent : null;

        var read = Assert.IsType<VendorAnswer<ObservedQuota>.Failed>(await desk.Autotask.Quota(desk.Access("/autotask"), CancellationToken.None));

        Assert.Equal(("server_error", 1), (read.Failure.Code, desk.Vendor.Count(Threshold)));
    }

    [Theory]
    [InlineData(200, "close 7")]
    [InlineData(401, "close 7")]
    [InlineData(503, "open 7 30 server_error")]
    public async Task A_call_that_probes_tells_all_silos_how_it_ended(int status, string told)
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json(Used, status)), options => options with { ReadAttemptsMax = 1 });
        await desk.Autotask.Test(desk.Access("/autotask"), CancellationToken.None);
        desk.Permits.Told.Clear();
        desk.Permits.Probes = true;

        await desk.Autotask.ChangeUnits(desk.Access("/autotask"), s_change, CancellationToken.None);

        Assert.Equal([told], desk.Permits.Told);
    }

    [Fact]
    public async Task A_circuit_that_opens_is_told_to_all_silos()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Json("", 503)), options => options with { ReadAttemptsMax = 1, BreakerCallsMin = 4 });

        for (var call = 0; call < 4; call++) await desk.Autotask.Quota(desk.Access("/autotask"), CancellationToken.None);

        Assert.Equal(["open 7 30 server_error"], desk.Permits.Told);
    }

    [Fact]
    public async Task A_read_under_way_is_broken_off_when_its_seat_is_lost()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Silence));
        desk.Vendor.Arrived = seen => LoseSeats(desk, seen);

        var read = Assert.IsType<VendorAnswer<ObservedQuota>.Failed>(await desk.Autotask.Quota(desk.Access("/autotask"), CancellationToken.None));

        Assert.Equal((VendorFailureKind.Withheld, "permit_lost"), (read.Failure.Kind, read.Failure.Code));
    }

    [Fact]
    public async Task A_change_under_way_is_in_doubt_when_its_seat_is_lost()
    {
        await using var desk = new Desk(Zoned(_ => Canned.Silence));
        desk.Vendor.Arrived = seen => LoseSeats(desk, seen);

        var sent = Assert.IsType<SendOutcome.InDoubt>(await desk.Autotask.ChangeUnits(desk.Access("/autotask"), s_change, CancellationToken.None));

        Assert.Equal("cancelled_after_send", sent.Failure.Code);
    }

    /// <summary>Once the zone is known.</summary>
    private static void LoseSeats(Desk desk, Seen seen)
    {
        if (seen.Path == Threshold || seen.Path.EndsWith("ServiceAdjustments", StringComparison.Ordinal)) desk.Permits.Seats.Cancel();
    }
}
