using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Intents;
using UsageBilling.Tests.Simulator.Store;
using UsageBilling.Tests.Simulator.Time;

namespace UsageBilling.Tests.Simulator.Hub;

/// <summary>The steps of an intent with the conditions of runtime/Sql/Intents: each is one statement, which may be lost on the way or commit unheard.</summary>
internal sealed class IntentStoreModel(Host host, Process process, Weather weather) : IIntentStore
{
    private Database Database => host.Database;

    private DateTimeOffset Instant => Database.Clock.Now;

    public async Task<IReadOnlyList<DuePsa>> DuePsas(CancellationToken cancellation)
    {
        await host.Pace.Database(process);
        return
        [
            .. Database.Integrations.Values
                .Where(row => row.Credentials != CredentialState.Refused && Database.Intents.Live.Any(intent => intent.Integration == row.Id && intent.DueAt <= Instant))
                .Select(row => new DuePsa(row.Id, row.Msp, row.Kind, "https://vendor.test/", "", "", "")),
        ];
    }

    public async Task<IReadOnlyList<Intent>> Heads(long integration, CancellationToken cancellation)
    {
        await host.Pace.Database(process);
        return
        [
            .. Database.Heads().Where(head => head.Integration == integration && head.DueAt <= Instant).OrderBy(head => head.DueAt).ThenBy(head => head.Id).Take(IntentStore.HeadsMax)
                .Select(head => new Intent(
                    head.Id, head.Msp, head.Line, head.ContractRemoteId, head.ServiceRemoteId, head.EffectiveOn, PlacedOn(head), head.Desired, head.Generation, head.State, head.Attempt,
                    head.ObservedBefore, head.Acknowledged, head.Checks, head.UnchangedSince, head.Seen, ExpectedBefore(head), TakesOver(head))),
        ];
    }

    public async Task<DateTimeOffset> Now(CancellationToken cancellation)
    {
        await host.Pace.Database(process);
        return Instant;
    }

    public Task<bool> MarkSending(Intent intent, decimal observed, decimal delta, CancellationToken cancellation) => Do(intent.Id, row =>
    {
        if (row.Generation != intent.Generation || row.Attempt != intent.Attempt || row.State != "pending") return false;
        if (Database.Intents.Live.Any(other => other.IsInFlight && other.Integration == row.Integration && other.ContractRemoteId == row.ContractRemoteId)) return false;
        (row.State, row.ObservedBefore, row.SendingAt, row.UnchangedSince, row.Checks, row.Acknowledged) = ("sending", observed, Instant, null, 0, false);
        (row.SentOn, row.Delta) = (intent.SentOn, delta);
        row.Attempt++;
        return true;
    });

    public Task Withhold(Intent intent, int attempt, string code, string sentence, TimeSpan after, CancellationToken cancellation) =>
        throw new InvalidOperationException("Nothing is held back here: the simulated vendors have no quota of the hub's.");

    public Task Postpone(Intent intent, TimeSpan after, CancellationToken cancellation) => Do(intent.Id, row =>
    {
        if (row.Attempt != intent.Attempt || !row.IsLive) return false;
        row.DueAt = Instant + after;
        return true;
    });

    public Task LookAgain(Intent intent, decimal? observed, string code, string sentence, TimeSpan after, CancellationToken cancellation) => Do(intent.Id, row =>
    {
        if (row.Generation != intent.Generation || row.Attempt != intent.Attempt || row.State != "pending") return false;
        row.UnchangedSince = row.Checks > 0 && row.ObservedBefore == observed ? row.UnchangedSince ?? Instant : Instant;
        (row.ObservedBefore, row.Code, row.DueAt) = (observed, code, Instant + after);
        row.Checks++;
        return true;
    });

    public Task Confirm(Intent intent, string code, CancellationToken cancellation) => Do(intent.Id, row =>
    {
        if (row.Attempt != intent.Attempt || row.Generation != intent.Generation || !row.IsLive) return false;
        (row.State, row.Code, row.SentOn, row.SettledAt) = ("confirmed", code, intent.SentOn, Instant);
        return true;
    });

    public Task Acknowledge(Intent intent, int attempt, TimeSpan checkAfter, CancellationToken cancellation) => Do(intent.Id, row =>
    {
        if (!Is(row, intent, attempt, "sending")) return false;
        (row.State, row.Acknowledged, row.DueAt) = ("in_doubt", true, Instant + checkAfter);
        return true;
    });

    public Task Doubt(Intent intent, int attempt, string code, string sentence, TimeSpan checkAfter, CancellationToken cancellation) => Do(intent.Id, row =>
    {
        if (!Is(row, intent, attempt, "sending")) return false;
        (row.State, row.Code, row.DueAt) = ("in_doubt", code, Instant + checkAfter);
        return true;
    });

    public Task Retry(Intent intent, int attempt, string state, DateOnly sentOn, string code, string sentence, TimeSpan after, CancellationToken cancellation) => Do(intent.Id, row =>
    {
        if (!Is(row, intent, attempt, state)) return false;
        var overtaken = HasPending(row);
        (row.State, row.Code) = overtaken ? ("rejected", "superseded") : ("pending", code);
        (row.SentOn, row.DueAt, row.UnchangedSince, row.Checks) = (sentOn, Instant + after, null, 0);
        return true;
    });

    public Task Settle(Intent intent, int attempt, string state, string code, string sentence, CancellationToken cancellation) => Do(intent.Id, row =>
    {
        if (row.Attempt != attempt || row.Generation != intent.Generation || !row.IsLive) return false;
        (row.State, row.Code) = (state, code);
        return true;
    });

    public Task CheckAgain(Intent intent, decimal? observed, TimeSpan after, CancellationToken cancellation) => Do(intent.Id, row =>
    {
        if (!Is(row, intent, intent.Attempt, "in_doubt")) return false;
        row.UnchangedSince = row.Seen == observed ? row.UnchangedSince ?? Instant : Instant;
        row.Seen = observed;
        row.DueAt = Instant + after;
        row.Checks++;
        return true;
    });

    public async Task<long?> Release(MspId msp, long id, string actor, CancellationToken cancellation)
    {
        long? tried = null;
        await Do(id, row => (tried = Release(msp.Value, row)) is not null);
        return tried;
    }

    private long? Release(long msp, IntentRow row)
    {
        if (row.Msp != msp || !Releasable(row)) return null;
        var released = OfLine(row).Where(other => other == row || (other.Code == "second_writer" && Releasable(other))).ToList();
        var later = OfLine(row).Where(other => other.EffectiveOn > released.Min(first => first.EffectiveOn)).GroupBy(other => other.EffectiveOn).Select(date => date.MaxBy(other => other.Id)!)
            .Where(last => last.State is "confirmed" or "sending" or "in_doubt").ToList();
        var tried = released.ToDictionary(one => one.Id, one => MayHaveArrived(one) ? Follow(one) : TryAgain(one));
        foreach (var last in later) Database.Intents.Add(WishedAgain(last, last.EffectiveOn));
        return tried[row.Id].Id;
    }

    private IntentRow TryAgain(IntentRow row)
    {
        (row.State, row.Attempt, row.Checks, row.UnchangedSince, row.Acknowledged, row.DueAt, row.Code, row.SentOn) = ("pending", 0, 0, null, false, Instant, "released", row.EffectiveOn);
        (row.Generation, row.TakesOver) = (row.Generation + 1, true);
        return row;
    }

    private IntentRow Follow(IntentRow row)
    {
        (row.State, row.Code, row.SettledAt) = ("rejected", "superseded", Instant);
        var next = WishedAgain(row, row.SentOn);
        Database.Intents.Add(next);
        return next;
    }

    private static bool MayHaveArrived(IntentRow row) => row is { State: "parked", SendingAt: not null };

    private bool Releasable(IntentRow row) => row.State is "rejected" or "parked" && !OfLine(row).Any(other => other.EffectiveOn == row.EffectiveOn && other.Id > row.Id);

    private IReadOnlyList<IntentRow> OfLine(IntentRow row) => Database.Intents.OfLine(row.Line);

    private IntentRow WishedAgain(IntentRow row, DateOnly sentOn) => new()
    {
        Id = Database.NextId(), Msp = row.Msp, Integration = row.Integration, Line = row.Line, ContractRemoteId = row.ContractRemoteId, ServiceRemoteId = row.ServiceRemoteId,
        EffectiveOn = row.EffectiveOn, SentOn = sentOn, Desired = row.Desired, Night = row.Night, DueAt = Instant, TakesOver = true,
    };

    private static bool Is(IntentRow row, Intent intent, int attempt, string state) => row.Attempt == attempt && row.Generation == intent.Generation && row.State == state;

    private bool HasPending(IntentRow row) => OfLine(row).Any(other =>
        other.Id != row.Id && other.State == "pending" && other.Integration == row.Integration && other.ServiceRemoteId == row.ServiceRemoteId && other.EffectiveOn == row.EffectiveOn);

    private DateOnly PlacedOn(IntentRow head) => OfLine(head)
        .Where(other => other.EffectiveOn <= head.EffectiveOn && (other.State == "confirmed" || MayHaveArrived(other)))
        .Select(other => other.SentOn).Append(head.SentOn).Max();

    private bool TakesOver(IntentRow head) => head.TakesOver || OfLine(head).Any(MayHaveArrived);

    private decimal? ExpectedBefore(IntentRow head)
    {
        var placed = PlacedOn(head);
        var confirmed = OfLine(head).Where(other => other.State == "confirmed").ToList();
        var last = confirmed.Where(other => other.SentOn <= placed).MaxBy(other => (other.SentOn, other.SettledAt, other.Id));
        if (last is not null) return last.Desired + confirmed.Where(other => other.Code == "applied" && other.SentOn <= last.SentOn && other.SettledAt > last.SettledAt).Sum(other => other.Delta);
        return Database.Lines[head.Line].Counts.Find(row => row.Count.Source == "opening" && row.Count.EffectiveOn <= placed)?.Count.Units.Value;
    }

    /// <summary>One statement in a transaction of its own: it waits for whoever holds the row.</summary>
    private async Task<bool> Do(long id, Func<IntentRow, bool> step)
    {
        await host.Pace.Database(process);
        var row = Database.Intents[id];
        var session = process.Connect(Database);
        try
        {
            var transaction = new Transaction(Database, session);
            await host.Pace.Lock(process, transaction, new("intent_pending", row.Integration, row.ServiceRemoteId, row.EffectiveOn.DayNumber), Pace.LockTimeout);
            if (!weather.LosesCommit()) return step(row);
            if (weather.HeadsOrTails()) step(row);
            throw new IOException("The connection was lost in the statement.");
        }
        finally
        {
            session.End();
        }
    }
}
