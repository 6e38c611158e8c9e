using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.UniView;

/// <summary>UniView's public api and its token endpoint under <c>/uniview</c>.</summary>
internal sealed class UniViewVendor : IVendor
{
    private readonly SandboxState sandbox;
    private readonly SandboxClock clock;
    private readonly TokenOffice tokens;
    private readonly UniViewLists lists;

    public UniViewVendor(SandboxOptions options, SandboxClock clock, SandboxState sandbox, UniViewState state)
    {
        this.sandbox = sandbox;
        this.clock = clock;
        State = state;
        tokens = new TokenOffice(clock, options.TokenSeconds);
        lists = new UniViewLists(clock);
    }

    private enum Place
    {
        Nowhere,
        Discovery,
        Token,
        Customers,
        Domains,
        Users,
    }

    public string Name => "uniview";

    public Journal Journal { get; } = new();

    public IReadOnlyDictionary<string, CallMeter> Allowances { get; } = new Dictionary<string, CallMeter>();

    public Lock Gate => sandbox.Gate;

    /// <summary>Touch inside <see cref="Gate"/> only.</summary>
    public UniViewState State { get; }

    public string? Endpoint(Ask ask) => PlaceOf(ask).Place is var place and not Place.Nowhere ? place.ToString().ToLowerInvariant() : null;

    public Admission Admit(Ask ask)
    {
        var (place, _) = PlaceOf(ask);
        var allowed = place == Place.Token ? "POST" : "GET";
        if (place == Place.Nowhere)
            return Admission.Refused(UniViewAnswers.NotFound());
        if (ask.Method != allowed)
            return Admission.Refused(UniViewAnswers.WrongMethod(allowed));
        return place is Place.Token or Place.Discovery || tokens.Knows(ask)
            ? Admission.Granted(null)
            : Admission.Refused(UniViewAnswers.Unauthorized());
    }

    public RequestTraits Traits(Ask ask)
    {
        const RequestTraits list = RequestTraits.Read | RequestTraits.List | RequestTraits.AnswerMatters;
        var later = ask.Query["page_number"].ToString() is "" or "1" ? RequestTraits.None : RequestTraits.LaterPage;
        return PlaceOf(ask).Place switch
        {
            Place.Customers or Place.Users => list | later,
            Place.Domains => list | later | RequestTraits.Counts,
            _ => RequestTraits.AnswerMatters,
        };
    }

    public Answer Apply(Ask ask, Fault? fault)
    {
        var (place, version) = PlaceOf(ask);
        if (place == Place.Token)
            return tokens.Issue(ask);
        if (place == Place.Discovery)
            return Discovery(ask);
        lock (sandbox.Gate)
        {
            var seen = fault?.Snapshot as UniViewState ?? State;
            return place switch
            {
                Place.Customers => UniViewLists.Customers(ask, seen, fault),
                Place.Domains => lists.Domains(ask, seen, version, fault),
                _ => lists.Users(ask, seen, version, ask.Segments[4], fault),
            };
        }
    }

    public Answer Fail(Fault fault) => UniViewAnswers.OfFault(fault);

    public object Snapshot()
    {
        lock (sandbox.Gate)
            return State.Copy();
    }

    public bool CallAsStranger(int calls) => false;

    public string? EditByHand(FaultRequest edit) => "uniview has no units to edit; POST /_sandbox/uniview/domains/{id} changes its counts.";

    /// <summary>Journals and saves an edit of the domains. Call inside the gate.</summary>
    public void Keep(Ask ask, string domainId, JsonObject? body)
    {
        Journal.Add(clock.Now, new JournalEntry(ask.Method, ask.Path, "domains", domainId, body, Foreign: true));
        sandbox.Save();
    }

    public JsonObject ToState() => new() { ["rows"] = State.ToJson(), ["journal"] = Journal.ToJson() };

    public void FromState(JsonObject saved)
    {
        if (saved["rows"] is JsonObject rows)
            State.Restore(rows);
        if (saved["journal"] is JsonArray journal)
            Journal.Restore(journal);
    }

    public JsonObject Shown(JsonObject domain) => DomainShapes.V2(domain, clock.Today, withUsers: false);

    private static (Place Place, int Version) PlaceOf(Ask ask)
    {
        var path = string.Join('/', ask.Segments.Skip(1)).ToLowerInvariant();
        var version = ask.SegmentIs(1, "v1") ? 1 : 2;
        return path switch
        {
            "connect/token" => (Place.Token, version),
            ".well-known/openid-configuration" => (Place.Discovery, version),
            "v1/customers" => (Place.Customers, version),
            "v1/spanning/domains" or "v2/spanning/domains" => (Place.Domains, version),
            _ when ask.Segments.Count == 6 && ask.SegmentIs(5, "users") && path.StartsWith($"v{version}/spanning/domains/", StringComparison.Ordinal) => (Place.Users, version),
            _ => (Place.Nowhere, version),
        };
    }

    private static Answer Discovery(Ask ask) => Answer.Json(200, new JsonObject
    {
        ["issuer"] = ask.Origin + "/uniview",
        ["token_endpoint"] = ask.Origin + "/uniview/connect/token",
        ["grant_types_supported"] = new JsonArray("client_credentials"),
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "client_secret_basic"),
    });
}
