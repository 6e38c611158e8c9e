using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using UsageBilling.Silo.Notices;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Notices;

/// <summary>What mail servers do to a notice, in real conversations.</summary>
public sealed class MailTests(HubFixture hub) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task An_address_that_is_refused_is_left_for_a_person_and_the_others_are_told_once()
    {
        await using var desk = new MailDesk { Answer = command => command.Contains("gone@", StringComparison.Ordinal) ? "550 no such user" : null };
        var contract = await Changed("billing@customer.example", "gone@customer.example");
        var silo = ChangedContract.Silo(hub, desk);

        await silo.Run(default);

        Assert.Equal(["billing@customer.example"], Assert.Single(desk.Mails).To);
        Assert.Equal("parked | 1 | recipient_refused | billing@customer.example | gone@customer.example", await contract.Notices());
        await contract.Ask("billing@customer.example", "new@customer.example");
        var released = await hub.Operator.Post($"/v1/notices/{await Notice(contract)}/release");
        Assert.Equal("failed released", $"{released.Json["state"]} {released.Json["code"]}");
        await silo.Run(default);

        Assert.Equal(["new@customer.example"], desk.Mails.Last().To);
        Assert.Equal(desk.Mails.First().Header("Message-ID"), desk.Mails.Last().Header("Message-ID"));
        Assert.Equal("sent | 1 | - | billing@customer.example new@customer.example | ", await contract.Notices());
    }

    [Fact]
    public async Task A_notice_that_nobody_takes_is_parked()
    {
        await using var desk = new MailDesk { Answer = command => command.StartsWith("RCPT", StringComparison.Ordinal) ? "550 no such user" : null };
        var contract = await Changed("one@customer.example", "two@customer.example");

        await ChangedContract.Silo(hub, desk).Run(default);

        Assert.Empty(desk.Mails);
        Assert.Equal("parked | 1 | recipient_refused |  | one@customer.example two@customer.example", await contract.Notices());
    }

    [Theory]
    [InlineData("RCPT", "450 mailbox busy", "recipient_deferred")]
    [InlineData("RCPT", "452 mailbox full", "recipient_deferred")]
    [InlineData("RCPT", "451 try later", "mail_deferred")]
    [InlineData("MAIL", "451 try later", "mail_deferred")]
    [InlineData(".", "451 try later", "mail_deferred")]
    [InlineData("CONNECT", "421 busy", "mail_deferred")]
    public async Task A_temporary_failure_is_tried_again(string at, string answer, string code)
    {
        await using var desk = new MailDesk { Answer = command => command.StartsWith(at, StringComparison.Ordinal) ? answer : null };
        var contract = await Changed("billing@customer.example");
        var silo = ChangedContract.Silo(hub, desk);

        await silo.Run(default);
        Assert.Equal($"failed | 1 | {code} |  | billing@customer.example", await contract.Notices());
        await silo.Run(default);
        Assert.Equal($"failed | 1 | {code} |  | billing@customer.example", await contract.Notices());

        desk.Answer = _ => null;
        await contract.DueNow();
        await silo.Run(default);
        Assert.Equal("sent | 2 | - | billing@customer.example | ", await contract.Notices());
    }

    [Theory]
    [InlineData("MAIL", "550 not from you")]
    [InlineData(".", "554 no thanks")]
    public async Task A_message_that_is_refused_waits_for_a_person(string at, string answer)
    {
        await using var desk = new MailDesk { Answer = command => command.StartsWith(at, StringComparison.Ordinal) ? answer : null };
        var contract = await Changed("billing@customer.example");

        await ChangedContract.Silo(hub, desk).Run(default);

        Assert.Equal("parked | 1 | mail_refused |  | billing@customer.example", await contract.Notices());
    }

    [Fact]
    public async Task A_connection_that_is_cut_after_the_message_is_tried_again_with_the_same_message_id()
    {
        await using var desk = new MailDesk { Ending = Ending.Cut };
        var contract = await Changed("billing@customer.example");
        var silo = ChangedContract.Silo(hub, desk);
        await silo.Run(default);
        Assert.Equal("failed | 1 | mail_unreachable |  | billing@customer.example", await contract.Notices());

        desk.Ending = Ending.Accept;
        await contract.DueNow();
        await silo.Run(default);

        Assert.Equal("sent | 2 | - | billing@customer.example | ", await contract.Notices());
        Assert.Equal((2, 1, 1), (desk.Mails.Count, desk.Mails.Select(mail => mail.Header("Message-ID")).Distinct().Count(), desk.Mails.Select(mail => mail.Shown).Distinct().Count()));
    }

    [Fact]
    public async Task A_silo_that_dies_between_answer_and_mark_tells_again_with_the_same_message_id()
    {
        await using var desk = new MailDesk { Ending = Ending.Hold };
        var contract = await Changed("billing@customer.example");
        string[] mail = ["MailHost=127.0.0.1", $"MailPort={desk.Port}", "MailTls=none", "MailFrom=hub@msp.example"];
        await ChangedContract.Silo(hub, ChangedContract.Sender(desk), ChangedContract.Times with { SettleFor = TimeSpan.FromHours(1) }).Run(default);
        await contract.DueNow();
        await using (var doomed = await SiloProcess.Start(hub.ConnectionString, mail))
        {
            await desk.Next();
            await doomed.Kill();
        }

        Assert.Equal("sending | 1 | - |  | billing@customer.example", await contract.Notices());
        desk.Ending = Ending.Accept;
        await using (await SiloProcess.Start(hub.ConnectionString, mail)) await desk.Next();

        Assert.Equal((2, 1), (desk.Mails.Count, desk.Mails.Select(sent => sent.Header("Message-ID")).Distinct().Count()));
    }

    [Fact]
    public async Task A_login_that_is_refused_shows_no_password()
    {
        await using var desk = new MailDesk
        {
            Answer = command => command.Split(' ')[0] switch { "EHLO" => "250-desk.example\r\n250 AUTH LOGIN", "AUTH" => "535 hunter2 is wrong", "MAIL" => "530 log in first, not with hunter2", _ => null },
        };
        var sender = new SmtpSender(new MailServer { Host = "127.0.0.1", Port = desk.Port, StartTls = false, User = "hub", Password = "hunter2" }, TimeSpan.FromSeconds(30), Hub.Clock);

        var posted = await sender.Send(new(Guid.Empty, "n", "hub@msp.example", ["a@b.example"], "s", "b", "<p>b</p>"), default);

        Assert.Equal(("mail_refused", true), (posted.Fault!.Code, posted.Fault.Lasting));
        Assert.DoesNotContain("hunter2", posted.Fault.Sentence, StringComparison.Ordinal);
        Assert.Contains("log in first", posted.Fault.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        await using var desk = new MailDesk { Ending = Ending.Hold };
        var contract = await Changed("billing@customer.example");

        await ChangedContract.Silo(hub, ChangedContract.Sender(desk, seconds: 1)).Run(default);

        Assert.Equal("failed | 1 | mail_unreachable |  | billing@customer.example", await contract.Notices());
    }

    [Fact]
    public async Task After_many_attempts_a_person_must_look_also_when_silos_died_at_them()
    {
        await using var desk = new MailDesk { Answer = _ => "451 later" };
        var (refused, died) = (await Changed("billing@customer.example"), await Changed("billing@customer.example"));
        var silo = ChangedContract.Silo(hub, desk);
        await silo.Run(default);
        await hub.Sql("update notice set attempt = $2 where contract_id = $1", refused.Id, NoticeTimes.AttemptsMax - 1);
        await hub.Sql("update notice set attempt = $2, state = 'sending' where contract_id = $1", died.Id, NoticeTimes.AttemptsMax);
        await refused.DueNow();

        await silo.Run(default);

        Assert.All([await refused.Notices(), await died.Notices()], row => Assert.Equal($"parked | {NoticeTimes.AttemptsMax} | attempts_exhausted |  | billing@customer.example", row));
    }

    [Fact]
    public async Task Without_the_tls_that_is_asked_for_nothing_is_said()
    {
        await using var plain = new MailDesk();
        await using var forged = new MailDesk { Certificate = SelfSigned() };

        foreach (var desk in (MailDesk[])[plain, forged])
        {
            var posted = await ChangedContract.Sender(desk, tls: true).Send(new(Guid.Empty, "n", "hub@msp.example", ["a@b.example"], "s", "b", "<p>b</p>"), default);

            Assert.Equal(("mail_unreachable", false), (posted.Fault!.Code, posted.Fault.Lasting));
            Assert.DoesNotContain("MAIL", desk.Heard, StringComparison.Ordinal);
            Assert.Empty(desk.Mails);
        }

        Assert.Contains("STARTTLS", forged.Heard, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sécret \"1\"", "sent | 1 | - | billing@customer.example | ")]
    [InlineData("guessed", "parked | 1 | mail_refused |  | billing@customer.example")]
    public async Task Over_tls_that_is_trusted_a_silo_logs_in_and_sends(string password, string outcome)
    {
        using var certificate = SelfSigned();
        var trusted = Path.GetTempFileName();
        await File.WriteAllTextAsync(trusted, certificate.ExportCertificatePem());
        await using var desk = new MailDesk { Certificate = certificate, Login = ("hub@msp.example", "sécret \"1\"") };
        var contract = await Changed("billing@customer.example");
        await ChangedContract.Silo(hub, desk, ChangedContract.Times with { SettleFor = TimeSpan.FromHours(1) }).Run(default);
        await hub.Sql("create or replace function announce() returns trigger language plpgsql as $$ begin perform pg_notify('changed', ''); return null; end $$");
        await hub.Sql("create or replace trigger a after update on notice for each statement execute function announce()");
        await contract.DueNow();

        await using (await SiloProcess.Start(
            hub.ConnectionString, new Dictionary<string, string> { ["SSL_CERT_FILE"] = trusted },
            "MailHost=127.0.0.1", $"MailPort={desk.Port}", "MailUser=hub@msp.example", $"MailPassword={password}", "MailFrom=hub@msp.example"))
            await contract.Settled();

        Assert.Equal(outcome, await contract.Notices());
        Assert.StartsWith("EHLO", desk.Heard, StringComparison.Ordinal);
        Assert.Equal(
            outcome.StartsWith("sent", StringComparison.Ordinal) ? "EHLO STARTTLS EHLO AUTH MAIL RCPT DATA QUIT" : "EHLO STARTTLS EHLO AUTH MAIL",
            string.Join(' ', desk.Heard.Split('\n').Select(line => line.Split(' ', ':')[0])));
        Assert.Equal(outcome.StartsWith("sent", StringComparison.Ordinal) ? 1 : 0, desk.Mails.Count);
        File.Delete(trusted);
    }

    private async Task<ChangedContract> Changed(params string[] addresses)
    {
        var contract = await ChangedContract.Make(hub);
        await contract.Ask(addresses);
        await contract.Change(contract.First, 12, 3.5m);
        return contract;
    }

    private Task<long> Notice(ChangedContract contract) => hub.Sql("select max(id) from notice where contract_id = $1", contract.Id);

    /// <summary>One that nobody has reason to trust.</summary>
    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = Hub.Clock.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
