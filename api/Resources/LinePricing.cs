using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>A price of a line.</summary>
/// <param name="From">The first day it holds; null for the price that the line began with. For one date the later one counts.</param>
internal sealed record LinePriceResource(DateOnly? From, string UnitPrice);

/// <summary>Terms of a line.</summary>
/// <param name="From">Periods that begin on this date or later; null for those that the line began with. For one date the later one counts.</param>
/// <param name="Commitment">Money that a full period costs at least.</param>
/// <param name="Timing"><c>advance</c> or <c>arrears</c>.</param>
/// <param name="UnitRounding"><c>up</c>, <c>nearest</c> or <c>down</c>: how usage becomes the whole units that the PSA takes.</param>
internal sealed record TermsResource(
    DateOnly? From, string? MinimumUnits, string? MaximumUnits, string? IncludedUnits, string? Commitment, string Timing, string UnitRounding, TiersFields? Tiers,
    ProrationFields Settings)
{
    internal static TermsResource Of(DateOnly? from, PeriodTerms terms, FirstTerms first) => new(
        from,
        terms.Minimum?.ToString(),
        terms.Maximum?.ToString(),
        terms.Included?.ToString(),
        terms.Commitment is { } commitment ? Words.Amount(commitment.Value, first.Currency) : null,
        Words.Of(terms.Timing ?? first.Timing),
        Words.Of(terms.Rounding ?? first.Rounding),
        terms.Tiers is { } tiers ? new(Words.Of(tiers.Kind), [.. tiers.Steps.Select(TierFields.Of)]) : null,
        ProrationFields.Of(terms.Settings));
}

/// <summary>What a line began with.</summary>
internal sealed record FirstTerms(decimal Price, string Currency, PeriodTerms Terms, BillingCadence Cadence, BillingTiming Timing, UnitRounding Rounding);

/// <summary>Everything a line's amounts follow from besides its counts.</summary>
/// <param name="Settings">How the period of the last night is prorated, the msp's defaults included.</param>
internal sealed record LineTermsResource(
    long LineId, string Currency, IReadOnlyList<LinePriceResource> Prices, IReadOnlyList<TermsResource> Terms, ProrationFields Settings);

/// <summary>What a line costs, and how that is changed.</summary>
internal static class LinePricing
{
    public static readonly Versioned Version = Versioned.ById("Versions/lock_line", Read);

    public static async Task<Results<Ok<LineTermsResource>, ProblemResult>> Get(long id, MspDatabase database, CancellationToken cancellation) =>
        await Read(database, id, cancellation) is { } terms ? TypedResults.Ok(terms) : ProblemResult.Of(ProblemCode.NotFound);

    public static Task<Results<Ok<LineTermsResource>, ProblemResult>> ChangePrice(
        long id, ChangedPrice request, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation) =>
        Ask(id, request.ToMessage(), database, transactions, grains, cancellation);

    public static async Task<Results<Ok<LineTermsResource>, ProblemResult>> ChangeTerms(
        long id, ChangedTerms request, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation) =>
        await Ask(id, request.ToMessage((await database.Night(cancellation)).Last), database, transactions, grains, cancellation);

    private static async Task<Results<Ok<LineTermsResource>, ProblemResult>> Ask(
        long id, ServiceLineMessage message, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation) =>
        await transactions.Ask(database, grains.Lines, id, message, cancellation) is { } problem ? problem : TypedResults.Ok((await Read(database, id, cancellation))!);

    private static async Task<LineTermsResource?> Read(MspDatabase database, long id, CancellationToken cancellation)
    {
        var first = await database.One(
            "Api/line_first_terms",
            [id],
            row => new FirstTerms(
                row.GetDecimal(0), row.GetString(1), new(row.Units(2), row.Units(3), null, null, ProrationOverrides.None), new((BillingPeriod)row.GetInt16(4), row.Date(5)),
                row.GetBoolean(6) ? BillingTiming.Advance : BillingTiming.Arrears, (UnitRounding)row.GetInt16(7)),
            cancellation);
        if (first is null) return null;
        var prices = await database.Rows("Api/line_prices", [id], row => ServiceLineTerms.PriceFromRow(row).Price, cancellation);
        var changes = await database.Rows("Api/line_terms", [id], row => ServiceLineTerms.ChangeFromRow(row).Change, cancellation);
        return new(
            id,
            first.Currency,
            [new(null, Words.Amount(first.Price, first.Currency)), .. prices.Select(price => new LinePriceResource(price.EffectiveOn, Words.Amount(price.Price.Value, first.Currency)))],
            [TermsResource.Of(null, first.Terms, first), .. changes.Select(change => TermsResource.Of(change.From, change.Terms, first))],
            ProrationFields.Of(await Settings(database, first.Cadence, changes, cancellation)));
    }

    private static async Task<ProrationSettings> Settings(MspDatabase database, BillingCadence cadence, List<TermsChange> changes, CancellationToken cancellation)
    {
        var from = cadence.PeriodContaining((await database.Night(cancellation)).Last).Span.From;
        var beneath = (await MspProration.Read(database, cancellation)).LastOrDefault(dated => dated.From <= from)?.Settings ?? ProrationSettings.Default;
        return (changes.LastOrDefault(change => change.From <= from)?.Terms.Settings ?? ProrationOverrides.None).Over(beneath);
    }
}
