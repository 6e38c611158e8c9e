using UsageBilling.Silo.Notices;

namespace UsageBilling.Tests.System.Notices;

/// <summary>What the environment may say about mail: one sentence for each thing that will not do.</summary>
public sealed class NoticeSettingsTests
{
    [Theory]
    [InlineData("MailHost=mail.example", "UsageBilling__MailFrom must be there: one address, for example billing@msp.example.")]
    [InlineData("MailFrom=a@b.example", "UsageBilling__MailHost is missing: name a mail server, or a folder for files with UsageBilling__MailFolder.")]
    [InlineData("MailHost=mail.example MailFolder=mail MailFrom=a@b.example", "UsageBilling__MailHost and UsageBilling__MailFolder are both set: notices go to one of them.")]
    [InlineData("MailHost=a/b MailFrom=a@b.example", "UsageBilling__MailHost takes the name or the address of a host, not 'a/b'.")]
    [InlineData("MailHost=mail.example MailFrom=a@b.example MailPort=0", "UsageBilling__MailPort takes a number from 1 to 65535, not '0'.")]
    [InlineData("MailHost=mail.example MailFrom=a@b.example MailTls=yes", "UsageBilling__MailTls is starttls or none, not 'yes'.")]
    [InlineData("MailHost=mail.example MailFrom=a@b.example MailUser=u", "UsageBilling__MailUser and UsageBilling__MailPassword belong together: one of them is missing.")]
    [InlineData("MailHost=mail.example MailFrom=a@b.example MailUser=u MailPassword=hunter2 MailTls=none", "UsageBilling__MailTls is none, but there is a password: it is never sent in the clear.")]
    [InlineData("MailHost=mail.example MailFrom=hub", "UsageBilling__MailFrom must be there: one address, for example billing@msp.example.")]
    public void A_setting_that_will_not_do_is_one_sentence(string settings, string sentence) => Assert.Equal(sentence, Read(settings).Objection);

    [Fact]
    public void Without_any_nobody_is_told() => Assert.Equal((null, null), Read(""));

    [Fact]
    public void A_server_has_the_port_for_submission_and_tls_unless_said()
    {
        var server = Read("MailHost=mail.example MailFrom=a@b.example MailUser=u MailPassword=hunter2").Options!.Server!;

        Assert.Equal(("mail.example", 587, true, "u", "hunter2"), (server.Host, server.Port, server.StartTls, server.User, server.Password));
        Assert.DoesNotContain("hunter2", $"{Read("MailHost=mail.example MailFrom=a@b.example MailUser=u MailPassword=hunter2").Options}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_needs_nothing_else_but_a_sender() =>
        Assert.Equal(Path.GetFullPath("mail"), Read("MailFolder=mail MailFrom=a@b.example").Options!.Folder);

    private static (NoticeOptions? Options, string? Objection) Read(string settings)
    {
        var given = settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return NoticeSettings.Read(given.GetValueOrDefault);
    }
}
