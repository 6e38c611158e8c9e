using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Runtime.Turns.Tables;

/// <summary>The prices and terms of lines in <c>line_price</c>, <c>line_terms</c> and <c>line_tier</c>. Lines that have none are never looked for.</summary>
public static class ServiceLineTerms
{
    private const short HasPrices = 1;
    private const short HasChanges = 2;

    /// <summary>What the column <c>extra</c> says of terms.</summary>
    public static short Extra(LineTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return (short)((terms.Prices.Count > 0 ? HasPrices : 0) + (terms.Changes.Count > 0 ? HasChanges : 0));
    }

    /// <summary>A price of a line, read from <c>Tables/line_prices</c>.</summary>
    public static (long Line, LinePrice Price) PriceFromRow(NpgsqlDataReader row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return (row.GetInt64(0), new(row.Date(1), row.GetInt32(2), new(row.GetDecimal(3))));
    }

    /// <summary>A change of terms, read from <c>Tables/line_terms</c>.</summary>
    public static (long Line, TermsChange Change) ChangeFromRow(NpgsqlDataReader row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return (row.GetInt64(0), new(row.Date(1), row.GetInt32(2), new(row.Units(3), row.Units(4), row.Units(5), TiersOf(row), ProrationColumns.Overrides(row, 6))
        {
            Commitment = row.IsDBNull(19) ? null : new UnitPrice(row.GetDecimal(19)),
            Timing = row.IsDBNull(20) ? null : row.GetBoolean(20) ? BillingTiming.Advance : BillingTiming.Arrears,
            Rounding = row.IsDBNull(21) ? null : (UnitRounding)row.GetInt16(21),
        }));
    }

    /// <summary>Asks for what the lines have besides their rows, in the batch that loads them: nothing for lines that have nothing.</summary>
    internal static (bool Prices, bool Changes) Load(NpgsqlBatch batch, IReadOnlyList<(long Line, short Extra)> lines)
    {
        var priced = lines.Where(line => (line.Extra & HasPrices) != 0).Select(line => line.Line).ToArray();
        var changed = lines.Where(line => (line.Extra & HasChanges) != 0).Select(line => line.Line).ToArray();
        if (priced.Length > 0) batch.Add("Tables/line_prices").With(priced);
        if (changed.Length > 0) batch.Add("Tables/line_terms").With(changed);
        return (priced.Length > 0, changed.Length > 0);
    }

    /// <summary>Writes what is new.</summary>
    internal static void Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<ServiceLineState>> changes)
    {
        var other = changes.Where(change => change.After.Terms != change.Before.State.Terms).ToList();
        if (other.Count == 0) return;
        SavePrices(batch, [.. other.SelectMany(change => change.After.Terms.Prices.Except(change.Before.State.Terms.Prices), (change, price) => new New<LinePrice>(change.Before, price))]);
        SaveChanges(batch, [.. other.SelectMany(change => change.After.Terms.Changes.Except(change.Before.State.Terms.Changes), (change, terms) => new New<TermsChange>(change.Before, terms))]);
    }

    private static void SavePrices(NpgsqlBatch batch, List<New<LinePrice>> prices)
    {
        if (prices.Count == 0) return;
        batch.Add("Tables/line_price_add")
            .Column(prices, row => row.Of.Id)
            .Column(prices, row => row.Value.EffectiveOn)
            .Column(prices, row => row.Value.Sequence)
            .Column(prices, row => row.Of.Msp)
            .Column(prices, row => row.Value.Price.Value)
            .Column(prices, row => row.Of.Version + 1);
    }

    private static void SaveChanges(NpgsqlBatch batch, List<New<TermsChange>> changes)
    {
        if (changes.Count == 0) return;
        batch.Add("Tables/line_terms_add")
            .Column(changes, row => row.Of.Id)
            .Column(changes, row => row.Value.From)
            .Column(changes, row => row.Value.Sequence)
            .Column(changes, row => row.Of.Msp)
            .Column(changes, row => row.Value.Terms.Minimum?.Value)
            .Column(changes, row => row.Value.Terms.Maximum?.Value)
            .Column(changes, row => row.Value.Terms.Included?.Value)
            .Column(changes, row => (short?)row.Value.Terms.Tiers?.Kind)
            .Column(changes, row => (short?)row.Value.Terms.Settings.Mode)
            .Column(changes, row => (short?)row.Value.Terms.Settings.ChangeDay)
            .Column(changes, row => (short?)row.Value.Terms.Settings.DayCount)
            .Column(changes, row => (short?)row.Value.Terms.Settings.LineStyle)
            .Column(changes, row => (short?)row.Value.Terms.Settings.Rounding)
            .Column(changes, row => (short?)row.Value.Terms.Settings.UnitPriceRounding)
            .Column(changes, row => (short?)row.Value.Terms.Settings.Increases)
            .Column(changes, row => (short?)row.Value.Terms.Settings.Decreases)
            .Column(changes, row => row.Value.Terms.Settings.ClosedPeriodsBackMax)
            .Column(changes, row => row.Of.Version + 1)
            .Column(changes, row => row.Value.Terms.Commitment?.Value)
            .Column(changes, row => row.Value.Terms.Timing is { } timing ? timing == BillingTiming.Advance : (bool?)null)
            .Column(changes, row => (short?)row.Value.Terms.Rounding);
        var tiers = changes.SelectMany(row => (row.Value.Terms.Tiers?.Steps ?? []).Select((tier, step) => (Change: row, Tier: tier, Step: (short)(step + 1)))).ToList();
        if (tiers.Count == 0) return;
        batch.Add("Tables/line_tier_add")
            .Column(tiers, row => row.Change.Of.Id)
            .Column(tiers, row => row.Change.Value.From)
            .Column(tiers, row => row.Change.Value.Sequence)
            .Column(tiers, row => row.Step)
            .Column(tiers, row => row.Change.Of.Msp)
            .Column(tiers, row => row.Tier.UpTo?.Value)
            .Column(tiers, row => row.Tier.Price.Value)
            .Column(tiers, row => row.Tier.FlatFee.Value);
    }

    private static Tiers? TiersOf(NpgsqlDataReader row)
    {
        if (row.IsDBNull(15)) return null;
        var (upTo, price, fee) = (row.GetFieldValue<decimal?[]>(16), row.GetFieldValue<decimal[]>(17), row.GetFieldValue<decimal[]>(18));
        return new((TierKind)row.GetInt16(15), Sequence.From(price.Select((unit, step) => new PriceTier(upTo[step] is { } last ? new Units(last) : null, new(unit), new(fee[step])))));
    }

    private sealed record New<T>(GrainRow<ServiceLineState> Of, T Value);
}
