using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Runtime.Turns.Tables;

/// <summary>Integrations in <c>integration</c>; the secret stays where it is.</summary>
public sealed class IntegrationTable : GrainTable<IntegrationState>
{
    /// <inheritdoc/>
    public override GrainKind Kind => GrainKind.Integration;

    internal override void Load(NpgsqlBatch batch, long[] ids, DateOnly?[] since, bool wait) => Lock(batch, "integration", ids, wait);

    internal override async Task<RestOfLoad<IntegrationState>> Read(NpgsqlDataReader reader, CancellationToken cancellation) =>
        RestOfLoad.None(await reader.Rows(FromRow, cancellation));

    internal override NpgsqlBatchCommand Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<IntegrationState>> changes) => batch.Add("Tables/integration_save")
        .Column(changes, change => change.Before.Id)
        .Column(changes, change => change.Before.Version)
        .Column(changes, change => (short)change.After.Credentials)
        .Column(changes, change => change.After.CredentialReason)
        .Column(changes, change => change.After.NightCursor)
        .Column(changes, change => change.After.Failures);

    private static GrainRow<IntegrationState> FromRow(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), new(
        new IntegrationId(row.GetInt64(0)), row.GetBoolean(3), (CredentialState)row.GetInt16(4), row.Text(5), row.MaybeDate(6), row.GetInt32(7)));
}
