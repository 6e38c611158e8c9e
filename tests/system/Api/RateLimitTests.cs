using UsageBilling.Api.Access;
using UsageBilling.Api.Hosting;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Api;

/// <summary>How much may be asked.</summary>
public sealed class RateLimitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Who_asks_too_much_waits_and_nobody_else_does()
    {
        var (first, second) = (await Msp("Northwind"), await Msp("Southwind"));
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = postgres.ConnectionString, Limits = new(2, 3) }, default);
        using var one = new Door(api.BaseUrl, await Key(first));
        using var other = new Door(api.BaseUrl, await Key(first));
        using var stranger = new Door(api.BaseUrl, await Key(second));

        Assert.Equal([200, 200, 429], await Statuses(one, 3));
        // one more request is left to the msp, whichever of its keys asks
        Assert.Equal([200, 429], await Statuses(other, 2));
        var refused = await one.Get("/v1/msp");
        Assert.Equal("429 too_many_requests", refused.Problem);
        Assert.InRange(int.Parse(refused.RetryAfter!, global::System.Globalization.CultureInfo.InvariantCulture), 1, 30);
        Assert.Equal([200, 200], await Statuses(stranger, 2));
    }

    [Fact]
    public async Task Whoever_has_no_key_is_refused_as_ever_and_health_is_not_counted()
    {
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = postgres.ConnectionString, Limits = new(1, 1) }, default);
        using var nobody = new Door(api.BaseUrl, null);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(401, (await nobody.Get("/v1/msp")).Status);
            Assert.Equal(200, (await nobody.Get("/health/ready")).Status);
        }
    }

    [Fact]
    public async Task Nought_means_any_number()
    {
        var msp = await Msp("Westwind");
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = postgres.ConnectionString, Limits = new(0, 0) }, default);
        using var door = new Door(api.BaseUrl, await Key(msp));
        Assert.All(await Statuses(door, 20), status => Assert.Equal(200, status));
    }

    [Theory]
    [InlineData(null, null, 6_000, 30_000)]
    [InlineData("10", "0", 10, 0)]
    public void The_limits_are_settings(string? key, string? msp, int perKey, int perMsp) => Assert.Equal(new RequestLimits(perKey, perMsp), RequestLimits.FromText(key, msp).Limits);

    [Theory]
    [InlineData("-1", null)]
    [InlineData(null, "many")]
    [InlineData("1000001", null)]
    public void Anything_else_is_refused_with_a_sentence(string? key, string? msp) => Assert.Contains("RequestsPerMinute", RequestLimits.FromText(key, msp).Objection, StringComparison.Ordinal);

    private static async Task<List<int>> Statuses(Door door, int times)
    {
        var statuses = new List<int>();
        for (var i = 0; i < times; i++) statuses.Add((await door.Get("/v1/msp")).Status);
        return statuses;
    }

    private async Task<MspId> Msp(string name) => await new Msps(postgres.Source).Ensure(name, "UTC", Interfaces.Values.Currency.Of("USD"), default);

    private Task<string> Key(MspId msp) => new ApiKeys(postgres.Source).Create(msp, "key", ApiScope.Viewer, default);
}
