namespace UsageBilling.Interfaces.Vendors;

/// <summary>Why a vendor call gave no usable answer. Each has one consequence in the hub.</summary>
public enum VendorFailureKind
{
    /// <summary>Wrong user, secret or integration code: the integration is parked, not the work.</summary>
    Unauthorized,

    /// <summary>The credentials are right but may not do this.</summary>
    Forbidden,

    /// <summary>Too many calls or threads; see <see cref="VendorFailure.RetryAfterSeconds"/>.</summary>
    RateLimited,

    /// <summary>No connection was made: nothing reached the vendor.</summary>
    Unreachable,

    /// <summary>No answer in time: the vendor may or may not have acted.</summary>
    TimedOut,

    /// <summary>The vendor failed (5xx without its own explanation), or cut the connection after the request was sent.</summary>
    ServerError,

    /// <summary>An answer that is not what the vendor's protocol promises (not JSON, a repeated page, a list shorter than its own total, too large).</summary>
    Malformed,

    /// <summary>The vendor understood and said no; the message is the vendor's.</summary>
    Rejected,

    /// <summary>The circuit breaker is open: the call was not made.</summary>
    CircuitOpen,

    /// <summary>The address is not one this vendor may be reached at: the call was not made.</summary>
    AddressRefused,

    /// <summary>The hub held the call back itself: its share of the vendor's calls is spent, or nobody may call for now. Nothing was sent.</summary>
    Withheld,
}

/// <summary>A failed vendor call, in words a person can act on. Never holds a secret.</summary>
/// <param name="Kind">The consequence.</param>
/// <param name="Code">Stable snake_case code, for example <c>page_repeated</c>.</param>
/// <param name="Message">One sentence; may quote the vendor, at most 500 characters.</param>
/// <param name="RetryAfterSeconds">Seconds the vendor asked to wait, when it said so.</param>
public sealed record VendorFailure(VendorFailureKind Kind, string Code, string Message, int? RetryAfterSeconds = null)
{
    /// <summary>Whether the vendor was not even asked: what was to be done waits, and no attempt is counted.</summary>
    public bool Uncounted => Kind is VendorFailureKind.Withheld or VendorFailureKind.CircuitOpen;

    /// <summary>What to wait when nothing better is known.</summary>
    public TimeSpan WaitOr(TimeSpan otherwise) => RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : otherwise;
}

/// <summary>Either the vendor's answer or the reason there is none.</summary>
public abstract record VendorAnswer<T>
{
    private VendorAnswer()
    {
    }

    /// <summary>The vendor answered.</summary>
    public sealed record Answered(T Value) : VendorAnswer<T>;

    /// <summary>The vendor did not, or not usably.</summary>
    public sealed record Failed(VendorFailure Failure) : VendorAnswer<T>;
}
