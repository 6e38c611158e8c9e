using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Tests.Simulator.Time;

namespace UsageBilling.Tests.Simulator.Store;

/// <summary>What PostgreSQL holds, committed: the tables of the hub, and who has locked which row of them.</summary>
internal sealed class Database(VirtualClock clock)
{
    private long ids = 1_000;

    public VirtualClock Clock { get; } = clock;

    public SortedDictionary<long, MspRow> Msps { get; } = [];

    public SortedDictionary<long, IntegrationRow> Integrations { get; } = [];

    public SortedDictionary<long, AccountRow> Accounts { get; } = [];

    public SortedDictionary<long, OrganizationRow> Organizations { get; } = [];

    public SortedDictionary<long, TenantRow> Tenants { get; } = [];

    public SortedDictionary<long, ContractRow> Contracts { get; } = [];

    public SortedDictionary<long, LineRow> Lines { get; } = [];

    public List<MappingRow> TenantMappings { get; } = [];

    public List<MappingRow> OrganizationMappings { get; } = [];

    public Dictionary<ReminderKey, ReminderRow> Reminders { get; } = [];

    public Dictionary<MessageKey, MessageRow> Messages { get; } = [];

    public IntentTable Intents { get; } = [];

    public Dictionary<(long Integration, DateOnly Night), NightRow> Nights { get; } = [];

    public List<AuditRow> Audit { get; } = [];

    /// <summary>Rows that a transaction holds.</summary>
    public Dictionary<RowKey, Transaction> Locks { get; } = [];

    /// <summary>Session locks: who has which name.</summary>
    public Dictionary<string, Session> Advisory { get; } = [];

    public long NextId() => ids++;

    public static short ShardOf(LineRow line) => (short)(line.Contract % 4);

    public DateOnly NightOf(long msp) => Msps[msp].Calendar.NightAt(Clock.Now);

    /// <summary>When the earliest work of a kind is due; null when none waits.</summary>
    public DateTimeOffset? NextDue(WorkOf kind) => Earliest(kind switch
    {
        WorkOf.Turns => Messages.Values.Where(message => message.ParkedReason is null).Select(message => message.DueAt)
            .Concat(Reminders.Values.Where(reminder => reminder.Key.Kind == GrainKind.ServiceLine && reminder.ParkedReason is null).Select(reminder => reminder.DueAt)),
        WorkOf.Reads => Reminders.Values
            .Where(reminder => reminder.Key is { Kind: GrainKind.Integration, Name: ReminderName.Read } && reminder.ParkedReason is null
                && Integrations[reminder.Key.Grain].Credentials != CredentialState.Refused)
            .Select(reminder => reminder.DueAt),
        WorkOf.Intents => Heads().Where(head => Integrations[head.Integration].Credentials != CredentialState.Refused).Select(head => head.DueAt),
        _ => throw new InvalidOperationException($"{kind} is no kind of work."),
    });

    /// <summary>Reads of an integration's tenants that somebody asked for and that no pass has tried.</summary>
    public IEnumerable<ReminderRow> Refreshes(long integration, DateTimeOffset at) => Tenants.Values.Where(tenant => tenant.Integration == integration)
        .Select(tenant => Reminders.GetValueOrDefault(new(GrainKind.ProductTenant, tenant.Id, ReminderName.Refresh))).OfType<ReminderRow>()
        .Where(refresh => refresh.DueAt <= at && refresh is { Attempt: 0, ParkedReason: null });

    /// <summary>The next intent of each contract: what is in flight, else the earliest date.</summary>
    public IEnumerable<IntentRow> Heads() => Intents.Live
        .GroupBy(intent => (intent.Integration, intent.ContractRemoteId))
        .Select(group => group.MinBy(intent => (intent.State == "pending", intent.EffectiveOn, intent.Id))!);

    private static DateTimeOffset? Earliest(IEnumerable<DateTimeOffset> dues)
    {
        DateTimeOffset? earliest = null;
        foreach (var due in dues)
            if (earliest is null || due < earliest)
                earliest = due;
        return earliest;
    }
}

internal enum WorkOf
{
    Turns,
    Reads,
    Intents,
}

/// <summary>A row that can be locked, by its table and key.</summary>
internal readonly record struct RowKey(string Table, long Id, string Name = "", int Date = 0, int Cause = 0)
{
    public static RowKey Of(ReminderKey key) => new("reminder", key.Grain, key.Name, (int)key.Kind);

    public static RowKey Of(MessageKey key) => new("message", key.Line, "", key.Night.DayNumber, (int)key.Cause);

    public static RowKey Of(GrainKind kind, long id) => new("grain", id, "", (int)kind);
}
