using System.Net;
using System.Net.Http.Headers;

namespace UsageBilling.Connectors.Http;

/// <summary>One call, ready to be attempted more than once. Headers may hold secrets: never logged.</summary>
internal sealed class WireRequest(HttpMethod method, Uri address)
{
    public HttpMethod Method { get; } = method;

    public Uri Address { get; } = address;

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public WireBody? Body { get; init; }

    public HttpRequestMessage ToMessage(WitnessedContent? content)
    {
        var message = new HttpRequestMessage(Method, Address) { Content = content };
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("UsageBilling", productVersion: null));
        foreach (var (name, value) in Headers) message.Headers.TryAddWithoutValidation(name, value);
        return message;
    }
}

/// <summary>The bytes of a request and what they are.</summary>
internal sealed record WireBody(byte[] Bytes, string MediaType);

/// <summary>A body that knows whether anybody has begun to send it.</summary>
/// <remarks>Headers that promise a body nobody sent are not a request a server can act on: an untouched body is proof that nothing happened.</remarks>
internal sealed class WitnessedContent : HttpContent
{
    private readonly byte[] _bytes;

    public WitnessedContent(WireBody body)
    {
        _bytes = body.Bytes;
        Headers.ContentType = new MediaTypeHeaderValue(body.MediaType);
    }

    public bool Left { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Left = true;
        await stream.WriteAsync(_bytes, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
