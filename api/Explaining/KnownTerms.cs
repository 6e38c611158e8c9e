using UsageBilling.Api.Database;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Api.Explaining;

/// <summary>A line with the prices and terms that a turn had found, and with those that it left.</summary>
/// <param name="Before">What was written earlier than the turn.</param>
/// <param name="After">And what the turn itself wrote.</param>
internal sealed record KnownTerms(ServiceLineState Before, ServiceLineState After)
{
    private const int Price = 1;

    public static async Task<KnownTerms> Read(MspDatabase database, ServiceLineState line, int version, CancellationToken cancellation)
    {
        if (line.Terms.Prices.Count + line.Terms.Changes.Count == 0) return new(line, line);
        var later = await database.Rows(
            "Explain/later_terms",
            [line.Id.Value, version],
            row => (IsPrice: row.GetInt32(0) == Price, Key: new TermsKey(row.GetFieldValue<DateOnly>(1), row.GetInt32(2)), Version: row.GetInt32(3)),
            cancellation);
        return new(Without(version), Without(version + 1));

        ServiceLineState Without(int from)
        {
            var unknown = later.Where(row => row.Version >= from).Select(row => (row.IsPrice, row.Key)).ToHashSet();
            return line with
            {
                Terms = line.Terms with
                {
                    Prices = Sequence.From(line.Terms.Prices.Where(price => !unknown.Contains((true, new(price.EffectiveOn, price.Sequence))))),
                    Changes = Sequence.From(line.Terms.Changes.Where(change => !unknown.Contains((false, change.Key)))),
                },
            };
        }
    }
}
