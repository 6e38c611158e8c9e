using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using UsageBilling.Api.Hosting;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Portal;

/// <summary>A night as it happens, for whoever watches.</summary>
public sealed class NightEventTests
{
    [Fact]
    public async Task Who_watches_a_night_hears_how_far_it_is_and_last_that_it_is_finished()
    {
        await using var demo = await DemoMsp.Mapped();
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = demo.Hub.ConnectionString }, default);
        using var client = new HttpClient { BaseAddress = api.BaseUrl };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await new ApiKeys(demo.Hub.Database).Create(DemoMsp.Msp, "portal", ApiScope.Viewer, default));
        await demo.RequestNight();
        await demo.Hub.Sql($"insert into night (integration_id, night, msp_id, state, due, read, unread, changed, discovered, started_at) values (2, '{DemoMsp.Iso(DemoSeed.FirstNight)}', 1, 'running', 0, 0, 0, 0, 0, now())");

        await using var stream = await client.GetStreamAsync(new Uri($"v1/nights/{DemoMsp.Iso(DemoSeed.FirstNight)}/events", UriKind.Relative));
        var heard = new List<string>();
        Silo.SiloServer? silo = null;
        await foreach (var told in SseParser.Create(stream).EnumerateAsync())
        {
            heard.Add($"{told.EventType} {JsonNode.Parse(told.Data)!["state"]}");
            silo ??= await demo.StartSilo();
        }

        await silo!.DisposeAsync();
        Assert.Equal("progress running", heard[0]);
        Assert.Equal("finished finished", heard[^1]);
        Assert.Equal(1, heard.Count(line => line.StartsWith("finished", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_night_that_never_was_cannot_be_watched()
    {
        await using var demo = await DemoMsp.Mapped();
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = demo.Hub.ConnectionString }, default);
        using var door = new Door(api.BaseUrl, await new ApiKeys(demo.Hub.Database).Create(DemoMsp.Msp, "portal", ApiScope.Viewer, default));

        Assert.Equal("404 not_found", (await door.Get("/v1/nights/2020-01-01/events")).Problem);
    }
}
