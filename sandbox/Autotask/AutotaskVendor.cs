using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Autotask.Routes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask;

/// <summary>Autotask PSA REST 1.0 under <c>/autotask/ATServicesRest</c>.</summary>
internal sealed class AutotaskVendor : IVendor
{
    /// <summary>The segment before <c>ATServicesRest</c> in the zone where the tenant does not live.</summary>
    public const string OtherZone = "elsewhere";

    private readonly SandboxState sandbox;
    private readonly AutotaskState state;
    private readonly CallMeter meter;
    private readonly AutotaskDoor door;
    private readonly AutotaskReads reads;
    private readonly AutotaskWrites writes;

    public AutotaskVendor(SandboxOptions options, SandboxClock clock, SandboxState sandbox, AutotaskState state)
    {
        this.sandbox = sandbox;
        this.state = state;
        meter = new CallMeter(clock, options.HourlyCallsMax);
        door = new AutotaskDoor(meter, new ThreadSeats(options.ThreadsMax));
        reads = new AutotaskReads(meter);
        writes = new AutotaskWrites(state, clock, sandbox, Journal);
    }

    public string Name => "autotask";

    public Journal Journal { get; } = new();

    public IReadOnlyDictionary<string, CallMeter> Allowances => new Dictionary<string, CallMeter> { ["all endpoints"] = meter };

    public string? Endpoint(Ask ask) => RouteOf(ask)?.ThreadName;

    public Admission Admit(Ask ask)
    {
        if (RouteOf(ask) is not { } route)
            return Admission.Refused(AutotaskAnswers.NoRoute());
        // a paging url of a POST query carries no search: it can only be POSTed
        if (!route.Verbs.Contains(ask.Method) || (route.Kind == RouteKind.NextPage && ask.Method == "GET" && !ask.Query.ContainsKey("search")))
            return Admission.Refused(AutotaskAnswers.WrongVerb(ask.Method, route.Verbs));
        return door.Admit(ask, route);
    }

    public RequestTraits Traits(Ask ask)
    {
        var route = RouteOf(ask)!;
        if (IsWrite(ask, route))
            return RequestTraits.AnswerMatters;
        var traits = route.Kind switch
        {
            RouteKind.Query => RequestTraits.Read | RequestTraits.List,
            RouteKind.NextPage => RequestTraits.Read | RequestTraits.List | RequestTraits.LaterPage,
            RouteKind.ChildCollection => RequestTraits.Read | RequestTraits.List | (ask.Query.ContainsKey("paging") ? RequestTraits.LaterPage : RequestTraits.None),
            RouteKind.Count or RouteKind.Item or RouteKind.ChildItem => RequestTraits.Read,
            _ => RequestTraits.None,
        };
        return traits.HasFlag(RequestTraits.List) && route.Entity == EntityCatalogue.ContractServiceUnits ? traits | RequestTraits.Counts : traits;
    }

    public Answer Apply(Ask ask, Fault? fault)
    {
        var route = RouteOf(ask)!;
        lock (sandbox.Gate)
        {
            if (IsWrite(ask, route))
                return WriteRefusal(ask, route) ?? writes.Answer(ask, route);
            return reads.Answer(ask, route, SeesNothing(ask, route) ? state.Emptied() : fault?.Snapshot as AutotaskState ?? state, fault);
        }
    }

    public Answer Fail(Fault fault) => fault.Kind switch
    {
        FaultKind.Unauthorized => AutotaskAnswers.Errors(401, "Unauthorized"),
        FaultKind.Forbidden => AutotaskAnswers.Errors(403, AutotaskAnswers.NoPermission),
        FaultKind.OkWithError => AutotaskAnswers.Errors(200, "The request could not be completed."),
        FaultKind.RateLimited => Limited(fault.Asked.RetryAfterSeconds),
        _ => AutotaskAnswers.Broken(),
    };

    public object Snapshot()
    {
        lock (sandbox.Gate)
            return state.Copy();
    }

    public bool CallAsStranger(int calls)
    {
        meter.CountStrangers(calls);
        return true;
    }

    public string? EditByHand(FaultRequest edit)
    {
        var asked = new JsonObject
        {
            ["contractServiceID"] = edit.ContractServiceId,
            ["unitChange"] = (long?)edit.UnitChange,
            ["effectiveDate"] = FieldValue.Text(edit.EffectiveDate!.Value),
        };
        lock (sandbox.Gate)
            return writes.ByHand(asked);
    }

    public JsonObject ToState() => new() { ["rows"] = state.ToJson(), ["journal"] = Journal.ToJson() };

    public void FromState(JsonObject saved)
    {
        if (saved["rows"] is JsonObject rows)
            state.Restore(rows);
        if (saved["journal"] is JsonArray journal)
            Journal.Restore(journal);
    }

    private static bool IsWrite(Ask ask, VendorRoute route) =>
        route.Kind is RouteKind.Collection || (route.Kind is RouteKind.ChildCollection or RouteKind.ChildItem or RouteKind.Item && ask.Method != "GET");

    /// <summary>A wrong zone and a security level without rights do not say so to a reader: they show no rows.</summary>
    private static bool SeesNothing(Ask ask, VendorRoute route) => route.Elsewhere || AutotaskUsers.IsBlind(ask.Headers["UserName"]);

    private static Answer? WriteRefusal(Ask ask, VendorRoute route)
    {
        if (route.Elsewhere)
            return AutotaskAnswers.Errors(401, "Unauthorized");
        return AutotaskUsers.IsBlind(ask.Headers["UserName"]) ? AutotaskAnswers.Errors(500, AutotaskAnswers.NoPermission) : null;
    }

    private static VendorRoute? RouteOf(Ask ask)
    {
        var elsewhere = ask.SegmentIs(1, OtherZone);
        var service = elsewhere ? 2 : 1;
        if (!ask.SegmentIs(service, "atservicesrest") || RouteTable.Find([.. ask.Segments.Skip(service + 1)]) is not { } route)
            return null;
        return route with { Elsewhere = elsewhere };
    }

    private static Answer Limited(int? retryAfterSeconds)
    {
        var answer = AutotaskAnswers.Errors(429, "The Autotask API thread threshold of 3 threads has been exceeded.");
        return retryAfterSeconds is { } seconds ? answer.With("Retry-After", seconds.ToString()) : answer;
    }
}
