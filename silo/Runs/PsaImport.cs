using UsageBilling.Interfaces.Values;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Runs;

namespace UsageBilling.Silo.Runs;

/// <summary>Brings accounts, contracts and service lines of a PSA in. Importing again is safe at any point.</summary>
internal sealed class PsaImport(RunStore runs, ImportStore store)
{
    private const int ContractsAtOnce = 200;

    public async Task<(RunEnd? End, VendorFailure? Failure)> Import(DueRun run, IPsaConnector psa, VendorAccess access, CancellationToken cancellation)
    {
        var (integration, msp) = (run.Integration.Id, run.Integration.Msp);
        if (Value(await psa.Accounts(access, cancellation), out var accounts) is { } noAccounts) return (null, noAccounts);
        await store.Accounts(integration, msp, accounts, cancellation);
        if (Value(await psa.Contracts(access, cancellation), out var seen) is { } noContracts) return (null, noContracts);
        var contracts = seen.Where(contract => contract.LeftOutBecause is null && contract.EndsThrough >= contract.StartsOn).ToList();
        await store.Contracts(integration, msp, contracts, cancellation);

        var importing = await store.Msp(msp, cancellation);
        var (lines, skipped) = (0, 0);
        foreach (var chunk in contracts.Chunk(ContractsAtOnce))
        {
            if (Value(await psa.Services(access, [.. chunk.Select(contract => contract.RemoteId)], cancellation), out var services) is { } noServices) return (null, noServices);
            if (!psa.Capabilities.ReadsUnits) await store.Services(integration, msp, [.. chunk.Select(contract => contract.RemoteId)], services, cancellation);
            var units = new Dictionary<string, decimal>();
            // units that cannot be read are unknown: a line waits until a person adds it with its units
            foreach (var ids in services.Select(service => service.RemoteId).Where(_ => psa.Capabilities.ReadsUnits).Chunk(500))
            {
                if (Value(await psa.Units(access, ids, importing.Night, importing.Night, cancellation), out var spans) is { } noUnits) return (null, noUnits);
                foreach (var span in spans) units[span.ServiceRemoteId] = span.Units;
            }

            var byId = chunk.ToDictionary(contract => contract.RemoteId);
            var ready = services.Select(service => LineOf(service, byId[service.ContractRemoteId], units, importing.Night)).OfType<ImportedLine>().ToList();
            await store.Lines(integration, msp, importing, ready, cancellation);
            (lines, skipped) = (lines + ready.Count, skipped + services.Count - ready.Count);
            await runs.Progress(run.Id, lines + skipped, lines + skipped, cancellation);
        }

        var left = skipped == 0 ? "" : psa.Capabilities.ReadsUnits
            ? $" {skipped} lines were left out: without a price of 0 or more, or without units tonight, they cannot be billed."
            : $" {skipped} lines were left out: this PSA does not tell how many units they have.";
        return (new(true, "imported", $"{accounts.Count} accounts, {contracts.Count} contracts and {lines} service lines.{left}{LeftOut(seen)}"), null);
    }

    private static string LeftOut(IReadOnlyList<ObservedContract> seen) => string.Concat(seen
        .Select(contract => contract.LeftOutBecause switch
        {
            ContractLeftOut.AccountUnknown => "no account has the name that they give",
            ContractLeftOut.AccountAmbiguous => "several accounts have the name that they give",
            ContractLeftOut.PeriodUnknown => "their billing period is not monthly, quarterly, semi-annual or yearly",
            _ => contract.EndsThrough < contract.StartsOn ? "they end before they begin" : null,
        })
        .OfType<string>().GroupBy(why => why).OrderBy(why => why.Key, StringComparer.Ordinal)
        .Select(why => $" {why.Count()} contracts were left out: {why.Key}."));

    /// <summary>Null when the line cannot be billed: its price or its units are not known. Unknown units are not zero.</summary>
    private static ImportedLine? LineOf(ObservedService service, ObservedContract contract, Dictionary<string, decimal> units, DateOnly night)
    {
        if (service.UnitPrice is not { } price || !UnitPrice.IsValid(price)) return null;
        if (!units.TryGetValue(service.RemoteId, out var opening) || !Units.IsValid(opening)) return null;
        var period = Math.Max(service.PeriodMonths, contract.PeriodMonths) switch
        {
            1 => BillingPeriod.Monthly,
            3 => BillingPeriod.Quarterly,
            6 => BillingPeriod.SemiAnnual,
            12 => BillingPeriod.Yearly,
            var months => throw new InvalidOperationException($"No billing period has {months} months."),
        };
        var current = new BillingCadence(period, contract.StartsOn).PeriodContaining(night).Span;
        var openingOn = current.From < contract.StartsOn ? contract.StartsOn : current.From;
        return new(service, new(price), period, contract.StartsOn, openingOn, opening, current.Until);
    }

    private static VendorFailure? Value<T>(VendorAnswer<IReadOnlyList<T>> answer, out IReadOnlyList<T> value)
    {
        value = answer is VendorAnswer<IReadOnlyList<T>>.Answered answered ? answered.Value : [];
        return (answer as VendorAnswer<IReadOnlyList<T>>.Failed)?.Failure;
    }
}
