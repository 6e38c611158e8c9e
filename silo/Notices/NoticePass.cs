using Microsoft.Extensions.Logging;
using UsageBilling.Grains.Notices;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Notices;

namespace UsageBilling.Silo.Notices;

/// <summary>Finds contracts that want to be told of changes, and tells them. One silo at a time, by a session lock.</summary>
internal sealed class NoticePass(NoticeStore notices, ILockSessions sessions, INoticeSender sender, NoticeOptions options, TimeProvider clock, ILogger<NoticePass> log)
{
    /// <summary>Whoever holds it looks and sends. That it can be had proves that no other silo is sending.</summary>
    public const string Lock = "notices";

    private static readonly NoticeEnd Well = new("sent", [], null, null, TimeSpan.Zero);

    private long? looked;

    /// <summary>One pass. True when something was sent, so that there may be more.</summary>
    public async Task<bool> Run(CancellationToken cancellation)
    {
        await using var locks = await sessions.Open(cancellation);
        if (!await locks.TryTake(Lock, cancellation)) return false;
        await Look(cancellation);
        foreach (var parked in await notices.Sort(options.Times.WaitFor, options.Times.WaitMax, NoticeTimes.AttemptsMax, cancellation)) log.NoticeParked(parked.Id, parked.Code);
        var taken = await notices.Take(cancellation);
        await Parallel.ForEachAsync(taken, Each.AtOnce(NoticeTimes.AtOnceMax, cancellation), async (notice, stop) => await Send(notice, stop));
        return taken.Count > 0;
    }

    private async Task Look(CancellationToken cancellation)
    {
        if (looked is { } before && clock.GetElapsedTime(before) < options.Times.LookEvery) return;
        looked = clock.GetTimestamp();
        await notices.Find(options.Times.SettleFor, cancellation);
    }

    /// <summary>Writes down how it ended also when the silo is told to stop meanwhile: an outcome that is known must not be forgotten.</summary>
    private async Task Send(TakenNotice notice, CancellationToken cancellation)
    {
        var posted = await sender.Send(LetterOf(notice), cancellation);
        var end = EndOf(notice, posted);
        await notices.Settle(notice, end, CancellationToken.None);
        if (end.State == "sent") log.NoticeSent(notice.Id, notice.Attempt);
        else if (end.State == "failed") log.NoticeFailed(notice.Id, notice.Attempt, end.Code!);
        else log.NoticeParked(notice.Id, end.Code!);
    }

    private NoticeEnd EndOf(TakenNotice notice, Posted posted) => posted.Fault switch
    {
        null => Well with { Told = posted.Told },
        { Lasting: true } fault => new("parked", posted.Told, fault.Code, fault.Sentence, TimeSpan.Zero),
        { } fault when notice.Attempt >= NoticeTimes.AttemptsMax => new("parked", posted.Told, "attempts_exhausted", fault.Sentence, TimeSpan.Zero),
        { } fault => new("failed", posted.Told, fault.Code, fault.Sentence, options.Times.Retry(notice.Attempt)),
    };

    private Letter LetterOf(TakenNotice notice)
    {
        var text = NoticeText.Of(notice.Account, notice.Contract, notice.Night, [.. notice.Items.Select(LineOf)]);
        return new(notice.Message, $"{notice.Night:yyyy-MM-dd}-notice-{notice.Id}", options.From, notice.Addresses, text.Subject, text.Body, text.Page);
    }

    private static ChangedLine LineOf(NoticeItem item) =>
        new(item.Line, new(item.Before), new(item.After), item.FirstOn, item.EffectiveOn, new(item.Prorated, Currency.Of(item.Currency)));
}
