using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Desk;
using UsageBilling.Runtime.Runs;
using UsageBilling.Silo.Runs;

namespace UsageBilling.Silo.Desk;

/// <summary>Brings in what a PSA's lists hold. Reading again is safe at any point.</summary>
internal sealed class LookupReader(DeskValueStore store)
{
    private const int ValuesMax = 20_000;

    public async Task<(RunEnd? End, VendorFailure? Failure)> Read(DueRun run, IPsaDesk desk, VendorAccess access, CancellationToken cancellation)
    {
        var answer = await desk.Values(access, cancellation);
        if (answer is VendorAnswer<IReadOnlyList<DeskValue>>.Failed failed) return (null, failed.Failure);
        var values = ((VendorAnswer<IReadOnlyList<DeskValue>>.Answered)answer).Value.DistinctBy(value => (value.List, value.ParentRemoteId ?? "", value.RemoteId)).ToList();
        // A PSA without any value is a bad read: every setting would lose what it names
        if (values.Count == 0) return (new(false, "lookups_empty", "The PSA showed no values at all; those that are known are kept."), null);
        if (values.Count > ValuesMax) return (new(false, "lookups_too_many", $"The PSA has more than {ValuesMax} values; those that are known are kept."), null);
        var gone = await store.Keep(run.Integration.Id, run.Integration.Msp, run.Id, values, cancellation);
        var left = gone == 0 ? "" : $" {gone} are not offered any more.";
        return (new(true, "lookups_read", $"{values.Count} values of {values.Select(value => value.List).Distinct().Count()} lists.{left}"), null);
    }
}
