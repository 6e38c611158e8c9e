using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Bms;

/// <summary>Contract lines, which this vendor shows for one service of its catalogue at a time and in no other way.</summary>
/// <remarks>Who asks by contract needs all of them, so they are remembered for as long as an import takes: asked anew for each part of one, they would spend the hour's calls.</remarks>
internal sealed class BmsCatalogue(BmsLists lists, TimeProvider time)
{
    private static readonly TimeSpan s_believed = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<(IntegrationId Integration, string Credentials), Remembered> _read = new();

    /// <summary>Every line of every service.</summary>
    public async Task<VendorAnswer<IReadOnlyList<ObservedService>>> Lines(VendorAccess access, CancellationToken cancellation)
    {
        foreach (var old in _read.Where(read => read.Value.Until <= time.GetUtcNow())) _read.TryRemove(old);
        if (_read.TryGetValue(Key(access), out var known)) return Answers.Of(known.Lines);
        var answer = await Read(access, cancellation);
        if (answer is VendorAnswer<IReadOnlyList<ObservedService>>.Answered fresh) _read[Key(access)] = new(time.GetUtcNow() + s_believed, fresh.Value);
        return answer;
    }

    /// <summary>The lines of one service, asked for now.</summary>
    public Task<VendorAnswer<IReadOnlyList<BmsLine>>> LinesOf(VendorAccess access, string serviceRemoteId, CancellationToken cancellation)
    {
        var related = new BmsList("admin/finance/services/relatedservices/search", $"admin/finance/services/{serviceRemoteId}/relatedservices/search") { Filter = new JsonObject() };
        return lists.All(access, related, BmsRows.LineFromJson, cancellation);
    }

    /// <summary>The next question is a new one.</summary>
    public void Forget(VendorAccess access) => _read.TryRemove(Key(access), out _);

    private Task<VendorAnswer<IReadOnlyList<ObservedService>>> Read(VendorAccess access, CancellationToken cancellation)
    {
        var catalogue = BmsList.Of("admin/finance/services/search") with { Filter = new JsonObject() };
        return lists.All(access, catalogue, BmsRows.ServiceFromJson, cancellation).Then(async services =>
        {
            var lines = new List<ObservedService>();
            foreach (var service in services)
            {
                var answer = await LinesOf(access, service.RemoteId, cancellation);
                if (answer is VendorAnswer<IReadOnlyList<BmsLine>>.Failed failed) return Answers.Failed<IReadOnlyList<ObservedService>>(failed.Failure);
                lines.AddRange(((VendorAnswer<IReadOnlyList<BmsLine>>.Answered)answer).Value.Select(line => Observed(service, line)));
            }

            return services.Count == 0 ? NothingVisible() : Answers.Of<IReadOnlyList<ObservedService>>(lines);
        });
    }

    // Only a contract of recurring services leads here, and there is none without a service.
    private static VendorAnswer<IReadOnlyList<ObservedService>> NothingVisible() => Answers.Failed<IReadOnlyList<ObservedService>>(
        new(VendorFailureKind.Forbidden, "no_visible_data", "Kaseya shows no service at all: the user's role may not see the catalogue."));

    // A line has no period of its own: the shortest leaves the contract's to decide.
    private static ObservedService Observed(BmsService service, BmsLine line)
        => new(line.RemoteId, line.ContractRemoteId, service.RemoteId, line.Name ?? service.Name, line.UnitPrice, line.UnitCost, PeriodMonths: 1);

    private static (IntegrationId, string) Key(VendorAccess access) => (access.Integration, AccessCheck.Fingerprint(access));

    private sealed record Remembered(DateTimeOffset Until, IReadOnlyList<ObservedService> Lines);
}
