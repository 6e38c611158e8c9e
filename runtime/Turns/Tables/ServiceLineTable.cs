using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Runtime.Turns.Tables;

/// <summary>Service lines in <c>service_line</c> and <c>line_basis</c>, with their counts, their open hold and what feeds them.</summary>
public sealed class ServiceLineTable : GrainTable<ServiceLineState>
{
    /// <inheritdoc/>
    public override GrainKind Kind => GrainKind.ServiceLine;

    internal override void Load(NpgsqlBatch batch, long[] ids, DateOnly?[] since, bool wait)
    {
        Lock(batch, "line", ids, wait);
        batch.Add("Tables/line_basis").With(ids);
        batch.Add("Tables/line_holds").With(ids);
        batch.Add("Tables/line_counts").With(ids).With(since);
        batch.Add("Tables/line_inputs").With(ids).With(since);
    }

    internal override async Task<IReadOnlyList<GrainRow<ServiceLineState>>> Read(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var rows = await reader.Rows(FromRow, cancellation);
        var basis = (await reader.NextRows(row => (Line: row.GetInt64(0), Metric: new BasisMetric(row.GetString(1), row.GetString(2))), cancellation)).ToLookup(row => row.Line, row => row.Metric);
        var holds = (await reader.NextRows(HoldFromRow, cancellation)).ToDictionary(row => row.Line, row => row.Hold);
        var counts = (await reader.NextRows(CountFromRow, cancellation)).ToLookup(row => row.Line, row => row.Count);
        var inputs = (await reader.NextRows(InputFromRow, cancellation)).ToLookup(row => row.Line);
        return [.. rows.Select(row => row with
        {
            State = row.State with
            {
                Basis = row.State.Basis with { Metrics = Sequence.From(basis[row.Id]) },
                Hold = holds.GetValueOrDefault(row.Id),
                Counts = Sequence.From(counts[row.Id]),
                Inputs = Sequence.From(InputsOf(inputs[row.Id])),
            },
        })];
    }

    internal override NpgsqlBatchCommand Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<ServiceLineState>> changes)
    {
        var save = batch.Add("Tables/line_save")
            .Column(changes, change => change.Before.Id)
            .Column(changes, change => change.Before.Version)
            .Column(changes, change => (short)change.After.Basis.Kind)
            .Column(changes, change => change.After.ChargedUntil)
            .Column(changes, change => change.After.RefreshAskedAt);
        var chosen = changes.Where(change => change.After.Basis != change.Before.State.Basis)
            .SelectMany(change => change.After.Basis.Metrics, (change, metric) => (change.Before.Id, change.Before.Msp, metric)).ToList();
        if (chosen.Count > 0)
        {
            batch.Add("Tables/line_basis_add")
                .Column(chosen, row => row.Id)
                .Column(chosen, row => row.metric.Product)
                .Column(chosen, row => row.metric.Metric)
                .Column(chosen, row => row.Msp);
        }

        return save;
    }

    private static GrainRow<ServiceLineState> FromRow(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), new(
        new ServiceLineId(row.GetInt64(0)),
        new(
            new UnitPrice(row.GetDecimal(3)),
            Currency.Of(row.GetString(4)),
            new((BillingPeriod)row.GetInt16(5), row.Date(6)),
            row.GetBoolean(7) ? BillingTiming.Advance : BillingTiming.Arrears,
            row.Units(8),
            row.Units(9),
            (UnitRounding)row.GetInt16(10)),
        new((BasisKind)row.GetInt16(11), []),
        new(row.Date(15), row.Date(16)),
        new(new IntegrationId(row.GetInt64(18)), row.GetString(17), row.GetString(14), WholeUnitsOnly: true),
        [],
        [],
        null,
        row.Date(12),
        row.MaybeInstant(13)));

    private static (long Line, Hold Hold) HoldFromRow(NpgsqlDataReader row) => (row.GetInt64(0), new(
        row.GetString(1), row.Date(2), new Units(row.GetDecimal(3)), row.Units(4), row.GetInt32(5), row.Instant(6)));

    private static (long Line, CountRecord Count) CountFromRow(NpgsqlDataReader row) => (row.GetInt64(0), new(
        row.Date(1), row.GetInt32(2), new Units(row.GetDecimal(3)), row.Date(4), row.GetString(5)));

    private static InputRow InputFromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new(row.GetInt64(1)),
        row.GetString(2),
        row.Date(3),
        row.MaybeDate(4),
        row.IsDBNull(5) ? null : new(row.Date(5), row.Units(6), (Evidence)row.GetInt16(7), row.Text(8), row.Instant(9)),
        row.GetBoolean(10));

    private static IEnumerable<LineInput> InputsOf(IEnumerable<InputRow> rows) => rows
        .GroupBy(row => (row.Tenant, row.Metric, row.From, row.Until, row.SourceParked))
        .Select(group => new LineInput(group.Key.Tenant, group.Key.Metric, group.Key.From, group.Key.Until, Sequence.From(group.Select(row => row.Reading).OfType<InputReading>()), group.Key.SourceParked));

    private sealed record InputRow(long Line, ProductTenantId Tenant, string Metric, DateOnly From, DateOnly? Until, InputReading? Reading, bool SourceParked);
}
