using System.Net.Http.Headers;
using System.Text;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Http;

/// <summary>The only way out of the building: one attempt, to an allowed address, within bounds, with its outcome in words.</summary>
internal sealed class GuardedTransport : IDisposable
{
    private const int ReadBufferBytes = 64 * 1024;
    private const int ConnectionsPerHostMax = 16;
    private static readonly TimeSpan s_connectionLifetime = TimeSpan.FromMinutes(5);

    private readonly ConnectorOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _reads;
    private readonly HttpClient _writes;

    public GuardedTransport(ConnectorOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _reads = Client(s_connectionLifetime);
        // A pooled connection may already be dead; a write on it would be in doubt for nothing. Each write opens its own.
        _writes = Client(TimeSpan.Zero);
    }

    public Task<WireAnswer> Read(WireRequest request, AddressRule rule, CancellationToken cancellation)
        => Attempt(_reads, request, rule, cancellation);

    /// <summary>As a read, and a cancellation is an outcome too: whoever asked has written down that the first byte may leave.</summary>
    public async Task<WireAnswer> Write(WireRequest request, AddressRule rule, CancellationToken cancellation)
        => await Attempt(_writes, request, rule, cancellation);

    public void Dispose()
    {
        _reads.Dispose();
        _writes.Dispose();
    }

    private async Task<WireAnswer> Attempt(HttpClient client, WireRequest request, AddressRule rule, CancellationToken cancellation)
    {
        if (rule.Refusal(request.Address) is { } refusal) return new WireAnswer.Lost(refusal, Left: false);
        using var content = request.Body is null ? null : new WitnessedContent(request.Body);
        using var message = request.ToMessage(content);
        using var limit = new CancellationTokenSource(_options.CallTimeLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await Receive(response, either.Token);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && client == _reads)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return LostCall.InTime(content?.Left ?? limit.IsCancellationRequested, cancellation.IsCancellationRequested);
        }
        catch (HttpRequestException failure)
        {
            return LostCall.ByError(failure.HttpRequestError, failure, content?.Left ?? true);
        }
        catch (HttpIOException failure)
        {
            return LostCall.ByError(failure.HttpRequestError, failure, left: true);
        }
        catch (IOException failure)
        {
            return LostCall.ByError(HttpRequestError.ResponseEnded, failure, left: true);
        }
    }

    private async Task<WireAnswer> Receive(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength > _options.AnswerBytesMax) return LostCall.TooLarge(_options.AnswerBytesMax);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream();
        var buffer = new byte[ReadBufferBytes];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            if (body.Length + read > _options.AnswerBytesMax) return LostCall.TooLarge(_options.AnswerBytesMax);
            body.Write(buffer, 0, read);
        }

        return new WireAnswer.Received((int)response.StatusCode, Headers(response.Headers), body.ToArray(), AskedWait.Seconds(response.Headers.RetryAfter, _time.GetUtcNow()));
    }

    private static Dictionary<string, string> Headers(HttpResponseHeaders headers)
        => headers.ToDictionary(header => header.Key, header => header.Value.First(), StringComparer.OrdinalIgnoreCase);

    private HttpClient Client(TimeSpan connectionLifetime)
    {
        var handler = HostConnection.Handler(_options, ConnectionsPerHostMax, connectionLifetime);
        handler.RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8;
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
