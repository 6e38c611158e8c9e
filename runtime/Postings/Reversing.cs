using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;
using UsageBilling.Runtime.Webhooks;

namespace UsageBilling.Runtime.Postings;

/// <summary>Reverses one posting. The entries are written by turns of their lines, in the transaction that writes the reversal.</summary>
internal sealed class Reversing(TurnEngine<ServiceLineState, ServiceLineMessage> lines)
{
    /// <summary>Lines that take their turn together.</summary>
    private const int LinesPerBatch = 500;

    public async Task<ReverseAnswer> Reverse(NpgsqlConnection connection, MspId msp, long posting, string actor, CancellationToken cancellation)
    {
        await Statements.Lock(connection, msp, cancellation);
        var found = await Statements.Rows(connection, "Postings/posting_to_reverse", command => command.With(msp.Value).With(posting), Known.FromRow, cancellation);
        if (found is not [var known]) return new ReverseAnswer.Unknown();
        if (known.IsReversal) return new ReverseAnswer.IsReversal();
        if (known.ReversedBy is { } by) return new ReverseAnswer.ReversedBefore(by);

        var entries = await Statements.Rows(connection, "Postings/posted_entries", command => command.With(msp.Value).With(posting), Posted, cancellation);
        foreach (var some in entries.GroupBy(entry => entry.Line, entry => entry.Entry).Chunk(LinesPerBatch)) await Tell(connection, msp, some, actor, cancellation);
        return new ReverseAnswer.Reversed(await Write(connection, msp, posting, known, actor, cancellation));
    }

    private async Task Tell(NpgsqlConnection connection, MspId msp, IGrouping<long, PostedEntry>[] some, string actor, CancellationToken cancellation)
    {
        var deliveries = some.Select(line => Delivery.Direct<ServiceLineMessage>(line.Key, new ServiceLineMessage.ReverseEntries(Sequence.From(line)))).ToList();
        var batch = await lines.Run(connection, deliveries, wait: true, msp, actor, cancellation);
        if (batch.Results.FirstOrDefault(result => result is not TurnResult.Taken { Verdict: Verdict.Accepted }) is { } other)
            throw new InvalidOperationException($"A line did not take its entries back: {other}.");
    }

    private static async Task<long> Write(NpgsqlConnection connection, MspId msp, long posting, Known known, string actor, CancellationToken cancellation)
    {
        var added = await Statements.Rows(
            connection,
            "Postings/add_posting",
            command => command.With(msp.Value).With("reversal").With<long?>(posting).With(known.Through).With(known.Items).With(actor),
            row => row.GetInt64(0),
            cancellation);
        var reversal = added[0];
        await Statements.Write(connection, batch => batch.Add("Postings/add_reversal_items").With(msp.Value).With(reversal).With(posting), cancellation);
        var totals = await Statements.Rows(
            connection,
            "Postings/add_posting_totals",
            command => command.With(msp.Value).With(reversal),
            row => new CurrencyTotal(row.GetString(0), row.GetInt32(1), row.GetDecimal(2)),
            cancellation);
        if (totals.Sum(total => total.Items) != known.Items) throw new InvalidOperationException($"Posting {posting} has {known.Items} items, and {totals.Sum(total => total.Items)} were reversed.");
        await Statements.Write(
            connection,
            batch =>
            {
                batch.Add("Webhooks/posting_applied").With(msp.Value).With(reversal).With(EventTotals.Json(totals));
                batch.Audit(msp, actor, "posting.reversed", posting, $"posting {posting}", $"reversal {reversal}: {Planning.Words(known.Items, totals)}");
            },
            cancellation);
        return reversal;
    }

    private static (long Line, PostedEntry Entry) Posted(NpgsqlDataReader row) =>
        (row.GetInt64(0), new(new(row.GetInt32(1), row.GetInt16(2)), BillingItem.EntryFromRow(row) with
        {
            PriceFrom = row.MaybeDate(15),
            ChargedFor = row.Text(16),
            Terms = BillingItem.TermsFromRow(row, 17),
        }));

    private sealed record Known(bool IsReversal, DateOnly Through, int Items, long? ReversedBy)
    {
        public static Known FromRow(NpgsqlDataReader row) => new(row.GetString(0) == "reversal", row.Date(1), row.GetInt32(2), row.IsDBNull(3) ? null : row.GetInt64(3));
    }
}
