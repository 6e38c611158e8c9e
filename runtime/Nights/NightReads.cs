using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Reminders;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Nights;

/// <summary>An integration whose reading is due.</summary>
/// <param name="SecretProtected">The secret, encrypted.</param>
/// <param name="Failures">Passes that left tenants unread, in a row.</param>
/// <param name="Night">The next night of the integration; null before the first.</param>
public sealed record DueIntegration(
    long Id, long Msp, string Kind, string BaseUrl, string UserName, string SecretProtected, string IntegrationCode, int Failures, DateOnly? Night);

/// <summary>A product tenant that is due.</summary>
/// <param name="Version">Of its state; a read that says nothing new is kept only while it is still this one.</param>
/// <param name="Requested">Whether somebody asked for the read.</param>
/// <param name="DueNight">The first night not read; null when only a request made it due.</param>
/// <param name="Mapped">Whether it is mapped to an organization on the night.</param>
/// <param name="Account">The PSA account that it feeds on the night; null when it feeds none.</param>
public sealed record DueTenant(
    long Id, string Product, string RemoteId, int Version, bool Requested, DateOnly? DueNight, bool ForNight, bool Mapped, long? Account);

/// <summary>The tenants of an integration that are due.</summary>
/// <param name="Known">How many tenants it has, due or not; not asked, and 0, when none is due.</param>
public sealed record DueTenants(IReadOnlyList<DueTenant> Due, int Known)
{
    /// <summary>Whether all tenants of the integration owe the night.</summary>
    public bool AreAllDue => Due.Count > 0 && Due.Count == Known && Due.All(tenant => tenant.ForNight);
}

/// <summary>What a tenant of the integration counted at its last read.</summary>
public sealed record LastCount(long Tenant, string Product, string RemoteId, TenantCount Count);

/// <summary>What a pass saw of a due tenant.</summary>
/// <param name="Message">What the tenant is told in its turn.</param>
/// <param name="Unchanged">The readings, when they say nothing new and nobody needs to decide anything; null when the tenant takes a turn.</param>
public sealed record Sighted(DueTenant Tenant, ProductTenantMessage Message, Sequence<TenantCount>? Unchanged)
{
    /// <summary>Whether the night's record counts the tenant as read.</summary>
    public bool IsOfNight => Tenant.ForNight && Message is ProductTenantMessage.Read { Sight: not TenantSight.Unread };
}

/// <summary>The night a pass is for.</summary>
/// <param name="At">The database's instant.</param>
/// <param name="Next">The next night, and <paramref name="NextAt"/> when it begins.</param>
/// <param name="ProductDropPercent">The msp's limit for a product's total, in per cent.</param>
public sealed record PassNight(DateTimeOffset At, DateOnly Night, DateOnly Next, DateTimeOffset NextAt, decimal ProductDropPercent);

/// <summary>What became of the sights of a pass.</summary>
/// <param name="Taken">Tenants that took theirs.</param>
/// <param name="Changed">Tenants whose states changed.</param>
/// <param name="Left">Tenants that could not take theirs, because somebody held them or the turn broke: they stay due.</param>
public sealed record HandedOver(int Taken, int Changed, int Left)
{
    /// <summary>Nobody was handed anything.</summary>
    public static HandedOver Nothing { get; } = new(0, 0, 0);

    /// <summary>Both together.</summary>
    public static HandedOver operator +(HandedOver one, HandedOver other) => new(one.Taken + other.Taken, one.Changed + other.Changed, one.Left + other.Left);
}

/// <summary>The database's side of reading product tenants: who is due, who is new, and handing the sights over as turns.</summary>
public sealed class NightReads(NpgsqlDataSource database, TurnEngine<ProductTenantState, ProductTenantMessage> tenants, WorkSignal signal, TimeProvider clock) : INightReads
{
    /// <summary>Tenants handed over in one transaction.</summary>
    public const int BatchTenants = 500;

    /// <summary>Tenants of which a read said nothing new, kept in one transaction.</summary>
    public const int BatchUnchanged = 2_000;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DueIntegration>> DueIntegrations(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SqlText.Load("Reads/due_integrations"));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.Rows(
            row => new DueIntegration(
                row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetInt32(7), row.MaybeDate(8)),
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<PassNight> Instant(long msp, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SqlText.Load("Reads/instant"));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = msp });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var at = reader.Instant(0);
        var calendar = NightCalendar.Of(reader.GetString(1), reader.GetFieldValue<TimeOnly>(2));
        var night = calendar.NightAt(at);
        var next = calendar.Existing(night.AddDays(1));
        return new(at, night, next, calendar.RunAt(next), reader.GetDecimal(3));
    }

    /// <inheritdoc/>
    public Task Begin(DueIntegration integration, DateOnly night, CancellationToken cancellation) =>
        Execute(batch => batch.Add("Reads/begin_night").With(integration.Id).With(night).With(integration.Msp), cancellation);

    /// <inheritdoc/>
    public Task Postpone(DueIntegration integration, TimeSpan after, CancellationToken cancellation) =>
        Execute(batch => batch.Add("Reads/postpone").With(integration.Id).With(after.TotalSeconds), cancellation);

    /// <inheritdoc/>
    public async Task<int> Discover(DueIntegration integration, DateOnly night, IReadOnlyList<ObservedTenant> seen, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        var reminded = batch.Add("Reads/discover").With(integration.Id).With(integration.Msp)
            .Column(seen, tenant => tenant.Product)
            .Column(seen, tenant => tenant.RemoteId)
            .Column(seen, tenant => tenant.Name)
            .Column(seen, tenant => tenant.CustomerRemoteId)
            .With(night).With<DateTimeOffset?>(null);
        await batch.ExecuteNonQueryAsync(cancellation);
        return checked((int)reminded.RecordsAffected);
    }

    /// <inheritdoc/>
    public Task CountDue(DueIntegration integration, DateOnly night, int due, CancellationToken cancellation) =>
        Execute(batch => batch.Add("Reads/count_due").With(integration.Id).With(night).With(due), cancellation);

    /// <inheritdoc/>
    public async Task<DueTenants> DueTenants(long integration, PassNight night, CancellationToken cancellation)
    {
        var known = 0;
        var due = await Query(
            "Reads/due_tenants",
            command => command.With(integration).With(night.Night).With(night.At),
            row =>
            {
                known = (int)row.GetInt64(9);
                return new DueTenant(
                    row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetBoolean(4), row.MaybeDate(5), row.GetBoolean(6), row.GetBoolean(7),
                    row.IsDBNull(8) ? null : row.GetInt64(8));
            },
            cancellation);
        return new(due, known);
    }

    /// <inheritdoc/>
    public async Task<int> Waiting(long integration, PassNight night, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SqlText.Load("Reads/waiting_tenants"));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = integration });
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = night.Night });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = night.At });
        return (int)(long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <inheritdoc/>
    public Task ServeRefreshes(DueIntegration integration, PassNight night, IReadOnlyCollection<long> asked, CancellationToken cancellation) =>
        Execute(batch => batch.Add("Reads/serve_refreshes").With(integration.Id).With(night.At).With(asked.ToArray()), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LastCount>> LastCounts(long integration, CancellationToken cancellation) => Query(
        "Reads/last_counts",
        command => command.With(integration),
        row => new LastCount(
            row.GetInt64(0), row.GetString(1), row.GetString(2),
            new(row.GetString(3), row.Units(4), (Evidence)row.GetInt16(5), row.Text(6), row.Date(7), row.Instant(8))),
        cancellation);

    /// <inheritdoc/>
    public async Task<HandedOver> HandOver(DueIntegration integration, PassNight night, IReadOnlyList<Sighted> sights, CancellationToken cancellation)
    {
        var all = HandedOver.Nothing;
        // those with news first: their lines take turns while the others are kept
        foreach (var chunk in Together([.. sights.Where(sight => sight.Unchanged is null)], BatchTenants)) all += await HandOverOnce(integration, night, chunk, cancellation);
        foreach (var chunk in Together([.. sights.Where(sight => sight.Unchanged is not null)], BatchUnchanged)) all += await KeepUnchanged(integration, night, chunk, cancellation);
        return all;
    }

    /// <summary>Cuts where another account begins, so that its lines hear of all its tenants by one commit.</summary>
    private static IEnumerable<Sighted[]> Together(List<Sighted> sights, int most)
    {
        for (var from = 0; from < sights.Count;)
        {
            var until = Math.Min(sights.Count, from + most);
            while (until < sights.Count && until < from + (2 * most) && sights[until].Tenant.Account is { } account && sights[until - 1].Tenant.Account == account) until++;
            yield return [.. sights[from..until]];
            from = until;
        }
    }

    private async Task<HandedOver> KeepUnchanged(DueIntegration integration, PassNight night, Sighted[] sights, CancellationToken cancellation)
    {
        List<(long Tenant, TenantCount Count)> readings = [.. sights.SelectMany(sight => sight.Unchanged!, (sight, count) => (sight.Tenant.Id, count))];
        for (var tries = 1; ; tries++)
        {
            try
            {
                var kept = await Query(
                    "Reads/keep_unchanged",
                    command => command
                        .Column(sights, sight => sight.Tenant.Id)
                        .Column(sights, sight => sight.Tenant.Version)
                        .With(night.Night).With(night.Next).With(night.NextAt).With(integration.Msp).With(night.At)
                        .Column(readings, reading => reading.Tenant)
                        .Column(readings, reading => reading.Count.Metric)
                        .Column(readings, reading => reading.Count.Units?.Value)
                        .Column(readings, reading => (short)reading.Count.Evidence)
                        .Column(readings, reading => reading.Count.Reason)
                        .With(integration.Id).With(sights.Count(sight => sight.IsOfNight)),
                    row => new HandedOver(row.GetInt32(0), 0, row.GetInt32(1)),
                    cancellation);
                return kept[0];
            }
            catch (Exception fault) when (Transient.Is(fault) && tries < Transient.TriesMax)
            {
                await Task.Delay(Transient.After(tries), clock, cancellation);
            }
            catch (Exception fault) when (!Transient.Is(fault) && fault is not OperationCanceledException)
            {
                // something in the set is refused by the database: as turns the one that is can be found, and the others go on
                return await HandOverOnce(integration, night, sights, cancellation);
            }
        }
    }

    private async Task<HandedOver> HandOverOnce(DueIntegration integration, PassNight night, Sighted[] sights, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryHandOver(integration, night, sights, cancellation);
            }
            catch (Exception fault) when (Transient.Is(fault) && tries < Transient.TriesMax)
            {
                await Task.Delay(Transient.After(tries), clock, cancellation);
            }
            catch (Exception fault) when (!Transient.Is(fault) && fault is not OperationCanceledException)
            {
                if (sights.Length == 1) return await PutOff(sights[0], fault, cancellation);
                var all = HandedOver.Nothing;
                foreach (var sight in sights) all += await HandOverOnce(integration, night, [sight], cancellation);
                return all;
            }
        }
    }

    /// <summary>The database refuses this tenant even alone: it gets another attempt later, and the others go on.</summary>
    private async Task<HandedOver> PutOff(Sighted sight, Exception fault, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await Failing.Mark(connection, tenants.Kind, DeliveryOf(sight, [ReminderName.Read, ReminderName.Refresh]), $"{fault.GetType().Name}: {fault.Message}", cancellation);
        return new(0, 0, 1);
    }

    private static Delivery<ProductTenantMessage> DeliveryOf(Sighted sight, IReadOnlyList<string> reminders) =>
        new(sight.Tenant.Id, sight.Message, null, reminders);

    private async Task<HandedOver> TryHandOver(DueIntegration integration, PassNight night, Sighted[] sights, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var due = await ClaimDue(connection, night, [.. sights.Select(sight => sight.Tenant.Id)], cancellation);
        var still = sights.Where(sight => Still(due[sight.Tenant.Id], sight.Tenant)).ToList();
        if (still.Count == 0) return HandedOver.Nothing;
        var deliveries = still.ConvertAll(sight => DeliveryOf(sight, [.. due[sight.Tenant.Id].Select(reminder => reminder.Name)]));
        var batch = await tenants.Run(connection, deliveries, wait: false, null, "silo", cancellation);
        await Failing.MarkBroken(connection, tenants.Kind, deliveries, batch, cancellation);
        var took = still.Where((_, place) => batch.Results[place] is TurnResult.Taken { Verdict: Verdict.Accepted }).ToList();
        await CountRead(connection, integration.Id, night.Night, took.Count(sight => sight.IsOfNight), batch.Changed, cancellation);
        await transaction.CommitAsync(cancellation);
        signal.Raise(batch.Work);
        return new(took.Count, batch.Changed, still.Count - took.Count);
    }

    private static async Task CountRead(NpgsqlConnection connection, long integration, DateOnly night, int read, int changed, CancellationToken cancellation)
    {
        if (read == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Reads/count_read").With(integration).With(night).With(read).With(changed);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static bool Still(IEnumerable<DueReminder> due, DueTenant tenant) =>
        tenant.ForNight ? due.Any(reminder => reminder.Name == ReminderName.Read && reminder.Night == tenant.DueNight) : due.Any(reminder => reminder.Name == ReminderName.Refresh);

    private static async Task<ILookup<long, DueReminder>> ClaimDue(NpgsqlConnection connection, PassNight night, long[] ids, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Reads/claim_tenants").With(ids).With(night.At);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return (await reader.Rows(DueReminder.FromRow, cancellation)).ToLookup(reminder => reminder.Grain);
    }

    private async Task Execute(Action<NpgsqlBatch> fill, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        fill(batch);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<IReadOnlyList<T>> Query<T>(string sql, Action<NpgsqlBatchCommand> fill, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        fill(batch.Add(sql));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.Rows(fromRow, cancellation);
    }
}
