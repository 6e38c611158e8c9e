using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Runs;

namespace UsageBilling.Silo.Runs;

/// <summary>Compares what a PSA shows with what the hub wishes there: lines differ when somebody else changed them, or when a wish of the hub's waits for a person.</summary>
internal sealed class Reconciler(RunStore runs, ImportStore store, DriftStore drift, SiloOptions options)
{
    /// <summary>Starts what is due, once a night for each PSA that can be read.</summary>
    public async Task Start(IEnumerable<IPsaConnector> psas, CancellationToken cancellation)
    {
        if (options.ReconcileAfter is { } after) await drift.Start([.. psas.Where(psa => psa.Capabilities.ReadsUnits).Select(psa => psa.Kind)], after, cancellation);
    }

    /// <summary>Reads all lines of a PSA and keeps those that differ.</summary>
    public async Task<(RunEnd? End, VendorFailure? Failure)> Compare(DueRun run, IPsaConnector psa, VendorAccess access, CancellationToken cancellation)
    {
        if (!psa.Capabilities.ReadsUnits) return (new(false, "units_not_readable", "This PSA's interface shows no units: there is nothing to compare with."), null);
        var (integration, msp) = (run.Integration.Id, run.Integration.Msp);
        var night = (await store.Msp(msp, cancellation)).Night;
        var (after, compared, waiting, differing) = (0L, 0, 0, 0);
        while (await drift.Lines(integration, after, night, cancellation) is { Count: > 0 } lines)
        {
            var ready = lines.Where(line => line is { Waits: false, Desired: not null }).ToList();
            var (drifted, failure) = await Drifted(psa, access, ready, night, cancellation);
            if (failure is not null) return (null, failure);
            var through = lines.Count == DriftStore.LinesMax ? lines[^1].Line : long.MaxValue;
            await drift.Keep(msp, integration, night, after, through, drifted, cancellation);
            (compared, waiting, differing) = (compared + ready.Count, waiting + lines.Count(line => line.Waits), differing + drifted.Count);
            after = lines[^1].Line;
            await runs.Progress(run.Id, compared, compared, cancellation);
        }

        await drift.Finish(integration, night, compared, waiting, cancellation);
        return (new(true, differing == 0 ? "agrees" : "differs", $"{compared} lines compared for {night:yyyy-MM-dd}: {differing} differ, {waiting} wait for their wish."), null);
    }

    private static async Task<(List<DriftedLine> Drifted, VendorFailure? Failure)> Drifted(
        IPsaConnector psa, VendorAccess access, List<WishedLine> lines, DateOnly night, CancellationToken cancellation)
    {
        if (lines.Count == 0) return ([], null);
        switch (await psa.Units(access, [.. lines.Select(line => line.RemoteId)], night, night, cancellation))
        {
            case VendorAnswer<IReadOnlyList<ObservedUnits>>.Answered units:
                var shown = units.Value.ToLookup(span => span.ServiceRemoteId, span => (decimal?)span.Units);
                return ([.. lines.Select(line => Compared(line, shown[line.RemoteId].FirstOrDefault())).OfType<DriftedLine>()], null);
            case VendorAnswer<IReadOnlyList<ObservedUnits>>.Failed failed:
                return ([], failed.Failure);
            default:
                throw new InvalidOperationException("An answer is answered or failed.");
        }
    }

    private static DriftedLine? Compared(WishedLine line, decimal? observed)
    {
        if (line.Desired is not { } desired || observed == desired) return null;
        var reason = observed is null ? "no_units" : line.Wish switch { "parked" => "intent_parked", "rejected" => "intent_rejected", _ => "other_units" };
        return new(line.Line, desired, observed, reason);
    }
}
