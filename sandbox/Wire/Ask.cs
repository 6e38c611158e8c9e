using System.Text;

namespace UsageBilling.Sandbox.Wire;

/// <summary>One request, read fully before anything is decided, so that deciding needs no I/O.</summary>
/// <param name="Origin">Scheme and host as the client wrote them: links in answers lead back to the address it used.</param>
/// <param name="Segments">The path without empty parts: doubled and trailing slashes are tolerated everywhere.</param>
internal sealed record Ask(
    string Method,
    string Origin,
    string Path,
    IReadOnlyList<string> Segments,
    IQueryCollection Query,
    IHeaderDictionary Headers,
    string Body)
{
    public const int BodyBytesMax = 1024 * 1024;

    /// <summary>Reads the request. Kestrel refuses a body over <see cref="BodyBytesMax"/> while it is read.</summary>
    public static async Task<Ask> Read(HttpRequest request, CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(cancellation);
        var path = request.Path.Value ?? "/";
        return new Ask(
            request.Method.ToUpperInvariant(),
            $"{request.Scheme}://{request.Host}",
            path,
            path.Split('/', StringSplitOptions.RemoveEmptyEntries),
            request.Query,
            request.Headers,
            body);
    }

    public bool SegmentIs(int index, string word) =>
        index < Segments.Count && string.Equals(Segments[index], word, StringComparison.OrdinalIgnoreCase);
}
