namespace UsageBilling.Tests.System.Hosting;

/// <summary>Whole results as text. A line is named by its id in the PSA.</summary>
internal static class Tables
{
    /// <summary>night | state | due | read | unread | changed | discovered | failure</summary>
    public const string Nights = "select night, state, due, read, unread, changed, discovered, failure_code from night order by integration_id, night";

    /// <summary>line | units | effective on | found in the night | source; what the imports brought is left out</summary>
    public const string Counts = """
        select l.remote_id, c.units, c.effective_on, c.night, c.source
        from count_record c join service_line l on l.id = c.line_id
        where c.source <> 'opening'
        order by l.remote_id, c.effective_on, c.seq
        """;

    /// <summary>line | units by the last count</summary>
    public const string UnitsNow = """
        select l.remote_id, (select c.units from count_record c where c.line_id = l.id order by c.effective_on desc, c.seq desc limit 1)
        from service_line l
        order by l.remote_id
        """;

    /// <summary>line | reason | night | previous | proposed | agreeing | resolution</summary>
    public const string Holds = """
        select l.remote_id, h.reason, h.night, h.previous_units, h.proposed_units, h.agreeing, h.resolution
        from hold h join service_line l on l.id = h.line_id
        order by l.remote_id, h.id
        """;

    /// <summary>line | kind | period | days | units | price | night | whether the amount is the units' share of the period by days, to the cent</summary>
    public const string Ledger = """
        select l.remote_id, e.kind, e.period_from || '..' || e.period_until, e.from_on || '..' || e.until_on, e.units_delta, e.unit_price, e.night,
            case when e.amount = round(e.units_delta * e.unit_price * (e.until_on - e.from_on) / (e.period_until - e.period_from), 2) then 'by days' else e.amount::text end
        from ledger_entry e join service_line l on l.id = e.line_id
        order by l.remote_id, e.line_ver, e.entry_no
        """;

    /// <summary>line | effective on | sent on | units wished | state | code | sends | last delta</summary>
    public const string Intents = """
        select service_remote_id, effective_on, sent_on, desired_units, state, code, attempt, delta
        from intent
        order by service_remote_id, effective_on, id
        """;

    /// <summary>kind of grain | name | due on the run time of the night | how many</summary>
    public const string Reminders = """
        select grain_kind, name, night, parked_reason, count(*)
        from reminder
        group by 1, 2, 3, 4
        order by 1, 2, 3, 4
        """;

    /// <summary>Readings of a night beyond the first: tenant and metric read more than once.</summary>
    public const string ReadTwice = """
        select t.remote_id, r.metric, r.night, count(*)
        from reading r join product_tenant t on t.id = r.tenant_id
        group by 1, 2, 3 having count(*) > 1
        order by 1, 2, 3
        """;
}
