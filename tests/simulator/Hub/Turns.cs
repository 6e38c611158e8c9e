using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;
using UsageBilling.Tests.Simulator.Store;
using UsageBilling.Tests.Simulator.Time;

namespace UsageBilling.Tests.Simulator.Hub;

/// <summary>Turns of one kind of grain, as TurnEngine runs them: lock, load, decide, write, commit, with a step of the process between any two.</summary>
internal sealed class Turns<TState, TMessage>(Host host, Process process, IGrain<TState, TMessage> grain, IGrainRows<TState> rows) : IGrainDoor<TMessage>
    where TState : class
{
    /// <summary>An interactive turn waits for a row this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public GrainKind Kind => rows.Kind;

    public async Task<TurnResult> Ask(MspId msp, long id, TMessage message, string actor, CancellationToken cancellation)
    {
        var session = process.Connect(host.Database);
        try
        {
            var transaction = new Transaction(host.Database, session);
            var results = await Run(transaction, [Delivery.Direct(id, message)], wait: true, msp, actor);
            await host.Pace.Commit(process, transaction);
            host.Worked?.Invoke(process);
            return results[0];
        }
        catch (TimeoutException)
        {
            return new TurnResult.Busy();
        }
        finally
        {
            session.End();
        }
    }

    public async Task<IReadOnlyList<TurnResult>> Run(Transaction transaction, IReadOnlyList<Delivery<TMessage>> deliveries, bool wait, MspId? owner, string actor)
    {
        var firsts = deliveries.DistinctBy(delivery => delivery.Grain).OrderBy(delivery => delivery.Grain).ToList();
        var loaded = await Load(transaction, firsts, wait);
        var effects = new Effects(host.Database, transaction, rows.Kind);
        var results = new Dictionary<Delivery<TMessage>, TurnResult>(ReferenceEqualityComparer.Instance);
        var dropped = new List<(long Grain, string Name)>();
        foreach (var delivery in firsts)
        {
            if (!loaded.TryGetValue(delivery.Grain, out var row)) results[delivery] = wait ? new TurnResult.Unknown() : new TurnResult.Busy();
            else if (owner is { } msp && row.Msp != msp.Value) results[delivery] = new TurnResult.Unknown();
            else results[delivery] = Decide(transaction, row, delivery, actor, effects, dropped);
        }

        await Write(transaction, effects, dropped);
        return [.. deliveries.Select(delivery => results.GetValueOrDefault(delivery) ?? new TurnResult.Busy())];
    }

    private async Task<Dictionary<long, GrainRow<TState>>> Load(Transaction transaction, List<Delivery<TMessage>> deliveries, bool wait)
    {
        await host.Pace.Database(process);
        transaction.MustLive();
        var locked = new List<Delivery<TMessage>>();
        foreach (var delivery in deliveries)
        {
            var key = RowKey.Of(rows.Kind, delivery.Grain);
            if (wait) await host.Pace.Lock(process, transaction, key, Patience);
            else if (!transaction.TryLock(key)) continue;
            locked.Add(delivery);
        }

        return locked.Select(delivery => rows.Load(delivery.Grain, SinceOf(delivery.Message), transaction.Now)).OfType<GrainRow<TState>>().ToDictionary(row => row.Id);
    }

    private static DateOnly? SinceOf(TMessage message) => message is IDated dated ? dated.Since : null;

    private TurnResult Decide(
        Transaction transaction, GrainRow<TState> row, Delivery<TMessage> delivery, string actor, Effects effects, List<(long Grain, string Name)> dropped)
    {
        var msp = host.Database.Msps[row.Msp];
        var turn = new Turn(transaction.Now, msp.Calendar.NightAt(transaction.Now), msp.Limits, actor);
        try
        {
            var decision = grain.Decide(row.State, delivery.Message, turn);
            if (!decision.State.Equals(row.State)) rows.Save(transaction, new(row, decision.State));
            effects.Add(row.Id, row.Msp, row.Version, turn, decision.Effects);
            if (delivery.MessageId is { } id) transaction.Write(() => Delete(id));
            if (decision.Verdict is Verdict.Accepted) dropped.AddRange(delivery.Reminders.Select(name => (row.Id, name)));
            return new TurnResult.Taken(decision.Verdict);
        }
        catch (Exception mistake) when (mistake is not OutOfMemoryException)
        {
            host.Mistake($"{rows.Kind} {row.Id} cannot decide {delivery.Message}: {mistake}");
            return new TurnResult.Broke($"{mistake.GetType().Name}: {mistake.Message}");
        }
    }

    private void Delete(long message)
    {
        foreach (var (key, row) in host.Database.Messages)
        {
            if (row.Id != message) continue;
            host.Database.Messages.Remove(key);
            return;
        }
    }

    private async Task Write(Transaction transaction, Effects effects, List<(long Grain, string Name)> dropped)
    {
        await host.Pace.Database(process);
        var forgotten = dropped.Where(reminder => !effects.Reminds(reminder.Grain, reminder.Name)).Select(reminder => effects.Forget(new(rows.Kind, reminder.Grain, reminder.Name)));
        foreach (var statement in effects.Statements().Prepend(forgotten))
        {
            foreach (var write in statement.ToList())
            {
                if (write.Key is { } key) await host.Pace.Lock(process, transaction, key, Pace.LockTimeout);
                transaction.Write(write.Apply);
            }
        }
    }
}
