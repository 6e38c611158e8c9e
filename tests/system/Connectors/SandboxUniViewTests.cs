using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Tests.System.Connectors;

public sealed class SandboxUniViewTests
{
    [Fact]
    public async Task The_demo_can_be_read_whole()
    {
        await using var desk = await SandboxDesk.Open();

        var test = await desk.UniView.Test(desk.UniViewAccess, CancellationToken.None);
        var customers = await desk.UniView.Customers(desk.UniViewAccess, CancellationToken.None);
        var read = await desk.UniView.Read(desk.UniViewAccess, CancellationToken.None);

        Assert.IsType<VendorAnswer<CredentialProof>.Answered>(test);
        Assert.Equal(new ObservedCustomer("aa8518a1-1148-52a9-a760-0b912c4e630a", "Alder Dental"), Assert.IsType<VendorAnswer<IReadOnlyList<ObservedCustomer>>.Answered>(customers).Value[0]);
        Assert.Null(read.Failure);
        Assert.Equal(
        [
            "d-301 spanning-m365 28 4", "d-302 spanning-m365 159 11", "d-303 spanning-m365 18 null", "d-304 spanning-gws 38 null",
            "d-305 spanning-m365 97 5", "d-306 spanning-m365 51 1", "d-307 spanning-gws 85 null", "d-308 spanning-m365 14 3",
            "d-309 spanning-m365 210 12", "d-310 spanning-m365 19 2", "d-311 spanning-m365 null 5", "d-312 spanning-m365 0 1", "d-313 spanning-m365 7 0",
        ], read.Tenants.OrderBy(tenant => tenant.RemoteId, StringComparer.Ordinal).Select(Told));
    }

    /// <summary>What a fault leaves of the thirteen tenants, and what the read says.</summary>
    [Theory]
    [InlineData("unauthorized", 1, 13, null)]
    [InlineData("unauthorized", 2, 0, "Unauthorized token_refused")]
    [InlineData("forbidden", 1, 0, "Forbidden forbidden")]
    [InlineData("rate_limited", 2, 13, null)]
    [InlineData("rate_limited", 3, 0, "RateLimited rate_limited")]
    [InlineData("server_error", 2, 13, null)]
    [InlineData("server_error", 3, 0, "ServerError server_error")]
    [InlineData("truncated_page", 1, 6, "Malformed list_truncated")]
    [InlineData("looping_next", 1, 13, "Malformed list_longer_than_total")]
    [InlineData("ok_with_error", 1, 0, "Malformed answer_not_list")]
    [InlineData("empty_list", 1, 0, null)]
    public async Task A_fault_leaves_the_good_rows_and_a_reason(string kind, int times, int tenants, string? told)
    {
        await using var desk = await SandboxDesk.Open();
        await desk.Fault("uniview", kind, "spanning/domains", times);

        var read = await desk.UniView.Read(desk.UniViewAccess, CancellationToken.None);

        Assert.Equal((tenants, told), (read.Tenants.Count, read.Failure is { } failure ? $"{failure.Kind} {failure.Code}" : null));
    }

    [Fact]
    public async Task Nulled_counts_are_null_and_not_zero()
    {
        await using var desk = await SandboxDesk.Open();
        await desk.Fault("uniview", "null_counts", "spanning/domains");

        var read = await desk.UniView.Read(desk.UniViewAccess, CancellationToken.None);

        Assert.Equal((13, null), (read.Tenants.Count, read.Failure));
        Assert.All(read.Tenants.SelectMany(tenant => tenant.Counts), count => Assert.Null(count.Units));
    }

    [Fact]
    public async Task A_silent_vendor_times_out_after_three_attempts()
    {
        await using var desk = await SandboxDesk.Open();
        await desk.Fault("uniview", "timeout_before", "spanning/domains", times: 3);

        var reading = desk.UniView.Read(desk.UniViewAccess, CancellationToken.None);
        await desk.LetTheCallTimeOut("uniview");
        for (var attempt = 2; attempt <= 3; attempt++)
        {
            await desk.Clock.SomebodyWaits(TimeSpan.FromSeconds(30));
            desk.Clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal("no_answer_in_time", (await reading).Failure!.Code);
    }

    [Fact]
    public async Task A_wrong_secret_is_unauthorized()
    {
        await using var desk = await SandboxDesk.Open();

        var failed = Assert.IsType<VendorAnswer<CredentialProof>.Failed>(await desk.UniView.Test(desk.UniViewAccess with { Secret = "no" }, CancellationToken.None));

        Assert.Equal((VendorFailureKind.Unauthorized, "wrong_secret"), (failed.Failure.Kind, failed.Failure.Code));
    }

    [Fact]
    public async Task A_long_list_comes_from_every_page_and_a_repeated_page_ends_it()
    {
        using var seed = new LongSeed(1_100);
        await using var desk = await SandboxDesk.Open(seed.Folder);

        var whole = await desk.UniView.Read(desk.UniViewAccess, CancellationToken.None);
        await desk.Fault("uniview", "repeated_page", "spanning/domains");
        var repeated = await desk.UniView.Read(desk.UniViewAccess, CancellationToken.None);

        Assert.Equal((1_100, null), (whole.Tenants.Count, whole.Failure));
        Assert.Equal((500, "page_repeated"), (repeated.Tenants.Count, repeated.Failure?.Code));
    }

    private static string Told(ObservedTenant tenant)
        => $"{tenant.RemoteId} {tenant.Product} {string.Join(' ', tenant.Counts.Select(count => count.Units?.ToString(CultureInfo.InvariantCulture) ?? "null"))}";

    /// <summary>A seed folder with the demo's Autotask and many domains.</summary>
    private sealed class LongSeed : IDisposable
    {
        public LongSeed(int domains)
        {
            var rows = Enumerable.Range(1, domains).Select(number => (JsonNode)new JsonObject
            {
                ["id"] = $"d-{number}", ["customerId"] = null, ["name"] = $"tenant{number:D5}.example", ["region"] = "EU", ["origin"] = "M365",
                ["numberOfUsers"] = 5, ["numberOfStandardLicensesTotal"] = 5, ["numberOfProtectedStandardUsers"] = 4, ["numberOfArchivedLicensesTotal"] = 1, ["numberOfProtectedArchivedUsers"] = 1,
            });
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Seed", "autotask.json"), Path.Combine(Folder, "autotask.json"));
            File.WriteAllText(Path.Combine(Folder, "uniview.json"), new JsonObject { ["customers"] = new JsonArray(), ["domains"] = new JsonArray([.. rows]) }.ToJsonString());
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("seed").FullName;

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
