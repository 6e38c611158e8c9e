using Npgsql;
using UsageBilling.Api.Resources;
using UsageBilling.Grains.Billing;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Runtime.Postings;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Explaining;

/// <summary>An entry of a line's ledger, in words.</summary>
/// <param name="Turn">With <paramref name="Entry"/> its key: the explanation is at <c>/v1/lines/{id}/ledger/{turn}.{entry}/explain</c>.</param>
/// <param name="Kind"><c>charge</c>, <c>adjustment</c>, <c>reversal</c> or <c>again</c>.</param>
/// <param name="Text">What is billed, in words.</param>
/// <param name="From">The first day.</param>
/// <param name="Until">The day after the last; the text shows the last.</param>
/// <param name="Night">The night of the turn that wrote it.</param>
/// <param name="CausedBy">The count record that it follows from; null when nothing had been counted.</param>
/// <param name="Corrects">The entry that it undoes or repeats.</param>
/// <param name="ChargedFor"><c>average</c>, <c>flat_fee</c> or <c>commitment</c> (what usage lacks of it); null for units of days.</param>
/// <param name="PriceFrom">From when on its price, price list or commitment held; null for the price that the line began with.</param>
/// <param name="PsaUnits">The units that the PSA is set to because of it.</param>
/// <param name="Posting">What took it to be billed; null while it waits for review.</param>
/// <param name="Invoice">Where the customer sees it; null while no invoice shows it.</param>
/// <param name="TermsFrom">With <paramref name="TermsSequence"/> the terms that its period has; null for those that the line began with.</param>
internal sealed record ProrationResource(
    int Turn, int Entry, string Kind, string Text, DateOnly PeriodFrom, DateOnly PeriodUntil, DateOnly From, DateOnly Until, int Days, int PeriodDays,
    string Units, string UnitPrice, string Amount, string Currency, DateOnly Night, CauseResource? CausedBy, EntryResource? Corrects, string? PsaUnits,
    TakenResource? Posting, InvoicedResource? Invoice, DateTimeOffset RecordedAt, string? ChargedFor, DateOnly? PriceFrom, DateOnly? TermsFrom, int? TermsSequence)
{
    internal static ProrationResource Of(StoredEntry stored)
    {
        var item = BillingItemResource.Of(stored.Item);
        return new(
            item.Turn, item.Entry, item.Kind, item.Text, item.PeriodFrom, item.PeriodUntil, item.From, item.Until, item.Days, item.PeriodDays,
            item.Units, item.UnitPrice, item.Amount, item.Currency, stored.Item.Entry.Night, item.CausedBy, item.Corrects, item.PsaUnits, stored.Posting, stored.Invoice, item.RecordedAt,
            stored.Item.Entry.ChargedFor, stored.Item.Entry.PriceFrom, stored.Item.Entry.Terms?.From, stored.Item.Entry.Terms?.Sequence);
    }
}

/// <summary>The posting that took an entry.</summary>
/// <param name="Plan">The plan that it applied; null for a reversal.</param>
internal sealed record TakenResource(long Id, long? Plan, DateTimeOffset PostedAt, string PostedBy);

/// <summary>The invoice that shows an entry.</summary>
/// <param name="Line">The line of it, counted from 1.</param>
internal sealed record InvoicedResource(long Id, long Number, int Line, DateOnly IssuedOn);

/// <summary>An entry with what became of it.</summary>
internal sealed record StoredEntry(BillingItem Item, TakenResource? Posting, InvoicedResource? Invoice)
{
    public PostedEntry Posted => new(Item.Key, Item.Entry);

    public static StoredEntry FromRow(NpgsqlDataReader row) => new(
        BillingItem.FromRow(row),
        row.IsDBNull(34) ? null : new(row.GetInt64(34), row.IsDBNull(37) ? null : row.GetInt64(37), row.Instant(35), row.GetString(36)),
        row.IsDBNull(38) ? null : new(row.GetInt64(38), row.GetInt64(39), row.GetInt32(40), row.Date(41)));
}
