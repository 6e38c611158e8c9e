using System.Net;
using System.Net.Mail;

namespace UsageBilling.Silo.Notices;

/// <summary>Hands letters to a mail server, one conversation for each.</summary>
/// <remarks>An answer that is lost is a letter that is sent again, with the same Message-ID: told twice is better than not told.</remarks>
internal sealed class SmtpSender(MailServer server, TimeSpan within, TimeProvider clock) : INoticeSender
{
    private const int SentenceMax = 300;

    public async Task<Posted> Send(Letter letter, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(within, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using var message = letter.ToMessage();
        using var client = Client();
        try
        {
            await client.SendMailAsync(message, either.Token);
            return new(letter.To, null);
        }
        catch (SmtpFailedRecipientsException refused)
        {
            return Recipients(letter, refused.InnerExceptions);
        }
        catch (SmtpFailedRecipientException refused)
        {
            return Recipients(letter, [refused]);
        }
        catch (SmtpException fault)
        {
            return new([], Whole(fault));
        }
        catch (Exception fault) when (fault is IOException or WebException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new([], new("mail_unreachable", limit.IsCancellationRequested ? $"The mail server did not finish within {within.TotalSeconds} s." : Said(fault), Lasting: false));
        }
    }

    private SmtpClient Client() => new(server.Host, server.Port)
    {
        // For saying goodbye, which blocks; the conversation itself ends with its token
        Timeout = (int)within.TotalMilliseconds,
        EnableSsl = server.StartTls,
        Credentials = server.User is null ? null : new NetworkCredential(server.User, server.Password),
    };

    /// <summary>The server refused some: it has taken the letter for the others, unless there are none.</summary>
    private Posted Recipients(Letter letter, SmtpFailedRecipientException[] refused)
    {
        var left = refused.Select(one => one.FailedRecipient?.Trim('<', '>') ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);
        var sentence = Short(string.Join(' ', refused.Select(one => $"{one.FailedRecipient}: {one.Message}")));
        var lasting = Array.TrueForAll(refused, one => IsLasting(one.StatusCode));
        return new([.. letter.To.Where(address => !left.Contains(address))], new(lasting ? "recipient_refused" : "recipient_deferred", sentence, lasting));
    }

    private PostFault Whole(SmtpException fault) => fault.StatusCode switch
    {
        SmtpStatusCode.GeneralFailure => new("mail_unreachable", Said(fault), Lasting: false),
        var status when IsLasting(status) => new("mail_refused", Said(fault), Lasting: true),
        _ => new("mail_deferred", Said(fault), Lasting: false),
    };

    private static bool IsLasting(SmtpStatusCode status) => (int)status >= 500;

    private string Said(Exception fault) => Short(fault.InnerException is { } inner ? $"{fault.Message} {inner.Message}" : fault.Message);

    private string Short(string sentence)
    {
        var clean = new string([.. sentence.Select(letter => char.IsControl(letter) ? ' ' : letter)]);
        if (server.Password is { Length: > 0 } secret) clean = clean.Replace(secret, "…", StringComparison.Ordinal);
        return clean.Length <= SentenceMax ? clean : clean[..SentenceMax];
    }
}
