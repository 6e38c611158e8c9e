using UsageBilling.Interfaces.Products;

namespace UsageBilling.Interfaces.Feeds;

/// <summary>One row that was sent to a feed, from JSON or CSV alike.</summary>
/// <param name="Number">Its place, from 1; of CSV its line is one further down, for the header.</param>
/// <param name="ExternalId">What the sender knows the account by.</param>
/// <param name="AccountName">The name to be shown for it; null or empty keeps the one that is known.</param>
/// <param name="Metric">A metric of the feed.</param>
/// <param name="Quantity">The count itself, never a difference; null when what was sent is not a number.</param>
public sealed record FedRow(int Number, string? ExternalId, string? AccountName, string? Metric, decimal? Quantity);

/// <summary>What the rows of a feed are compared with.</summary>
/// <param name="Metrics">The metrics that it tells.</param>
/// <param name="Accounts">The names of the accounts that are known, by their ids.</param>
public sealed record FeedTerms(IReadOnlyDictionary<string, Metric> Metrics, IReadOnlyDictionary<string, string> Accounts);

/// <summary>A row with what is wrong about it.</summary>
/// <param name="Code">A <see cref="FeedRowCode"/>; null when it is accepted.</param>
/// <param name="Field">The field that is wrong.</param>
/// <param name="Sentence">Why, for a person.</param>
public sealed record CheckedRow(FedRow Row, string? Code, string? Field, string? Sentence)
{
    /// <summary>Whether the row counts.</summary>
    public bool Accepted => Code is null;
}

/// <summary>Every code a row is refused with.</summary>
public static class FeedRowCode
{
    /// <summary>No id, or more than 200 characters.</summary>
    public const string ExternalIdInvalid = "external_id_invalid";

    /// <summary>More than 200 characters, or some that nobody can read.</summary>
    public const string AccountNameInvalid = "account_name_invalid";

    /// <summary>The feed knows no account of that id, and the row gives no name for it.</summary>
    public const string AccountUnknown = "account_unknown";

    /// <summary>The feed does not tell that metric.</summary>
    public const string MetricUnknown = "metric_unknown";

    /// <summary>Not a number, or not one that the kind of metric can have.</summary>
    public const string QuantityInvalid = "quantity_invalid";

    /// <summary>Another row is about the same account and metric: none of them is believed.</summary>
    public const string DuplicateRow = "duplicate_row";

    /// <summary>All of them, for documents and tests.</summary>
    public static IReadOnlyList<string> All { get; } = [ExternalIdInvalid, AccountNameInvalid, AccountUnknown, MetricUnknown, QuantityInvalid, DuplicateRow];
}
