using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;
using CountRecord = UsageBilling.Interfaces.Grains.CountRecord;

namespace UsageBilling.Grains.Billing;

/// <summary>A count record, and the version of the line whose turn wrote it.</summary>
public sealed record RecordedCount(int Version, CountRecord Count);

/// <summary>What was on record when a turn wrote an entry.</summary>
/// <param name="Terms">The line's terms as the turn left them, with the contract's dates of now.</param>
/// <param name="Key">The entry: a charge or an adjustment.</param>
/// <param name="Counts">By date, then sequence: every one that holds on a day of the period, before that turn or after it.</param>
/// <param name="Entries">All entries of the period up to and with that turn, in order.</param>
public sealed record EntryFacts(Prorating.LineTerms Terms, AlignedPeriod Period, EntryKey Key, IReadOnlyList<RecordedCount> Counts, IReadOnlyList<PostedEntry> Entries)
{
    /// <summary>The terms that the turn had found, where it changed them; null where it did not.</summary>
    public Prorating.LineTerms? Found { get; init; }

    /// <summary>What earlier turns wrote.</summary>
    public IReadOnlyList<PostedEntry> Before => [.. Entries.Where(entry => entry.Key.Version < Key.Version)];

    /// <summary>What the turn itself wrote.</summary>
    public IReadOnlyList<PostedEntry> Turn => [.. Entries.Where(entry => entry.Key.Version == Key.Version && entry.Entry.Corrects is null)];

    /// <summary>Whether the turn charged the period for the first time.</summary>
    public bool IsCharge => Turn.Any(entry => entry.Entry.Kind == "charge");

    /// <summary>The units of every day, as they were known before the turn or after it.</summary>
    public CountTimeline Timeline(bool after) => ServiceLine.LinePricing.Timeline(Counts.Where(count => after || count.Version < Key.Version).Select(count => count.Count));

    /// <summary>The same as a question that anybody can ask: run 0 is what stood before the turn, run 1 what it added.</summary>
    public ProrationRequest Request()
    {
        var found = IsCharge ? Terms : Found ?? Terms;
        var prices = Prices(found).ToList();
        return new()
        {
            Currency = Terms.Currency.Code,
            Periods = [new(Period.Span.From, Period.Span.Until)],
            ServiceFrom = Terms.ServiceFrom,
            ServiceUntil = Terms.ServiceUntil,
            UnitPrice = prices[0].Price.Price.Value,
            Tiers = Requested(prices[0].Price.Tiers),
            Changes = [.. Counts.Select(count => new RequestedUnits(count.Count.EffectiveOn, count.Count.Units.Value, IsCharge || count.Version < Key.Version ? 0 : 1))],
            PriceChanges = [.. prices.Skip(1).Select(price => Requested(price.From, price.Price, 0)), .. OtherPrices(found)],
            Minimum = Terms.Minimum?.Value,
            Maximum = Terms.Maximum?.Value,
            Included = Terms.Included?.Value,
            Commitment = Terms.Commitment?.Value,
            Settings = Terms.Settings,
            PostedWith = Besides(found) == Besides(Terms) ? null : Besides(found),
        };
    }

    /// <summary>Every price of the period as the turn left them: the first one holds when it begins.</summary>
    public IReadOnlyList<RequestedPrice> PricesAfter() => [.. Prices(Terms).Select(price => Requested(price.From, price.Price, 0))];

    private static RequestedTerms Besides(Prorating.LineTerms terms) =>
        new(terms.Minimum?.Value, terms.Maximum?.Value, terms.Included?.Value, terms.Commitment?.Value, terms.Settings);

    private IEnumerable<(DateOnly From, PriceRecord Price)> Prices(Prorating.LineTerms terms) =>
        terms.Prices.Within(new(Period.Span.From.AddDays(-1), Period.Span.Until)).Select(price => (price.Span.From, price.Record!));

    /// <summary>What the turn changed: each date on which another price or price list holds than the turn had found.</summary>
    private IEnumerable<RequestedPrice> OtherPrices(Prorating.LineTerms found)
    {
        if (ReferenceEquals(found, Terms)) return [];
        return Prices(found).Concat(Prices(Terms)).Select(price => price.From).Distinct().Order()
            .Select(on => (On: on, Before: found.Prices.On(on), After: Terms.Prices.On(on)))
            .Where(price => (price.Before.Price, price.Before.Tiers) != (price.After.Price, price.After.Tiers))
            .Select(price => Requested(price.On, price.After, 1));
    }

    private static RequestedPrice Requested(DateOnly on, PriceRecord price, int run) => new(on, price.Tiers is null ? price.Price.Value : 0m, run, Requested(price.Tiers));

    private static RequestedTiers? Requested(Tiers? tiers) => tiers is null
        ? null
        : new(tiers.Kind, [.. tiers.Steps.Select(step => new RequestedTier(step.UpTo?.Value, step.Price.Value, step.FlatFee.Value))]);
}
