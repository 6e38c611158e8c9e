using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Webhooks;

namespace UsageBilling.Runtime.Turns;

/// <summary>Collects what the grains of one batch decided and writes it as one set-based statement per kind of effect.</summary>
internal sealed class EffectWriter(GrainKind kind, IReadOnlyDictionary<long, MspSettings> msps)
{
    /// <summary>After a night begins its counts are read; what waits for them waits so long.</summary>
    private static readonly TimeSpan AfterNight = TimeSpan.FromHours(1);

    private readonly Dictionary<Type, List<Ordered>> orders = [];
    private readonly HashSet<(long Grain, string Name)> reminded = [];

    /// <summary>What the commit leaves behind.</summary>
    public WorkKinds Work { get; private set; }

    public void Add(Orderer by, IEnumerable<Effect> effects)
    {
        foreach (var effect in effects)
        {
            if (!orders.TryGetValue(effect.GetType(), out var alike)) orders.Add(effect.GetType(), alike = []);
            alike.Add(new(by, effect));
            Work |= WorkOf(effect) | (EventOf(effect) is { } told && Wishes(by.Msp, told) ? WorkKinds.Webhooks : WorkKinds.None);
            if (effect is Effect.Remind remind) reminded.Add((by.Grain, remind.Name));
            else if (effect is Effect.RemindAtNight atNight) reminded.Add((by.Grain, atNight.Name));
        }
    }

    /// <summary>Whether a decision of this batch sets the reminder.</summary>
    public bool Reminds(long grain, string name) => reminded.Contains((grain, name));

    public void Write(NpgsqlBatch batch)
    {
        AddReadings(batch, Of<Effect.AddReading>());
        AddCounts(batch, Of<Effect.AddCount>());
        AddLedgerEntries(batch, Of<Effect.AddLedgerEntry>());
        SetUnits(batch, Of<Effect.SetUnits>());
        var woken = Of<Effect.WakeIntents>();
        if (woken.Count > 0) batch.Add("Effects/wake_intents").Column(woken, row => row.Grain);
        Holds(batch, Of<Effect.KeepHold>(), Of<Effect.CloseHold>());
        if (Work.HasFlag(WorkKinds.Webhooks)) Events(batch);
        Tell(batch);
        Reminders(batch);
        Nights(batch, Of<Effect.KeepNight>());
        Runs(batch, Of<Effect.FinishRuns>());
        Tickets(batch, Of<Effect.OpenTicket>(), Of<Effect.AddTicketNote>(), Of<Effect.CloseTicket>());
        Audits(batch, Of<Effect.Audit>());
    }

    private static WorkKinds WorkOf(Effect effect) => effect switch
    {
        Effect.TellLines or Effect.TellItself or Effect.TellNextLine or Effect.TellLinesOfOrganization or Effect.TellLinesOfContract => WorkKinds.Turns,
        Effect.RefreshInputs or Effect.ReadTenantsNow => WorkKinds.Reads,
        Effect.Remind { Name: ReminderName.Read } => WorkKinds.Reads,
        Effect.SetUnits or Effect.WakeIntents => WorkKinds.Intents,
        Effect.OpenTicket or Effect.AddTicketNote or Effect.CloseTicket => WorkKinds.Tickets,
        _ => WorkKinds.None,
    };

    private static string? EventOf(Effect effect) => effect switch
    {
        Effect.AddCount => WebhookEvent.UnitsChanged,
        Effect.KeepHold => WebhookEvent.LineHeld,
        _ => null,
    };

    private bool Wishes(long msp, string told) => msps[msp].Wished.Contains(told);

    private List<Order<T>> Of<T>()
        where T : Effect => orders.TryGetValue(typeof(T), out var alike) ? alike.ConvertAll(order => new Order<T>(order.By, (T)order.Effect)) : [];

    private DateTimeOffset DueAt(long msp, Turn turn, DateOnly night) => night > turn.Night ? msps[msp].Calendar.RunAt(night) : turn.At;

    private static void AddReadings(NpgsqlBatch batch, List<Order<Effect.AddReading>> rows)
    {
        if (rows.Count == 0) return;
        batch.Add("Effects/add_reading")
            .Column(rows, row => row.Grain)
            .Column(rows, row => row.Effect.Metric)
            .Column(rows, row => row.Effect.Night)
            .Column(rows, row => row.Msp)
            .Column(rows, row => row.Effect.Units?.Value)
            .Column(rows, row => (short)row.Effect.Evidence)
            .Column(rows, row => row.Effect.Reason)
            .Column(rows, row => row.Effect.ObservedAt);
    }

    private static void AddCounts(NpgsqlBatch batch, List<Order<Effect.AddCount>> rows)
    {
        if (rows.Count == 0) return;
        batch.Add("Effects/add_count")
            .Column(rows, row => row.Grain)
            .Column(rows, row => row.Effect.Count.EffectiveOn)
            .Column(rows, row => row.Effect.Count.Sequence)
            .Column(rows, row => row.Msp)
            .Column(rows, row => row.Effect.Count.Units.Value)
            .Column(rows, row => row.Effect.Count.Night)
            .Column(rows, row => row.Effect.Count.Source)
            .Column(rows, row => row.Version);
    }

    private static void AddLedgerEntries(NpgsqlBatch batch, List<Order<Effect.AddLedgerEntry>> rows)
    {
        if (rows.Count == 0) return;
        var numbers = Numbered(rows);
        batch.Add("Effects/add_ledger_entry")
            .Column(rows, row => row.Grain)
            .Column(rows, row => row.Version)
            .With(numbers)
            .Column(rows, row => row.Msp)
            .Column(rows, row => row.Effect.Entry.Kind)
            .Column(rows, row => row.Effect.Entry.Period.From)
            .Column(rows, row => row.Effect.Entry.Period.Until)
            .Column(rows, row => row.Effect.Entry.Days.From)
            .Column(rows, row => row.Effect.Entry.Days.Until)
            .Column(rows, row => row.Effect.Entry.UnitsDelta)
            .Column(rows, row => row.Effect.Entry.UnitPrice.Value)
            .Column(rows, row => row.Effect.Entry.Amount.Amount)
            .Column(rows, row => row.Effect.Entry.Amount.Currency.Code)
            .Column(rows, row => row.Effect.Entry.Night)
            .Column(rows, row => row.Effect.Entry.CountEffectiveOn)
            .Column(rows, row => row.Effect.Entry.CountSequence)
            .Column(rows, row => row.Effect.Entry.Corrects?.Version)
            .Column(rows, row => row.Effect.Entry.Corrects?.Number)
            .Column(rows, row => row.Effect.Entry.PriceFrom)
            .Column(rows, row => row.Effect.Entry.ChargedFor)
            .Column(rows, row => row.Effect.Entry.Terms?.From)
            .Column(rows, row => row.Effect.Entry.Terms?.Sequence);
    }

    /// <summary>Entries of one turn are numbered from 1: line, version and number are the key that makes a turn post once.</summary>
    private static short[] Numbered(List<Order<Effect.AddLedgerEntry>> rows)
    {
        var last = new Dictionary<long, short>();
        return [.. rows.Select(row => last[row.Grain] = (short)(last.GetValueOrDefault(row.Grain) + 1))];
    }

    private void SetUnits(NpgsqlBatch batch, List<Order<Effect.SetUnits>> rows)
    {
        if (rows.Count == 0) return;
        batch.Add("Effects/set_units")
            .Column(rows, row => row.Msp)
            .Column(rows, row => row.Effect.Target.Integration.Value)
            .Column(rows, row => row.Grain)
            .Column(rows, row => row.Effect.Target.ContractRemoteId)
            .Column(rows, row => row.Effect.Target.ServiceRemoteId)
            .Column(rows, row => row.Effect.EffectiveOn)
            .Column(rows, row => row.Effect.Desired.Value)
            .Column(rows, row => row.Turn.Night)
            .Column(rows, row => SentFrom(row));
    }

    /// <summary>
    /// A PSA takes one change for a line and date: what is wished for the first of a month waits until that day's own counts can replace it. Null: now.
    /// </summary>
    private DateTimeOffset? SentFrom(Order<Effect.SetUnits> row)
    {
        if (row.Effect.Target.Timing == UnitTiming.EffectiveDate || row.Effect.EffectiveOn <= row.Turn.Night) return null;
        var calendar = msps[row.Msp].Calendar;
        return calendar.RunAt(calendar.Existing(row.Effect.EffectiveOn)) + AfterNight;
    }

    private static void Holds(NpgsqlBatch batch, List<Order<Effect.KeepHold>> kept, List<Order<Effect.CloseHold>> closed)
    {
        if (kept.Count > 0)
        {
            batch.Add("Effects/keep_hold")
                .Column(kept, row => row.Grain)
                .Column(kept, row => row.Msp)
                .Column(kept, row => row.Effect.Hold.Reason)
                .Column(kept, row => row.Effect.Hold.Night)
                .Column(kept, row => row.Effect.Hold.Previous.Value)
                .Column(kept, row => row.Effect.Hold.Proposed?.Value)
                .Column(kept, row => row.Effect.Hold.Agreeing)
                .Column(kept, row => row.Effect.Hold.ReadAt);
        }

        if (closed.Count == 0) return;
        batch.Add("Effects/close_hold")
            .Column(closed, row => row.Grain)
            .Column(closed, row => row.Effect.Resolution)
            .Column(closed, row => row.Turn.Actor);
    }

    /// <summary>After what they tell of, which their statements read.</summary>
    private void Events(NpgsqlBatch batch)
    {
        var counted = Of<Effect.AddCount>().Where(row => Wishes(row.Msp, WebhookEvent.UnitsChanged)).Select(row => (row.Grain, row.Version)).Distinct().ToList();
        if (counted.Count > 0) batch.Add("Webhooks/units_changed").Column(counted, line => line.Grain).Column(counted, line => line.Version);
        var held = Of<Effect.KeepHold>().Where(row => Wishes(row.Msp, WebhookEvent.LineHeld)).Select(row => row.Grain).Distinct().ToArray();
        if (held.Length > 0) batch.Add("Webhooks/line_held").With(held);
    }

    private void Tell(NpgsqlBatch batch)
    {
        var tenants = Of<Effect.TellLines>();
        if (tenants.Count > 0)
        {
            batch.Add("Effects/tell_lines")
                .Column(tenants, row => row.Grain)
                .Column(tenants, row => row.Effect.Metric)
                .Column(tenants, row => row.Effect.From)
                .Column(tenants, row => (short)row.Effect.Cause)
                .Column(tenants, row => DueAt(row.Msp, row.Turn, row.Effect.From));
        }

        var itself = Of<Effect.TellItself>();
        if (itself.Count > 0)
        {
            batch.Add("Effects/tell_itself")
                .Column(itself, row => row.Grain)
                .Column(itself, row => row.Msp)
                .Column(itself, row => row.Shard)
                .Column(itself, row => row.Effect.From)
                .Column(itself, row => (short)row.Effect.Cause)
                .Column(itself, row => DueAt(row.Msp, row.Turn, row.Effect.From));
        }

        var followed = Of<Effect.TellNextLine>();
        if (followed.Count > 0) batch.Add("Lines/tell_next").Column(followed, row => row.Grain);
        TellFrom(batch, "Effects/tell_lines_of_organization", Of<Effect.TellLinesOfOrganization>(), effect => effect.From);
        TellFrom(batch, "Effects/tell_lines_of_contract", Of<Effect.TellLinesOfContract>(), effect => effect.From);
    }

    private void TellFrom<T>(NpgsqlBatch batch, string sql, List<Order<T>> rows, Func<T, DateOnly> from)
        where T : Effect
    {
        if (rows.Count == 0) return;
        batch.Add(sql)
            .Column(rows, row => row.Grain)
            .Column(rows, row => from(row.Effect))
            .Column(rows, row => DueAt(row.Msp, row.Turn, from(row.Effect)));
    }

    private void Reminders(NpgsqlBatch batch)
    {
        var forgotten = Of<Effect.Forget>();
        if (forgotten.Count > 0)
        {
            batch.Add("Effects/forget")
                .Column(forgotten, _ => (short)kind)
                .Column(forgotten, row => row.Grain)
                .Column(forgotten, row => row.Effect.Name);
        }

        List<Reminder> set =
        [
            .. Of<Effect.Remind>().Select(row => new Reminder(row.Grain, row.Msp, row.Shard, row.Effect.Name, row.Effect.DueAt, null)),
            .. Of<Effect.RemindAtNight>().Select(row => AtNight(row)),
        ];
        if (set.Count > 0)
        {
            batch.Add("Effects/remind")
                .Column(set, _ => (short)kind)
                .Column(set, row => row.Grain)
                .Column(set, row => row.Name)
                .Column(set, row => row.Msp)
                .Column(set, row => row.Shard)
                .Column(set, row => row.DueAt)
                .Column(set, row => row.Night);
        }

        // only after its next night is set: what somebody asked for while it was read must not wait so long
        var read = set.Where(reminder => kind == GrainKind.Integration && reminder is { Name: ReminderName.Read, Night: not null }).ToList();
        if (read.Count > 0) batch.Add("Effects/serve_refreshes").Column(read, row => row.Grain);

        var refreshed = Of<Effect.RefreshInputs>();
        if (refreshed.Count > 0)
        {
            batch.Add("Effects/refresh_inputs").Column(refreshed, row => row.Grain).Column(refreshed, row => row.Turn.Night);
            batch.Add("Effects/refresh_integrations").Column(refreshed, row => row.Grain);
        }

        var nights = Of<Effect.ReadTenantsNow>();
        if (nights.Count > 0) batch.Add("Effects/read_tenants_now").Column(nights, row => row.Grain).Column(nights, row => row.Effect.Night);
    }

    private Reminder AtNight(Order<Effect.RemindAtNight> row)
    {
        var calendar = msps[row.Msp].Calendar;
        var night = calendar.Existing(row.Effect.Night);
        return new(row.Grain, row.Msp, row.Shard, row.Effect.Name, calendar.RunAt(night), night);
    }

    private static void Nights(NpgsqlBatch batch, List<Order<Effect.KeepNight>> rows)
    {
        if (rows.Count == 0) return;
        batch.Add("Effects/keep_night")
            .Column(rows, row => row.Grain)
            .Column(rows, row => row.Effect.Night.Night)
            .Column(rows, row => row.Msp)
            .Column(rows, row => row.Effect.Night.Unread > 0 || row.Effect.Night.FailureCode is not null ? "incomplete" : "finished")
            .Column(rows, row => row.Effect.Night.Due)
            .Column(rows, row => row.Effect.Night.Read)
            .Column(rows, row => row.Effect.Night.Unread)
            .Column(rows, row => row.Effect.Night.Changed)
            .Column(rows, row => row.Effect.Night.Discovered)
            .Column(rows, row => row.Effect.Night.FailureCode)
            .Column(rows, row => row.Effect.Night.FailureSentence);
    }

    private void Runs(NpgsqlBatch batch, List<Order<Effect.FinishRuns>> rows)
    {
        if (rows.Count == 0) return;
        batch.Add("Effects/finish_runs")
            .Column(rows, _ => (short)kind)
            .Column(rows, row => row.Grain)
            .Column(rows, row => row.Effect.Code)
            .Column(rows, row => row.Effect.Sentence)
            .Column(rows, row => row.Effect.Well);
    }

    /// <summary>A ticket before its notes, and its end after them: that is the order in which they are sent.</summary>
    private static void Tickets(NpgsqlBatch batch, List<Order<Effect.OpenTicket>> opened, List<Order<Effect.AddTicketNote>> noted, List<Order<Effect.CloseTicket>> closed)
    {
        if (opened.Count > 0)
        {
            batch.Add("Tickets/owe_ticket")
                .Column(opened, row => row.Grain)
                .Column(opened, row => row.Msp)
                .Column(opened, row => row.Effect.Integration.Value)
                .Column(opened, row => row.Effect.Occurrence)
                .Column(opened, row => row.Effect.Title)
                .Column(opened, row => row.Effect.Details)
                .Column(opened, row => row.Effect.Terms.AccountRemoteId)
                .Column(opened, row => row.Effect.Terms.Location)
                .Column(opened, row => row.Effect.Terms.Queue)
                .Column(opened, row => row.Effect.Terms.Status)
                .Column(opened, row => row.Effect.Terms.TicketType)
                .Column(opened, row => row.Effect.Terms.Source)
                .Column(opened, row => row.Effect.Terms.Priority)
                .Column(opened, row => row.Effect.Terms.IssueType)
                .Column(opened, row => row.Turn.At);
        }

        if (noted.Count > 0)
        {
            batch.Add("Tickets/owe_note")
                .Column(noted, row => row.Grain)
                .Column(noted, row => row.Effect.Occurrence)
                .Column(noted, row => row.Effect.Title)
                .Column(noted, row => row.Effect.Text)
                .Column(noted, row => row.Turn.At);
        }

        if (closed.Count == 0) return;
        batch.Add("Tickets/owe_close")
            .Column(closed, row => row.Grain)
            .Column(closed, row => row.Effect.Occurrence)
            .Column(closed, row => row.Effect.StatusRemoteId)
            .Column(closed, row => row.Turn.At);
    }

    private void Audits(NpgsqlBatch batch, List<Order<Effect.Audit>> rows)
    {
        if (rows.Count == 0) return;
        batch.Add("Effects/audit")
            .Column(rows, row => row.Msp)
            .Column(rows, row => row.Turn.Actor)
            .Column(rows, row => row.Effect.Action)
            .Column(rows, _ => (short)kind)
            .Column(rows, row => row.Grain)
            .Column(rows, row => row.Effect.Before)
            .Column(rows, row => row.Effect.After);
    }

    /// <summary>Who orders, and when.</summary>
    public sealed record Orderer(long Grain, long Msp, int Version, short Shard, Turn Turn);

    private sealed record Ordered(Orderer By, Effect Effect);

    private sealed record Order<T>(Orderer By, T Effect)
        where T : Effect
    {
        public long Grain => By.Grain;

        public long Msp => By.Msp;

        public int Version => By.Version;

        public short Shard => By.Shard;

        public Turn Turn => By.Turn;
    }

    private sealed record Reminder(long Grain, long Msp, short Shard, string Name, DateTimeOffset DueAt, DateOnly? Night);
}
