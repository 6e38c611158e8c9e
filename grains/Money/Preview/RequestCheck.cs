using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using Refused = UsageBilling.Grains.Prorating.ProrationAnswer.Refused;

namespace UsageBilling.Grains.Prorating;

/// <summary>What a request must be before anything is computed. Each refusal has a stable code, a sentence that names the value, and the field.</summary>
internal static class RequestCheck
{
    private const int PeriodsMax = 100;
    private const int ChangesMax = 5_000;
    private const int RunsMax = 500;

    public static Refused? Objection(ProrationRequest request) =>
        Size(request) ?? CurrencyOf(request) ?? Periods(request) ?? Service(request) ?? Prices(request) ?? Counts(request) ?? Posted(request) ?? BackDated(request);

    /// <summary>Steps whose numbers are known to be in range.</summary>
    public static Sequence<PriceTier> Steps(RequestedTiers tiers) =>
        Sequence.From(tiers.Steps.Select(step => new PriceTier(step.UpTo is { } upTo ? new(upTo) : null, new(step.Price), new(step.FlatFee))));

    private static Refused? Size(ProrationRequest request)
    {
        if (request.Periods.Count is 0 or > PeriodsMax) return Refuse(RefusalCode.RequestTooLarge, "periods", $"A request has 1 to {PeriodsMax} periods, not {request.Periods.Count}.");
        var changes = request.Changes.Count + request.PriceChanges.Count + request.PostedBefore.Count;
        if (changes > ChangesMax) return Refuse(RefusalCode.RequestTooLarge, "changes", $"A request has at most {ChangesMax} changes and postings, not {changes}.");
        var runs = Runs(request).ToList();
        if (runs.Select(change => change.Run).Distinct().Count() > RunsMax) return Refuse(RefusalCode.RequestTooLarge, "changes", $"There are at most {RunsMax} runs.");
        return runs.Find(change => change.Run < 0) is { Field: { } field } ? Refuse(RefusalCode.RequestTooLarge, field, "Runs are counted from 0.") : null;
    }

    private static Refused? CurrencyOf(ProrationRequest request) => Currency.TryParse(request.Currency, out _)
        ? null
        : Refuse(RefusalCode.CurrencyUnknown, "currency", $"'{request.Currency}' is not a currency of ISO 4217; for example USD is one.");

    private static Refused? Periods(ProrationRequest request)
    {
        for (var index = 0; index < request.Periods.Count; index++)
        {
            var (from, until) = request.Periods[index];
            var days = until.DayNumber - from.DayNumber;
            if (days is < 1 or > AlignedPeriod.DaysMax)
                return Refuse(RefusalCode.PeriodInvalid, $"periods[{index}]", $"A period has 1 to {AlignedPeriod.DaysMax} days; the one from {Text(from)} until {Text(until)} has {days}.");
            if (index > 0 && from < request.Periods[index - 1].Until)
            {
                return Refuse(
                    RefusalCode.PeriodsOverlap, $"periods[{index}]", $"The period from {Text(from)} begins before the one before it ends on {Text(request.Periods[index - 1].Until)}.");
            }
        }

        return null;
    }

    private static Refused? Service(ProrationRequest request)
    {
        var from = request.ServiceFrom ?? request.Periods[0].From;
        return request.ServiceUntil is { } until && until < from
            ? Refuse(RefusalCode.ServiceDatesInverted, "service_end", $"A service that begins on {Text(from)} cannot end on {Text(until)}.")
            : null;
    }

    private static Refused? Prices(ProrationRequest request)
    {
        foreach (var (field, price) in PricesOf(request))
            if (!UnitPrice.IsValid(price)) return Refuse(RefusalCode.PriceInvalid, field, $"{Text(price)} is no price: one runs from 0 to {Text(UnitPrice.Largest)} with at most six decimals.");
        foreach (var (field, tiers) in TiersOf(request))
        {
            foreach (var step in tiers.Steps)
            {
                if (!UnitPrice.IsValid(step.Price) || !UnitPrice.IsValid(step.FlatFee) || !(step.UpTo is not { } upTo || Units.IsValid(upTo)))
                    return Refuse(RefusalCode.TiersInvalid, field, $"The tier up to {(step.UpTo is { } end ? Text(end) : "no end")} has a bound, price or fee that is negative, too large or too fine.");
            }

            if (Tiers.Objection(Steps(tiers)) is { } objection) return Refuse(RefusalCode.TiersInvalid, field, objection);
        }

        return null;
    }

    private static IEnumerable<(string Field, decimal Price)> PricesOf(ProrationRequest request) => request.PriceChanges.Select((change, index) => ($"price_changes[{index}].unit_price", change.UnitPrice))
        .Prepend(("unit_price", request.UnitPrice))
        .Concat(request.PostedBefore.Select((posting, index) => ($"posted_before[{index}].unit_price", posting.UnitPrice ?? 0m)))
        .Append(("commitment", request.Commitment ?? 0m))
        .Append(("posted_with.commitment", request.PostedWith?.Commitment ?? 0m));

    private static IEnumerable<(string Field, RequestedTiers Tiers)> TiersOf(ProrationRequest request)
    {
        if (request.Tiers is { } first) yield return ("tiers", first);
        for (var index = 0; index < request.PriceChanges.Count; index++)
            if (request.PriceChanges[index].Tiers is { } tiers) yield return ($"price_changes[{index}].tiers", tiers);
    }

    private static Refused? Counts(ProrationRequest request)
    {
        var before = request.PostedWith;
        (string Field, decimal? Units)[] limits =
        [
            ("initial_units", request.InitialUnits), ("minimum", request.Minimum), ("maximum", request.Maximum), ("included", request.Included),
            ("posted_with.minimum", before?.Minimum), ("posted_with.maximum", before?.Maximum), ("posted_with.included", before?.Included),
        ];
        foreach (var (field, units) in limits.Concat(request.Changes.Select((change, index) => ($"changes[{index}].units", (decimal?)change.Units))))
        {
            if (units is { } number && !Units.IsValid(number))
                return Refuse(RefusalCode.UnitsInvalid, field, $"{Text(number)} is no number of units: one runs from 0 to {Text(Units.Largest)} with at most six decimals.");
        }

        return Inverted("maximum", request.Minimum, request.Maximum) ?? Inverted("posted_with.maximum", before?.Minimum, before?.Maximum);
    }

    private static Refused? Inverted(string field, decimal? minimum, decimal? maximum) => maximum < minimum
        ? Refuse(RefusalCode.LimitsInverted, field, $"The maximum of {Text(maximum!.Value)} units is below the minimum of {Text(minimum!.Value)}.")
        : null;

    private static Refused? Posted(ProrationRequest request)
    {
        var digits = Currency.Of(request.Currency).MinorUnits;
        for (var index = 0; index < request.PostedBefore.Count; index++)
        {
            var (posting, field) = (request.PostedBefore[index], $"posted_before[{index}]");
            if (posting.Until <= posting.From || !request.Periods.Any(period => posting.From >= period.From && posting.Until <= period.Until))
                return Refuse(RefusalCode.PostedInvalid, field, $"The posting from {Text(posting.From)} until {Text(posting.Until)} does not lie in one of the periods.");
            if (!Units.IsValid(decimal.Abs(posting.Units)) || decimal.Abs(posting.Amount) > Money.Largest || decimal.Round(posting.Amount, digits) != posting.Amount)
                return Refuse(RefusalCode.PostedInvalid, field, $"The posting of {Text(posting.Amount)} for {Text(posting.Units)} units is not whole coins of {request.Currency} for a number of units.");
        }

        return null;
    }

    /// <summary>Changes may reach back over so many periods that were closed when somebody asks.</summary>
    private static Refused? BackDated(ProrationRequest request)
    {
        if (request.AsOf is not { } asked || request.Settings.ClosedPeriodsBackMax is not { } most) return null;
        var closed = request.Periods.Where(period => period.Until <= asked).ToList();
        if (closed.Count <= most) return null;
        var earliest = most == 0 ? closed[^1].Until : closed[^most].From;
        var early = request.Changes.Select((change, index) => (Field: $"changes[{index}].date", change.On))
            .Concat(request.PriceChanges.Select((change, index) => (Field: $"price_changes[{index}].date", change.On)))
            .Where(change => change.On < earliest)
            .OrderBy(change => change.On)
            .FirstOrDefault();
        return early.Field is null ? null : Refuse(
            RefusalCode.DateTooOld, early.Field, $"The change on {Text(early.On)} reaches back over more than {most} closed periods; {Text(earliest)} is the earliest without approval.");
    }

    private static IEnumerable<(string Field, int Run)> Runs(ProrationRequest request) => request.Changes.Select((change, index) => ($"changes[{index}].event", change.Run))
        .Concat(request.PriceChanges.Select((change, index) => ($"price_changes[{index}].event", change.Run)));

    private static Refused Refuse(string code, string field, string sentence) => new(new(code, sentence), field);

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(decimal number) => number.ToString("0.############################", System.Globalization.CultureInfo.InvariantCulture);
}
