using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using UsageBilling.Connectors;
using UsageBilling.Interfaces.Webhooks;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Webhooks;

namespace UsageBilling.Silo.Webhooks;

/// <summary>Delivers events: a courier for each webhook that has some, which nobody waits for, so that a slow receiver keeps none of the others waiting.</summary>
internal sealed class WebhookCouriers(DeliveryStore deliveries, SecretVault vault, ConnectorSet connectors, WorkSignal signal, WebhookTimes times, TimeProvider clock, ILogger<WebhookCouriers> log)
{
    private readonly ConcurrentDictionary<long, Task> underWay = new();
    private long? looked;

    /// <summary>Sends couriers to webhooks that have none. Returns before they do.</summary>
    public async Task<bool> Dispatch(CancellationToken cancellation)
    {
        await LookForNights(cancellation);
        var free = WebhookTimes.WebhooksAtOnceMax - underWay.Count;
        if (free <= 0) return false;
        foreach (var webhook in await deliveries.Due([.. underWay.Keys], free, cancellation))
        {
            var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (underWay.TryAdd(webhook, back.Task)) _ = Task.Run(() => Carry(webhook, back, cancellation), CancellationToken.None);
        }

        return false;
    }

    /// <summary>Waits until every courier is back: soon, once they were told to stop.</summary>
    public Task AllBack() => Task.WhenAll(underWay.Values);

    private async Task LookForNights(CancellationToken cancellation)
    {
        if (looked is { } before && clock.GetElapsedTime(before) < times.LookEvery) return;
        looked = clock.GetTimestamp();
        await deliveries.FindNights(cancellation);
    }

    private async Task Carry(long webhook, TaskCompletionSource back, CancellationToken stopping)
    {
        var more = false;
        try
        {
            more = await Rounds(webhook, stopping);
        }
        catch (Exception fault)
        {
            if (!stopping.IsCancellationRequested) log.WebhookBroke(webhook, $"{fault.GetType().Name}: {fault.Message}");
        }
        finally
        {
            underWay.TryRemove(webhook, out _);
            back.SetResult();
            if (more) signal.Raise(WorkKinds.Webhooks);
        }
    }

    /// <summary>True when there may be more, and the receiver takes it.</summary>
    private async Task<bool> Rounds(long webhook, CancellationToken stopping)
    {
        for (var round = 0; round < WebhookTimes.RoundsMax; round++)
        {
            var taken = await deliveries.Take(webhook, WebhookTimes.TogetherMax, times.GiveUpAfter, stopping);
            if (taken.Count == 0) return false;
            var took = await Task.WhenAll(taken.Select(delivery => Send(delivery, stopping)));
            if (!Array.TrueForAll(took, well => well)) return false;
        }

        return true;
    }

    /// <summary>Writes down how it ended also when the silo is told to stop meanwhile: an outcome that is known must not be forgotten.</summary>
    private async Task<bool> Send(TakenDelivery delivery, CancellationToken stopping)
    {
        var answer = await Answer(delivery, stopping);
        if (answer.Verdict == ReceiverVerdict.Gone)
        {
            await deliveries.End(delivery, answer, CancellationToken.None);
            log.WebhookGone(delivery.Webhook);
            return false;
        }

        var end = EndOf(delivery, answer, stopping.IsCancellationRequested);
        await deliveries.Settle(delivery, end, CancellationToken.None);
        if (end.State == "failed") log.DeliveryFailed(delivery.Id, delivery.Webhook, delivery.Attempt, answer.Code!);
        else if (end.State == "parked") log.DeliveryParked(delivery.Id, delivery.Webhook, answer.Code!);
        return end.State == "delivered";
    }

    private async Task<ReceiverAnswer> Answer(TakenDelivery delivery, CancellationToken stopping)
    {
        try
        {
            string[] stored = delivery.OldSecretProtected is { } old ? [delivery.SecretProtected, old] : [delivery.SecretProtected];
            WebhookSecret[] secrets = [.. stored.Select(secret => new WebhookSecret(vault.Reveal(delivery.Msp, secret)))];
            return await connectors.Receivers.Deliver(new(delivery.Url, WebhookCall.IdOf(delivery.Message), delivery.At, delivery.Body, secrets), stopping);
        }
        catch (CryptographicException)
        {
            return new(ReceiverVerdict.NotAllowed, null, "secret_unreadable", "The stored secret cannot be decrypted with the hub's keys; rotate it.");
        }
    }

    private DeliveryEnd EndOf(TakenDelivery delivery, ReceiverAnswer answer, bool stopping) => answer.Verdict switch
    {
        ReceiverVerdict.Taken => new("delivered", answer, TimeSpan.Zero, TimeSpan.Zero),
        ReceiverVerdict.NotAllowed => new("parked", answer, TimeSpan.Zero, TimeSpan.Zero),
        _ when stopping => new("failed", answer, TimeSpan.Zero, TimeSpan.Zero),
        _ when delivery.Attempt > times.Retries.Count => new("parked", answer, TimeSpan.Zero, AtLeastAsked(times.Rest, answer)),
        _ => new("failed", answer, AtLeastAsked(times.Retries[delivery.Attempt - 1], answer), AtLeastAsked(times.Rest, answer)),
    };

    private TimeSpan AtLeastAsked(TimeSpan wait, ReceiverAnswer answer) => TimeSpan.FromTicks(Math.Max(wait.Ticks, Math.Min(answer.AskedWait.Ticks, times.AskedWaitMax.Ticks)));
}
