using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Bms.Access;
using UsageBilling.Sandbox.Bms.Asking;
using UsageBilling.Sandbox.Bms.Routes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Bms;

/// <summary>The BMS API 2.0 of one region under its name.</summary>
internal sealed class BmsVendor : IVendor
{
    private readonly SandboxState sandbox;
    private readonly BmsState state;
    private readonly BmsTokens tokens;
    private readonly SignIn signIn;
    private readonly BmsDoor door;
    private readonly BmsReads reads;
    private readonly BmsWrites writes;

    public BmsVendor(BmsRegion region, BmsSeed seed, SandboxOptions options, SandboxClock clock, SandboxState sandbox)
    {
        Name = region.Name;
        this.sandbox = sandbox;
        state = seed.State;
        tokens = new BmsTokens(clock, seed.Tenant, options.TokenSeconds);
        signIn = new SignIn(seed.Tenant, tokens);
        door = new BmsDoor(clock, tokens, options.EndpointCallsMax);
        reads = new BmsReads(seed.Tenant, clock);
        writes = new BmsWrites(seed.Tenant, state, new BmsJournal(Journal, clock, sandbox));
    }

    public string Name { get; }

    public Journal Journal { get; } = new();

    public IReadOnlyDictionary<string, CallMeter> Allowances => door.Allowances;

    public string? Endpoint(Ask ask) => BmsDoor.Find(ask).Match?.Route.Name;

    public Admission Admit(Ask ask) => door.Admit(ask);

    public RequestTraits Traits(Ask ask)
    {
        var route = BmsDoor.Find(ask).Match!.Route;
        if (route.IsWrite || route.Call == BmsCall.RefreshToken)
            return RequestTraits.AnswerMatters;
        if (!route.NeedsToken)
            return RequestTraits.None;
        if (route.Reply == BmsReply.One)
            return RequestTraits.Read;
        var isLater = route.Reply != BmsReply.Whole && ListAsked.NumberOf(ask, route) > 1;
        return RequestTraits.Read | RequestTraits.List | (isLater ? RequestTraits.LaterPage : RequestTraits.None);
    }

    public Answer Apply(Ask ask, Fault? fault)
    {
        var match = BmsDoor.Find(ask).Match!;
        if (match.Route.Call == BmsCall.SignIn)
            return signIn.Answer(ask);
        if (match.Route.Call == BmsCall.RefreshToken)
            return signIn.Refreshed(ask);
        // the token can have run out while a fault held the request
        if (tokens.Holder(ask) is not { } user)
            return BmsAnswers.Unauthorized();
        lock (sandbox.Gate)
        {
            return match.Route.IsWrite
                ? writes.Answer(ask, match, user)
                : reads.Answer(ask, match, fault?.Snapshot as BmsState ?? state, user, fault?.Kind);
        }
    }

    public Answer Fail(Fault fault) => BmsAnswers.OfFault(fault, door.CallsMax);

    public object Snapshot()
    {
        lock (sandbox.Gate)
            return state.Copy();
    }

    public bool CallAsStranger(int calls)
    {
        door.CountStrangers(calls);
        return true;
    }

    public string? EditByHand(FaultRequest edit)
    {
        lock (sandbox.Gate)
            return writes.EditByHand(edit, $"/_sandbox/{Name}/faults");
    }

    public JsonObject ToState() => new() { ["rows"] = state.ToJson(), ["journal"] = Journal.ToJson() };

    public void FromState(JsonObject saved)
    {
        if (saved["rows"] is JsonObject rows)
            state.Restore(rows);
        if (saved["journal"] is JsonArray journal)
            Journal.Restore(journal);
    }
}
