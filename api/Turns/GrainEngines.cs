using Npgsql;
using UsageBilling.Grains.Alert;
using UsageBilling.Grains.Integration;
using UsageBilling.Grains.Organization;
using UsageBilling.Grains.ProductTenant;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Turns;

/// <summary>The grains that people talk to.</summary>
internal sealed record GrainEngines(
    TurnEngine<ServiceLineState, ServiceLineMessage> Lines,
    TurnEngine<ProductTenantState, ProductTenantMessage> Tenants,
    TurnEngine<OrganizationState, OrganizationMessage> Organizations,
    TurnEngine<IntegrationState, IntegrationMessage> Integrations,
    TurnEngine<AlertState, AlertMessage> Alerts)
{
    public static GrainEngines Over(NpgsqlDataSource database, WorkSignal signal) => new(
        new(database, new ServiceLineGrain(), new ServiceLineTable(), signal),
        new(database, new ProductTenantGrain(), new ProductTenantTable(), signal),
        new(database, new OrganizationGrain(), new OrganizationTable(), signal),
        new(database, new IntegrationGrain(), new IntegrationTable(), signal),
        new(database, new AlertGrain(), new AlertTable(), signal));
}
