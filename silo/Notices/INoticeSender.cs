using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace UsageBilling.Silo.Notices;

/// <summary>Brings letters out of the building.</summary>
internal interface INoticeSender
{
    /// <summary>Sends one letter. What goes wrong on the way is an answer, not an exception.</summary>
    Task<Posted> Send(Letter letter, CancellationToken cancellation);
}

/// <summary>One message.</summary>
/// <param name="Id">The same for every attempt: a mail program that gets it twice shows it once.</param>
/// <param name="Name">What its file is called, without ending.</param>
/// <param name="Body">As plain text, for programs and people that want no other.</param>
/// <param name="Page">The same as HTML.</param>
internal sealed record Letter(Guid Id, string Name, string From, IReadOnlyList<string> To, string Subject, string Body, string Page)
{
    public MailMessage ToMessage()
    {
        var message = new MailMessage
        {
            From = new MailAddress(From), Subject = Subject, SubjectEncoding = Encoding.UTF8, Body = Body, BodyEncoding = Encoding.UTF8, HeadersEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
        };
        var page = AlternateView.CreateAlternateViewFromString(Page, Encoding.UTF8, MediaTypeNames.Text.Html);
        page.TransferEncoding = TransferEncoding.QuotedPrintable;
        message.AlternateViews.Add(page);
        foreach (var address in To) message.To.Add(new MailAddress(address));
        message.Headers.Add("Message-ID", $"<{Id:N}@{message.From.Host}>");
        // Answering machines leave it alone
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }
}

/// <summary>What became of a letter.</summary>
/// <param name="Told">Whose server has taken it.</param>
/// <param name="Fault">Null when that is everybody.</param>
internal sealed record Posted(IReadOnlyList<string> Told, PostFault? Fault);

/// <summary>Why a letter did not reach everybody.</summary>
/// <param name="Lasting">Whether trying again is of no use until somebody has changed something.</param>
internal sealed record PostFault(string Code, string Sentence, bool Lasting);
