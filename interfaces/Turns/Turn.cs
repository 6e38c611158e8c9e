using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Interfaces.Turns;

/// <summary>The kinds of grain; the numbers are stored.</summary>
public enum GrainKind
{
    /// <summary>A tenant, domain, site, org or network of a product.</summary>
    ProductTenant = 1,

    /// <summary>A customer, and the PSA account it belongs to.</summary>
    Organization = 2,

    /// <summary>A service line of a contract.</summary>
    ServiceLine = 3,

    /// <summary>A connection to a vendor account.</summary>
    Integration = 4,

    /// <summary>A contract of a PSA account.</summary>
    Contract = 5,

    /// <summary>Something that is wrong somewhere.</summary>
    Alert = 6,
}

/// <summary>What a turn tells a grain about the world: the only clock a grain has.</summary>
/// <param name="At">The database's instant of the turn.</param>
/// <param name="Night">The last night whose run time has passed in the msp's zone.</param>
/// <param name="Limits">The msp's limits for holds.</param>
/// <param name="Actor">Who asked: a key's name, or <c>silo</c>.</param>
public sealed record Turn(DateTimeOffset At, DateOnly Night, HoldLimits Limits, string Actor)
{
    /// <summary>How the msp wants its lines prorated, by date; periods before the first have all defaults.</summary>
    public Sequence<DatedSettings> Proration { get; init; } = [];
}

/// <summary>A message about days from a date on: the turn looks at what is known since then.</summary>
public interface IDated
{
    /// <summary>The first day it is about.</summary>
    DateOnly Since { get; }
}

/// <summary>When a change is too large to believe without a second look.</summary>
/// <param name="Units">A line may move by this many units whatever the percentage. 0 to 1,000,000,000; default 5.</param>
/// <param name="Percent">A line may move by this share of its last accepted count. 0 to 1,000; default 30.</param>
/// <param name="ProductDropPercent">A product's total may fall by this share between two reads. 0 to 100; default 10.</param>
/// <param name="MissedNightsMax">Nights that are caught up without a person looking. 0 to 31; default 3.</param>
public sealed record HoldLimits(decimal Units, decimal Percent, decimal ProductDropPercent, int MissedNightsMax)
{
    /// <summary>Two further reads must agree before a hold releases itself.</summary>
    public const int AgreeingReads = 2;

    /// <summary>Reads that agree must be at least an hour apart.</summary>
    public static readonly TimeSpan AgreeingReadsApart = TimeSpan.FromHours(1);

    /// <summary>The limits an msp starts with.</summary>
    public static HoldLimits Default { get; } = new(5m, 30m, 10m, 3);
}

/// <summary>A grain's answer: accepted, or refused with a stable code.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>The message was taken; its effects are in the same commit.</summary>
    public sealed record Accepted : Verdict;

    /// <summary>The message was understood and refused; nothing changed.</summary>
    /// <param name="Code">Stable snake_case code; see <see cref="RefusalCode"/>.</param>
    /// <param name="Sentence">One sentence for a person.</param>
    public sealed record Refused(string Code, string Sentence) : Verdict;

    /// <summary>The one instance worth having.</summary>
    public static Verdict Ok { get; } = new Accepted();
}

/// <summary>What a grain decided about one message: the next state, the answer and the orders that become true with it.</summary>
public sealed record Decision<TState>(TState State, Verdict Verdict, Sequence<Effect> Effects);

/// <summary>Makes decisions.</summary>
public static class Decision
{
    /// <summary>Nothing changes but the answer.</summary>
    public static Decision<TState> Refuse<TState>(TState state, string code, string sentence) => new(state, new Verdict.Refused(code, sentence), []);
}

/// <summary>A grain: a pure function from state, message and turn to a decision. No clock, no network, no chance.</summary>
public interface IGrain<TState, in TMessage>
{
    /// <summary>Decides one message. Throws only for our own mistakes.</summary>
    Decision<TState> Decide(TState state, TMessage message, Turn turn);
}
