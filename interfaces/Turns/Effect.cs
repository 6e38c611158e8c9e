using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Interfaces.Turns;

/// <summary>An order that becomes true in the same commit as the state, or not at all. The subject is the grain that decided.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>Keep one reading of the product tenant; several of one night are numbered in order.</summary>
    /// <param name="Units">Null unless the source gave a number.</param>
    /// <param name="ObservedAt">When the source was asked.</param>
    public sealed record AddReading(string Metric, DateOnly Night, Units? Units, Evidence Evidence, string? Reason, DateTimeOffset ObservedAt) : Effect;

    /// <summary>Tell every line that the product tenant feeds, or fed since <paramref name="From"/>, that its inputs changed.</summary>
    /// <param name="Metric">The metric that changed; null for all.</param>
    public sealed record TellLines(string? Metric, DateOnly From, InputCause Cause) : Effect;

    /// <summary>Tell every line of the organization's accounts that its inputs changed.</summary>
    public sealed record TellLinesOfOrganization(DateOnly From) : Effect;

    /// <summary>Tell every line of the contract what changed.</summary>
    public sealed record TellLinesOfContract(DateOnly From) : Effect;

    /// <summary>Tell the line itself, in a turn of its own that sees what this one changed.</summary>
    public sealed record TellItself(DateOnly From, InputCause Cause) : Effect;

    /// <summary>Tell the line that goes on in this one's place that the units before its first day moved at the PSA.</summary>
    public sealed record TellNextLine : Effect;

    /// <summary>Wake the grain at an instant; replaces a reminder of the same name.</summary>
    public sealed record Remind(string Name, DateTimeOffset DueAt) : Effect;

    /// <summary>Wake the grain at the run time of a night in the msp's zone; replaces a reminder of the same name.</summary>
    public sealed record RemindAtNight(string Name, DateOnly Night) : Effect;

    /// <summary>Drop a reminder; nothing happens when there is none.</summary>
    public sealed record Forget(string Name) : Effect;

    /// <summary>Append a count record of the line.</summary>
    public sealed record AddCount(CountRecord Count) : Effect;

    /// <summary>Append a ledger entry of the line. Entries never change.</summary>
    public sealed record AddLedgerEntry(LedgerEntry Entry) : Effect;

    /// <summary>The PSA owes the line these units from this date: an absolute wish, never a delta.</summary>
    public sealed record SetUnits(PsaLine Target, DateOnly EffectiveOn, Units Desired) : Effect;

    /// <summary>Open the line's hold, or write the open one anew.</summary>
    public sealed record KeepHold(Hold Hold) : Effect;

    /// <summary>Close the line's open hold.</summary>
    /// <param name="Resolution"><c>released</c>, <c>agreed</c> or <c>withdrawn</c>.</param>
    public sealed record CloseHold(string Resolution) : Effect;

    /// <summary>Make the line's product tenants, and the integrations that read them, due now.</summary>
    public sealed record RefreshInputs : Effect;

    /// <summary>Make every product tenant of the integration due for the night now.</summary>
    public sealed record ReadTenantsNow(DateOnly Night) : Effect;

    /// <summary>Look at the intents of this PSA now, whatever they were waiting for.</summary>
    public sealed record WakeIntents : Effect;

    /// <summary>Answer whoever waits for this grain.</summary>
    /// <param name="Well">Whether what they asked for was done.</param>
    public sealed record FinishRuns(bool Well, string Code, string Sentence) : Effect;

    /// <summary>Write the integration's night.</summary>
    public sealed record KeepNight(NightSummary Night) : Effect;

    /// <summary>The PSA owes the alert a ticket, one for each occurrence.</summary>
    public sealed record OpenTicket(IntegrationId Integration, int Occurrence, TicketTerms Terms, string Title, string Details) : Effect;

    /// <summary>The PSA owes the ticket of that occurrence a note. One that was not sent yet says this instead.</summary>
    public sealed record AddTicketNote(int Occurrence, string Title, string Text) : Effect;

    /// <summary>The PSA owes the ticket of that occurrence another status, after everything else.</summary>
    public sealed record CloseTicket(int Occurrence, string StatusRemoteId) : Effect;

    /// <summary>Who did what: before and after as short words, secrets never.</summary>
    public sealed record Audit(string Action, string Before, string After) : Effect;
}

/// <summary>Names of reminders; a grain has at most one of each.</summary>
public static class ReminderName
{
    /// <summary>A product tenant, or the integration that reads it, is due for its night.</summary>
    public const string Read = "read";

    /// <summary>A product tenant is due for a read that somebody asked for.</summary>
    public const string Refresh = "refresh";

    /// <summary>A held line is due for a further read.</summary>
    public const string Confirm = "confirm";

    /// <summary>A line reaches the start of a billing period or its end.</summary>
    public const string Boundary = "boundary";
}

/// <summary>Why a line's inputs changed.</summary>
public enum InputCause
{
    /// <summary>A night's reading.</summary>
    Reading = 1,

    /// <summary>A person changed a mapping, a contract or a basis.</summary>
    Mapping = 2,

    /// <summary>Somebody asked for a live read.</summary>
    Refresh = 3,

    /// <summary>The line before this one changed what their line of the PSA has.</summary>
    LineBefore = 4,
}
