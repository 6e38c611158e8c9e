using System.Globalization;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Resources;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Api.Sheets;

/// <summary>What a row says that a line is to have: the same requests that a portal sends one by one, with the same checks.</summary>
internal sealed class LineWish
{
    private readonly List<FieldError> errors = [];
    private readonly SheetRow row;
    private readonly LineCells known;

    public LineWish(SheetRow row, LineCells known)
    {
        (this.row, this.known) = (row, known);
        From = row.Date(LineCells.From, errors);
        Basis = Wanted("basis", "metrics") ? Checked(BasisOf(row), error => error.Field == "kind" ? "basis" : "metrics") : null;
        Units = Wanted("units") ? Checked(new GivenUnits(row["units"]!, default), _ => "units") : null;
        Price = Wanted("price") ? Checked(new ChangedPrice(row["price"]!, default), _ => "price") : null;
        ChangesTerms = Wanted([.. LineCells.Terms]);
        if (ChangesTerms) Checked(Terms(new(null, null, null, null, ProrationOverrides.None), default), error => error.Field.Replace("settings.", "", StringComparison.Ordinal));
    }

    public IReadOnlyList<FieldError> Errors => errors;

    /// <summary>From when on what differs is to hold; null for the last night.</summary>
    public DateOnly? From { get; }

    public ChosenBasis? Basis { get; }

    public GivenUnits? Units { get; }

    public ChangedPrice? Price { get; }

    public bool ChangesTerms { get; }

    public bool ChangesSomething => Basis is not null || Units is not null || Price is not null || ChangesTerms;

    /// <summary>The terms that it is to have: what the file has no column for stays, price lists above all.</summary>
    /// <param name="now">What it has on the date.</param>
    public ChangedTerms Terms(PeriodTerms now, DateOnly on)
    {
        var settings = ProrationFields.Of(now.Settings);
        return new(
            on,
            Said("minimum_units", now.Minimum?.ToString()),
            Said("maximum_units", now.Maximum?.ToString()),
            Said("included_units", now.Included?.ToString()),
            now.Tiers is { } tiers ? new(Words.Of(tiers.Kind), [.. tiers.Steps.Select(TierFields.Of)]) : null,
            new(
                Said("mode", settings.Mode), Said("change_day", settings.ChangeDay), Said("day_count", settings.DayCount), Said("line_style", settings.LineStyle), Said("rounding", settings.Rounding),
                Said("unit_price_rounding", settings.UnitPriceRounding), Said("increases", settings.Increases), Said("decreases", settings.Decreases), Periods(settings.ClosedPeriodsBackMax)),
            Said("commitment", now.Commitment?.ToString()),
            Own("timing", now.Timing is { } timing ? Words.Of(timing) : null),
            Own("unit_rounding", now.Rounding is { } rounding ? Words.Of(rounding) : null));
    }

    /// <summary>Of a line that shows what it began with: as long as the row shows the same, it goes on following that.</summary>
    private string? Own(string column, string? now) => known.Differs(row, column) ? row[column] : now;

    private string? Said(string column, string? now) => row.Has(column) ? row[column] : now;

    private int? Periods(int? now)
    {
        if (Said("closed_periods_back_max", now?.ToString(CultureInfo.InvariantCulture)) is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
    }

    /// <summary>With a date of its own a row may say of another day what is so on the last night.</summary>
    private bool Wanted(params IReadOnlyList<string> columns) =>
        columns.Any(column => known.Differs(row, column)) || (From is not null && columns[0] is not "basis" && columns.Any(column => row[column] is not null));

    private T Checked<T>(T request, Func<FieldError, string> column)
        where T : IChecked
    {
        errors.AddRange(request.Check().Select(error => error with { Field = column(error) }));
        return request;
    }

    private ChosenBasis BasisOf(SheetRow from)
    {
        var metrics = (from["metrics"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('/')).ToList();
        if (metrics.Exists(parts => parts.Length != 2)) errors.Add(new("metrics", "Must be product/metric, several with a space between them."));
        return new(from["basis"] ?? "", metrics.Count == 0 ? null : [.. metrics.Where(parts => parts.Length == 2).Select(parts => new BasisMetricResource(parts[0], parts[1]))]);
    }
}
