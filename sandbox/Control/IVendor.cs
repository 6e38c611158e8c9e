using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Control;

/// <summary>A pretended vendor. Its state is touched only inside <see cref="SandboxState.Gate"/>, which it takes itself.</summary>
internal interface IVendor
{
    /// <summary>First path segment, and the name in control paths.</summary>
    string Name { get; }

    Journal Journal { get; }

    /// <summary>What the vendor allows in an hour, by the name of what it counts together.</summary>
    IReadOnlyDictionary<string, CallMeter> Allowances { get; }

    /// <summary>What the vendor's limits count a request under; null where none counts it.</summary>
    string? Endpoint(Ask ask);

    /// <summary>Credentials, quota and threads. Either a refusal, or a seat that is given back when the answer is ready.</summary>
    Admission Admit(Ask ask);

    RequestTraits Traits(Ask ask);

    /// <summary>Does what is asked. The fault, if any, changes what the answer shows, never what is stored.</summary>
    Answer Apply(Ask ask, Fault? fault);

    /// <summary>The vendor's own way of saying 401, 403, 429, 500, or 200 with an error in it.</summary>
    Answer Fail(Fault fault);

    /// <summary>A copy of the state, for stale reads.</summary>
    object Snapshot();

    /// <summary>Somebody else uses up calls. False where calls are not counted.</summary>
    bool CallAsStranger(int calls);

    /// <summary>Somebody else changes units. Null when done, else one sentence why not.</summary>
    string? EditByHand(FaultRequest edit);

    JsonObject ToState();

    void FromState(JsonObject saved);
}

internal sealed record Admission(Answer? Refusal, IDisposable? Seat)
{
    public static Admission Refused(Answer refusal) => new(refusal, null);

    public static Admission Granted(IDisposable? seat) => new(null, seat);
}
