using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Api.Resources;

/// <summary>How lines are prorated. What is null or absent is as it is beneath: a line's msp, an msp's hub.</summary>
/// <param name="Mode"><c>prorate_daily</c>, <c>month_end_last</c>, <c>month_end_max</c> or <c>month_end_average</c>.</param>
/// <param name="ChangeDay"><c>new</c> or <c>old</c>: whether a change counts on its own day.</param>
/// <param name="DayCount"><c>actual_period</c>, <c>fixed30</c> or <c>months_first</c>.</param>
/// <param name="LineStyle"><c>single_delta</c> or <c>credit_and_charge</c>.</param>
/// <param name="Rounding"><c>cumulative</c> or <c>independent_per_line</c>.</param>
/// <param name="UnitPriceRounding"><c>none</c> or <c>per_unit</c>.</param>
/// <param name="Increases"><c>immediate</c>, <c>next_period</c> or <c>high_water</c>; the same for decreases.</param>
/// <param name="ClosedPeriodsBackMax">Closed periods a change may reach back into.</param>
internal sealed record ProrationFields(
    string? Mode = null, string? ChangeDay = null, string? DayCount = null, string? LineStyle = null, string? Rounding = null, string? UnitPriceRounding = null,
    string? Increases = null, string? Decreases = null, int? ClosedPeriodsBackMax = null)
{
    private const int PeriodsMax = 400;

    public static ProrationFields Of(ProrationSettings settings) => new(
        Words.Of(settings.Mode), Words.Of(settings.ChangeDay), Words.Of(settings.DayCount), Words.Of(settings.LineStyle), Words.Of(settings.Rounding),
        Words.Of(settings.UnitPriceRounding), Words.Of(settings.Increases), Words.Of(settings.Decreases), settings.ClosedPeriodsBackMax);

    public static ProrationFields Of(ProrationOverrides wanted) => new(
        Word(wanted.Mode), Word(wanted.ChangeDay), Word(wanted.DayCount), Word(wanted.LineStyle), Word(wanted.Rounding), Word(wanted.UnitPriceRounding),
        Word(wanted.Increases), Word(wanted.Decreases), wanted.ClosedPeriodsBackMax);

    public IEnumerable<FieldError> Check(string prefix) =>
    [
        .. Known<CountMode>(prefix + "mode", Mode),
        .. Known<ChangeDay>(prefix + "change_day", ChangeDay),
        .. Known<DayCount>(prefix + "day_count", DayCount),
        .. Known<LineStyle>(prefix + "line_style", LineStyle),
        .. Known<LineRounding>(prefix + "rounding", Rounding),
        .. Known<UnitPriceRounding>(prefix + "unit_price_rounding", UnitPriceRounding),
        .. Known<ChangePolicy>(prefix + "increases", Increases),
        .. Known<ChangePolicy>(prefix + "decreases", Decreases),
        .. ClosedPeriodsBackMax is < 0 or > PeriodsMax ? [new($"{prefix}closed_periods_back_max", $"Must be a number from 0 to {PeriodsMax}.")] : Array.Empty<FieldError>(),
    ];

    public ProrationOverrides ToOverrides() => new(
        Parsed<ChangeDay>(ChangeDay), Parsed<DayCount>(DayCount), Parsed<LineStyle>(LineStyle), Parsed<LineRounding>(Rounding), Parsed<UnitPriceRounding>(UnitPriceRounding),
        Parsed<ChangePolicy>(Increases), Parsed<ChangePolicy>(Decreases), Parsed<CountMode>(Mode), ClosedPeriodsBackMax);

    private static IEnumerable<FieldError> Known<T>(string field, string? word)
        where T : struct, Enum => word is null || Words.Parse<T>(word) is not null ? [] : [new(field, $"Must be one of {Words.All<T>()}.")];

    private static T? Parsed<T>(string? word)
        where T : struct, Enum => word is null ? null : Words.Parse<T>(word);

    private static string? Word<T>(T? value)
        where T : struct, Enum => value is { } known ? Words.Of(known) : null;
}
