using Npgsql;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Runtime.Turns.Tables;

/// <summary>Alerts in <c>alert</c>.</summary>
public sealed class AlertTable : GrainTable<AlertState>
{
    /// <inheritdoc/>
    public override GrainKind Kind => GrainKind.Alert;

    internal override void Load(NpgsqlBatch batch, long[] ids, DateOnly?[] since, bool wait) => Lock(batch, "alert", ids, wait);

    internal override async Task<RestOfLoad<AlertState>> Read(NpgsqlDataReader reader, CancellationToken cancellation) => RestOfLoad.None(await reader.Rows(FromRow, cancellation));

    internal override NpgsqlBatchCommand Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<AlertState>> changes) => batch.Add("Tables/alert_save")
        .Column(changes, change => change.Before.Id)
        .Column(changes, change => change.Before.Version)
        .Column(changes, change => change.After.Open)
        .Column(changes, change => change.After.Occurrence)
        .Column(changes, change => change.After.Repeats)
        .Column(changes, change => change.After.Ticketed)
        .Column(changes, change => (short)change.After.Severity)
        .Column(changes, change => change.After.Title)
        .Column(changes, change => string.Join('\n', change.After.Events))
        .Column(changes, change => change.After.Target?.Integration.Value)
        .Column(changes, change => change.After.Target?.Organization?.Value)
        .Column(changes, change => change.After.Target?.AccountRemoteId)
        .Column(changes, change => change.After.RaisedAt)
        .Column(changes, change => change.After.LastAt)
        .Column(changes, change => change.After.ClearedAt);

    private static GrainRow<AlertState> FromRow(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), new(
        new AlertId(row.GetInt64(0)), row.GetBoolean(3), row.GetInt32(4), row.GetInt32(5), row.GetBoolean(6), (AlertSeverity)row.GetInt16(7), row.GetString(8),
        Sequence.From(row.GetFieldValue<string[]>(9)), TargetOf(row), row.MaybeInstant(13), row.MaybeInstant(14), row.MaybeInstant(15)));

    private static AlertTarget? TargetOf(NpgsqlDataReader row) => row.IsDBNull(10)
        ? null
        : new(new IntegrationId(row.GetInt64(10)), row.IsDBNull(11) ? null : new OrganizationId(row.GetInt64(11)), row.Text(12));
}
