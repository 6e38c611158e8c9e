using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Billing;

/// <summary>Money that is posted, put into the ledger by hand: so that a test says itself what there is to invoice.</summary>
internal static class PostedMoney
{
    /// <summary>The period that entries are about unless a test says otherwise.</summary>
    public static readonly DateOnly From = new(2026, 11, 1), Until = new(2026, 12, 1);

    /// <summary>A customer with one line, and its ids.</summary>
    public static async Task<(long Line, long Account, long Contract)> Customer(this HubFixture hub)
    {
        var psa = await hub.Integration("autotask");
        var account = await hub.Account(psa);
        var line = await hub.Line(psa, account);
        return (line, account, await hub.ContractOf(line));
    }

    public static Task<long> ContractOf(this HubFixture hub, long line) => hub.Sql("select contract_id from service_line where id = $1", line);

    /// <summary>A whole period's charge; the line's next version wrote it, and a posting took it.</summary>
    public static Task Charge(this HubFixture hub, long line, decimal amount, string currency = "USD") =>
        hub.Post(line, "charge", From, From, Until, 10, amount, currency);

    /// <summary>Ten of the period's thirty days.</summary>
    public static Task Adjust(this HubFixture hub, long line, decimal units, decimal amount, string currency = "USD") =>
        hub.Post(line, "adjustment", From, From.AddDays(20), Until, units, amount, currency);

    public static async Task Post(
        this HubFixture hub, long line, string kind, DateOnly period, DateOnly from, DateOnly until, decimal units, decimal amount, string currency)
    {
        await hub.Sql("update service_line set ver = ver + 1 where id = $1", line);
        await hub.Sql(
            """
            with entry as (
                insert into ledger_entry (line_id, line_ver, entry_no, msp_id, kind, period_from, period_until, from_on, until_on, units_delta, unit_price, amount, currency, night, count_effective_on, count_seq, corrects_line_ver, corrects_entry_no)
                select id, ver, 1, msp_id, $2, $3, $3 + interval '1 month', $4, $5, $6, unit_price, $7, $8, $4, $4, 1,
                    case when $2 = 'reversal' then ver - 1 end, case when $2 = 'reversal' then 1 end
                from service_line where id = $1
                returning line_id, line_ver, entry_no, msp_id
            ), posted as (
                insert into posting (msp_id, kind, through_on, items, posted_by) select msp_id, 'posting', $4, 1, 'test' from entry returning id
            )
            insert into posting_item (line_id, line_ver, entry_no, posting_id, msp_id) select e.line_id, e.line_ver, e.entry_no, p.id, e.msp_id from entry e, posted p
            """,
            line, kind, period, from, until, units, amount, currency);
    }
}
