using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;
using UsageBilling.Runtime.Webhooks;

namespace UsageBilling.Runtime.Postings;

/// <summary>Reads what is ready, judges it and writes it down as a plan.</summary>
internal sealed class Planning(ApplyPolicy policy, int itemsMax)
{
    /// <summary>Items of plans are kept this long; afterwards a plan says how many it had and what they came to.</summary>
    private const int ItemDays = 30;

    /// <summary>Old plans whose items one new plan forgets.</summary>
    private const int ForgottenMax = 20;

    public async Task<PlanAnswer> Plan(NpgsqlConnection connection, MspId msp, PlanScope scope, string actor, CancellationToken cancellation)
    {
        await Statements.Patiently(connection, cancellation);
        if (await Scope(connection, msp, scope, cancellation) is { } unknown) return unknown;
        var items = await Ready(connection, msp, scope, itemsMax, cancellation);
        if (items.Count > itemsMax) return new PlanAnswer.TooLarge();
        var blocked = items.Count(item => item.Block is not null);
        if (blocked == items.Count) return new PlanAnswer.Empty(blocked);
        var limits = await Limits.Read(connection, msp, cancellation);
        var attention = policy(limits.Apply, await Changes(connection, items, cancellation));
        return new PlanAnswer.Made(await Keep(connection, msp, scope, items, attention, actor, cancellation));
    }

    /// <summary>The one way in which items are found, for plans and for what is applied: all of the scope, or one more than a plan may have.</summary>
    public static Task<List<BillingItem>> Ready(NpgsqlConnection connection, MspId msp, PlanScope scope, int itemsMax, CancellationToken cancellation) =>
        Ready(connection, msp, scope, ReviewDays.All, (0, 0), itemsMax + 1, cancellation);

    /// <summary>A page of them, for a review.</summary>
    public static Task<List<BillingItem>> Ready(
        NpgsqlConnection connection, MspId msp, PlanScope scope, ReviewDays days, (long Line, long Place) after, int rows, CancellationToken cancellation) => Statements.Rows(
        connection,
        "Postings/ready",
        command => command.With(msp.Value).With(scope.Account?.Value).With(scope.Contract?.Value).With(scope.Through).With(days.From).With(days.To)
            .With(after.Line).With(after.Place).With(rows),
        BillingItem.FromRow,
        cancellation);

    /// <summary>SHA-256 over the scope and everything the items say, in the order of their keys.</summary>
    public static string Hash(MspId msp, PlanScope scope, IReadOnlyList<BillingItem> items)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"plan 1|{msp.Value}|{scope.Account?.Value}|{scope.Contract?.Value}|{scope.Through:yyyy-MM-dd}")));
        foreach (var item in items) hash.AppendData(Encoding.UTF8.GetBytes("\n" + item.Canonical));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What would be posted, by contract and currency, as the policy looks at it.</summary>
    public static async Task<IReadOnlyList<ContractChange>> Changes(NpgsqlConnection connection, IReadOnlyList<BillingItem> items, CancellationToken cancellation)
    {
        var posted = items.Where(item => item.Block is null && item.Entry.Kind is "adjustment" or "again").ToList();
        if (posted.Count == 0) return [];
        var periods = posted.GroupBy(
            item => (Contract: item.Contract.Id, Currency: item.Entry.Amount.Currency.Code, item.Billing, item.Entry.Period.From),
            (key, alike) => (Key: key, First: alike.Min(item => item.Entry.Days.From), Adjustments: alike.Sum(item => decimal.Abs(item.Entry.Amount.Amount)), Again: alike.Any(item => item.Entry.Kind == "again"))).ToList();
        var regular = await Statements.Rows(
            connection,
            "Postings/regular_charges",
            command => command.Column(periods, period => period.Key.Contract).Column(periods, period => period.Key.Currency)
                .Column(periods, period => (short)period.Key.Billing).Column(periods, period => period.First),
            row => row.GetDecimal(0),
            cancellation);
        return [.. periods.Zip(regular).GroupBy(
            period => (period.First.Key.Contract, period.First.Key.Currency),
            (key, alike) => alike.ToList() is var own ? new ContractChange(
                new(key.Contract), key.Currency, own.Exists(period => period.First.Again),
                Sequence.From(own.Select(period => new PeriodChange(period.First.Key.From, period.First.Adjustments, period.Second)))) : null!)];
    }

    /// <summary>What is not blocked, by currency.</summary>
    public static List<CurrencyTotal> Totals(IEnumerable<BillingItem> items) => [.. items.Where(item => item.Block is null)
        .GroupBy(item => item.Entry.Amount.Currency.Code, (currency, alike) => alike.ToList() is var own ? new CurrencyTotal(currency, own.Count, own.Sum(item => item.Entry.Amount.Amount)) : null!)
        .OrderBy(total => total.Currency, StringComparer.Ordinal)];

    /// <summary>For the audit: <c>3 items, 31.50 USD, 4.200 KWD</c>.</summary>
    public static string Words(int items, IEnumerable<CurrencyTotal> totals) =>
        string.Join(", ", totals.Select(total => new Money(total.Amount, Currency.Of(total.Currency)).ToString()).Prepend(string.Create(CultureInfo.InvariantCulture, $"{items} items")));

    private static async Task<PlanAnswer?> Scope(NpgsqlConnection connection, MspId msp, PlanScope scope, CancellationToken cancellation)
    {
        var known = await Statements.Rows(
            connection,
            "Postings/scope",
            command => command.With(msp.Value).With(scope.Account?.Value).With(scope.Contract?.Value),
            row => (Account: row.GetBoolean(0), Contract: row.GetBoolean(1)),
            cancellation);
        return !known[0].Account ? new PlanAnswer.AccountUnknown() : !known[0].Contract ? new PlanAnswer.ContractUnknown() : null;
    }

    private static async Task<MadePlan> Keep(
        NpgsqlConnection connection, MspId msp, PlanScope scope, List<BillingItem> items, IReadOnlyList<Attention> attention, string actor, CancellationToken cancellation)
    {
        var (hash, blocked, totals) = (Hash(msp, scope, items), items.Count(item => item.Block is not null), Totals(items));
        var added = await Statements.Rows(
            connection,
            "Postings/add_plan",
            command => command.With(msp.Value).With(scope.Account?.Value).With(scope.Contract?.Value).With(scope.Through).With(hash).With(items.Count).With(blocked).With(actor),
            row => row.GetInt64(0),
            cancellation);
        await Statements.Write(
            connection,
            batch =>
            {
                batch.Add("Postings/add_plan_items").With(msp.Value).With(added[0])
                    .Column(items, item => item.Line.Id).Column(items, item => item.Key.Version).Column(items, item => item.Key.Number)
                    .Column(items, item => item.Hash()).Column(items, item => item.Block);
                batch.Add("Postings/add_plan_totals").With(msp.Value).With(added[0])
                    .Column(totals, total => total.Currency).Column(totals, total => total.Items).Column(totals, total => total.Amount);
                batch.Add("Postings/add_plan_attention").With(msp.Value).With(added[0])
                    .Column(attention, one => one.Contract.Value).Column(attention, one => one.Currency).Column(attention, one => one.Code)
                    .Column(attention, one => one.Adjustments).Column(attention, one => one.Regular);
                batch.Add("Webhooks/plan_ready").With(msp.Value).With(added[0]).With(EventTotals.Json(totals));
                batch.Add("Postings/forget_plan_items").With(msp.Value).With(ItemDays).With(ForgottenMax);
                batch.Audit(msp, actor, "plan.made", added[0], "", $"plan {added[0]} through {scope.Through:yyyy-MM-dd}: {Words(items.Count - blocked, totals)}");
            },
            cancellation);
        return new(added[0], hash, items.Count, blocked, totals, attention);
    }
}

/// <summary>What the msp has set about applying plans.</summary>
internal sealed record Limits(ApplyLimits Apply, bool FourEyes)
{
    public static async Task<Limits> Read(NpgsqlConnection connection, MspId msp, CancellationToken cancellation)
    {
        var rows = await Statements.Rows(connection, "Postings/limits", command => command.With(msp.Value), FromRow, cancellation);
        return rows.Count > 0 ? rows[0] : throw new InvalidOperationException($"There is no msp {msp.Value}.");
    }

    private static Limits FromRow(NpgsqlDataReader row) => new(
        new(row.IsDBNull(0) ? null : row.GetDecimal(0), row.IsDBNull(1) ? null : row.GetDecimal(1)), row.GetBoolean(2));
}
