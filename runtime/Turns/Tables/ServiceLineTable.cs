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
    private const int NeverYears = 100;

    /// <inheritdoc/>
    public override GrainKind Kind => GrainKind.ServiceLine;

    internal override void Load(NpgsqlBatch batch, long[] ids, DateOnly?[] since, bool wait)
    {
        Lock(batch, "line", ids, wait);
        LoadBesides(batch, ids, since);
    }

    /// <summary>A line as a turn would see it now, without its lock: to be read and never saved. Null when there is none.</summary>
    public async Task<GrainRow<ServiceLineState>?> See(NpgsqlConnection connection, long id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Tables/line_seen").With<long[]>([id]);
        LoadBesides(batch, [id], [null]);
        RestOfLoad<ServiceLineState> rest;
        await using (var reader = await batch.ExecuteReaderAsync(cancellation)) rest = await Read(reader, cancellation);
        return await rest(connection, cancellation) is [var line, ..] ? line : null;
    }

    internal override async Task<RestOfLoad<ServiceLineState>> Read(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var rows = await reader.Rows(FromRow, cancellation);
        var basis = (await reader.NextRows(row => (Line: row.GetInt64(0), Metric: new BasisMetric(row.GetString(1), row.GetString(2))), cancellation)).ToLookup(row => row.Line, row => row.Metric);
        var sights = (await reader.NextRows(SightFromRow, cancellation)).ToDictionary(row => row.Line);
        return (connection, stop) => Complete(connection, [.. rows.Select(row => row with
        {
            Since = sights[row.Id].Since,
            State = row.State with { Basis = row.State.Basis with { Metrics = Sequence.From(basis[row.Id]) }, Hold = sights[row.Id].Hold },
        })], stop);
    }

    /// <summary>What was counted, for as long as a period can be prorated again, and what feeds the accounts of the lines.</summary>
    private static async Task<IReadOnlyList<GrainRow<ServiceLineState>>> Complete(NpgsqlConnection connection, List<LineRow> lines, CancellationToken cancellation)
    {
        if (lines.Count == 0) return [];
        var wanted = lines.SelectMany(line => line.State.Basis.Metrics, (line, metric) => (Key: new InputKey(line.Account, metric), line.Since))
            .GroupBy(want => want.Key, want => want.Since, (key, since) => (Key: key, Since: since.Min())).ToList();
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Tables/line_counts").Column(lines, line => line.Id).Column(lines, line => line.CountsSince);
        batch.Add("Tables/line_inputs")
            .Column(wanted, want => want.Key.Account)
            .Column(wanted, want => want.Key.Metric.Product)
            .Column(wanted, want => want.Key.Metric.Metric)
            .Column(wanted, want => want.Since);
        var (priced, changed) = ServiceLineTerms.Load(batch, [.. lines.Select(line => (line.Id, line.Extra))]);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var counts = (await reader.Rows(CountFromRow, cancellation)).ToLookup(row => row.Line, row => row.Count);
        var inputs = InputRow.Grouped(await reader.NextRows(InputRow.FromRow, cancellation));
        var prices = (priced ? await reader.NextRows(ServiceLineTerms.PriceFromRow, cancellation) : []).ToLookup(row => row.Line, row => row.Price);
        var changes = (changed ? await reader.NextRows(ServiceLineTerms.ChangeFromRow, cancellation) : []).ToLookup(row => row.Line, row => row.Change);
        return [.. lines.Select(line => new GrainRow<ServiceLineState>(
            line.Id,
            line.Msp,
            line.Version,
            line.Shard,
            line.State with
            {
                Terms = line.Extra == 0 ? line.State.Terms : line.State.Terms with { Prices = Sequence.From(prices[line.Id]), Changes = Sequence.From(changes[line.Id]) },
                Counts = Sequence.From(counts[line.Id]),
                Inputs = Sequence.From(line.State.Basis.Metrics.SelectMany(metric => inputs[new(line.Account, metric)]).Select(input => input.Since(line.Since)).OfType<LineInput>()),
            }))];
    }

    internal override NpgsqlBatchCommand Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<ServiceLineState>> changes)
    {
        var save = batch.Add("Tables/line_save")
            .Column(changes, change => change.Before.Id)
            .Column(changes, change => change.Before.Version)
            .Column(changes, change => (short)change.After.Basis.Kind)
            .Column(changes, change => change.After.ChargedUntil)
            .Column(changes, change => change.After.RefreshAskedAt)
            .Column(changes, change => change.After.Service.From)
            .Column(changes, change => change.After.Service.Until)
            .Column(changes, change => change.After.RunningUnits?.Value)
            .Column(changes, change => ServiceLineTerms.Extra(change.After.Terms))
            .Column(changes, change => change.After.EndsOn)
            .Column(changes, change => change.After.Followed);
        ServiceLineTerms.Save(batch, changes);
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

    private static void LoadBesides(NpgsqlBatch batch, long[] ids, DateOnly?[] since)
    {
        batch.Add("Tables/line_basis").With(ids);
        batch.Add("Tables/line_holds").With(ids).With(since);
    }

    private static LineRow FromRow(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt16(19), row.GetInt64(20), row.GetInt16(21), default, new(
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
        DaysOf(row),
        new(new IntegrationId(row.GetInt64(18)), row.GetString(17), row.GetString(14), WholeUnitsOnly: true, (UnitTiming)row.GetInt16(25)),
        [],
        [],
        null,
        row.Date(12),
        row.MaybeInstant(13))
    {
        ChargedService = ChargedService(row),
        RunningUnits = row.Units(24),
        EndsOn = row.MaybeDate(26),
        Followed = row.GetBoolean(27),
        PsaUntil = row.IsDBNull(26) ? null : row.Date(28),
    });

    /// <summary>
    /// The days that line and contract have in common. A contract may end before the first day that a person gave the line: then it begins on a day that never comes, until
    /// the contract goes on.
    /// </summary>
    private static DateRange DaysOf(NpgsqlDataReader row)
    {
        var (from, until) = (row.Date(15), row.Date(16));
        return from < until ? new(from, until) : new(from.AddYears(NeverYears), from.AddYears(NeverYears).AddDays(1));
    }

    /// <summary>Null for a line that was never saved, or whose contract has not moved since.</summary>
    private static DateRange? ChargedService(NpgsqlDataReader row)
    {
        if (row.IsDBNull(22)) return null;
        var (from, until) = (row.Date(22), row.Date(23));
        return DaysOf(row) is var days && from == days.From && until == days.Until ? null : new(from, until);
    }

    private static (long Line, DateOnly Since, Hold? Hold) SightFromRow(NpgsqlDataReader row) => (row.GetInt64(0), row.Date(1), row.IsDBNull(2) ? null : new(
        row.GetString(2), row.Date(3), new Units(row.GetDecimal(4)), row.Units(5), row.GetInt32(6), row.Instant(7)));

    private static (long Line, CountRecord Count) CountFromRow(NpgsqlDataReader row) => (row.GetInt64(0), new(
        row.Date(1), row.GetInt32(2), new Units(row.GetDecimal(3)), row.Date(4), row.GetString(5)));

    /// <param name="Since">From when on the turn looks at the line's inputs.</param>
    private sealed record LineRow(long Id, long Msp, int Version, short Shard, long Account, short Extra, DateOnly Since, ServiceLineState State)
    {
        /// <summary>A change is prorated over its whole billing period, and over every charged one after it.</summary>
        public DateOnly CountsSince
        {
            get
            {
                var first = State.ChargedUntil < Since ? State.ChargedUntil : Since;
                return first.AddDays(-1 - DaysMax(State.Terms.Cadence.Every));
            }
        }

        private static int DaysMax(BillingPeriod period) => period switch
        {
            BillingPeriod.Weekly => 7,
            BillingPeriod.Monthly => 31,
            BillingPeriod.Quarterly => 92,
            BillingPeriod.SemiAnnual => 184,
            _ => 366,
        };
    }
}
