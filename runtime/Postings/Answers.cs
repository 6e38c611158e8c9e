using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;

namespace UsageBilling.Runtime.Postings;

/// <summary>What is to be posted.</summary>
/// <param name="Through">Charges whose period begins on this day or before; in arrears: ends on it or before. Everything else that is ready comes along.</param>
/// <param name="Account">This account only; null for all.</param>
/// <param name="Contract">This contract only; null for all.</param>
public sealed record PlanScope(DateOnly Through, PsaAccountId? Account = null, ContractId? Contract = null);

/// <summary>Which items a review shows.</summary>
/// <param name="From">Those that have this day or a later one; null for all.</param>
/// <param name="To">Those that have this day or an earlier one; null for all.</param>
public sealed record ReviewDays(DateOnly? From, DateOnly? To)
{
    /// <summary>All of them.</summary>
    public static ReviewDays All { get; } = new(null, null);
}

/// <summary>Items of one currency, and what they come to.</summary>
public sealed record CurrencyTotal(string Currency, int Items, decimal Amount);

/// <summary>A plan that was made.</summary>
/// <param name="Hash">SHA-256 in hexadecimal over the scope and all that the items say: what is approved.</param>
/// <param name="Items">The blocked ones included.</param>
/// <param name="Blocked">Items that a posting leaves out.</param>
/// <param name="Totals">Of what is not blocked, by currency.</param>
/// <param name="Attention">Why a person should apply it; nothing when it may be applied without one.</param>
public sealed record MadePlan(
    long Id, string Hash, int Items, int Blocked, IReadOnlyList<CurrencyTotal> Totals, IReadOnlyList<Attention> Attention);

/// <summary>How asking for a plan ended.</summary>
public abstract record PlanAnswer
{
    private PlanAnswer()
    {
    }

    /// <summary>There is a plan.</summary>
    public sealed record Made(MadePlan Plan) : PlanAnswer;

    /// <summary>Nothing is ready to post.</summary>
    /// <param name="Blocked">Items that would be, if nothing kept them back.</param>
    public sealed record Empty(int Blocked) : PlanAnswer;

    /// <summary>More than <see cref="PostingStore.ItemsMax"/> items are ready: ask for an account or a contract.</summary>
    public sealed record TooLarge : PlanAnswer;

    /// <summary>The msp has no such account.</summary>
    public sealed record AccountUnknown : PlanAnswer;

    /// <summary>The msp, or the account, has no such contract.</summary>
    public sealed record ContractUnknown : PlanAnswer;
}

/// <summary>Who says that a plan is applied.</summary>
public enum Approval
{
    /// <summary>A person who has seen it. Another one than who made it, where the msp wants four eyes.</summary>
    ByPerson,

    /// <summary>A person who wants it applied if it is within the msp's limits; four eyes hold as well.</summary>
    ByPersonWithinLimits,

    /// <summary>The hub itself, within the msp's limits. Where the msp wants four eyes it is nobody's second person.</summary>
    ByItself,
}

/// <summary>How applying a plan ended. Only after <see cref="Applied"/> anything is posted.</summary>
public abstract record ApplyAnswer
{
    private ApplyAnswer()
    {
    }

    /// <summary>Posted.</summary>
    /// <param name="Before">Whether it had been applied already: then this is the posting of that time.</param>
    public sealed record Applied(long Posting, bool Before) : ApplyAnswer;

    /// <summary>The msp has no such plan.</summary>
    public sealed record Unknown : ApplyAnswer;

    /// <summary>The hash is not the plan's: somebody approved another one.</summary>
    public sealed record HashMismatch : ApplyAnswer;

    /// <summary>The plan is too old; make another one.</summary>
    public sealed record Expired(DateTimeOffset At) : ApplyAnswer;

    /// <summary>Who made the plan, or asked for the job's run that made it, may not apply it.</summary>
    public sealed record SecondPersonNeeded : ApplyAnswer;

    /// <summary>It changes more than may be changed without a person.</summary>
    public sealed record PersonNeeded(IReadOnlyList<Attention> Attention) : ApplyAnswer;

    /// <summary>It would post something else by now.</summary>
    public sealed record Changed(PlanDifference Difference) : ApplyAnswer;
}

/// <summary>How a plan and what is ready now differ.</summary>
/// <param name="Items">The first <see cref="PostingStore.DifferencesMax"/> of them.</param>
public sealed record PlanDifference(int Added, int Removed, int Changed, IReadOnlyList<ItemDifference> Items);

/// <summary>An item that is not as it was planned.</summary>
/// <param name="Change"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Item">As it is now.</param>
/// <param name="BlockBefore">What kept it back when it was planned.</param>
public sealed record ItemDifference(string Change, BillingItem Item, string? BlockBefore);

/// <summary>How reversing a posting ended. Only after <see cref="Reversed"/> anything changed.</summary>
public abstract record ReverseAnswer
{
    private ReverseAnswer()
    {
    }

    /// <summary>Reversed; its entries wait for review again.</summary>
    /// <param name="Posting">The reversal, a posting of its own.</param>
    public sealed record Reversed(long Posting) : ReverseAnswer;

    /// <summary>The msp has no such posting.</summary>
    public sealed record Unknown : ReverseAnswer;

    /// <summary>It was reversed before.</summary>
    /// <param name="By">The reversal.</param>
    public sealed record ReversedBefore(long By) : ReverseAnswer;

    /// <summary>A reversal is not reversed: what it gave back is posted again.</summary>
    public sealed record IsReversal : ReverseAnswer;
}

/// <summary>An item as a plan remembers it.</summary>
internal sealed record PlannedItem(long Line, EntryKey Key, string Hash, string? Block);
