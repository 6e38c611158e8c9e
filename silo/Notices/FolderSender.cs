using System.Net.Mail;

namespace UsageBilling.Silo.Notices;

/// <summary>Puts each letter into a folder as an <c>.eml</c> file, whole or not at all; the same letter again replaces its file.</summary>
internal sealed class FolderSender(string folder) : INoticeSender
{
    public async Task<Posted> Send(Letter letter, CancellationToken cancellation)
    {
        var writing = Path.Combine(folder, $".{letter.Id:N}");
        try
        {
            Directory.CreateDirectory(writing);
            using (var client = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = writing })
            using (var message = letter.ToMessage())
                await client.SendMailAsync(message, cancellation);
            File.Move(Directory.GetFiles(writing).Order(StringComparer.Ordinal).Last(), Path.Combine(folder, letter.Name + ".eml"), overwrite: true);
            Directory.Delete(writing, recursive: true);
            return new(letter.To, null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SmtpException)
        {
            return new([], new("folder_unwritable", (fault.InnerException ?? fault).Message, Lasting: false));
        }
    }
}
