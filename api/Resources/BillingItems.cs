using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Grains.Billing;
using UsageBilling.Runtime.Postings;

namespace UsageBilling.Api.Resources;

/// <summary>A ledger entry as a review, a plan and a posting show it.</summary>
/// <param name="Turn">With the line and <paramref name="Entry"/> its key.</param>
/// <param name="Kind"><c>charge</c>, <c>adjustment</c>, <c>reversal</c> or <c>again</c>.</param>
/// <param name="Text">What is billed, in words.</param>
/// <param name="From">The first day.</param>
/// <param name="Until">The day after the last; the texts show the last.</param>
/// <param name="CausedBy">The count record that it follows from; null when nothing had been counted.</param>
/// <param name="Corrects">The entry that it undoes or repeats.</param>
/// <param name="PsaUnits">The units that the PSA is set to because of it.</param>
/// <param name="PsaEffect">What the PSA gets for that: <c>units</c>, an <c>added_line</c> or a <c>ticket</c>.</param>
/// <param name="Note">What a clerk may want to know about the line.</param>
/// <param name="Blocked">Why it stays out of a posting; null when it does not.</param>
internal sealed record BillingItemResource(
    NamedResource Line, int Turn, int Entry, NamedResource Account, NamedResource Contract, string Kind, string Text, DateOnly PeriodFrom, DateOnly PeriodUntil,
    DateOnly From, DateOnly Until, int Days, int PeriodDays, string Units, string UnitPrice, string Amount, string Currency, CauseResource? CausedBy,
    EntryResource? Corrects, string? PsaUnits, string? PsaEffect, string? Note, BlockResource? Blocked, DateTimeOffset RecordedAt)
{
    internal static BillingItemResource Of(BillingItem item)
    {
        var entry = item.Entry;
        var currency = entry.Amount.Currency.Code;
        return new(
            Named(item.Line), item.Key.Version, item.Key.Number, Named(item.Account), Named(item.Contract), entry.Kind,
            ItemWords.Of(new(entry.Kind, item.Line.Name, entry.Period, entry.Days, entry.UnitsDelta, entry.UnitPrice, entry.Amount.Currency, entry.ChargedFor)),
            entry.Period.From, entry.Period.Until, entry.Days.From, entry.Days.Until, entry.Days.Days, entry.Period.Days,
            Words.Number(entry.UnitsDelta), Words.Amount(entry.UnitPrice.Value, currency), Words.Amount(entry.Amount.Amount, currency), currency,
            item.Cause is { } cause ? new(entry.CountEffectiveOn, entry.CountSequence, cause.Night, cause.Source) : null,
            entry.Corrects is { } corrects ? new(corrects.Version, corrects.Number) : null,
            Words.MaybeNumber(item.PsaUnits), item.PsaEffect, item.Held ? ItemWords.Held : null, BlockResource.Of(item.Block), item.RecordedAt);
    }

    internal static NamedResource Named(NamedId named) => new(named.Id, named.Name);

    internal static Cursor Place(BillingItem item) => new(item.Line.Id, item.Place);

    /// <summary>The items of a plan or a posting, if there is one of this id.</summary>
    /// <param name="exists">The statement that answers with the id.</param>
    /// <param name="items">The statement that lists them.</param>
    internal static async Task<Results<Ok<Page<BillingItemResource>>, ProblemResult>> PageOf(
        string exists, string items, long id, PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        if (await database.Id(exists, [id], cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        var after = page.From(0);
        return TypedResults.Ok(Page(page, await database.Rows(items, [id, after.First, after.Second, page.Rows], BillingItem.FromRow, cancellation)));
    }

    internal static Page<BillingItemResource> Page(PageQuery page, IReadOnlyList<BillingItem> items)
    {
        var found = page.Of(items, Place);
        return new([.. found.Items.Select(Of)], found.NextCursor);
    }
}

/// <summary>The count record that an item follows from.</summary>
/// <param name="Night">The night that found it.</param>
/// <param name="Source"><c>opening</c>, <c>reading</c>, <c>mapping</c>, <c>released</c>, <c>agreed</c>, <c>person</c> or <c>taken_over</c>.</param>
internal sealed record CauseResource(DateOnly EffectiveOn, int Sequence, DateOnly Night, string Source);

/// <summary>An entry of the same line.</summary>
internal sealed record EntryResource(int Turn, int Entry);

/// <summary>Why an item stays out of a posting.</summary>
internal sealed record BlockResource(string Code, string Sentence)
{
    internal static BlockResource? Of(string? code) => code is null ? null : new(code, ItemWords.Block(code));
}

/// <summary>What items of one currency come to.</summary>
internal sealed record TotalResource(string Currency, int Items, string Amount)
{
    internal static TotalResource Of(CurrencyTotal total) => new(total.Currency, total.Items, Words.Amount(total.Amount, total.Currency));

    internal static IReadOnlyList<TotalResource> Of(string[]? currencies, int[]? items, decimal[]? amounts) =>
        currencies is null || items is null || amounts is null ? [] : [.. currencies.Zip(items, amounts).Select(total => Of(new(total.First, total.Second, total.Third)))];
}

/// <summary>How a plan and what is ready now differ.</summary>
/// <param name="Items">The first 100 of them.</param>
internal sealed record DifferenceResource(int Added, int Removed, int Changed, IReadOnlyList<ItemDifferenceResource> Items)
{
    internal static DifferenceResource Of(PlanDifference difference) => new(
        difference.Added, difference.Removed, difference.Changed,
        [.. difference.Items.Select(item => new ItemDifferenceResource(item.Change, BillingItemResource.Of(item.Item), BlockResource.Of(item.BlockBefore)))]);
}

/// <summary>An item that is not as it was planned.</summary>
/// <param name="Change"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Item">As it is now.</param>
/// <param name="BlockedBefore">What kept it back when it was planned.</param>
internal sealed record ItemDifferenceResource(string Change, BillingItemResource Item, BlockResource? BlockedBefore);
