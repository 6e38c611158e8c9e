using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Intents;

namespace UsageBilling.Silo.Intents;

/// <summary>One pass over the changes of a PSA that adds lines, and what it shows meanwhile.</summary>
/// <remarks>
/// Such a PSA shows its lines by service, those of all contracts together. Asked anew for each change, a night of a few hundred would spend hours of calls; so they are asked for once, after the
/// contracts' locks were taken, and believed for a moment. Only somebody else's hand could have added one since.
/// </remarks>
internal sealed class LinePass(IPsaLines lines, VendorAccess access, DuePsa psa, TimeProvider clock)
{
    /// <summary>For how long what was read is believed. Shorter than any wait before a read-back.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(20);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (long At, Task<VendorAnswer<IReadOnlyList<AddedLine>>> Answer)> read = [];

    public DuePsa Psa => psa;

    /// <summary>Adds a line.</summary>
    public Task<SendOutcome> Add(NewLine line, CancellationToken cancellation) => lines.AddLine(access, line, cancellation);

    /// <summary>The lines of a contract that sell a service.</summary>
    public async Task<VendorAnswer<IReadOnlyList<AddedLine>>> Lines(string contractRemoteId, string serviceRemoteId, CancellationToken cancellation)
    {
        var answer = await OfService(serviceRemoteId, cancellation);
        return answer is VendorAnswer<IReadOnlyList<AddedLine>>.Answered { Value: var all }
            ? new VendorAnswer<IReadOnlyList<AddedLine>>.Answered([.. all.Where(line => line.ContractRemoteId == contractRemoteId)])
            : answer;
    }

    private Task<VendorAnswer<IReadOnlyList<AddedLine>>> OfService(string service, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (read.TryGetValue(service, out var known) && clock.GetElapsedTime(known.At) < Believed) return known.Answer;
            var asked = lines.AddedLines(access, service, cancellation);
            read[service] = (clock.GetTimestamp(), asked);
            return asked;
        }
    }
}
