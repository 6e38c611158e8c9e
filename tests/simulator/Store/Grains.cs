using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Tests.Simulator.Store;

/// <summary>How one kind of grain lives in the tables.</summary>
internal interface IGrainRows<TState>
    where TState : class
{
    GrainKind Kind { get; }

    /// <summary>Null when there is no such grain.</summary>
    GrainRow<TState>? Load(long id, DateOnly? since, DateTimeOffset now);

    /// <summary>Writes the state at the commit.</summary>
    void Save(Transaction transaction, GrainChange<TState> change);
}

internal sealed class LineRows(Database database) : IGrainRows<ServiceLineState>
{
    public GrainKind Kind => GrainKind.ServiceLine;

    public GrainRow<ServiceLineState>? Load(long id, DateOnly? since, DateTimeOffset now) =>
        database.Lines.TryGetValue(id, out var line) ? new(id, line.Msp, line.Version, LineLoad.Of(database, line, since, now)) : null;

    public void Save(Transaction transaction, GrainChange<ServiceLineState> change) => transaction.Write(() =>
    {
        var line = database.Lines[change.Before.Id];
        line.Version = Versions.Next(line.Version, change.Before.Version);
        (line.Basis, line.ChargedUntil, line.RefreshAskedAt) = (change.After.Basis, change.After.ChargedUntil, change.After.RefreshAskedAt);
        (line.Terms, line.Service, line.RunningUnits) = (change.After.Terms, change.After.Service, change.After.RunningUnits);
    });
}

internal sealed class TenantRows(Database database) : IGrainRows<ProductTenantState>
{
    public GrainKind Kind => GrainKind.ProductTenant;

    public GrainRow<ProductTenantState>? Load(long id, DateOnly? since, DateTimeOffset now) => database.Tenants.TryGetValue(id, out var tenant)
        ? new(id, tenant.Msp, tenant.Version, new(
            new ProductTenantId(id), tenant.Product, Sequence.From(tenant.Counts.Values), Mappings.Live(database.TenantMappings, id), tenant.MappingVersion))
        : null;

    public void Save(Transaction transaction, GrainChange<ProductTenantState> change)
    {
        Mappings.Save(transaction, database.TenantMappings, ofTenant: true, change.Before.Id, change.Before.State.MappingVersion, change.After.MappingVersion, change.After.Mappings);
        transaction.Write(() =>
        {
            var tenant = database.Tenants[change.Before.Id];
            tenant.Version = Versions.Next(tenant.Version, change.Before.Version);
            tenant.MappingVersion = change.After.MappingVersion;
            foreach (var count in change.After.Counts.Except(change.Before.State.Counts)) tenant.Counts[count.Metric] = count;
        });
    }
}

internal sealed class OrganizationRows(Database database) : IGrainRows<OrganizationState>
{
    public GrainKind Kind => GrainKind.Organization;

    public GrainRow<OrganizationState>? Load(long id, DateOnly? since, DateTimeOffset now) => database.Organizations.TryGetValue(id, out var organization)
        ? new(id, organization.Msp, organization.Version, new(new OrganizationId(id), Mappings.Live(database.OrganizationMappings, id), organization.MappingVersion))
        : null;

    public void Save(Transaction transaction, GrainChange<OrganizationState> change)
    {
        Mappings.Save(transaction, database.OrganizationMappings, ofTenant: false, change.Before.Id, change.Before.State.MappingVersion, change.After.MappingVersion, change.After.Mappings);
        transaction.Write(() =>
        {
            var organization = database.Organizations[change.Before.Id];
            organization.Version = Versions.Next(organization.Version, change.Before.Version);
            organization.MappingVersion = change.After.MappingVersion;
        });
    }
}

internal sealed class IntegrationRows(Database database) : IGrainRows<IntegrationState>
{
    public GrainKind Kind => GrainKind.Integration;

    public GrainRow<IntegrationState>? Load(long id, DateOnly? since, DateTimeOffset now) => database.Integrations.TryGetValue(id, out var row)
        ? new(id, row.Msp, row.Version, new(new IntegrationId(id), row.ReadsProducts, row.Credentials, row.CredentialReason, row.NightCursor, row.Failures))
        : null;

    public void Save(Transaction transaction, GrainChange<IntegrationState> change) => transaction.Write(() =>
    {
        var row = database.Integrations[change.Before.Id];
        row.Version = Versions.Next(row.Version, change.Before.Version);
        (row.Credentials, row.CredentialReason, row.NightCursor, row.Failures) =
            (change.After.Credentials, change.After.CredentialReason, change.After.NightCursor, change.After.Failures);
    });
}

internal sealed class ContractRows(Database database) : IGrainRows<ContractState>
{
    public GrainKind Kind => GrainKind.Contract;

    public GrainRow<ContractState>? Load(long id, DateOnly? since, DateTimeOffset now) => database.Contracts.TryGetValue(id, out var row)
        ? new(id, row.Msp, row.Version, new(new ContractId(id), row.Name, row.From, row.Until, row.Active))
        : null;

    public void Save(Transaction transaction, GrainChange<ContractState> change) => transaction.Write(() =>
    {
        var row = database.Contracts[change.Before.Id];
        row.Version = Versions.Next(row.Version, change.Before.Version);
        (row.Name, row.From, row.Until, row.Active) = (change.After.Name, change.After.From, change.After.Until, change.After.Active);
    });
}

internal static class Versions
{
    public static int Next(int now, int read) =>
        now == read ? now + 1 : throw new InvalidOperationException($"A grain has version {now} where {read} was read: somebody wrote without the lock.");
}

/// <summary>Dated mappings: the spans of a version are written whole, those of the version before are retired.</summary>
internal static class Mappings
{
    public static Sequence<MappingSpan> Live(List<MappingRow> mappings, long owner) => Sequence.From(mappings
        .Where(row => row.Owner == owner && row.RetiredIn is null).OrderBy(row => row.From).Select(row => new MappingSpan(row.Target, row.From, row.Until)));

    public static void Save(Transaction transaction, List<MappingRow> mappings, bool ofTenant, long owner, int before, int after, Sequence<MappingSpan> spans)
    {
        if (before == after) return;
        var written = mappings.Where(row => row.Owner == owner).Select(row => row.RetiredIn is null ? row with { RetiredIn = after } : row)
            .Concat(spans.Select(span => new MappingRow(owner, after, span.From, span.Target, span.Until, null, transaction.Now))).ToList();
        transaction.Mappings[(ofTenant, owner)] = written;
        transaction.Write(() =>
        {
            mappings.RemoveAll(row => row.Owner == owner);
            mappings.AddRange(written);
        });
    }

    /// <summary>The mappings of an owner as this transaction sees them.</summary>
    public static IEnumerable<MappingRow> Of(Transaction transaction, List<MappingRow> mappings, bool ofTenant, long owner) =>
        transaction.Mappings.TryGetValue((ofTenant, owner), out var own) ? own : mappings.Where(row => row.Owner == owner);
}
