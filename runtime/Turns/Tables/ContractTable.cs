using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Runtime.Turns.Tables;

/// <summary>Contracts in <c>contract</c>.</summary>
public sealed class ContractTable : GrainTable<ContractState>
{
    /// <inheritdoc/>
    public override GrainKind Kind => GrainKind.Contract;

    internal override void Load(NpgsqlBatch batch, long[] ids, DateOnly?[] since, bool wait) => Lock(batch, "contract", ids, wait);

    internal override async Task<RestOfLoad<ContractState>> Read(NpgsqlDataReader reader, CancellationToken cancellation) =>
        RestOfLoad.None(await reader.Rows(FromRow, cancellation));

    internal override NpgsqlBatchCommand Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<ContractState>> changes) => batch.Add("Tables/contract_save")
        .Column(changes, change => change.Before.Id)
        .Column(changes, change => change.Before.Version)
        .Column(changes, change => change.After.Name)
        .Column(changes, change => change.After.From)
        .Column(changes, change => change.After.Until)
        .Column(changes, change => change.After.Active);

    private static GrainRow<ContractState> FromRow(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), new(
        new ContractId(row.GetInt64(0)), row.GetString(3), row.Date(4), row.Date(5), row.GetBoolean(6)));
}
