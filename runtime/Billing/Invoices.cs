using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Runtime.Billing;

/// <summary>Says in words what an entry of the ledger bills: a pure function.</summary>
public delegate string ItemText(WordedItem item);

/// <summary>What is to be invoiced.</summary>
/// <param name="Account">Null: every account.</param>
/// <param name="Contract">Null: every contract.</param>
/// <param name="Through">Charges that become billable later wait for a later invoice; null: everything that is posted.</param>
/// <param name="IssuedOn">The date of the invoices; null: today in the msp's zone.</param>
/// <param name="Actor">Who makes them.</param>
/// <param name="JobRun">The run of a job that makes them; null when a person does.</param>
public sealed record InvoiceWish(MspId Msp, long? Account, long? Contract, DateOnly? Through, DateOnly? IssuedOn, string Actor, long? JobRun);

/// <summary>An account's posted entries of one currency that got no invoice and stay for the next one.</summary>
/// <param name="Reason">One of <see cref="CarryReason"/>.</param>
public sealed record CarriedForward(long AccountId, string AccountName, string Currency, decimal Amount, long Items, string Reason);

/// <summary>Why entries stay for the next invoice.</summary>
public static class CarryReason
{
    /// <summary>They are a credit in sum: an invoice asks for money.</summary>
    public const string Credit = "credit";

    /// <summary>There are more than <see cref="InvoiceStore.LinesMax"/>; one contract, or an earlier date, has fewer.</summary>
    public const string TooManyLines = "too_many_lines";
}

/// <summary>What came of a wish.</summary>
/// <param name="Invoices">Ids of the invoices made, in the order of their numbers.</param>
/// <param name="CarriedForward">What was left for the next time.</param>
/// <param name="More">There was more than one step may make; the same wish again makes the rest.</param>
public sealed record InvoicesMade(IReadOnlyList<long> Invoices, IReadOnlyList<CarriedForward> CarriedForward, bool More)
{
    /// <summary>Nothing was posted, or all of it is invoiced.</summary>
    public static readonly InvoicesMade Nothing = new([], [], false);
}

/// <summary>Why a wish cannot be understood.</summary>
public enum InvoiceScope
{
    /// <summary>It can.</summary>
    Known,

    /// <summary>The account is not the msp's.</summary>
    AccountUnknown,

    /// <summary>The contract is not the msp's, or not the account's.</summary>
    ContractUnknown,
}
