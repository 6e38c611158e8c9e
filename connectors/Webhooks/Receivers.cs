using System.Globalization;
using System.Text;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Webhooks;

namespace UsageBilling.Connectors.Webhooks;

/// <summary>Receivers of webhooks over HTTP. Of an answer the status counts, and for how long it wishes to be left alone; nothing else is read: whose address a person typed may say what it likes.</summary>
public sealed class Receivers : IDisposable
{
    private const int ConnectionsPerHostMax = 8;
    private const int DrainBytesMax = 16 * 1024;
    private const int Gone = 410;
    private static readonly TimeSpan s_connectionLifetime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_drainTime = TimeSpan.FromMilliseconds(250);

    private readonly ConnectorOptions _options;
    private readonly ReceiverRule _rule;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    internal Receivers(ConnectorOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _rule = new ReceiverRule(options.AllowLoopback, options.DevelopmentHosts);
        _client = Client();
    }

    /// <summary>One attempt to deliver one event. What goes wrong on the way is an answer, not an exception.</summary>
    public async Task<ReceiverAnswer> Deliver(WebhookCall call, CancellationToken cancellation)
    {
        if (_rule.Objection(call.Url) is { } objection) return new(ReceiverVerdict.NotAllowed, null, "address_refused", $"The address may not be called. {objection}");
        var request = new WireRequest(HttpMethod.Post, new Uri(call.Url)) { Headers = WebhookSignature.Headers(call) };
        using var content = new WitnessedContent(new WireBody(Encoding.UTF8.GetBytes(call.Body), "application/json"));
        using var message = request.ToMessage(content);
        using var limit = new CancellationTokenSource(_options.ReceiverTimeLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge((int)response.StatusCode) with { AskedWait = TimeSpan.FromSeconds(AskedWait.Seconds(response.Headers.RetryAfter, _time.GetUtcNow()) ?? 0) };
        }
        catch (OperationCanceledException)
        {
            return InTime(content.Left, cancellation.IsCancellationRequested);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return ByError(failure);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _client.Dispose();

    private static ReceiverAnswer Judge(int status) => status switch
    {
        >= 200 and < 300 => new(ReceiverVerdict.Taken, status, null, null),
        Gone => new(ReceiverVerdict.Gone, status, "receiver_gone", "The receiver answered 410: it wants nothing any more."),
        _ => new(ReceiverVerdict.Failed, status, "receiver_refused", string.Create(
            CultureInfo.InvariantCulture, $"The receiver answered {status}{(status is >= 300 and < 400 ? "; redirects are not followed" : "")}.")),
    };

    private ReceiverAnswer InTime(bool left, bool stopped) => (left, stopped) switch
    {
        (_, true) => Failed("silo_stopped", "The silo was stopped while it waited for the answer."),
        (true, _) => Failed("no_answer_in_time", $"The receiver did not answer within {_options.ReceiverTimeLimit.TotalSeconds} s."),
        _ => Failed("connect_timed_out", "No connection was made in time."),
    };

    private static ReceiverAnswer ByError(Exception failure)
    {
        if (LostCall.Caused<AddressRefusedException>(failure))
            return new(ReceiverVerdict.NotAllowed, null, "address_refused", "The host leads to an address that is not on the public internet.");
        return (failure as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Failed("host_not_found", "The receiver's host was not found."),
            HttpRequestError.SecureConnectionError => Failed("tls_failed", "No secure connection to the receiver could be made."),
            HttpRequestError.ConnectionError => Failed("connect_failed", "No connection to the receiver could be made."),
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => Failed("answer_not_http", "The receiver's answer is not HTTP, or has too many headers."),
            _ => Failed("connection_lost", "The connection to the receiver was lost before it answered."),
        };
    }

    private static ReceiverAnswer Failed(string code, string sentence) => new(ReceiverVerdict.Failed, null, code, sentence);

    /// <summary>Connections are kept for a while: a night's events go to the same few hosts. A short rest of an answer is read away for that, a longer one ends the connection.</summary>
    private HttpClient Client()
    {
        var handler = HostConnection.Handler(_options, ConnectionsPerHostMax, s_connectionLifetime);
        (handler.MaxResponseDrainSize, handler.ResponseDrainTimeout) = (DrainBytesMax, s_drainTime);
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
