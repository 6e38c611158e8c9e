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

    /// <summary>Subject and plain text as a mail program shows them.</summary>
    public string Shown => $"{Words(Header("Subject"))}\n{Printed(Part("text/plain"))}".ReplaceLineEndings("\n").TrimEnd();

    /// <summary>The page of HTML.</summary>
    public string Page => Printed(Part("text/html")).ReplaceLineEndings("\n").TrimEnd();

    /// <summary>Everything that was sent, but for the date and the words that part its parts, which no test can foretell.</summary>
    public string Whole => string.Join("\n", Text.Replace(Boundary, "boundary", StringComparison.Ordinal).Split("\r\n").Select(line => line.StartsWith("Date:", StringComparison.Ordinal) ? "Date: *" : line)).TrimEnd();

    private string Boundary => Header("Content-Type").Split("boundary=")[1].Trim('"');

    private string Part(string type)
    {
        var part = Text.Split("--" + Boundary).Single(part => part.Contains($"Content-Type: {type}", StringComparison.OrdinalIgnoreCase));
        return part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    }

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

    /// <summary>Who may send; null when anybody may. Asked for only once the conversation is TLS.</summary>
    public (string User, string Password)? Login { get; set; }

    /// <summary>Everything clients said, without the messages and the secrets.</summary>
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
                await Converse(client.GetStream(), secure: false);
            }
            catch (Exception end) when (end is IOException or OperationCanceledException or global::System.Security.Authentication.AuthenticationException)
            {
                // The client has gone, or the test is over
            }
        }
    }

    private async Task Converse(Stream stream, bool secure)
    {
        if (!secure) await Say(stream, Answer("CONNECT") ?? "220 desk.example ESMTP");
        var (from, to, known) = ("", new List<string>(), Login is null);
        while (await Line(stream) is { } command)
        {
            var verb = command.Split(' ', ':')[0].ToUpperInvariant();
            commands.Enqueue(verb == "AUTH" && Login is not null ? "AUTH" : command);
            if (verb == "AUTH" && Login is not null) known = secure && await LoggedIn(stream, command);
            var usual = verb switch
            {
                "EHLO" => Offer(secure), "DATA" => "354 go on", "QUIT" => "221 bye", "STARTTLS" => "220 go on", "AUTH" => known ? "235 welcome" : "535 who are you?",
                "MAIL" when !known => "530 log in first", _ => "250 ok",
            };
            var answer = Answer(command) ?? usual;
            if (answer != "") await Say(stream, answer);
            if (verb == "QUIT") return;
            if (verb == "STARTTLS")
            {
                await using var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, stopping.Token);
                await Converse(tls, secure: true);
                return;
            }

            if (verb == "MAIL") (from, to) = (Between(command), []);
            if (verb == "RCPT" && answer[0] == '2') to.Add(Between(command));
            if (verb != "DATA" || answer[0] != '3') continue;
            if (!await Take(stream, from, to)) return;
        }
    }

    /// <summary>Its name, then what it can do; a space says that the line is the last one.</summary>
    private string Offer(bool secure)
    {
        string[] says = ["desk.example", .. !secure && Certificate is not null ? (string[])["STARTTLS"] : [], .. secure && Login is not null ? (string[])["AUTH LOGIN"] : []];
        return string.Join("\r\n", says.Select((word, at) => at < says.Length - 1 ? $"250-{word}" : $"250 {word}"));
    }

    /// <summary>AUTH LOGIN: the name may come with the command, the password is asked for.</summary>
    private async Task<bool> LoggedIn(Stream stream, string command)
    {
        var user = command.Split(' ') is [_, _, var name] ? name : await Asked("VXNlcm5hbWU6");
        var password = await Asked("UGFzc3dvcmQ6");
        return (Clear(user), Clear(password)) == Login;

        async Task<string> Asked(string what)
        {
            await Say(stream, $"334 {what}");
            return await Line(stream) ?? "";
        }

        static string Clear(string text) => Encoding.UTF8.GetString(Convert.FromBase64String(text));
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
