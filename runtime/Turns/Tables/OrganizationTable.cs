using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Runtime.Turns.Tables;

/// <summary>Organizations in <c>organization</c> and <c>organization_mapping</c>.</summary>
public sealed class OrganizationTable : GrainTable<OrganizationState>
{
    /// <inheritdoc/>
    public override GrainKind Kind => GrainKind.Organization;

    internal override void Load(NpgsqlBatch batch, long[] ids, DateOnly?[] since, bool wait)
    {
        Lock(batch, "organization", ids, wait);
        batch.Add("Tables/organization_mappings").With(ids);
    }

    internal override async Task<RestOfLoad<OrganizationState>> Read(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var rows = await reader.Rows(row => (Id: row.GetInt64(0), Msp: row.GetInt64(1), Version: row.GetInt32(2), Mapping: row.GetInt32(3)), cancellation);
        var mappings = (await reader.NextRows(MappingSpans.FromRow, cancellation)).ToLookup(span => span.Owner, span => span.Span);
        return RestOfLoad.None<OrganizationState>([.. rows.Select(row => new GrainRow<OrganizationState>(
            row.Id, row.Msp, row.Version, new(new OrganizationId(row.Id), Sequence.From(mappings[row.Id]), row.Mapping)))]);
    }

    internal override NpgsqlBatchCommand Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<OrganizationState>> changes)
    {
        var save = batch.Add("Tables/organization_save")
            .Column(changes, change => change.Before.Id)
            .Column(changes, change => change.Before.Version)
            .Column(changes, change => change.After.MappingVersion);
        MappingSpans.Save(batch, "organization", [.. changes
            .Where(change => change.After.MappingVersion != change.Before.State.MappingVersion)
            .Select(change => new MappingSpans.Rewrite(change.Before.Id, change.Before.Msp, change.After.MappingVersion, change.After.Mappings))]);
        return save;
    }
}
