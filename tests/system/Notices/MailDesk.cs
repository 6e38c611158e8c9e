using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;

namespace UsageBilling.Tests.System.Notices;

/// <summary>A message that the server has in its hands.</summary>
internal sealed record Mail(string From, IReadOnlyList<string> To, string Text)
{
    public string Header(string name) => Text[..Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n")
        .First(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))[(name.Length + 1)..].Trim();

    /// <summary>Subject and body as a mail program shows them.</summary>
    public string Shown => $"{Words(Header("Subject"))}\n{Printed(Text[(Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])}".ReplaceLineEndings("\n").TrimEnd();

    private static string Words(string subject) => string.Concat(subject.Split(' ').Select(word => word.StartsWith("=?utf-8?B?", StringComparison.OrdinalIgnoreCase)
        ? Encoding.UTF8.GetString(Convert.FromBase64String(word[10..^2]))
        : word + " ")).TrimEnd();

    private static string Printed(string body)
    {
        var bytes = new List<byte>();
        var text = body.Replace("=\r\n", "", StringComparison.Ordinal);
        for (var i = 0; i < text.Length; i++)
        {
            bytes.Add(text[i] == '=' ? Convert.ToByte(text.Substring(i + 1, 2), 16) : (byte)text[i]);
            if (text[i] == '=') i += 2;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}

/// <summary>What a mail server does once it has a whole message.</summary>
internal enum Ending
{
    Accept,
    Cut,
    Hold,
}

/// <summary>A mail server on a real socket that speaks SMTP (RFC 5321), and misbehaves on request.</summary>
internal sealed class MailDesk : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<string> commands = new();
    private readonly Channel<Mail> arrivals = Channel.CreateUnbounded<Mail>();
    private readonly ConcurrentBag<Task> conversations = [];
    private readonly Task accepting;

    public MailDesk()
    {
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Another answer than the usual one to a command; null for the usual one.</summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    public Ending Ending { get; set; }

    /// <summary>Offers STARTTLS with this certificate.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Everything clients said, without the messages.</summary>
    public string Heard => string.Join("\n", commands);

    /// <summary>Whole messages so far.</summary>
    public ConcurrentQueue<Mail> Mails { get; } = new();

    /// <summary>The next whole message.</summary>
    public async Task<Mail> Next() => await arrivals.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), Hosting.Hub.Clock);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(conversations);
        stopping.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true) conversations.Add(Converse(await listener.AcceptTcpClientAsync(stopping.Token)));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // The test is over
        }
    }

    private async Task Converse(TcpClient client)
    {
        using (client)
        {
            try
            {
                await Converse(client.GetStream(), "220 desk.example ESMTP");
            }
            catch (Exception end) when (end is IOException or OperationCanceledException or global::System.Security.Authentication.AuthenticationException)
            {
                // The client has gone, or the test is over
            }
        }
    }

    private async Task Converse(Stream stream, string? greeting)
    {
        if (greeting is not null) await Say(stream, Answer("CONNECT") ?? greeting);
        var (from, to) = ("", new List<string>());
        while (await Line(stream) is { } command)
        {
            commands.Enqueue(command);
            var verb = command.Split(' ', ':')[0].ToUpperInvariant();
            var usual = verb switch { "EHLO" => Certificate is null ? "250 desk.example" : "250-desk.example\r\n250 STARTTLS", "DATA" => "354 go on", "QUIT" => "221 bye", "STARTTLS" => "220 go on", _ => "250 ok" };
            var answer = Answer(command) ?? usual;
            if (answer != "") await Say(stream, answer);
            if (verb == "QUIT") return;
            if (verb == "STARTTLS")
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, stopping.Token);
                await Converse(secure, null);
                return;
            }

            if (verb == "MAIL") (from, to) = (Between(command), []);
            if (verb == "RCPT" && answer[0] == '2') to.Add(Between(command));
            if (verb != "DATA" || answer[0] != '3') continue;
            if (!await Take(stream, from, to)) return;
        }
    }

    private async Task<bool> Take(Stream stream, string from, List<string> to)
    {
        var text = new StringBuilder();
        while (await Line(stream) is { } line && line != ".") text.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
        var mail = new Mail(from, to, text.ToString());
        Mails.Enqueue(mail);
        arrivals.Writer.TryWrite(mail);
        if (Ending == Ending.Cut) return false;
        if (Ending == Ending.Hold) await Task.Delay(Timeout.InfiniteTimeSpan, Hosting.Hub.Clock, stopping.Token);
        await Say(stream, Answer(".") ?? "250 taken");
        return true;
    }

    private static string Between(string command) => command[(command.IndexOf('<', StringComparison.Ordinal) + 1)..command.IndexOf('>', StringComparison.Ordinal)];

    private async Task Say(Stream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stopping.Token);

    private async Task<string?> Line(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, stopping.Token) == 1)
        {
            if (one[0] == '\n') return Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }

        return null;
    }
}
