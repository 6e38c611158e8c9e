using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Runtime.Turns.Tables;

/// <summary>Product tenants in <c>product_tenant</c>, <c>tenant_count</c> and <c>tenant_mapping</c>.</summary>
public sealed class ProductTenantTable : GrainTable<ProductTenantState>
{
    /// <inheritdoc/>
    public override GrainKind Kind => GrainKind.ProductTenant;

    internal override void Load(NpgsqlBatch batch, long[] ids, DateOnly?[] since, bool wait)
    {
        Lock(batch, "tenant", ids, wait);
        batch.Add("Tables/tenant_counts").With(ids);
        batch.Add("Tables/tenant_mappings").With(ids);
    }

    internal override async Task<RestOfLoad<ProductTenantState>> Read(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var rows = await reader.Rows(row => (Id: row.GetInt64(0), Msp: row.GetInt64(1), Version: row.GetInt32(2), Product: row.GetString(3), Mapping: row.GetInt32(4)), cancellation);
        var counts = (await reader.NextRows(CountFromRow, cancellation)).ToLookup(count => count.Tenant, count => count.Count);
        var mappings = (await reader.NextRows(MappingSpans.FromRow, cancellation)).ToLookup(span => span.Owner, span => span.Span);
        return RestOfLoad.None<ProductTenantState>([.. rows.Select(row => new GrainRow<ProductTenantState>(row.Id, row.Msp, row.Version, new(
            new ProductTenantId(row.Id), row.Product, Sequence.From(counts[row.Id]), Sequence.From(mappings[row.Id]), row.Mapping)))]);
    }

    internal override NpgsqlBatchCommand Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<ProductTenantState>> changes)
    {
        var save = batch.Add("Tables/tenant_save")
            .Column(changes, change => change.Before.Id)
            .Column(changes, change => change.Before.Version)
            .Column(changes, change => change.After.MappingVersion);
        SaveCounts(batch, [.. changes.SelectMany(change => change.After.Counts.Except(change.Before.State.Counts), (change, count) => (change.Before.Id, change.Before.Msp, count))]);
        MappingSpans.Save(batch, "tenant", [.. changes
            .Where(change => change.After.MappingVersion != change.Before.State.MappingVersion)
            .Select(change => new MappingSpans.Rewrite(change.Before.Id, change.Before.Msp, change.After.MappingVersion, change.After.Mappings))]);
        return save;
    }

    private static void SaveCounts(NpgsqlBatch batch, IReadOnlyList<(long Tenant, long Msp, TenantCount Count)> rows)
    {
        if (rows.Count == 0) return;
        batch.Add("Tables/tenant_counts_save")
            .Column(rows, row => row.Tenant)
            .Column(rows, row => row.Count.Metric)
            .Column(rows, row => row.Msp)
            .Column(rows, row => row.Count.Units?.Value)
            .Column(rows, row => (short)row.Count.Evidence)
            .Column(rows, row => row.Count.Reason)
            .Column(rows, row => row.Count.Night)
            .Column(rows, row => row.Count.ObservedAt);
    }

    private static (long Tenant, TenantCount Count) CountFromRow(NpgsqlDataReader row) => (row.GetInt64(0), new(
        row.GetString(1), row.Units(2), (Evidence)row.GetInt16(3), row.Text(4), row.Date(5), row.Instant(6)));
}
