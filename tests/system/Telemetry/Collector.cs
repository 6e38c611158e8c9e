using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Telemetry;

/// <summary>Takes metrics and traces by http/protobuf until all words were in them.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource everything = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, HashSet<string>> missing;
    private readonly WebApplication server;

    private Collector(string[] metrics, string[] traces)
    {
        missing = new() { ["/v1/metrics"] = [.. metrics], ["/v1/traces"] = [.. traces] };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(global::System.Net.IPAddress.Loopback, 0));
        server = builder.Build();
        server.Run(Take);
    }

    public string Url => server.Urls.Single();

    /// <exception cref="TimeoutException">Words that are still missing, after a minute.</exception>
    public async Task Everything()
    {
        try
        {
            await everything.Task.WaitAsync(Patience, Hub.Clock);
        }
        catch (TimeoutException)
        {
            lock (missing) throw new TimeoutException($"Never sent: {string.Join(", ", missing.SelectMany(words => words.Value.Select(word => $"{words.Key} {word}")))}");
        }
    }

    public static async Task<Collector> Start(string[] metrics, string[] traces)
    {
        var collector = new Collector(metrics, traces);
        await collector.server.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task Take(HttpContext call)
    {
        using var body = new MemoryStream();
        await call.Request.Body.CopyToAsync(body);
        var text = Encoding.Latin1.GetString(body.ToArray());
        lock (missing)
        {
            if (call.Request.ContentType == "application/x-protobuf" && missing.TryGetValue(call.Request.Path, out var words)) words.RemoveWhere(word => text.Contains(word, StringComparison.Ordinal));
            if (missing.Values.All(words => words.Count == 0)) everything.TrySetResult();
        }
    }
}
