using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace UsageBilling.Tests.System.Connectors;

/// <summary>A request as the vendor saw it.</summary>
internal sealed record Seen(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Path => Target.Split('?')[0];
}

/// <summary>What the vendor does with a request: answers bytes, cuts the line, or says nothing.</summary>
internal sealed record Canned(string? Bytes, bool Hang = false)
{
    public static Canned Json(string body, int status = 200, params string[] headers)
        => new($"HTTP/1.1 {status} Canned\r\n{string.Concat(headers.Select(header => header + "\r\n"))}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public static Canned Raw(string bytes) => new(bytes);

    public static Canned Reset { get; } = new(Bytes: null);

    public static Canned Silence { get; } = new(null, Hang: true);
}

/// <summary>A loopback server that answers canned bytes over real sockets and remembers what it was asked.</summary>
internal sealed class ScriptedVendor : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentQueue<Seen> _seen = new();
    private readonly Func<Seen, Canned> _answer;
    private readonly Task _accepting;

    public ScriptedVendor(Func<Seen, Canned> answer)
    {
        _answer = answer;
        _listener.Start();
        Origin = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = Accept();
    }

    public string Origin { get; }

    public IReadOnlyList<Seen> Requests => [.. _seen];

    /// <summary>Runs when a whole request has been read, before it is answered.</summary>
    public Action<Seen> Arrived { get; set; } = _ => { };

    /// <summary>Waited for before a request is answered.</summary>
    public Func<Seen, Task> Pause { get; set; } = _ => Task.CompletedTask;

    /// <summary>Said on every connection before anything is asked.</summary>
    public string Greeting { get; set; } = "";

    /// <summary>Connections opened so far.</summary>
    public int Connections => _connections;

    private int _connections;

    public int Count(string path) => _seen.Count(seen => seen.Path.Equals(path, StringComparison.OrdinalIgnoreCase));

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested) return;
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
    }

    private async Task Accept()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(Serve(await _listener.AcceptTcpClientAsync(_closing.Token)));
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException || (failure is InvalidOperationException && _closing.IsCancellationRequested))
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task Serve(TcpClient client)
    {
        Interlocked.Increment(ref _connections);
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Greeting), _closing.Token);
                while (await Read(stream) is { } seen && await Answer(client, stream, seen)) { }
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException or SocketException)
            {
            }
        }
    }

    private async Task<bool> Answer(TcpClient client, NetworkStream stream, Seen seen)
    {
        _seen.Enqueue(seen);
        var canned = _answer(seen);
        Arrived(seen);
        await Pause(seen);
        if (canned.Hang) await new TaskCompletionSource().Task.WaitAsync(_closing.Token);
        if (canned.Bytes is null)
        {
            client.LingerState = new LingerOption(true, 0);
            return false;
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(canned.Bytes), _closing.Token);
        return canned.Bytes.Contains("Content-Length", StringComparison.Ordinal) && !canned.Bytes.EndsWith("#cut", StringComparison.Ordinal);
    }

    private async Task<Seen?> Read(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _closing.Token) == 0) return null;
            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, global::System.Globalization.CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body, _closing.Token);
        var request = lines[0].Split(' ');
        return new Seen(request[0], request[1], headers, Encoding.UTF8.GetString(body));
    }
}
