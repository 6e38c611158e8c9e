using UsageBilling.Interfaces.Feeds;
using UsageBilling.Interfaces.Products;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Feeds;

/// <summary>Which rows of a snapshot count. One wrong row does not take the others along, and is never made to fit.</summary>
public static class SnapshotCheck
{
    /// <summary>Characters an id or a name may have.</summary>
    public const int TextMax = 200;

    /// <summary>Every row with what is wrong about it, in the order of the rows.</summary>
    public static IReadOnlyList<CheckedRow> Of(FeedTerms feed, IReadOnlyList<FedRow> rows)
    {
        var named = rows.Where(row => IsText(row.ExternalId) && IsText(row.AccountName)).Select(row => row.ExternalId!).ToHashSet(StringComparer.Ordinal);
        var told = rows.GroupBy(row => (row.ExternalId, row.Metric)).ToDictionary(same => same.Key, same => same.Count());
        return [.. rows.Select(row => Check(feed, row, named, told[(row.ExternalId, row.Metric)]))];
    }

    /// <summary>The names that accepted rows give to accounts: of several for one account the first.</summary>
    public static IReadOnlyDictionary<string, string> Names(IEnumerable<CheckedRow> rows) => rows
        .Where(row => row.Accepted && !string.IsNullOrEmpty(row.Row.AccountName))
        .GroupBy(row => row.Row.ExternalId!, StringComparer.Ordinal)
        .ToDictionary(same => same.Key, same => same.First().Row.AccountName!, StringComparer.Ordinal);

    /// <summary>Whether a text can be an id or a name.</summary>
    public static bool IsText(string? text) => !string.IsNullOrWhiteSpace(text) && text.Length <= TextMax && !text.Any(char.IsControl);

    private static CheckedRow Check(FeedTerms feed, FedRow row, HashSet<string> named, int alike)
    {
        if (!IsText(row.ExternalId))
            return Refused(row, FeedRowCode.ExternalIdInvalid, "external_id", $"Must be a text of 1 to {TextMax} characters without control characters.");
        if (!string.IsNullOrEmpty(row.AccountName) && !IsText(row.AccountName))
            return Refused(row, FeedRowCode.AccountNameInvalid, "account_name", $"Must be a text of at most {TextMax} characters without control characters.");
        if (!feed.Accounts.ContainsKey(row.ExternalId!) && !named.Contains(row.ExternalId!))
            return Refused(row, FeedRowCode.AccountUnknown, "external_id", "The feed knows no account of this id: name it in account_name, or put it among the accounts first.");
        if (row.Metric is null || !feed.Metrics.TryGetValue(row.Metric, out var metric))
            return Refused(row, FeedRowCode.MetricUnknown, "metric", $"Must be one of {string.Join(", ", feed.Metrics.Keys.Order(StringComparer.Ordinal))}.");
        if (row.Quantity is not { } quantity || !Fits(metric.Kind, quantity))
            return Refused(row, FeedRowCode.QuantityInvalid, "quantity", Range(metric.Kind));
        if (alike > 1)
            return Refused(row, FeedRowCode.DuplicateRow, "metric", $"{alike} rows are about this account and metric; which of them is right cannot be told.");
        return new(row, null, null, null);
    }

    private static CheckedRow Refused(FedRow row, string code, string field, string sentence) => new(row, code, field, sentence);

    private static bool Fits(MetricKind kind, decimal quantity) => Units.IsValid(quantity) && kind switch
    {
        MetricKind.Flag => quantity is 0m or 1m,
        MetricKind.Count => decimal.IsInteger(quantity),
        _ => true,
    };

    private static string Range(MetricKind kind) => kind switch
    {
        MetricKind.Flag => "Must be 0 or 1: this metric is on or off.",
        MetricKind.Count => "Must be a whole number from 0 to 1,000,000,000.",
        _ => "Must be a number from 0 to 1,000,000,000 with at most six decimals.",
    };
}
