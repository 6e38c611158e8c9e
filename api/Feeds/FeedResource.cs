using Npgsql;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Resources;
using UsageBilling.Grains.Feeds;
using UsageBilling.Interfaces.Products;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Feeds;

/// <summary>An integration that is told its counts: it calls no vendor and has no credentials.</summary>
/// <param name="Product">The product that it tells of.</param>
/// <param name="Metrics">The metrics of the product that it tells.</param>
/// <param name="Accounts">How many accounts it knows. Each is a product tenant, to be mapped like any other.</param>
/// <param name="NightCursor">The last night that is over.</param>
/// <param name="LastSnapshot">What it was told last; null before the first time.</param>
internal sealed record FeedResource(
    long Id, string Name, string Product, IReadOnlyList<string> Metrics, long Accounts, DateOnly? NightCursor, SnapshotResource? LastSnapshot, DateTimeOffset CreatedAt)
{
    internal static FeedResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<string[]>(3), row.GetInt64(6), row.MaybeDate(4),
        row.IsDBNull(7) ? null : SnapshotResource.FromRow(row, 7), row.Instant(5));
}

/// <summary>A snapshot without its rows.</summary>
/// <param name="AsOf">The night that its counts are for.</param>
/// <param name="Complete">Whether what it does not name is missing; never when a row of it was refused.</param>
/// <param name="TakenAt">When every tenant had its part; null while a silo is at it.</param>
internal sealed record SnapshotResource(
    long Id, DateOnly AsOf, bool Complete, string IdempotencyKey, int Accepted, int Refused, DateTimeOffset FedAt, string FedBy, DateTimeOffset? TakenAt)
{
    internal static SnapshotResource FromRow(NpgsqlDataReader row) => FromRow(row, 0);

    internal static SnapshotResource FromRow(NpgsqlDataReader row, int column) => new(
        row.GetInt64(column), row.Date(column + 1), row.GetBoolean(column + 2), row.GetString(column + 3), row.GetInt32(column + 4), row.GetInt32(column + 5),
        row.Instant(column + 6), row.GetString(column + 7), row.MaybeInstant(column + 8));
}

/// <summary>A feed to be made.</summary>
/// <param name="Product">A product of the catalogue.</param>
internal sealed record NewFeed(string Name, string Product) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        foreach (var error in Checks.Text("name", Name, VendorRules.NameMax)) yield return error;
        if (Catalogue.Find(Product) is null) yield return new("product", "Is not a product of the catalogue; GET /v1/products lists them.");
    }
}

/// <summary>Accounts of a feed, by the ids that its sender uses.</summary>
internal sealed record FeedAccounts(IReadOnlyList<FeedAccount> Accounts) : IChecked
{
    public const int Most = 5_000;

    public IEnumerable<FieldError> Check()
    {
        if (Accounts.Count is 0 or > Most) yield return new("accounts", $"Must have 1 to {Most} items.");
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(Accounts.Count, Most); i++)
        {
            if (!SnapshotCheck.IsText(Accounts[i]?.ExternalId)) yield return new($"accounts[{i}].external_id", $"Must be a text of 1 to {SnapshotCheck.TextMax} characters without control characters.");
            else if (!known.Add(Accounts[i].ExternalId)) yield return new($"accounts[{i}].external_id", "Is there more than once.");
            if (!SnapshotCheck.IsText(Accounts[i]?.Name)) yield return new($"accounts[{i}].name", $"Must be a text of 1 to {SnapshotCheck.TextMax} characters without control characters.");
        }
    }
}

/// <summary>One account.</summary>
/// <param name="ExternalId">What the sender knows it by; it stays.</param>
/// <param name="Name">What people know it by.</param>
internal sealed record FeedAccount(string ExternalId, string Name);

/// <summary>What became of accounts.</summary>
internal sealed record KeptAccounts(int Added, int Renamed, int Unchanged);

/// <summary>The metrics that a feed tells from now on.</summary>
internal sealed record FeedMetrics(IReadOnlyList<FeedMetric> Metrics) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        if (Metrics.Count == 0) yield return new("metrics", "Must have at least one item.");
    }

    /// <summary>What can be said only once the feed's product is known.</summary>
    public IEnumerable<FieldError> Check(string product)
    {
        for (var i = 0; i < Metrics.Count; i++)
        {
            var metric = Catalogue.Find(product, Metrics[i]?.Key ?? "");
            if (metric is null) yield return new($"metrics[{i}].key", $"{product} has no such metric in the catalogue.");
            else if (Metrics.Take(i).Any(before => before.Key == metric.Id)) yield return new($"metrics[{i}].key", "Is there more than once.");
            else if (Metrics[i].Kind is { } kind && kind != Words.Of(metric.Kind)) yield return new($"metrics[{i}].kind", $"The catalogue has it as {Words.Of(metric.Kind)}.");
        }
    }
}

/// <summary>One metric.</summary>
/// <param name="Key">Its id in the catalogue.</param>
/// <param name="Kind">What the sender takes it for: <c>count</c>, <c>flag</c> or <c>capacity</c>; refused when the catalogue has it as something else.</param>
internal sealed record FeedMetric(string Key, string? Kind = null);
