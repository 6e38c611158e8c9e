using Npgsql;
using UsageBilling.Grains.Contract;
using UsageBilling.Grains.Integration;
using UsageBilling.Grains.ProductTenant;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Reminders;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Silo;

/// <summary>The grains a silo runs, each with its tables.</summary>
internal sealed class GrainEngines(NpgsqlDataSource database, WorkSignal signal, EngineMeter meter, TimeProvider clock)
{
    public TurnEngine<ProductTenantState, ProductTenantMessage> Tenants { get; } = new(database, new ProductTenantGrain(), new ProductTenantTable(), signal);

    public TurnEngine<IntegrationState, IntegrationMessage> Integrations { get; } = new(database, new IntegrationGrain(), new IntegrationTable(), signal);

    public TurnEngine<ContractState, ContractMessage> Contracts { get; } = new(database, new ContractGrain(), new ContractTable(), signal);

    public IShardDrain Lines { get; } = new ShardDrain<ServiceLineState, ServiceLineMessage>(
        database,
        new(database, new ServiceLineGrain(), new ServiceLineTable(), signal),
        FromMessage,
        new Dictionary<string, ServiceLineMessage>
        {
            [ReminderName.Confirm] = new ServiceLineMessage.ConfirmDue(),
            [ReminderName.Boundary] = new ServiceLineMessage.BoundaryReached(),
        },
        signal,
        meter,
        clock);

    private static ServiceLineMessage FromMessage(StoredMessage message) => message.Kind switch
    {
        "inputs_changed" => new ServiceLineMessage.InputsChanged(message.Night, message.Cause),
        _ => throw new InvalidOperationException($"Service lines are not told '{message.Kind}'."),
    };
}
