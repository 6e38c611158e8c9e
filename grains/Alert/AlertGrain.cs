using System.Globalization;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.Alert;

/// <summary>Makes one ticket of all that is told of one thing: opened when it is first told, noted when it is told again, closed when it is over.</summary>
public sealed class AlertGrain : IGrain<AlertState, AlertMessage>
{
    /// <summary>Notes of one ticket. A PSA shows 500 of them, and the hub must be able to find its own among them.</summary>
    public const int NotesMax = 400;

    /// <summary>Tellings whose names are remembered.</summary>
    public const int EventsMax = 20;

    public Decision<AlertState> Decide(AlertState state, AlertMessage message, Turn turn) => message switch
    {
        AlertMessage.Raised raised => Knows(state, raised.Event) ? Nothing(state) : Raised(Remember(state, raised.Event), raised, turn),
        AlertMessage.Cleared cleared => Knows(state, cleared.Event) || !state.Open ? Nothing(state) : Cleared(Remember(state, cleared.Event), cleared, turn),
        _ => throw new InvalidOperationException($"An alert does not know {message}."),
    };

    private static Decision<AlertState> Raised(AlertState state, AlertMessage.Raised raised, Turn turn)
    {
        var told = state with { Severity = raised.Severity, Title = raised.Title, LastAt = turn.At, Target = state.Open ? state.Target : raised.Target };
        if (!state.Open)
        {
            told = told with { Open = true, Occurrence = state.Occurrence + 1, Repeats = 0, Ticketed = false, RaisedAt = turn.At, ClearedAt = null };
            return OnRecord(Opened(told, raised), "alert.raised", "", raised.Title);
        }

        told = told with { Repeats = state.Repeats + 1 };
        // what was not worth a ticket may have become so
        if (!state.Ticketed) return Opened(told with { Target = raised.Target }, raised);
        return new(told, Verdict.Ok, told.Repeats <= NotesMax ? [new Effect.AddTicketNote(told.Occurrence, "Raised again", Again(told, raised))] : []);
    }

    private static Decision<AlertState> Opened(AlertState told, AlertMessage.Raised raised) => raised.Terms is { } terms
        ? new(told with { Ticketed = true }, Verdict.Ok, [new Effect.OpenTicket(raised.Target.Integration, told.Occurrence, terms, raised.Title, raised.Details)])
        : new(told, Verdict.Ok, []);

    private static Decision<AlertState> Cleared(AlertState state, AlertMessage.Cleared cleared, Turn turn)
    {
        var over = state with { Open = false, ClearedAt = turn.At, LastAt = turn.At };
        return OnRecord(new(over, Verdict.Ok, state.Ticketed ? [End(state, cleared)] : []), "alert.cleared", state.Title, "");
    }

    private static Effect End(AlertState state, AlertMessage.Cleared cleared) => cleared.CloseStatus is { } status
        ? new Effect.CloseTicket(state.Occurrence, status)
        : new Effect.AddTicketNote(state.Occurrence, "The alert is over", Text("No status is set for tickets whose alert is over.", cleared.Details));

    /// <summary>Who began an occurrence, and who ended it; tellings in between are counted only.</summary>
    private static Decision<AlertState> OnRecord(Decision<AlertState> decision, string action, string before, string after) =>
        decision with { Effects = Sequence.From(decision.Effects.Append(new Effect.Audit(action, before, after))) };

    private static string Again(AlertState told, AlertMessage.Raised raised) => Text(
        string.Create(CultureInfo.InvariantCulture, $"Raised {told.Repeats + 1} times so far, now as {Word(raised.Severity)}: {raised.Title}"), raised.Details);

    private static string Text(string first, string details) => details.Length == 0 ? first : $"{first}\n\n{details}";

    private static string Word(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Critical => "critical",
        AlertSeverity.High => "high",
        AlertSeverity.Moderate => "moderate",
        AlertSeverity.Low => "low",
        _ => "information",
    };

    private static bool Knows(AlertState state, string? told) => told is not null && state.Events.Contains(told);

    private static AlertState Remember(AlertState state, string? told) =>
        told is null ? state : state with { Events = Sequence.From(state.Events.Append(told).TakeLast(EventsMax)) };

    private static Decision<AlertState> Nothing(AlertState state) => new(state, Verdict.Ok, []);
}
