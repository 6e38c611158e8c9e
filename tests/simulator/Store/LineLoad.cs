using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Simulator.Store;

/// <summary>Loads a service line as Tables/line_lock, line_holds, line_counts and line_inputs do, with the same windows.</summary>
internal static class LineLoad
{
    public static ServiceLineState Of(Database database, LineRow line, DateOnly? since, DateTimeOffset now)
    {
        var contract = database.Contracts[line.Contract];
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var hold = line.OpenHold?.Hold;
        return new(
            new ServiceLineId(line.Id),
            line.Terms,
            line.Basis,
            new(contract.From, contract.Until),
            new(new IntegrationId(contract.Integration), contract.RemoteId, line.RemoteId, WholeUnitsOnly: true),
            Sequence.From(Counts(line, Least(since ?? today, hold?.Night, line.ChargedUntil).AddDays(-366))),
            Sequence.From(Inputs(database, line, contract, Least(since ?? today.AddDays(1), hold?.Night))),
            hold,
            line.ChargedUntil,
            line.RefreshAskedAt)
        {
            ChargedService = line.Service == new DateRange(contract.From, contract.Until) ? null : line.Service,
            RunningUnits = line.RunningUnits,
        };
    }

    private static DateOnly Least(params DateOnly?[] dates) => dates.OfType<DateOnly>().Min();

    private static IEnumerable<CountRecord> Counts(LineRow line, DateOnly since)
    {
        var before = line.Counts.Where(row => row.Count.EffectiveOn < since).Select(row => (DateOnly?)row.Count.EffectiveOn).Max() ?? since;
        return line.Counts.Select(row => row.Count).Where(count => count.EffectiveOn >= before).OrderBy(count => count.EffectiveOn).ThenBy(count => count.Sequence);
    }

    private static IEnumerable<LineInput> Inputs(Database database, LineRow line, ContractRow contract, DateOnly since) =>
        from organization in database.OrganizationMappings
        where organization.Target == contract.Account && organization.RetiredIn is null && (organization.Until is not { } ended || ended >= since)
        from mapping in database.TenantMappings
        where mapping.Target == organization.Owner && mapping.RetiredIn is null && (mapping.Until is not { } until || (until >= since && until > organization.From))
        where organization.Until is not { } over || over > mapping.From
        let tenant = database.Tenants[mapping.Owner]
        from metric in line.Basis.Metrics
        where metric.Product == tenant.Product
        orderby tenant.Id, metric.Metric, Later(mapping.From, organization.From)
        select new LineInput(
            new ProductTenantId(tenant.Id),
            metric.Metric,
            Later(mapping.From, organization.From),
            Earlier(mapping.Until, organization.Until),
            mapping.RecordedAt > organization.RecordedAt ? mapping.RecordedAt : organization.RecordedAt,
            Sequence.From(Readings(tenant, metric.Metric, since)),
            database.Integrations[tenant.Integration].Credentials == CredentialState.Refused);

    private static IEnumerable<InputReading> Readings(TenantRow tenant, string metric, DateOnly since)
    {
        if (!tenant.Counts.TryGetValue(metric, out var last)) return [];
        if (last.Night <= since) return [new(last.Night, last.Units, last.Evidence, last.Reason, last.ObservedAt)];
        return tenant.Readings.Telling(metric, since.AddDays(-40));
    }

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    private static DateOnly? Earlier(DateOnly? one, DateOnly? other) => one is not { } first ? other : other is { } second && second < first ? second : first;
}
