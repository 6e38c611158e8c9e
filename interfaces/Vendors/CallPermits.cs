using UsageBilling.Interfaces.Keys;

namespace UsageBilling.Interfaces.Vendors;

/// <summary>Asked before every attempt of a vendor call, so that all silos together stay within what the vendor allows.</summary>
public interface ICallPermits
{
    /// <summary>Waits for a seat at the endpoint, takes one call from the budget, and looks whether the vendor may be called at all.</summary>
    /// <returns>A permit to be disposed when the answer is there, or why there is none: then nothing may be sent.</returns>
    Task<CallPermit> Take(VendorAccess access, string endpoint, CallRules rules, CancellationToken cancellation);

    /// <summary>The vendor is down: every silo leaves the integration alone, until one of them may try a call.</summary>
    /// <param name="pause">How long nobody calls.</param>
    /// <param name="reason">The failure's code.</param>
    Task OpenCircuit(IntegrationId integration, TimeSpan pause, string reason);

    /// <summary>The vendor answers again.</summary>
    Task CloseCircuit(IntegrationId integration);
}

/// <summary>What a vendor allows.</summary>
/// <param name="CallsAtOnceMax">Concurrent calls of one integration into one endpoint.</param>
/// <param name="Quota">Calls in a rolling window; null where the vendor names no limit, or for a call that the limit leaves out.</param>
/// <param name="ProbeTime">How long a call that tries a vendor which was down keeps everybody else from trying.</param>
public sealed record CallRules(int CallsAtOnceMax, CallQuota? Quota, TimeSpan ProbeTime);

/// <summary>Calls a vendor allows in a rolling window, and the hub's share of them.</summary>
/// <param name="VendorCalls">What the vendor allows to everybody together.</param>
/// <param name="SharePercent">What the hub takes of it at most: 1 to 100.</param>
/// <param name="WindowMinutes">The window's length.</param>
/// <param name="PerEndpoint">Whether each endpoint has the limit for itself; otherwise the account has it.</param>
public sealed record CallQuota(int VendorCalls, int SharePercent, int WindowMinutes, bool PerEndpoint)
{
    /// <summary>Calls the hub makes in a window at most.</summary>
    public int Allowed => VendorCalls * SharePercent / 100;
}

/// <summary>Leave to make one attempt, or a refusal.</summary>
public abstract record CallPermit
{
    private CallPermit()
    {
    }

    /// <summary>The call may go out.</summary>
    /// <param name="Probes">Whether it tries a vendor that was down: whoever makes it tells how it ended.</param>
    /// <param name="Seat">Given back by disposing it.</param>
    /// <param name="Lost">Cancelled when another silo may have been given the same seat: the call must be broken off.</param>
    public sealed record Granted(bool Probes, IAsyncDisposable Seat, CancellationToken Lost) : CallPermit;

    /// <summary>Nothing may be sent. The failure is <see cref="VendorFailureKind.Withheld"/> or <see cref="VendorFailureKind.CircuitOpen"/>.</summary>
    public sealed record Refused(VendorFailure Failure) : CallPermit;
}
