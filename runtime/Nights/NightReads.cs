using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
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
/// <param name="Requested">Whether somebody asked for the read.</param>
/// <param name="DueNight">The first night not read; null when only a request made it due.</param>
public sealed record DueTenant(long Id, string Product, string RemoteId, bool Requested, DateOnly? DueNight, bool ForNight);

/// <summary>A metric's number at the last read.</summary>
public sealed record LastCount(string Product, string RemoteId, string Metric, decimal Units);

/// <summary>What became of the sights of a pass.</summary>
/// <param name="Changed">Tenants whose states changed.</param>
/// <param name="Left">Tenants that could not take theirs, because somebody held them or the turn broke: they stay due.</param>
public sealed record HandedOver(int Changed, int Left)
{
    /// <summary>Nobody was handed anything.</summary>
    public static HandedOver Nothing { get; } = new(0, 0);

    /// <summary>Both together.</summary>
    public static HandedOver operator +(HandedOver one, HandedOver other) => new(one.Changed + other.Changed, one.Left + other.Left);
}

/// <summary>The database's side of reading product tenants: who is due, who is new, and handing the sights over as turns.</summary>
public sealed class NightReads(NpgsqlDataSource database, TurnEngine<ProductTenantState, ProductTenantMessage> tenants, WorkSignal signal, TimeProvider clock) : INightReads
{
    /// <summary>Tenants handed over in one transaction.</summary>
    public const int BatchTenants = 500;

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
    public async Task<(DateTimeOffset At, DateOnly Night, decimal ProductDropPercent)> Instant(long msp, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SqlText.Load("Reads/instant"));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = msp });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var at = reader.Instant(0);
        return (at, NightCalendar.Of(reader.GetString(1), reader.GetFieldValue<TimeOnly>(2)).NightAt(at), reader.GetDecimal(3));
    }

    /// <inheritdoc/>
    public Task Begin(DueIntegration integration, DateOnly night, CancellationToken cancellation) =>
        Execute(batch => batch.Add("Reads/begin_night").With(integration.Id).With(night).With(integration.Msp), cancellation);

    /// <inheritdoc/>
    public Task Discover(DueIntegration integration, DateOnly night, IReadOnlyList<ObservedTenant> seen, CancellationToken cancellation) => Execute(
        batch =>
        {
            batch.Add("Reads/discover").With(integration.Id).With(integration.Msp)
                .Column(seen, tenant => tenant.Product)
                .Column(seen, tenant => tenant.RemoteId)
                .Column(seen, tenant => tenant.Name)
                .Column(seen, tenant => tenant.CustomerRemoteId);
            batch.Add("Reads/remind_new_tenants").With(integration.Id).With(night);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DueTenant>> DueTenants(long integration, CancellationToken cancellation) => Query(
        "Reads/due_tenants",
        integration,
        row => new DueTenant(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.MaybeDate(4), row.GetBoolean(5)),
        cancellation);

    /// <inheritdoc/>
    public async Task<int> Waiting(long integration, DateOnly night, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SqlText.Load("Reads/waiting_tenants"));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = integration });
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = night });
        return (int)(long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LastCount>> LastCounts(long integration, CancellationToken cancellation) => Query(
        "Reads/last_counts",
        integration,
        row => new LastCount(row.GetString(0), row.GetString(1), row.GetString(2), row.GetDecimal(3)),
        cancellation);

    /// <inheritdoc/>
    public async Task<HandedOver> HandOver(IReadOnlyList<(DueTenant Tenant, ProductTenantMessage.Read Read)> sights, CancellationToken cancellation)
    {
        var all = HandedOver.Nothing;
        foreach (var chunk in sights.Chunk(BatchTenants)) all += await HandOverOnce(chunk, cancellation);
        return all;
    }

    private async Task<HandedOver> HandOverOnce((DueTenant Tenant, ProductTenantMessage.Read Read)[] sights, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryHandOver(sights, cancellation);
            }
            catch (Exception fault) when (Transient.Is(fault) && tries < Transient.TriesMax)
            {
                await Task.Delay(Transient.After(tries), clock, cancellation);
            }
            catch (Exception fault) when (!Transient.Is(fault) && fault is not OperationCanceledException)
            {
                if (sights.Length == 1) return await PutOff(sights[0], fault, cancellation);
                var all = HandedOver.Nothing;
                foreach (var sight in sights) all += await HandOverOnce([sight], cancellation);
                return all;
            }
        }
    }

    /// <summary>The database refuses this tenant even alone: it gets another attempt later, and the others go on.</summary>
    private async Task<HandedOver> PutOff((DueTenant Tenant, ProductTenantMessage.Read Read) sight, Exception fault, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await Failing.Mark(connection, tenants.Kind, DeliveryOf(sight, [ReminderName.Read, ReminderName.Refresh]), $"{fault.GetType().Name}: {fault.Message}", cancellation);
        return new(0, 1);
    }

    private static Delivery<ProductTenantMessage> DeliveryOf((DueTenant Tenant, ProductTenantMessage.Read Read) sight, IReadOnlyList<string> reminders) =>
        new(sight.Tenant.Id, sight.Read, null, reminders);

    private async Task<HandedOver> TryHandOver((DueTenant Tenant, ProductTenantMessage.Read Read)[] sights, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var due = await ClaimDue(connection, [.. sights.Select(sight => sight.Tenant.Id)], cancellation);
        var deliveries = sights
            .Where(sight => Still(due[sight.Tenant.Id], sight.Tenant))
            .Select(sight => DeliveryOf(sight, [.. due[sight.Tenant.Id].Select(reminder => reminder.Name)]))
            .ToList();
        if (deliveries.Count == 0) return HandedOver.Nothing;
        var batch = await tenants.Run(connection, deliveries, wait: false, null, "silo", cancellation);
        await Failing.MarkBroken(connection, tenants.Kind, deliveries, batch, cancellation);
        await transaction.CommitAsync(cancellation);
        signal.Raise(batch.Work);
        return new(batch.Changed, batch.Results.Count(result => result is not TurnResult.Taken { Verdict: Verdict.Accepted }));
    }

    private static bool Still(IEnumerable<DueReminder> due, DueTenant tenant) =>
        tenant.ForNight ? due.Any(reminder => reminder.Name == ReminderName.Read && reminder.Night == tenant.DueNight) : due.Any(reminder => reminder.Name == ReminderName.Refresh);

    private static async Task<ILookup<long, DueReminder>> ClaimDue(NpgsqlConnection connection, long[] ids, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Reads/claim_tenants").With(ids);
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

    private async Task<IReadOnlyList<T>> Query<T>(string sql, long integration, Func<NpgsqlDataReader, T> fromRow, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SqlText.Load(sql));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = integration });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.Rows(fromRow, cancellation);
    }
}
