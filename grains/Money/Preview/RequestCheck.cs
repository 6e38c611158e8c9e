using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Prorating;

/// <summary>What a request must be before anything is computed. Each refusal has a stable code and a sentence that names the value.</summary>
internal static class RequestCheck
{
    private const int PeriodsMax = 100;
    private const int ChangesMax = 5_000;
    private const int RunsMax = 500;

    public static Verdict.Refused? Objection(ProrationRequest request) =>
        Size(request) ?? CurrencyOf(request) ?? Periods(request) ?? Service(request) ?? Prices(request) ?? Counts(request) ?? Posted(request) ?? BackDated(request);

    /// <summary>Steps whose numbers are known to be in range.</summary>
    public static Sequence<PriceTier> Steps(RequestedTiers tiers) =>
        Sequence.From(tiers.Steps.Select(step => new PriceTier(step.UpTo is { } upTo ? new(upTo) : null, new(step.Price), new(step.FlatFee))));

    private static Verdict.Refused? Size(ProrationRequest request)
    {
        if (request.Periods.Count is 0 or > PeriodsMax) return new(RefusalCode.RequestTooLarge, $"A request has 1 to {PeriodsMax} periods, not {request.Periods.Count}.");
        var changes = request.Changes.Count + request.PriceChanges.Count + request.PostedBefore.Count;
        if (changes > ChangesMax) return new(RefusalCode.RequestTooLarge, $"A request has at most {ChangesMax} changes and postings, not {changes}.");
        var runs = request.Changes.Select(change => change.Run).Concat(request.PriceChanges.Select(change => change.Run)).Distinct().ToList();
        return runs.Count > RunsMax || runs.Exists(run => run < 0) ? new(RefusalCode.RequestTooLarge, $"Runs are counted from 0, and there are at most {RunsMax}.") : null;
    }

    private static Verdict.Refused? CurrencyOf(ProrationRequest request) =>
        Currency.TryParse(request.Currency, out _) ? null : new(RefusalCode.CurrencyUnknown, $"'{request.Currency}' is not a currency of ISO 4217; for example USD is one.");

    private static Verdict.Refused? Periods(ProrationRequest request)
    {
        for (var index = 0; index < request.Periods.Count; index++)
        {
            var (from, until) = request.Periods[index];
            var days = until.DayNumber - from.DayNumber;
            if (days is < 1 or > AlignedPeriod.DaysMax)
                return new(RefusalCode.PeriodInvalid, $"A period has 1 to {AlignedPeriod.DaysMax} days; the one from {Text(from)} until {Text(until)} has {days}.");
            if (index > 0 && from < request.Periods[index - 1].Until)
                return new(RefusalCode.PeriodsOverlap, $"The period from {Text(from)} begins before the one before it ends on {Text(request.Periods[index - 1].Until)}.");
        }

        return null;
    }

    private static Verdict.Refused? Service(ProrationRequest request)
    {
        var from = request.ServiceFrom ?? request.Periods[0].From;
        return request.ServiceUntil is { } until && until < from ? new(RefusalCode.ServiceDatesInverted, $"A service that begins on {Text(from)} cannot end on {Text(until)}.") : null;
    }

    private static Verdict.Refused? Prices(ProrationRequest request)
    {
        var prices = request.PriceChanges.Select(change => change.UnitPrice).Prepend(request.UnitPrice).Concat(request.PostedBefore.Select(posting => posting.UnitPrice ?? 0m));
        foreach (var price in prices.Append(request.Commitment ?? 0m))
            if (!UnitPrice.IsValid(price)) return new(RefusalCode.PriceInvalid, $"{Text(price)} is no price: one runs from 0 to {Text(UnitPrice.Largest)} with at most six decimals.");
        foreach (var tiers in request.PriceChanges.Select(change => change.Tiers).Prepend(request.Tiers).OfType<RequestedTiers>())
        {
            foreach (var step in tiers.Steps)
            {
                if (!UnitPrice.IsValid(step.Price) || !UnitPrice.IsValid(step.FlatFee) || !(step.UpTo is not { } upTo || Units.IsValid(upTo)))
                    return new(RefusalCode.TiersInvalid, $"The tier up to {(step.UpTo is { } end ? Text(end) : "no end")} has a bound, price or fee that is negative, too large or too fine.");
            }

            if (Tiers.Objection(Steps(tiers)) is { } objection) return new(RefusalCode.TiersInvalid, objection);
        }

        return null;
    }

    private static Verdict.Refused? Counts(ProrationRequest request)
    {
        decimal?[] limits = [request.InitialUnits, request.Minimum, request.Maximum, request.Included];
        foreach (var units in limits.OfType<decimal>().Concat(request.Changes.Select(change => change.Units)))
            if (!Units.IsValid(units)) return new(RefusalCode.UnitsInvalid, $"{Text(units)} is no number of units: one runs from 0 to {Text(Units.Largest)} with at most six decimals.");
        return request.Maximum < request.Minimum
            ? new(RefusalCode.LimitsInverted, $"The maximum of {Text(request.Maximum!.Value)} units is below the minimum of {Text(request.Minimum!.Value)}.")
            : null;
    }

    private static Verdict.Refused? Posted(ProrationRequest request)
    {
        var digits = Currency.Of(request.Currency).MinorUnits;
        foreach (var posting in request.PostedBefore)
        {
            if (posting.Until <= posting.From || !request.Periods.Any(period => posting.From >= period.From && posting.Until <= period.Until))
                return new(RefusalCode.PostedInvalid, $"The posting from {Text(posting.From)} until {Text(posting.Until)} does not lie in one of the periods.");
            if (!Units.IsValid(decimal.Abs(posting.Units)) || decimal.Abs(posting.Amount) > Money.Largest || decimal.Round(posting.Amount, digits) != posting.Amount)
                return new(RefusalCode.PostedInvalid, $"The posting of {Text(posting.Amount)} for {Text(posting.Units)} units is not whole coins of {request.Currency} for a number of units.");
        }

        return null;
    }

    /// <summary>Changes may reach back over so many periods that were closed when somebody asks.</summary>
    private static Verdict.Refused? BackDated(ProrationRequest request)
    {
        if (request.AsOf is not { } asked || request.Settings.ClosedPeriodsBackMax is not { } most) return null;
        var closed = request.Periods.Where(period => period.Until <= asked).ToList();
        if (closed.Count <= most) return null;
        var earliest = most == 0 ? closed[^1].Until : closed[^most].From;
        return request.Changes.Select(change => change.On).Concat(request.PriceChanges.Select(change => change.On)).Where(date => date < earliest).Order().Select(date => (DateOnly?)date).FirstOrDefault() is { } early
            ? new(RefusalCode.DateTooOld, $"The change on {Text(early)} reaches back over more than {most} closed periods; {Text(earliest)} is the earliest without approval.")
            : null;
    }

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(decimal number) => number.ToString("0.############################", System.Globalization.CultureInfo.InvariantCulture);
}
