using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Runs;

/// <summary>A service line of a PSA, with what it needs to become one of ours.</summary>
/// <param name="OpeningOn">The date from which the opening units hold.</param>
/// <param name="ChargedUntil">The end of the period the PSA has charged by itself.</param>
public sealed record ImportedLine(ObservedService Service, UnitPrice Price, BillingPeriod Period, DateOnly AnchorOn, DateOnly OpeningOn, decimal OpeningUnits, DateOnly ChargedUntil);

/// <summary>What an import finds of the msp.</summary>
public sealed record ImportingMsp(DateOnly Night, string Currency, NightCalendar Calendar);

/// <summary>Writes what an import read from a vendor: by set, and so that importing again changes only what changed.</summary>
public sealed class ImportStore(NpgsqlDataSource database, TurnEngine<ContractState, ContractMessage> contracts, WorkSignal signal)
{
    /// <summary>Rows written by one statement.</summary>
    public const int ChunkRows = 1_000;

    /// <summary>The msp's night, currency and calendar.</summary>
    public async Task<ImportingMsp> Msp(long msp, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SqlText.Load("Import/msp"));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = msp });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var calendar = NightCalendar.Of(reader.GetString(1), reader.GetFieldValue<TimeOnly>(2));
        return new(calendar.NightAt(reader.Instant(0)), reader.GetString(3), calendar);
    }

    /// <summary>Accounts: new ones come in, known ones take name and activity, those that are gone are flagged, none is deleted.</summary>
    /// <param name="accounts">Every account of the PSA.</param>
    public async Task Accounts(long integration, long msp, IReadOnlyList<ObservedAccount> accounts, CancellationToken cancellation)
    {
        await InChunks(
            accounts,
            (batch, chunk) => batch.Add("Import/accounts").With(integration).With(msp)
                .Column(chunk, account => account.RemoteId).Column(chunk, account => account.Name).Column(chunk, account => account.Active),
            cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Import/absent_accounts").With(integration).Column(accounts, account => account.RemoteId);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Contracts: new ones come in, known ones are told how the PSA shows them.</summary>
    public async Task Contracts(long integration, long msp, IReadOnlyList<ObservedContract> seen, CancellationToken cancellation)
    {
        await InChunks(
            seen,
            (batch, chunk) => batch.Add("Import/contracts").With(integration).With(msp)
                .Column(chunk, contract => contract.RemoteId).Column(chunk, contract => contract.AccountRemoteId).Column(chunk, contract => contract.Name)
                .Column(chunk, contract => contract.StartsOn).Column(chunk, contract => contract.EndsThrough.AddDays(1)).Column(chunk, contract => contract.Active)
                .Column(chunk, contract => contract.PeriodMonths),
            cancellation);
        var ids = await ContractIds(integration, cancellation);
        foreach (var chunk in seen.Where(contract => ids.ContainsKey(contract.RemoteId)).Chunk(ChunkRows)) await Tell(chunk, ids, cancellation);
    }

    /// <summary>Service lines with their opening counts, in one commit per chunk: a line without a count would look like zero.</summary>
    public Task Lines(long integration, long msp, ImportingMsp importing, IReadOnlyList<ImportedLine> lines, CancellationToken cancellation) => InChunks(
        lines,
        (batch, chunk) =>
        {
            batch.Add("Import/lines").With(integration).With(msp)
                .Column(chunk, line => line.Service.ContractRemoteId).Column(chunk, line => line.Service.RemoteId)
                .Column(chunk, line => line.Service.ServiceRemoteId).Column(chunk, line => line.Service.Name)
                .Column(chunk, line => line.Price.Value).Column(chunk, line => line.Service.UnitCost).With(importing.Currency)
                .Column(chunk, line => (short)line.Period).Column(chunk, line => line.AnchorOn).Column(chunk, line => line.ChargedUntil);
            batch.Add("Import/opening_counts").With(integration).With(msp)
                .Column(chunk, line => line.Service.RemoteId).Column(chunk, line => line.OpeningOn).Column(chunk, line => line.OpeningUnits).With(importing.Night);
        },
        cancellation);

    /// <summary>The lines of contracts whose units the PSA does not tell: kept to be chosen from, as the PSA shows them now.</summary>
    /// <param name="contracts">Whose lines they are, all of them.</param>
    public async Task Services(long integration, long msp, IReadOnlyList<string> contracts, IReadOnlyList<ObservedService> services, CancellationToken cancellation)
    {
        await InChunks(
            services,
            (batch, chunk) => batch.Add("Import/services").With(integration).With(msp)
                .Column(chunk, service => service.ContractRemoteId).Column(chunk, service => service.RemoteId).Column(chunk, service => service.ServiceRemoteId)
                .Column(chunk, service => service.Name).Column(chunk, service => service.UnitPrice).Column(chunk, service => service.UnitCost),
            cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("Import/absent_services").With(integration).With(contracts.ToArray()).Column(services, service => service.RemoteId);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A source's customers as organizations, and its tenants, which then wait for their next night.</summary>
    public async Task Source(
        long integration, long msp, ImportingMsp importing, IReadOnlyList<ObservedCustomer> customers, IReadOnlyList<ObservedTenant> tenants, CancellationToken cancellation)
    {
        await InChunks(
            customers,
            (batch, chunk) => batch.Add("Import/organizations").With(msp).Column(chunk, customer => customer.RemoteId).Column(chunk, customer => customer.Name),
            cancellation);
        await InChunks(
            tenants,
            (batch, chunk) => batch.Add("Reads/discover").With(integration).With(msp)
                .Column(chunk, tenant => tenant.Product).Column(chunk, tenant => tenant.RemoteId)
                .Column(chunk, tenant => tenant.Name).Column(chunk, tenant => tenant.CustomerRemoteId)
                .With(importing.Night).With<DateTimeOffset?>(importing.Calendar.RunAt(importing.Night.AddDays(1))),
            cancellation);
    }

    private async Task Tell(ObservedContract[] seen, Dictionary<string, long> ids, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        List<Delivery<ContractMessage>> deliveries =
        [
            .. seen.Select(contract => Delivery.Direct<ContractMessage>(
                ids[contract.RemoteId], new ContractMessage.Observed(contract.Name, contract.StartsOn, contract.EndsThrough.AddDays(1), contract.Active))),
        ];
        var batch = await contracts.Run(connection, deliveries, wait: true, null, "silo", cancellation);
        if (batch.Results.OfType<TurnResult.Broke>().FirstOrDefault() is { } broke) throw new InvalidOperationException(broke.Reason);
        await transaction.CommitAsync(cancellation);
        signal.Raise(batch.Work);
    }

    private async Task<Dictionary<string, long>> ContractIds(long integration, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SqlText.Load("Import/contract_ids"));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = integration });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return (await reader.Rows(row => (Id: row.GetInt64(0), Remote: row.GetString(1)), cancellation)).ToDictionary(row => row.Remote, row => row.Id);
    }

    private async Task InChunks<T>(IReadOnlyList<T> rows, Action<NpgsqlBatch, T[]> fill, CancellationToken cancellation)
    {
        foreach (var chunk in rows.Chunk(ChunkRows))
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection);
            fill(batch, chunk);
            await batch.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
    }
}
