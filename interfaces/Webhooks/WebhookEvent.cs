namespace UsageBilling.Interfaces.Webhooks;

/// <summary>What a webhook can be told of. The names are a promise to receivers and do not change their meaning.</summary>
public static class WebhookEvent
{
    /// <summary>A service line has other units from a date on.</summary>
    public const string UnitsChanged = "units.changed";

    /// <summary>A count of a line was not believed; the line keeps the units it has.</summary>
    public const string LineHeld = "line.held";

    /// <summary>Every source was read for a night, and every line has counted what was read.</summary>
    public const string NightFinished = "night.finished";

    /// <summary>A plan was made: what is ready to be posted, with its hash.</summary>
    public const string PlanReady = "plan.ready";

    /// <summary>A plan was posted, or a posting reversed.</summary>
    public const string PostingApplied = "posting.applied";

    /// <summary>A PSA shows a ticket of the hub's.</summary>
    public const string TicketCreated = "ticket.created";

    /// <summary>All that can be asked for. A test, <c>webhook.test</c>, goes to any webhook.</summary>
    public static IReadOnlyList<string> All { get; } = [UnitsChanged, LineHeld, NightFinished, PlanReady, PostingApplied, TicketCreated];
}
