using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Reminders;
using UsageBilling.Runtime.Turns;
using UsageBilling.Tests.Simulator.Store;
using UsageBilling.Tests.Simulator.Time;

namespace UsageBilling.Tests.Simulator.Hub;

/// <summary>Drains what is due for service lines as ShardDrain does: claim with skip locked, run, mark what failed, commit; a transient fault repeats the batch.</summary>
internal sealed class LineDrain(Host host, Process process, Turns<ServiceLineState, ServiceLineMessage> turns)
{
    private const int BatchMost = 200;

    private static readonly string[] Names = [ReminderName.Boundary, ReminderName.Confirm];

    /// <summary>Every due shard once. True when anything moved.</summary>
    public async Task<bool> DrainDue()
    {
        await host.Pace.Database(process);
        var moved = 0;
        foreach (var shard in DueLines().Select(Database.ShardOf).Distinct().Order().ToList()) moved += await Drain(shard);
        return moved > 0;
    }

    private IEnumerable<LineRow> DueLines()
    {
        var now = host.Database.Clock.Now;
        return host.Database.Messages.Values.Where(message => message.DueAt <= now && message.ParkedReason is null).Select(message => host.Database.Lines[message.Key.Line])
            .Concat(DueReminders(now).Select(reminder => host.Database.Lines[reminder.Key.Grain]));
    }

    private IEnumerable<ReminderRow> DueReminders(DateTimeOffset now) => host.Database.Reminders.Values
        .Where(reminder => reminder.Key.Kind == GrainKind.ServiceLine && reminder.DueAt <= now && reminder.ParkedReason is null && Names.Contains(reminder.Key.Name));

    private async Task<int> Drain(short shard)
    {
        var (taken, tries) = (0, 0);
        while (true)
        {
            try
            {
                var done = await TakeBatch(shard);
                taken += done;
                tries = 0;
                if (done == 0) return taken;
            }
            catch (Exception fault) when (Host.IsTransient(fault) && ++tries < Transient.TriesMax)
            {
                await host.Pace.Step(process, Transient.After(tries));
            }
        }
    }

    private async Task<int> TakeBatch(short shard)
    {
        var session = process.Connect(host.Database);
        try
        {
            var transaction = new Transaction(host.Database, session);
            await host.Pace.Database(process);
            var deliveries = Claim(transaction, shard);
            if (deliveries.Count == 0) return 0;
            var results = await turns.Run(transaction, deliveries, wait: false, null, "silo");
            Failures.Mark(host.Database, transaction, turns.Kind, deliveries, results);
            await host.Pace.Commit(process, transaction);
            host.Worked?.Invoke(process);
            return results.Count(result => result is not TurnResult.Busy);
        }
        finally
        {
            session.End();
        }
    }

    private List<Delivery<ServiceLineMessage>> Claim(Transaction transaction, short shard)
    {
        var messages = host.Database.Messages.Values
            .Where(message => Database.ShardOf(host.Database.Lines[message.Key.Line]) == shard && message.DueAt <= transaction.Now && message.ParkedReason is null)
            .OrderBy(message => message.DueAt).ThenBy(message => message.Id)
            .Where(message => transaction.TryLock(RowKey.Of(message.Key)))
            .Take(BatchMost)
            .Select(message => new Delivery<ServiceLineMessage>(message.Key.Line, new ServiceLineMessage.InputsChanged(message.Key.Night, message.Key.Cause), message.Id, []))
            .ToList();
        var reminders = DueReminders(transaction.Now)
            .Where(reminder => Database.ShardOf(host.Database.Lines[reminder.Key.Grain]) == shard)
            .OrderBy(reminder => reminder.DueAt).ThenBy(reminder => reminder.Key.Grain)
            .Where(reminder => transaction.TryLock(RowKey.Of(reminder.Key)))
            .Take(BatchMost)
            .Select(reminder => new Delivery<ServiceLineMessage>(reminder.Key.Grain, MessageOf(reminder.Key.Name), null, [reminder.Key.Name]));
        return [.. messages, .. reminders];
    }

    private static ServiceLineMessage MessageOf(string name) => name == ReminderName.Boundary ? new ServiceLineMessage.BoundaryReached() : new ServiceLineMessage.ConfirmDue();
}

/// <summary>A reminder that was refused, or whose decision threw, gets another attempt later and is parked after the last, as Failing does it.</summary>
internal static class Failures
{
    public static void Mark<TMessage>(Database database, Transaction transaction, GrainKind kind, IReadOnlyList<Delivery<TMessage>> deliveries, IReadOnlyList<TurnResult> results)
    {
        foreach (var (delivery, result) in deliveries.Zip(results))
        {
            if (ReasonOf(delivery, result) is not { } reason) continue;
            foreach (var name in delivery.Reminders) transaction.Write(() => Fail(database.Reminders.GetValueOrDefault(new(kind, delivery.Grain, name)), transaction.Now, reason));
            if (delivery.MessageId is { } id) transaction.Write(() => Fail(database.Messages.Values.FirstOrDefault(message => message.Id == id), transaction.Now, reason));
        }
    }

    private static string? ReasonOf<TMessage>(Delivery<TMessage> delivery, TurnResult result) => result switch
    {
        TurnResult.Broke broke => broke.Reason,
        TurnResult.Taken { Verdict: Verdict.Refused refused } when delivery.Reminders.Count > 0 => refused.Code,
        _ => null,
    };

    /// <param name="row">Null when it is gone meanwhile.</param>
    private static void Fail(IDueWork? row, DateTimeOffset now, string reason)
    {
        if (row is null) return;
        row.DueAt = now + Wait(row.Attempt++);
        if (row.Attempt >= Failing.AttemptsMax) row.ParkedReason = reason;
    }

    private static TimeSpan Wait(int attempt) => TimeSpan.FromSeconds(Math.Min(3600, Failing.RetrySeconds * Math.Pow(2, attempt)));
}
