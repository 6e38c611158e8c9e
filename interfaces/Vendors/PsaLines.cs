namespace UsageBilling.Interfaces.Vendors;

/// <summary>Adds lines to contracts of a PSA that cannot change the units of a line. Implemented by a connector per such PSA; called by silos, never inside a turn.</summary>
public interface IPsaLines
{
    /// <summary>The integration kind it serves, for example <c>bms</c>.</summary>
    string Kind { get; }

    /// <summary>Adds a line. Never retries: whoever calls has read <see cref="AddedLines"/> before and recorded that the first byte may leave.</summary>
    Task<SendOutcome> AddLine(VendorAccess access, NewLine line, CancellationToken cancellation);

    /// <summary>The lines of all contracts that sell a service, as they are now. A line that was not there before tells that a lost one arrived.</summary>
    /// <remarks>A call for each page of them: whoever has many changes of a service asks once for all.</remarks>
    Task<VendorAnswer<IReadOnlyList<AddedLine>>> AddedLines(VendorAccess access, string serviceRemoteId, CancellationToken cancellation);
}

/// <summary>A line to be added.</summary>
/// <param name="ServiceRemoteId">The service of the catalogue that it sells.</param>
/// <param name="Name">What the invoice calls it, at most 200 characters.</param>
/// <param name="Units">A whole number of at least 1; it can neither be changed nor read back.</param>
/// <param name="UnitPrice">Per unit and period, in the contract's currency.</param>
/// <param name="UnitCost">Per unit and period.</param>
/// <param name="EffectiveOn">The day it is billed from.</param>
public sealed record NewLine(string ContractRemoteId, string ServiceRemoteId, string Name, decimal Units, decimal UnitPrice, decimal UnitCost, DateOnly EffectiveOn);

/// <summary>A line as the PSA shows it: without its units.</summary>
/// <param name="EffectiveOn">Null when the PSA does not say.</param>
/// <param name="UnitPrice">Null when the PSA does not say.</param>
/// <param name="UnitCost">Null when the PSA does not say or hides it.</param>
public sealed record AddedLine(string RemoteId, string ContractRemoteId, DateOnly? EffectiveOn, decimal? UnitPrice, decimal? UnitCost);
