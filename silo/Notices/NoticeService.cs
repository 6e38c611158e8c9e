using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Notices;
using UsageBilling.Silo.Pumps;

namespace UsageBilling.Silo.Notices;

/// <summary>Tells contracts of their changes, every few seconds, beside the pumps of the night. A silo that was told of no mail server and no folder does nothing.</summary>
internal sealed class NoticeService : BackgroundService
{
    private readonly Pump? pump;
    private readonly SiloOptions options;

    public NoticeService(SiloOptions options, NpgsqlDataSource database, ILockSessions sessions, ILogger<NoticeService> log, ILogger<NoticePass> passLog)
    {
        this.options = options;
        if (options.Notices is { } notices) pump = new("notices", new NoticePass(new NoticeStore(database), sessions, SenderOf(notices, options.Clock), notices, options.Clock, passLog).Run, options.Clock, log);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => pump is null ? Task.CompletedTask : Task.WhenAll(pump.Run(stoppingToken), Poke(pump, stoppingToken));

    private static INoticeSender SenderOf(NoticeOptions notices, TimeProvider clock) =>
        notices.Server is { } server ? new SmtpSender(server, notices.Times.SendWithin, clock) : new FolderSender(notices.Folder ?? throw new InvalidOperationException("Notices go to a server or into a folder."));

    private async Task Poke(Pump pump, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.PokeEvery, options.Clock);
        while (await timer.WaitForNextTickAsync(stopping)) pump.Poke();
    }
}
