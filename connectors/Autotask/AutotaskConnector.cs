using System.Globalization;
using System.Text.Json;
using UsageBilling.Connectors.Http;
using UsageBilling.Interfaces.Vendors;

namespace UsageBilling.Connectors.Autotask;

/// <summary>Reads accounts, contracts, lines and units from Autotask PSA, and changes units by dated adjustments.</summary>
internal sealed class AutotaskConnector(AutotaskCalls calls, AutotaskZones zones, VendorLimits limits) : IPsaConnector
{
    public const string KindName = "autotask";

    // Since 2023 Autotask allows an integration three threads per object endpoint
    private const int CallsPerEndpointMax = 3;

    // All integrations of one Autotask database together; above it everybody is refused
    private const int CallsPerHour = 10_000;
    private const int MinutesPerHour = 60;
    private const string Threshold = "ThresholdInformation";
    private const int IdsPerQueryMax = 500;
    private const long RecurringService = 7;
    private readonly AutotaskLists _lists = new(calls);

    public string Kind => KindName;

    public PsaCapabilities Capabilities { get; } = new(ChangesUnits: true, WholeUnitsOnly: true, limits.CallsPerEndpointMax) { ObservableQuota = limits.Quota };

    /// <summary>Zones are asked without credentials and not counted. The threshold is counted, and asked rarely: a spent budget must not hide that it is not spent any more.</summary>
    public static VendorLimits Limits(ConnectorOptions options) => new(
        CallsPerEndpointMax,
        new CallQuota(CallsPerHour, options.AutotaskSharePercent, MinutesPerHour, PerEndpoint: false),
        AutotaskZones.VersionEndpoint, AutotaskZones.ZoneEndpoint, Threshold);

    /// <remarks>
    /// The zone is always looked up, so an unknown user is told from a wrong secret. Company 0 is the msp itself and always there: not to see it
    /// with every right to is to be in another zone than the msp, which Autotask does not say by itself.
    /// </remarks>
    public async Task<VendorAnswer<CredentialProof>> Test(VendorAccess access, CancellationToken cancellation)
    {
        if (AccessCheck.Unusable(access) is { } unusable) return Answers.Failed<CredentialProof>(unusable);
        var self = AutotaskQuery.Of("Companies", ["id", "companyName", "isActive"], AutotaskQuery.Is("id", 0));
        if (await zones.Discover(access, cancellation) is VendorAnswer<AutotaskZone>.Failed lost) return Answers.Failed<CredentialProof>(OfDiscovery(lost.Failure));
        return await _lists.All(access, self, AutotaskRows.AccountFromJson, cancellation)
            .Then(accounts => accounts.Count == 0 ? Unseen(access, cancellation) : Task.FromResult(Answers.Of(new CredentialProof(accounts[0].Name))));
    }

    public Task<VendorAnswer<IReadOnlyList<ObservedAccount>>> Accounts(VendorAccess access, CancellationToken cancellation)
    {
        var all = AutotaskQuery.Of("Companies", ["id", "companyName", "isActive"], AutotaskQuery.AtLeast("id", 0));
        return _lists.Counted(access, all, AutotaskRows.AccountFromJson, cancellation)
            .Then(accounts => accounts.Count == 0 ? NothingVisible<IReadOnlyList<ObservedAccount>>() : Answers.Of(accounts));
    }

    public Task<VendorAnswer<IReadOnlyList<ObservedContract>>> Contracts(VendorAccess access, CancellationToken cancellation)
    {
        string[] fields = ["id", "companyID", "contractName", "contractPeriodType", "status", "startDate", "endDate"];
        var recurring = AutotaskQuery.Of("Contracts", fields, AutotaskQuery.Is("contractType", RecurringService));
        return _lists.Counted(access, recurring, AutotaskRows.ContractFromJson, cancellation);
    }

    public Task<VendorAnswer<IReadOnlyList<ObservedService>>> Services(VendorAccess access, IReadOnlyCollection<string> contractRemoteIds, CancellationToken cancellation)
        => Chunked(contractRemoteIds, ids => Lines(access, ids, cancellation)).Then(lines => WithServices(access, lines, cancellation));

    public Task<VendorAnswer<IReadOnlyList<ObservedUnits>>> Units(
        VendorAccess access, IReadOnlyCollection<string> serviceRemoteIds, DateOnly from, DateOnly through, CancellationToken cancellation)
    {
        string[] fields = ["id", "contractServiceID", "startDate", "endDate", "units", "approveAndPostDate"];
        return Chunked(serviceRemoteIds, ids => _lists.All(access, AutotaskQuery.Of("ContractServiceUnits", fields,
            AutotaskQuery.OneOf("contractServiceID", ids), AutotaskQuery.Through("startDate", through), AutotaskQuery.From("endDate", from)),
            AutotaskRows.UnitsFromJson, cancellation));
    }

    public Task<SendOutcome> ChangeUnits(VendorAccess access, UnitsChange change, CancellationToken cancellation)
        => AutotaskAdjustment.Send(calls, access, change, cancellation);

    public Task<VendorAnswer<ObservedQuota>> Quota(VendorAccess access, CancellationToken cancellation)
        => calls.Get(access, Threshold, Threshold, cancellation).Then(body =>
            body.Whole("currentTimeframeRequestCount") is { } used && body.Whole("externalRequestThreshold") is { } allowed
            && body.Whole("requestThresholdTimeframe") is { } window && Math.Max(Math.Max(used, allowed), window) <= int.MaxValue && Math.Min(Math.Min(used, allowed), window) >= 0
                ? Answers.Of(new ObservedQuota((int)used, (int)allowed, (int)window))
                : Answers.Malformed<ObservedQuota>("quota_unreadable", "Autotask does not say how many calls are used."));

    private Task<VendorAnswer<IReadOnlyList<ContractService>>> Lines(VendorAccess access, long[] contracts, CancellationToken cancellation)
        => _lists.All(access, AutotaskQuery.Of("ContractServices", [], AutotaskQuery.OneOf("contractID", contracts)), AutotaskRows.LineFromJson, cancellation);

    private async Task<VendorAnswer<IReadOnlyList<ObservedService>>> WithServices(VendorAccess access, IReadOnlyList<ContractService> lines, CancellationToken cancellation)
    {
        string[] fields = ["id", "name", "periodType", "unitCost"];
        string[] wanted = [.. lines.Select(line => line.ServiceId).Distinct().Order().Select(AutotaskRows.Text)];
        return await Chunked(wanted, ids => _lists.All(access, AutotaskQuery.Of("Services", fields, AutotaskQuery.OneOf("id", ids)), AutotaskRows.ServiceFromJson, cancellation))
            .Then(services => Joined(lines, services.ToDictionary(service => service.Id)));
    }

    // Rights hide rows without a word: a line whose service is hidden is an error, not a line without a name.
    private static VendorAnswer<IReadOnlyList<ObservedService>> Joined(IReadOnlyList<ContractService> lines, Dictionary<long, CatalogueService> services)
    {
        var observed = new List<ObservedService>(lines.Count);
        foreach (var line in lines)
        {
            if (!services.TryGetValue(line.ServiceId, out var service))
                return Answers.Failed<IReadOnlyList<ObservedService>>(new(VendorFailureKind.Forbidden, "service_not_visible", $"Service {line.ServiceId} of line {line.Id} cannot be seen."));
            observed.Add(new ObservedService(AutotaskRows.Text(line.Id), AutotaskRows.Text(line.ContractId), AutotaskRows.Text(line.ServiceId),
                service.Name, line.UnitPrice, line.UnitCost ?? service.UnitCost, service.PeriodMonths));
        }

        return Answers.Of<IReadOnlyList<ObservedService>>(observed);
    }

    private static async Task<VendorAnswer<IReadOnlyList<T>>> Chunked<T>(IReadOnlyCollection<string> remoteIds, Func<long[], Task<VendorAnswer<IReadOnlyList<T>>>> read)
    {
        var ids = new List<long>(remoteIds.Count);
        foreach (var remoteId in remoteIds)
        {
            if (AutotaskAdjustment.Id(remoteId) is not { } id)
                return Answers.Failed<IReadOnlyList<T>>(new(VendorFailureKind.Rejected, "remote_id_invalid", "An id is not one of Autotask's."));
            ids.Add(id);
        }

        var rows = new List<T>();
        foreach (var chunk in ids.Distinct().Chunk(IdsPerQueryMax))
        {
            var answer = await read(chunk);
            if (answer is VendorAnswer<IReadOnlyList<T>>.Failed) return answer;
            rows.AddRange(((VendorAnswer<IReadOnlyList<T>>.Answered)answer).Value);
        }

        return Answers.Of<IReadOnlyList<T>>(rows);
    }

    // Typed addresses are often those of Autotask's pages: they answer, but not as an API
    private static VendorFailure OfDiscovery(VendorFailure failure) => failure.Code is "route_not_found" or "method_not_allowed" or "answer_not_json" or "redirect_refused"
        ? failure with { Code = "api_not_found", Message = "There is no API of Autotask at this address; it looks like https://webservices5.autotask.net/, with the number of the zone." }
        : failure;

    private async Task<VendorAnswer<CredentialProof>> Unseen(VendorAccess access, CancellationToken cancellation)
    {
        var rights = await calls.Get(access, "Companies", "Companies/entityInformation", cancellation);
        return rights is VendorAnswer<JsonElement>.Answered answered && answered.Value.Field("info")?.Text("userAccessForQuery") == "All"
            ? Answers.Failed<CredentialProof>(new(VendorFailureKind.Forbidden, "wrong_zone",
                "The API user may see every company and Autotask shows none, not even the msp's own: this is not the zone the msp lives in."))
            : NothingVisible<CredentialProof>();
    }

    private static VendorAnswer<T> NothingVisible<T>()
        => Answers.Failed<T>(new(VendorFailureKind.Forbidden, "no_visible_data", "Autotask shows no company at all, not even the msp's own: wrong zone, or an API user without rights."));
}
