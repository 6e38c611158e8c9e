using Npgsql;
using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;
using UsageBilling.Runtime.Webhooks;

namespace UsageBilling.Runtime.Postings;

/// <summary>Applies one plan: computes it again, and posts it if it is what was approved.</summary>
internal sealed class Applying(ApplyPolicy policy, int itemsMax, NpgsqlConnection connection, MspId msp, CancellationToken cancellation)
{
    public async Task<ApplyAnswer> Apply(long plan, string hash, string actor, Approval approval)
    {
        await Statements.Lock(connection, msp, cancellation);
        if (await Read(plan) is not { } planned) return new ApplyAnswer.Unknown();
        if (!string.Equals(planned.Hash, hash, StringComparison.Ordinal)) return new ApplyAnswer.HashMismatch();
        if (planned.Posting is { } before) return new ApplyAnswer.Applied(before, Before: true);
        if (planned.Expired) return new ApplyAnswer.Expired(planned.ExpiresAt);
        var limits = await Limits.Read(connection, msp, cancellation);
        if (limits.FourEyes && (planned.CreatedBy == actor || planned.AskedBy == actor)) return new ApplyAnswer.SecondPersonNeeded();
        var items = await Planning.Ready(connection, msp, planned.Scope, itemsMax, cancellation);
        if (Planning.Hash(msp, planned.Scope, items) != planned.Hash) return new ApplyAnswer.Changed(await Difference(plan, items));
        if (approval != Approval.ByPerson && await Attention(limits, items) is { Count: > 0 } attention) return new ApplyAnswer.PersonNeeded(attention);
        return new ApplyAnswer.Applied(await Post(plan, planned, [.. items.Where(item => item.Block is null)], actor), Before: false);
    }

    private async Task<IReadOnlyList<Attention>> Attention(Limits limits, List<BillingItem> items) =>
        policy(limits.Apply, await Planning.Changes(connection, items, cancellation));

    private async Task<Planned?> Read(long plan)
    {
        var rows = await Statements.Rows(connection, "Postings/plan_to_apply", command => command.With(msp.Value).With(plan).With(PostingStore.PlanDays), Planned.FromRow, cancellation);
        return rows.Count > 0 ? rows[0] : null;
    }

    private async Task<long> Post(long plan, Planned planned, List<BillingItem> items, string actor)
    {
        var added = await Statements.Rows(
            connection,
            "Postings/add_posting",
            command => command.With(msp.Value).With("posting").With<long?>(null).With(planned.Scope.Through).With(items.Count).With(actor),
            row => row.GetInt64(0),
            cancellation);
        var posting = added[0];
        await Statements.Write(
            connection,
            batch =>
            {
                batch.Add("Postings/add_posting_items").With(msp.Value).With(posting)
                    .Column(items, item => item.Line.Id).Column(items, item => item.Key.Version).Column(items, item => item.Key.Number);
                batch.Add("Postings/add_posting_totals").With(msp.Value).With(posting);
                batch.Add("Postings/mark_applied").With(msp.Value).With(plan).With(posting).With(actor);
                batch.Add("Postings/move_watermark").With(msp.Value);
                batch.Add("Webhooks/posting_applied").With(msp.Value).With(posting).With(EventTotals.Json(Planning.Totals(items)));
                batch.Audit(msp, actor, "plan.applied", plan, $"plan {plan} of {planned.CreatedBy}", $"posting {posting}: {Planning.Words(items.Count, Planning.Totals(items))}");
            },
            cancellation);
        return posting;
    }

    private async Task<PlanDifference> Difference(long plan, List<BillingItem> items)
    {
        var planned = (await Statements.Rows(
            connection,
            "Postings/planned",
            command => command.With(msp.Value).With(plan),
            row => new PlannedItem(row.GetInt64(0), new(row.GetInt32(1), row.GetInt16(2)), row.GetString(3), row.Text(4)),
            cancellation)).ToDictionary(item => (item.Line, item.Key));
        var added = items.Where(item => !planned.ContainsKey((item.Line.Id, item.Key))).Select(item => new ItemDifference("added", item, null)).ToList();
        var changed = items.Where(item => planned.TryGetValue((item.Line.Id, item.Key), out var was) && was.Hash != item.Hash())
            .Select(item => new ItemDifference("changed", item, planned[(item.Line.Id, item.Key)].Block)).ToList();
        foreach (var item in items) planned.Remove((item.Line.Id, item.Key));
        var removed = await Removed([.. planned.Values.OrderBy(item => item.Line).Take(PostingStore.DifferencesMax)]);
        return new(added.Count, planned.Count, changed.Count, [.. changed.Concat(removed).Concat(added).Take(PostingStore.DifferencesMax)]);
    }

    private async Task<IEnumerable<ItemDifference>> Removed(List<PlannedItem> gone)
    {
        if (gone.Count == 0) return [];
        var items = await Statements.Rows(
            connection,
            "Postings/items_by_key",
            command => command.With(msp.Value).Column(gone, item => item.Line).Column(gone, item => item.Key.Version).Column(gone, item => item.Key.Number),
            BillingItem.FromRow,
            cancellation);
        var blocks = gone.ToDictionary(item => (item.Line, item.Key), item => item.Block);
        return items.Select(item => new ItemDifference("removed", item, blocks[(item.Line.Id, item.Key)]));
    }

    /// <summary>A plan as it was made.</summary>
    /// <param name="AskedBy">Who stands behind the job that made it; null when a person made it.</param>
    private sealed record Planned(PlanScope Scope, string Hash, string CreatedBy, long? Posting, bool Expired, DateTimeOffset ExpiresAt, string? AskedBy)
    {
        public static Planned FromRow(NpgsqlDataReader row) => new(
            new(row.Date(2), row.IsDBNull(0) ? null : new(row.GetInt64(0)), row.IsDBNull(1) ? null : new(row.GetInt64(1))),
            row.GetString(3), row.GetString(4), row.IsDBNull(5) ? null : row.GetInt64(5), row.GetBoolean(6), row.Instant(7), row.Text(8));
    }
}
