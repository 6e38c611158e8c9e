using System.Text.Json;

namespace UsageBilling.Api.Explaining;

/// <summary>What a preview is asked, as the document describes it; a case that <c>./prorate</c> reads is one, too. Numbers may be numbers or texts.</summary>
/// <param name="Description">What is billed, for the words of the lines.</param>
/// <param name="PeriodStart">The first day of the full period, where there is one; else <paramref name="Periods"/>.</param>
/// <param name="PeriodEnd">The day after its last.</param>
/// <param name="Periods">Up to 100 full periods in order.</param>
/// <param name="ServiceStart">The first day that is charged.</param>
/// <param name="ServiceEnd">The day after the last.</param>
/// <param name="UnitPrice">Per unit and full period.</param>
/// <param name="InitialUnits">Units until the first change; absent where nobody had counted.</param>
/// <param name="Changes">Absolute units from dates on.</param>
/// <param name="PriceChanges">Prices from dates on.</param>
/// <param name="Minimum">Units charged at least.</param>
/// <param name="Maximum">Units charged at most.</param>
/// <param name="Included">Units that cost nothing.</param>
/// <param name="Commitment">Money a full period costs at least.</param>
/// <param name="Graduated">Tiers, each a list of first bound, last bound or null, and price: every unit at the price of its own tier.</param>
/// <param name="Volume">The same, with all units at the price of the last tier they reach.</param>
/// <param name="FlatByMaxTier">Fees, each a list of last bound or null, and amount.</param>
/// <param name="PostedBefore">Lines that were posted: the first run corrects them.</param>
/// <param name="PostedWith">The terms that the first posting had, where the later ones have those of the request.</param>
/// <param name="Mode"><c>advance_delta</c> unless said otherwise: a first posting, then what each event changes; <c>accrual</c> bills once after all changes.</param>
/// <param name="Convention"><c>actual_days_of_aligned_period</c> unless said otherwise; <c>fixed_30_day_month</c> or <c>months_first</c>.</param>
internal sealed record PreviewRequest(
    string Currency, string? Description, DateOnly? PeriodStart, DateOnly? PeriodEnd, IReadOnlyList<PreviewDays>? Periods, DateOnly? ServiceStart, DateOnly? ServiceEnd,
    string? UnitPrice, string? InitialUnits, IReadOnlyList<PreviewChange>? Changes, IReadOnlyList<PreviewPriceChange>? PriceChanges, string? Minimum, string? Maximum,
    string? Included, string? Commitment, IReadOnlyList<IReadOnlyList<string?>>? Graduated, IReadOnlyList<IReadOnlyList<string?>>? Volume,
    IReadOnlyList<IReadOnlyList<string?>>? FlatByMaxTier, IReadOnlyList<PreviewPosting>? PostedBefore, PreviewTerms? PostedWith, string? Mode, string? Convention, PreviewSettings? Settings);

/// <summary>Days from the first until, and without, the second.</summary>
internal sealed record PreviewDays(DateOnly From, DateOnly To);

/// <summary>Units from a date on.</summary>
/// <param name="Event">The run that first knows of it: 0, unless said otherwise, for the first posting.</param>
internal sealed record PreviewChange(DateOnly Date, string Units, int? Event);

/// <summary>A price from a date on, or tiers.</summary>
internal sealed record PreviewPriceChange(
    DateOnly Date, string? UnitPrice, int? Event, IReadOnlyList<IReadOnlyList<string?>>? Graduated, IReadOnlyList<IReadOnlyList<string?>>? Volume);

/// <summary>Terms besides the price.</summary>
internal sealed record PreviewTerms(string? Minimum, string? Maximum, string? Included, string? Commitment, PreviewSettings? Settings);

/// <summary>A line that was posted.</summary>
internal sealed record PreviewPosting(DateOnly From, DateOnly To, string? Units, string? UnitPrice, string Amount);

/// <summary>How to prorate; the table of settings is in the documents.</summary>
internal sealed record PreviewSettings(
    string? ChangeDay, string? DayCount, string? LineStyle, string? Rounding, string? UnitPriceRounding, string? Increases, string? Decreases, string? Mode,
    int? ClosedPeriodsBackMax);

/// <summary>The body of a preview, to be read field by field so that everything wrong with it is told at once.</summary>
internal sealed record PreviewBody(JsonElement Json)
{
    public static async ValueTask<PreviewBody?> BindAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.HasJsonContentType()) throw new BadHttpRequestException("The body is not JSON by its content type.", StatusCodes.Status415UnsupportedMediaType);
        if (request.ContentLength == 0) throw new BadHttpRequestException("A body was expected, but no body was provided.");
        try
        {
            return new(await request.ReadFromJsonAsync<JsonElement>(context.RequestAborted));
        }
        catch (JsonException wrong)
        {
            throw new BadHttpRequestException("The body is not JSON.", StatusCodes.Status400BadRequest, wrong);
        }
    }
}
