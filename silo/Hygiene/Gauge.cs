namespace UsageBilling.Silo.Hygiene;

/// <summary>One thing the watch shows.</summary>
/// <param name="Metric">What operators call it.</param>
/// <param name="Unit">Of its number.</param>
/// <param name="Measure">What the statements below <c>runtime/Sql/Watch</c> call it.</param>
/// <param name="Tag">What tells its kinds apart; null when there is one only.</param>
/// <param name="Of">The only kind that is meant; null for all.</param>
/// <param name="Limit">The limit's name; null when nobody needs to be told.</param>
/// <param name="Most">Beyond this it is logged, unless the limit is set.</param>
internal sealed record Gauge(string Metric, string Unit, string Measure, string Says, string? Tag = null, string? Of = null, string? Limit = null, double Most = 0)
{
    public static readonly IReadOnlyList<Gauge> All =
    [
        new("usagebilling.silo.due.age", "s", "due_age", "Wait of the oldest due message or reminder", Of: "message", Tag: "work", Limit: "due", Most: 60),
        new("usagebilling.silo.due.age", "s", "due_age", "Wait of the oldest due message or reminder", Of: "reminder", Tag: "work", Limit: "due", Most: 60),
        new("usagebilling.silo.due.age", "s", "due_age", "Wait of the oldest due message or reminder", Of: "read", Tag: "work", Limit: "read", Most: 14_400),
        new("usagebilling.silo.work.parked", "{item}", "parked", "Messages and reminders that failed five times", Tag: "work", Limit: "parked"),
        new("usagebilling.silo.intents", "{intent}", "intents", "Intents that are not over", Tag: "state"),
        new("usagebilling.silo.intents.stuck", "{intent}", "intents", "Intents in doubt, parked or rejected", Of: "in_doubt", Tag: "state", Limit: "in_doubt", Most: 20),
        new("usagebilling.silo.intents.stuck", "{intent}", "intents", "Intents in doubt, parked or rejected", Of: "parked", Tag: "state", Limit: "intents_parked"),
        new("usagebilling.silo.intents.stuck", "{intent}", "intents", "Intents in doubt, parked or rejected", Of: "rejected", Tag: "state", Limit: "intents_rejected"),
        new("usagebilling.silo.intents.age", "s", "intent_age", "Wait of the oldest due intent", Limit: "intent", Most: 21_600),
        new("usagebilling.silo.holds.open", "{hold}", "holds", "Lines whose last count is not believed", Limit: "holds", Most: 1_000),
        new("usagebilling.silo.notices.parked", "{notice}", "notices_parked", "Notices that wait for a person", Limit: "notices_parked"),
        new("usagebilling.silo.webhooks.parked", "{delivery}", "deliveries_parked", "Events that no webhook took", Limit: "deliveries_parked", Most: 100),
        new("usagebilling.silo.tickets.parked", "{ticket}", "tickets_parked", "Tickets about which something waits for a person", Limit: "tickets_parked"),
        new("usagebilling.silo.integrations.parked", "{integration}", "integrations_parked", "Integrations whose credentials were refused", Limit: "integrations_parked"),
        new("usagebilling.silo.night.unread", "{tenant}", "night_unread", "Tenants that the last night left unread", Limit: "unread", Most: 100),
        new("usagebilling.silo.night.duration", "s", "night_seconds", "The longest of the integrations' last nights, from its beginning to its end"),
        new("usagebilling.silo.quota.used", "%", "quota_used", "Calls of those that a vendor's window allows the hub, where most are used up", Tag: "vendor"),
        new("usagebilling.silo.transaction.age", "s", "transaction_age", "Age of the oldest open transaction", Limit: "transaction", Most: 300),
        new("usagebilling.silo.transaction.xmin_age", "{transaction}", "xmin_age", "Transactions since the oldest one that keeps dead rows", Limit: "xmin", Most: 500_000),
        new("usagebilling.silo.transaction.idle", "{session}", "idle_in_transaction", "Sessions that stand still in a transaction for more than 10 s", Limit: "idle"),
        new("usagebilling.silo.rows.live", "{row}", RowsLive, "Rows of a table that changes all the time", Tag: "table"),
        new("usagebilling.silo.rows.dead", "{row}", "rows_dead", "Its rows that are gone but not cleaned up", Tag: "table", Limit: "dead", Most: 50_000),
    ];

    private const string RowsLive = "rows_live";

    /// <summary>What is compared with the limit. Dead rows are many only when they outnumber the living: a large table may have a share of them.</summary>
    public double Weighed(Runtime.Hygiene.Measure seen, IReadOnlyList<Runtime.Hygiene.Measure> all) =>
        Limit != "dead" || seen.Value > all.Where(other => other.Name == RowsLive && other.Of == seen.Of).Sum(live => live.Value) ? seen.Value : 0;

    public bool Shows(Runtime.Hygiene.Measure seen) => seen.Name == Measure && (Of is null || seen.Of == Of);
}
