using System.Text.Json;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating.Cases;

/// <summary>How a source shows what one run posts for the same days.</summary>
public enum Shown
{
    /// <summary>As the lines are.</summary>
    Lines,

    /// <summary>As one net line.</summary>
    Net,
}

/// <summary>A line that a case expects.</summary>
public sealed record ExpectedLine(DateOnly From, DateOnly Until, decimal Units, decimal Amount, int Run, decimal? UnitPrice);

/// <summary>The full period after a case's own, as the source bills it.</summary>
public sealed record ExpectedNext(RequestedDays Period, decimal Units, decimal Amount);

/// <summary>One case, of a file or of somebody who asks: the request it stands for, and what it expects. Its convention, mode and tags choose the settings.</summary>
public sealed record ProrationCase(
    string? Id, ProrationRequest Request, Shown Shown, bool TotalIsAdded, IReadOnlyList<ExpectedLine>? Lines, ExpectedNext? Next, decimal? Total, bool MeantToMatch)
{
    private CaseNames Names { get; init; } = CaseNames.None;

    private const string ActualDays = "actual_days_of_aligned_period";

    /// <summary>Said of a source, of no consequence here.</summary>
    private static readonly string[] Remarks = ["source", "verification", "unrounded", "note"];

    /// <summary>What is asked: the case's period, and the one after where the source bills that too.</summary>
    public ProrationRequest Asked => Next is { } next ? Request with { Periods = [.. Request.Periods, next.Period] } : Request;

    /// <summary>What the line is called in words; null where nobody says.</summary>
    public string? Description { get; private init; }

    /// <summary>Reads one case.</summary>
    /// <param name="problems">Gets everything that is wrong with it; the case is only worth something while this stays empty.</param>
    public static ProrationCase FromJson(JsonElement element, ICollection<Problem> problems)
    {
        var fields = new Fields(element, "", problems);
        var (id, description) = (fields.Text("id"), fields.Text("description"));
        var mode = Mode(fields);
        string[] tags = [.. fields.List("tags").Select(tag => tag.ValueKind == JsonValueKind.String ? tag.GetString()! : "")];
        var (lines, kinds) = Expected(fields);
        var (matches, totalMatches) = (fields.Flag("engine_default_matches"), fields.Flag("engine_total_matches"));
        var style = CaseStyle.Of(kinds, tags);
        var settings = Settings(fields, mode, tags, style, matches == false && totalMatches != true);
        var request = mode == CaseMode.MinCommitTrueUp ? TrueUp(fields, settings) : Read(fields, mode, settings);
        var (next, total) = (NextPeriod(fields), fields.Number("total"));
        fields.Ignore(Remarks);
        fields.Finish();
        return new(id, request, style.Shown, mode != CaseMode.MinCommitTrueUp, lines, next, total, matches == true)
        {
            Description = description,
            Names = CaseNames.Of(fields, request),
        };
    }

    /// <summary>What is wrong with what the case asks, with the case's own word for the field.</summary>
    public Problem Objection(ProrationAnswer.Refused refused)
    {
        ArgumentNullException.ThrowIfNull(refused);
        return new(refused.Why.Code, Names.Of(refused.Field), refused.Why.Sentence);
    }

    private static ProrationRequest Read(Fields fields, CaseMode mode, ProrationSettings settings)
    {
        var allAtOnce = mode is not (CaseMode.AdvanceDelta or CaseMode.AdjustToTarget);
        var given = fields.Number("unit_price");
        var unitPrice = fields.Has("graduated") || fields.Has("volume") ? given ?? 0m : fields.Required("unit_price", given, 0m);
        return new()
        {
            Currency = fields.Required("currency", fields.Text("currency")),
            Periods = fields.Has("periods") ? [.. fields.Parts("periods").Select(Period)] : [Period(fields)],
            ServiceFrom = fields.Date("service_start"),
            ServiceUntil = fields.Date("service_end"),
            UnitPrice = unitPrice,
            Tiers = TierFields.Read(fields, unitPrice),
            InitialUnits = fields.Number("initial_units"),
            Changes = [.. fields.Parts("changes").Select(change => Change(change, "units", allAtOnce)).Select(change => new RequestedUnits(change.On, change.Value, change.Run))],
            PriceChanges = [.. fields.Parts("price_changes").Select(change => PriceChange(change, allAtOnce))],
            Minimum = fields.Number("minimum"),
            Maximum = fields.Number("maximum"),
            Included = fields.Number("included"),
            Commitment = fields.Number("commitment"),
            PostedWith = fields.Part("posted_with") is { } before ? PostedWith(before, settings) : null,
            PostedBefore = [.. fields.Parts("posted_before").Select(Posting)],
            AsOf = fields.Date("as_of"),
            Supersede = fields.Flag("supersede") ?? false,
            CutAtChanges = allAtOnce,
            Settings = settings,
        };
    }

    /// <summary>The commitment takes the place of the price, and what was billed is money without units.</summary>
    private static ProrationRequest TrueUp(Fields fields, ProrationSettings settings)
    {
        var request = Read(fields, CaseMode.AdjustToTarget, settings);
        var days = request.Periods[0];
        var billed = fields.Number("billed") is { } amount ? [new RequestedPosting(days.From, days.Until, 0m, null, amount)] : request.PostedBefore.Select(posting => posting with { Units = 0m });
        return request with
        {
            UnitPrice = request.Commitment ?? request.UnitPrice,
            InitialUnits = request.Commitment is null ? request.InitialUnits : 1m,
            Commitment = null,
            PostedBefore = [.. billed],
        };
    }

    private static RequestedPrice PriceChange(Fields change, bool allAtOnce)
    {
        var tiers = TierFields.Read(change, change.Number("unit_price") ?? 0m);
        var read = tiers is null ? Change(change, "unit_price", allAtOnce) : Change(change, null, allAtOnce);
        return new(read.On, read.Value, read.Run, tiers);
    }

    /// <param name="value">The field that must be there; null where something else stands in its place.</param>
    private static (DateOnly On, decimal Value, int Run) Change(Fields change, string? value, bool allAtOnce)
    {
        var on = change.Required("date", change.Date("date"), DateOnly.MinValue);
        var number = value is null ? 0m : change.Required(value, change.Number(value), 0m);
        var run = change.Whole("event") ?? 0;
        change.Ignore("note");
        change.Finish();
        return (on, number, allAtOnce ? 0 : run);
    }

    private static RequestedTerms PostedWith(Fields before, ProrationSettings settings)
    {
        var read = new RequestedTerms(
            before.Number("minimum"), before.Number("maximum"), before.Number("included"), before.Number("commitment"),
            before.Part("settings") is { } given ? Given(given, settings) : null);
        before.Finish();
        return read;
    }

    private static RequestedDays Period(Fields period)
    {
        if (period.IsRoot) return new(period.Required("period_start", period.Date("period_start"), DateOnly.MinValue), period.Required("period_end", period.Date("period_end"), DateOnly.MinValue));
        var read = new RequestedDays(period.Required("from", period.Date("from"), DateOnly.MinValue), period.Required("to", period.Date("to"), DateOnly.MinValue));
        period.Finish();
        return read;
    }

    private static RequestedPosting Posting(Fields posting)
    {
        var read = new RequestedPosting(
            posting.Required("from", posting.Date("from"), DateOnly.MinValue),
            posting.Required("to", posting.Date("to"), DateOnly.MinValue),
            posting.Number("units") ?? 0m,
            posting.Number("unit_price"),
            posting.Required("amount", posting.Number("amount"), 0m));
        posting.Ignore("event", "kind", "note");
        posting.Finish();
        return read;
    }

    private static (IReadOnlyList<ExpectedLine>? Lines, List<(int Run, DateOnly From, string Kind)> Kinds) Expected(Fields fields)
    {
        if (!fields.Has("expected")) return (null, []);
        var (lines, kinds) = (new List<ExpectedLine>(), new List<(int, DateOnly, string)>());
        foreach (var line in fields.Parts("expected"))
        {
            var read = new ExpectedLine(
                line.Required("from", line.Date("from"), DateOnly.MinValue),
                line.Required("to", line.Date("to"), DateOnly.MinValue),
                line.Required("units", line.Number("units"), 0m),
                line.Required("amount", line.Number("amount"), 0m),
                line.Whole("event") ?? 0,
                line.Number("unit_price"));
            lines.Add(read);
            kinds.Add((read.Run, read.From, line.Text("kind") ?? ""));
            line.Ignore("note");
            line.Finish();
        }

        return (lines, kinds);
    }

    private static ExpectedNext? NextPeriod(Fields fields)
    {
        if (fields.Part("next_period") is not { } next) return null;
        var days = new RequestedDays(next.Required("from", next.Date("from"), DateOnly.MinValue), next.Required("to", next.Date("to"), DateOnly.MinValue));
        var read = new ExpectedNext(days, next.Required("units", next.Number("units"), 0m), next.Required("amount", next.Number("amount"), 0m));
        next.Ignore("event", "kind", "unit_price", "note");
        next.Finish();
        return read;
    }

    private static CaseMode Mode(Fields fields) => fields.Word<CaseMode>("mode") ?? CaseMode.AdvanceDelta;

    /// <summary>A case that says the defaults do not match it, although its days are real ones, comes from a source that rounds each line by itself.</summary>
    private static ProrationSettings Settings(Fields fields, CaseMode mode, string[] tags, CaseStyle style, bool drifts)
    {
        var convention = fields.Text("convention") ?? ActualDays;
        var settings = new ProrationSettings
        {
            DayCount = DayCountOf(convention) ?? DayCount.ActualPeriod,
            LineStyle = style.Lines,
            Rounding = tags.Contains("cent_drift") || (drifts && convention == ActualDays) ? LineRounding.IndependentPerLine : LineRounding.Cumulative,
            UnitPriceRounding = tags.Contains("rounds_unit_price") ? UnitPriceRounding.PerUnit : UnitPriceRounding.None,
            Mode = mode switch
            {
                CaseMode.MonthEndLast => CountMode.MonthEndLast,
                CaseMode.MonthEndMax => CountMode.MonthEndMax,
                CaseMode.MonthEndAverage => CountMode.MonthEndAverage,
                _ => CountMode.ProrateDaily,
            },
        };
        if (DayCountOf(convention) is null) fields.Say("convention", $"'{convention}' is none of {ActualDays}, fixed_30_day_month, months_first.");
        return fields.Part("settings") is { } given ? Given(given, settings) : settings;
    }

    private static ProrationSettings Given(Fields given, ProrationSettings settings)
    {
        settings = settings with
        {
            ChangeDay = given.Word<ChangeDay>("change_day") ?? settings.ChangeDay,
            DayCount = given.Word<DayCount>("day_count") ?? settings.DayCount,
            LineStyle = given.Word<LineStyle>("line_style") ?? settings.LineStyle,
            Rounding = given.Word<LineRounding>("rounding") ?? settings.Rounding,
            UnitPriceRounding = given.Word<UnitPriceRounding>("unit_price_rounding") ?? settings.UnitPriceRounding,
            Increases = given.Word<ChangePolicy>("increases") ?? settings.Increases,
            Decreases = given.Word<ChangePolicy>("decreases") ?? settings.Decreases,
            Mode = given.Word<CountMode>("mode") ?? settings.Mode,
            ClosedPeriodsBackMax = given.Whole("closed_periods_back_max") ?? settings.ClosedPeriodsBackMax,
        };
        given.Finish();
        return settings;
    }

    private static DayCount? DayCountOf(string convention) => convention switch
    {
        ActualDays => DayCount.ActualPeriod,
        "fixed_30_day_month" => DayCount.Fixed30,
        "months_first" => DayCount.MonthsFirst,
        _ => null,
    };
}
