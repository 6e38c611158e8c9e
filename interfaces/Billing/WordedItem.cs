using UsageBilling.Interfaces.Values;

namespace UsageBilling.Interfaces.Billing;

/// <summary>What an item bills, to be put into words.</summary>
/// <param name="Kind"><c>charge</c>, <c>adjustment</c>, <c>reversal</c> or <c>again</c>.</param>
/// <param name="Line">The service line's name.</param>
/// <param name="Period">The full billing period.</param>
/// <param name="Days">The days of it that the item is for.</param>
/// <param name="Units">Signed.</param>
/// <param name="Price">Of a unit, or what is charged once.</param>
/// <param name="ChargedFor">What it is for when it is not units of days: see the ledger entry.</param>
public sealed record WordedItem(string Kind, string Line, DateRange Period, DateRange Days, decimal Units, UnitPrice Price, Currency Currency, string? ChargedFor = null);
