using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Interfaces.Grains;

/// <summary>State of a service line, with what a turn of it may see: its inputs and its count records.</summary>
/// <param name="Contract">The contract's dates, and inside them those that a person gave the line; it bills inside them only.</param>
/// <param name="Counts">Count records ordered by effective date, then sequence. Recent ones, and the last before them.</param>
/// <param name="Inputs">The mapped product tenants and what was read of them since the earliest night this turn looks at.</param>
/// <param name="ChargedUntil">Periods before this date are in the ledger; the next one begins here.</param>
/// <param name="RefreshAskedAt">When somebody last asked for a live read that was not answered; null when nobody waits.</param>
public sealed record ServiceLineState(
    ServiceLineId Id,
    LineTerms Terms,
    Basis Basis,
    DateRange Contract,
    PsaLine Psa,
    Sequence<CountRecord> Counts,
    Sequence<LineInput> Inputs,
    Hold? Hold,
    DateOnly ChargedUntil,
    DateTimeOffset? RefreshAskedAt)
{
    /// <summary>The dates of the contract that the ledger was written with; null while they are those of <see cref="Contract"/>.</summary>
    public DateRange? ChargedService { get; init; }

    /// <summary>What the last charged period, which still runs, was charged for in advance by a mode that counts at the month's end; null when its charge is final.</summary>
    public Units? RunningUnits { get; init; }

    /// <summary>The day from which on a person ended the line, though its contract may go on; null for a line that ends with its contract.</summary>
    public DateOnly? EndsOn { get; init; }

    /// <summary>Whether another line goes on in its place from <see cref="EndsOn"/> on: what the PSA has from then on is that one's.</summary>
    public bool Followed { get; init; }

    /// <summary>The first day that the PSA's contract no longer covers, where a person ended the line; null for a line that ends with its contract.</summary>
    public DateOnly? PsaUntil { get; init; }

    /// <summary>The days that the ledger covers.</summary>
    public DateRange Service => ChargedService ?? Contract;
}

/// <summary>How a line derives its units.</summary>
public enum BasisKind
{
    /// <summary>Nothing feeds the line. The default.</summary>
    None = 0,

    /// <summary>A person gives the units.</summary>
    Manual = 1,

    /// <summary>The sum of one or several metrics over the account's mapped product tenants.</summary>
    Metrics = 2,
}

/// <summary>A line's basis; locked once it is chosen.</summary>
public sealed record Basis(BasisKind Kind, Sequence<BasisMetric> Metrics)
{
    /// <summary>Metrics one line may add up.</summary>
    public const int MetricsMax = 20;

    /// <summary>The default.</summary>
    public static Basis None { get; } = new(BasisKind.None, []);
}

/// <summary>One metric of one product.</summary>
public sealed record BasisMetric(string Product, string Metric);

/// <summary>Where the PSA keeps the line. Writes are serialised per contract.</summary>
/// <param name="WholeUnitsOnly">Whether the PSA takes whole units only.</param>
/// <param name="Timing">From when on the PSA bills changed units.</param>
public sealed record PsaLine(IntegrationId Integration, string ContractRemoteId, string ServiceRemoteId, bool WholeUnitsOnly, UnitTiming Timing = UnitTiming.EffectiveDate);

/// <summary>From when on a PSA is made to bill changed units. What the hub itself charges goes by the effective date whichever it is.</summary>
public enum UnitTiming
{
    /// <summary>From the effective date of the change: the PSA prorates.</summary>
    EffectiveDate = 0,

    /// <summary>The most units that a calendar month has on any of its days are billed for all of it: more from the first of the month, fewer from the first of the next.</summary>
    MonthPeak = 1,

    /// <summary>A calendar month has the units of its first day: more and fewer from the first of the next.</summary>
    NextMonth = 2,
}

/// <summary>Absolute units of a line from a date on. For one date the greatest sequence counts.</summary>
/// <param name="Night">The night that found it; for an opening count the night it was imported.</param>
/// <param name="Source"><c>opening</c>, <c>reading</c>, <c>mapping</c>, <c>released</c>, <c>agreed</c>, <c>person</c> or <see cref="TakenOver"/>.</param>
public sealed record CountRecord(DateOnly EffectiveOn, int Sequence, Units Units, DateOnly Night, string Source)
{
    /// <summary>The source of what a line that follows another begins with: the units that the other left.</summary>
    public const string TakenOver = "taken_over";
}

/// <summary>One immutable piece of money of a line.</summary>
/// <param name="Kind"><c>charge</c> for the first of a period, <c>adjustment</c> for every later one; <c>reversal</c> and <c>again</c> undo and repeat a posted one.</param>
/// <param name="UnitsDelta">Units charged, or changed when an adjustment.</param>
/// <param name="CountEffectiveOn">The count record that caused it.</param>
/// <param name="Corrects">The entry that a <c>reversal</c> undoes and an <c>again</c> repeats; null for every other.</param>
/// <param name="PriceFrom">From when on the price held, or the price list; null for the price that the line began with.</param>
/// <param name="ChargedFor"><c>average</c>, <c>flat_fee</c> or <c>commitment</c>; null for units of days.</param>
/// <param name="Terms">The terms that its period has; null for those that the line began with.</param>
public sealed record LedgerEntry(
    string Kind, DateRange Period, DateRange Days, decimal UnitsDelta, UnitPrice UnitPrice, Money Amount, DateOnly Night, DateOnly CountEffectiveOn, int CountSequence,
    EntryKey? Corrects = null, DateOnly? PriceFrom = null, string? ChargedFor = null, TermsKey? Terms = null);

/// <summary>Which entry of a line: the version of the line whose turn wrote it, and its number in that turn, from 1.</summary>
public readonly record struct EntryKey(int Version, short Number);

/// <summary>An entry of a line that was posted.</summary>
public sealed record PostedEntry(EntryKey Key, LedgerEntry Entry);

/// <summary>Why a line keeps its last accepted count.</summary>
/// <param name="Night">The first night the doubt is about: the date a release becomes effective.</param>
/// <param name="Previous">The last accepted count, which the line keeps.</param>
/// <param name="Proposed">The doubtful count; null when the source gave none.</param>
/// <param name="Agreeing">Further reads that agreed with <paramref name="Proposed"/>.</param>
/// <param name="ReadAt">When the count was last read and counted.</param>
public sealed record Hold(string Reason, DateOnly Night, Units Previous, Units? Proposed, int Agreeing, DateTimeOffset ReadAt);

/// <summary>A product tenant and metric that feed the line, for as long as both its mappings hold.</summary>
/// <param name="MappedAt">When somebody said so last: the later of both mappings.</param>
/// <param name="Readings">In order of night; the first may lie before the nights this turn looks at.</param>
/// <param name="SourceParked">Whether the integration that reads the tenant waits for credentials.</param>
/// <param name="Fed">Whether the tenant is told of by a feed: nobody can look it up, so what was told last is what there is.</param>
public sealed record LineInput(ProductTenantId Tenant, string Metric, DateOnly From, DateOnly? Until, DateTimeOffset MappedAt, Sequence<InputReading> Readings, bool SourceParked = false, bool Fed = false);

/// <summary>What was read of an input, from a night on.</summary>
public sealed record InputReading(DateOnly Night, Units? Units, Evidence Evidence, string? Reason, DateTimeOffset ObservedAt);

/// <summary>What a service line can be told.</summary>
public abstract record ServiceLineMessage
{
    private ServiceLineMessage()
    {
    }

    /// <summary>Something the line counts changed on a night, or its mapping or contract on a date.</summary>
    public sealed record InputsChanged(DateOnly From, InputCause Cause) : ServiceLineMessage, IDated
    {
        /// <inheritdoc/>
        public DateOnly Since => From;
    }

    /// <summary>Get Units Now: read the inputs live.</summary>
    public sealed record RefreshRequested : ServiceLineMessage;

    /// <summary>The line is held and wants a further read.</summary>
    public sealed record ConfirmDue : ServiceLineMessage;

    /// <summary>A billing period begins or ends, or the line does.</summary>
    public sealed record BoundaryReached : ServiceLineMessage;

    /// <summary>A person lets a held count through, or says which count is right.</summary>
    public sealed record ReleaseHold(Units? Units) : ServiceLineMessage;

    /// <summary>A person chooses the basis, once.</summary>
    public sealed record ChooseBasis(Basis Basis) : ServiceLineMessage;

    /// <summary>A posting is undone: these entries of the line are taken back, and wait for review again.</summary>
    public sealed record ReverseEntries(Sequence<PostedEntry> Entries) : ServiceLineMessage;

    /// <summary>A person gives the line another price from a date on, past or ahead.</summary>
    /// <param name="Price">Per unit and period.</param>
    public sealed record ChangePrice(decimal Price, DateOnly From) : ServiceLineMessage, IDated
    {
        /// <inheritdoc/>
        public DateOnly Since => From;
    }

    /// <summary>A person gives the line other terms, for whole periods: from the one that has the date.</summary>
    public sealed record ChangeTerms(ProposedTerms Terms, DateOnly From) : ServiceLineMessage, IDated
    {
        /// <inheritdoc/>
        public DateOnly Since => From;
    }

    /// <summary>A person ends the line while its contract goes on.</summary>
    /// <param name="On">The first day that it does not cover.</param>
    /// <param name="Followed">Whether another line goes on in its place.</param>
    public sealed record EndLine(DateOnly On, bool Followed) : ServiceLineMessage, IDated
    {
        /// <inheritdoc/>
        public DateOnly Since => On;
    }

    /// <summary>A line that follows another is told what it counts, from its first day on.</summary>
    /// <param name="Units">Of a manual basis: what it has from then on; null for what the line before left.</param>
    public sealed record BeginLine(Basis Basis, Units? Units, DateOnly From) : ServiceLineMessage, IDated
    {
        /// <inheritdoc/>
        public DateOnly Since => From;
    }

    /// <summary>A person gives the units of a line with a manual basis.</summary>
    public sealed record GiveUnits(Units Units, DateOnly EffectiveOn) : ServiceLineMessage, IDated
    {
        /// <inheritdoc/>
        public DateOnly Since => EffectiveOn;
    }
}
