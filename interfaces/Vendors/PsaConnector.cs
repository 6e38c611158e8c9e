namespace UsageBilling.Interfaces.Vendors;

/// <summary>Reads and changes one PSA account. Implemented by a connector per PSA; called by silos, never inside a turn.</summary>
public interface IPsaConnector
{
    /// <summary>The integration kind it serves, for example <c>autotask</c>.</summary>
    string Kind { get; }

    /// <summary>What the vendor's public API can do.</summary>
    PsaCapabilities Capabilities { get; }

    /// <summary>Proves the credentials with the cheapest call there is.</summary>
    Task<VendorAnswer<CredentialProof>> Test(VendorAccess access, CancellationToken cancellation);

    /// <summary>Every account, active or not.</summary>
    Task<VendorAnswer<IReadOnlyList<ObservedAccount>>> Accounts(VendorAccess access, CancellationToken cancellation);

    /// <summary>Every contract that can carry service lines.</summary>
    Task<VendorAnswer<IReadOnlyList<ObservedContract>>> Contracts(VendorAccess access, CancellationToken cancellation);

    /// <summary>The service lines of the given contracts (at most 500 contract ids), with the name and the prices of their services.</summary>
    Task<VendorAnswer<IReadOnlyList<ObservedService>>> Services(VendorAccess access, IReadOnlyCollection<string> contractRemoteIds, CancellationToken cancellation);

    /// <summary>The units of the given service lines (at most 500 ids) for every span that overlaps the dates, both inclusive.</summary>
    Task<VendorAnswer<IReadOnlyList<ObservedUnits>>> Units(VendorAccess access, IReadOnlyCollection<string> serviceRemoteIds, DateOnly from, DateOnly through, CancellationToken cancellation);

    /// <summary>Sends one change. Never retries: whoever calls has recorded that the first byte may leave.</summary>
    Task<SendOutcome> ChangeUnits(VendorAccess access, UnitsChange change, CancellationToken cancellation);

    /// <summary>How much of the vendor's call quota is used.</summary>
    Task<VendorAnswer<ObservedQuota>> Quota(VendorAccess access, CancellationToken cancellation);
}

/// <summary>What a PSA's public API can do with the units of an existing line.</summary>
/// <param name="ChangesUnits">Whether units of an existing line can be changed at all.</param>
/// <param name="WholeUnitsOnly">Whether units must be whole numbers.</param>
/// <param name="ConcurrentCallsMax">Concurrent calls the vendor allows to one endpoint.</param>
public sealed record PsaCapabilities(bool ChangesUnits, bool WholeUnitsOnly, int ConcurrentCallsMax)
{
    /// <summary>The limit that <see cref="IPsaConnector.Quota"/> tells about; null when the vendor tells nothing.</summary>
    public CallQuota? ObservableQuota { get; init; }

    /// <summary>Whether the units of a line can be read at all. Where they cannot, they are unknown, which is not zero.</summary>
    public bool ReadsUnits { get; init; } = true;
}

/// <summary>An account of the PSA.</summary>
public sealed record ObservedAccount(string RemoteId, string Name, bool Active);

/// <summary>A contract of the PSA. Dates are calendar days; <paramref name="EndsThrough"/> is its last day.</summary>
/// <param name="PeriodMonths">Months per billing period: 1, 3, 6 or 12.</param>
public sealed record ObservedContract(string RemoteId, string AccountRemoteId, string Name, bool Active, DateOnly StartsOn, DateOnly EndsThrough, int PeriodMonths)
{
    /// <summary>Why the contract cannot be used, though it is there; null for one that can be. Then its account is empty and its period says nothing.</summary>
    public ContractLeftOut? LeftOutBecause { get; init; }
}

/// <summary>Why a contract that was seen cannot be used.</summary>
public enum ContractLeftOut
{
    /// <summary>The PSA names its account, and no account has that name.</summary>
    AccountUnknown,

    /// <summary>The PSA names its account, and more than one account has that name.</summary>
    AccountAmbiguous,

    /// <summary>Its billing period is none that the hub knows.</summary>
    PeriodUnknown,
}

/// <summary>A service line of a contract in the PSA.</summary>
/// <param name="RemoteId">The line's own id (Autotask: contractServiceID).</param>
/// <param name="ServiceRemoteId">The catalogue service it sells.</param>
/// <param name="UnitPrice">Per unit and period, in the contract's currency; null when the PSA does not say.</param>
/// <param name="UnitCost">Per unit and period; null when the PSA does not say or hides it.</param>
/// <param name="PeriodMonths">Months per billing period: 1, 3, 6 or 12.</param>
public sealed record ObservedService(string RemoteId, string ContractRemoteId, string ServiceRemoteId, string Name, decimal? UnitPrice, decimal? UnitCost, int PeriodMonths);

/// <summary>The units of one service line over one span of days, both ends inclusive.</summary>
/// <param name="Posted">Whether the PSA has already billed the span.</param>
public sealed record ObservedUnits(string ServiceRemoteId, DateOnly From, DateOnly Through, decimal Units, bool Posted);

/// <summary>A dated delta to one service line.</summary>
public sealed record UnitsChange(string ContractRemoteId, string ServiceRemoteId, DateOnly EffectiveOn, decimal Delta);

/// <summary>Calls used and allowed in the vendor's window.</summary>
public sealed record ObservedQuota(int Used, int Allowed, int WindowMinutes);

/// <summary>What is known after a change was sent.</summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>The vendor says it is done.</summary>
    public sealed record Applied : SendOutcome;

    /// <summary>The vendor understood and refused: certainly not applied. <c>date_taken</c> means another change has the same date.</summary>
    public sealed record Refused(string Code, string Message) : SendOutcome;

    /// <summary>Certainly not applied: the request never left, or was turned away at the door (401, 403, 404, 405, 429).</summary>
    public sealed record NotSent(VendorFailure Failure) : SendOutcome;

    /// <summary>Nobody knows: the answer was lost. Only reading back can tell.</summary>
    public sealed record InDoubt(VendorFailure Failure) : SendOutcome;
}
