using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Webhooks;

/// <summary>Somebody else's server that takes webhooks. It knows the standard and nothing of the hub.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly ConcurrentQueue<Told> told = new();
    private readonly SemaphoreSlim came = new(0);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Receiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(global::System.Net.IPAddress.Loopback, 0));
        server = builder.Build();
        server.Run(Take);
    }

    /// <summary>What is answered; 0 holds the answer back until <see cref="Release"/>.</summary>
    public int Status { get; set; } = 204;

    /// <summary>An answer's <c>Location</c>.</summary>
    public string? Elsewhere { get; set; }

    /// <summary>An answer's <c>Retry-After</c>.</summary>
    public string? Later { get; set; }

    public string Url => $"{server.Urls.Single()}/hooks?of=northwind";

    public IReadOnlyList<Told> All => [.. told];

    public static async Task<Receiver> Start()
    {
        var receiver = new Receiver();
        await receiver.server.StartAsync();
        return receiver;
    }

    /// <summary>Waits until so many more have come.</summary>
    public async Task Came(int more)
    {
        for (var one = 0; one < more; one++)
            Assert.True(await came.WaitAsync(TimeSpan.FromSeconds(60)), $"In a minute only {told.Count} events came: {string.Join(", ", told.Select(call => call.Type))}");
    }

    /// <summary>Lets go whoever waits for an answer.</summary>
    public void Release() => released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await server.DisposeAsync();
        came.Dispose();
    }

    private async Task Take(HttpContext call)
    {
        using var body = new MemoryStream();
        await call.Request.Body.CopyToAsync(body);
        var (request, status) = (call.Request, Status);
        told.Enqueue(new(
            $"{request.Method} {request.Path}{request.QueryString} {request.ContentType}", request.Headers["webhook-id"].ToString(), request.Headers["webhook-timestamp"].ToString(),
            request.Headers["webhook-signature"].ToString(), body.ToArray()));
        came.Release();
        if (status == 0) await released.Task.WaitAsync(TimeSpan.FromSeconds(60), Hub.Clock);
        call.Response.StatusCode = status == 0 ? 204 : status;
        if (Later is { } later) call.Response.Headers.RetryAfter = later;
        if (Elsewhere is { } elsewhere) call.Response.Headers.Location = elsewhere;
    }
}

/// <summary>One call as it came.</summary>
internal sealed record Told(string Request, string Id, string Timestamp, string Signature, byte[] Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Type => (string)Json["type"]!;

    public JsonNode Content => Json["data"]!;

    /// <summary>How many of the signatures hold, by the words of the standard: <c>v1,</c> and the base64 of the HMAC-SHA256 of id, timestamp and body with points between.</summary>
    public int SignedBy(string secret)
    {
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        using var hash = new HMACSHA256(Convert.FromBase64String(secret["whsec_".Length..]));
        byte[] content = [.. Encoding.ASCII.GetBytes(Id), (byte)'.', .. Encoding.ASCII.GetBytes(Timestamp), (byte)'.', .. Body];
        var right = $"v1,{Convert.ToBase64String(hash.ComputeHash(content))}";
        return Signature.Split(' ').Count(signature => signature == right);
    }

    public DateTimeOffset At => DateTimeOffset.FromUnixTimeSeconds(long.Parse(Timestamp, CultureInfo.InvariantCulture));
}
