using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>Absolute units of a line from a date on. For one date the greatest sequence counts.</summary>
/// <param name="Night">The night that found it.</param>
/// <param name="Source"><c>opening</c>, <c>reading</c>, <c>mapping</c>, <c>released</c>, <c>agreed</c>, <c>person</c> or <c>taken_over</c>.</param>
/// <param name="Turn">The line's version whose turn wrote it. The evidence is at <c>/v1/lines/{id}/counts/{effective_on}/{sequence}</c>.</param>
internal sealed record CountResource(DateOnly EffectiveOn, int Sequence, string Units, DateOnly Night, string Source, DateTimeOffset RecordedAt, int Turn)
{
    internal static CountResource FromRow(NpgsqlDataReader row) =>
        new(row.Date(0), row.GetInt32(1), Words.Number(row.GetDecimal(2)), row.Date(3), row.GetString(4), row.Instant(5), row.GetInt32(6));
}

/// <summary>One immutable piece of money of a line.</summary>
/// <param name="Turn">The line's version that wrote it; with <paramref name="Entry"/> its key.</param>
/// <param name="Kind"><c>charge</c>, <c>adjustment</c>, <c>reversal</c> or <c>again</c>.</param>
/// <param name="CountEffectiveOn">The count record that caused it.</param>
/// <param name="PriceFrom">From when on its price or price list held; null for the price that the line began with.</param>
/// <param name="ChargedFor"><c>average</c>, <c>flat_fee</c> or <c>commitment</c> (what usage lacks of it); null for units of days.</param>
/// <param name="TermsFrom">With <paramref name="TermsSequence"/> the terms that its period has; null for those that the line began with.</param>
internal sealed record LedgerResource(
    int Turn, int Entry, string Kind, DateOnly PeriodFrom, DateOnly PeriodUntil, DateOnly From, DateOnly Until, string UnitsDelta,
    string UnitPrice, string Amount, string Currency, DateOnly Night, DateOnly CountEffectiveOn, int CountSequence, DateOnly? PriceFrom, string? ChargedFor,
    DateOnly? TermsFrom, int? TermsSequence, DateTimeOffset RecordedAt)
{
    internal static LedgerResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetInt16(1), row.GetString(2), row.Date(3), row.Date(4), row.Date(5), row.Date(6), Words.Number(row.GetDecimal(7)),
        Words.Amount(row.GetDecimal(8), row.GetString(10)), Words.Amount(row.GetDecimal(9), row.GetString(10)), row.GetString(10), row.Date(11),
        row.Date(12), row.GetInt32(13), row.MaybeDate(15), row.Text(16), row.MaybeDate(17),
        row.IsDBNull(18) ? null : row.GetInt32(18), row.Instant(14));
}

/// <summary>What a line has counted, and what it has cost. Append only.</summary>
internal static class LineRecords
{
    public static async Task<Results<Ok<Page<CountResource>>, ProblemResult>> Counts(
        long id, [AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        if (await database.Id("Api/line_exists", [id], cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        var after = page.From(-1);
        var rows = await database.Rows("Api/line_counts", [id, after.First, after.Second, page.Rows], CountResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, count => new(count.EffectiveOn.DayNumber, count.Sequence)));
    }

    public static async Task<Results<Ok<Page<LedgerResource>>, ProblemResult>> Ledger(
        long id, [AsParameters] PageQuery page, MspDatabase database, CancellationToken cancellation)
    {
        if (await database.Id("Api/line_exists", [id], cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        var after = page.From(0);
        var rows = await database.Rows("Api/line_ledger", [id, after.First, after.Second, page.Rows], LedgerResource.FromRow, cancellation);
        return TypedResults.Ok(page.Of(rows, entry => new(entry.Turn, entry.Entry)));
    }
}
