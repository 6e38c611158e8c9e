using UsageBilling.Silo;
using UsageBilling.Silo.Notices;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Notices;

/// <summary>Notices as files.</summary>
public sealed class FolderTests
{
    private static readonly Letter Letter = new(Guid.Empty, "2026-11-21-notice-1", "hub@msp.example", ["a@b.example"], "Zażółć", "25 → 28\r\n", "<p>25 → 28</p>\r\n");

    [Fact]
    public async Task The_demos_night_leaves_a_file_for_a_contract_that_asked()
    {
        var folder = Directory.CreateTempSubdirectory("usagebilling-mail-").FullName;
        await using var demo = await DemoMsp.Mapped();
        await demo.Hub.Sql("""
            insert into notice_setting (contract_id, msp_id, enabled, addresses, enabled_at)
            select contract_id, msp_id, true, array['billing@customer.example'], now() from service_line where remote_id in ('8001', '8003', '8002')
            on conflict do nothing;
            create trigger a after insert or update or delete on notice for each statement execute function announce();
            """);
        await demo.RequestNight();
        var notices = new NoticeOptions { From = "hub@msp.example", Folder = folder, Times = new() { LookEvery = TimeSpan.Zero, SettleFor = TimeSpan.FromSeconds(1), WaitFor = TimeSpan.FromSeconds(1) } };
        await using (await SiloServer.Start(demo.Hub.SiloOptions() with { Notices = notices }, default))
        {
            await demo.UntilQuiet("the night");
            await demo.Hub.Until("two notices", "select count(*) = 2 from notice where state = 'sent'");
        }

        var told = Directory.GetFiles(folder).Select(file => new Mail("", [], File.ReadAllText(file).ReplaceLineEndings("\r\n")).Shown).ToList();
        Assert.Equal(2, told.Count);
        Assert.Single(told, text => text.Contains("25 → 28 units", StringComparison.Ordinal));
        Assert.Single(told, text => text.Contains("162 → 159 units", StringComparison.Ordinal));
        Assert.Equal("", await demo.Breaches());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_same_letter_again_replaces_its_file()
    {
        var folder = Directory.CreateTempSubdirectory("usagebilling-mail-").FullName;
        var sender = new FolderSender(folder);

        Assert.Null((await sender.Send(Letter, default)).Fault);
        Assert.Null((await sender.Send(Letter with { Body = "again\r\n" }, default)).Fault);

        Assert.Equal([Path.Combine(folder, "2026-11-21-notice-1.eml")], Directory.EnumerateFileSystemEntries(folder));
        Assert.Equal("Zażółć\nagain", new Mail("", [], await File.ReadAllTextAsync(Path.Combine(folder, "2026-11-21-notice-1.eml"))).Shown);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_whole_message_is_plain_text_and_a_page_side_by_side()
    {
        var folder = Directory.CreateTempSubdirectory("usagebilling-mail-").FullName;

        await new FolderSender(folder).Send(Letter, default);

        var mail = new Mail("", [], await File.ReadAllTextAsync(Path.Combine(folder, "2026-11-21-notice-1.eml")));
        Assert.Equal(
            """
            X-Sender: hub@msp.example
            X-Receiver: a@b.example
            Message-ID: <00000000000000000000000000000000@msp.example>
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            From: hub@msp.example
            To: a@b.example
            Date: *
            Subject: =?utf-8?B?WmHFvMOzxYLEhw==?=
            Content-Type: multipart/alternative;
             boundary=boundary


            --boundary
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            25 =E2=86=92 28=0D=0A
            --boundary
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            <p>25 =E2=86=92 28</p>=0D=0A
            --boundary--
            """.ReplaceLineEndings("\n"),
            mail.Whole);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_an_answer()
    {
        var file = Path.GetTempFileName();

        var posted = await new FolderSender(file).Send(Letter, default);

        Assert.Equal(("folder_unwritable", false), (posted.Fault!.Code, posted.Fault.Lasting));
        File.Delete(file);
    }
}
