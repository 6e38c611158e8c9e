using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>The end of a line on a day that a person says, and the beginning of the one that goes on in its place.</summary>
/// <remarks>
/// A PSA knows one line where the hub has several, one after the other. What the first left there is what the next begins with, so that at the change itself nothing is
/// sent; a line that nobody follows leaves none.
/// </remarks>
internal static class LineSuccession
{
    public static Decision<ServiceLineState> End(ServiceLineState line, ServiceLineMessage.EndLine end, Turn turn)
    {
        if (Refusal(line, end, turn) is { } refusal) return refusal;
        var ended = line with { EndsOn = end.On, Followed = end.Followed, PsaUntil = line.Contract.Until, Contract = new(line.Contract.From, end.On) };
        var effects = new List<Effect>();
        // a contract that moved tells of it in a message of its own, and what the ledger was written with is looked at then
        if (line.ChargedService is { } charged) effects.Add(new Effect.TellItself(ServiceLineGrain.FirstMoved(charged, ended.Contract), InputCause.Mapping));
        else effects.AddRange(LineMoney.Adjustments(line, ended, end.On, turn));
        effects.AddRange(LineEffects.OfEnd(line, ended, end.On));
        ended = Unwatched(ended, effects, turn);
        var charges = ended.ChargedUntil < ended.Contract.Until || ended.RunningUnits is not null;
        effects.Add(charges ? ServiceLineGrain.Reminder(ended) : new Effect.Forget(ReminderName.Boundary));
        effects.Add(new Effect.Audit("line.end", $"until {line.Contract.Until:yyyy-MM-dd}", $"until {end.On:yyyy-MM-dd}{(end.Followed ? ", another goes on" : "")}"));
        return new(ended, Verdict.Ok, Sequence.From(effects));
    }

    public static Decision<ServiceLineState> Begin(ServiceLineState line, ServiceLineMessage.BeginLine begin, Turn turn)
    {
        if (ServiceLineGrain.Invalid(line, begin.Basis) is { } invalid) return invalid;
        var begun = line with { Basis = begin.Basis };
        var effects = new List<Effect> { new Effect.Audit("line.begin", "none", $"{ServiceLineGrain.Described(begin.Basis)} from {line.Contract.From:yyyy-MM-dd}") };
        if (begin.Basis.Kind == BasisKind.Metrics)
        {
            // it counts before it is charged: its boundary is set by that turn
            effects.Add(new Effect.TellItself(line.Contract.From, InputCause.Mapping));
            return new(begun, Verdict.Ok, Sequence.From(effects));
        }

        var walk = new CountWalk(begun, turn.Limits);
        if (begin.Units is { } units) foreach (var date in Dates(line)) Give(walk, date, units, turn.Night);
        effects.AddRange(LineEffects.OfCounts(begun, walk.Counts, turn));
        effects.Add(ServiceLineGrain.Reminder(begun));
        return new(begun with { Counts = walk.Counts }, Verdict.Ok, Sequence.From(effects));
    }

    private static Decision<ServiceLineState>? Refusal(ServiceLineState line, ServiceLineMessage.EndLine end, Turn turn)
    {
        if (line.Basis.Kind == BasisKind.None) return Decision.Refuse(line, RefusalCode.BasisNone, "Nothing feeds the line, so that there is nothing to end; choose its basis.");
        if (line.EndsOn is not null || end.On >= line.Contract.Until) return ServiceLineGrain.Ended(line);
        if (end.On == line.Contract.From) return Decision.Refuse(line, RefusalCode.DateTooOld, $"A line has one day at least: the first on which this one may end is {line.Contract.From.AddDays(1):yyyy-MM-dd}.");
        if (ServiceLineGrain.TooOld(line, end.On, turn) is { } tooOld) return tooOld;
        var known = end.On > turn.Night ? end.On : turn.Night;
        return end.Followed && line.Counts is [.., var last] && last.EffectiveOn > known
            ? Decision.Refuse(line, RefusalCode.UnitsAhead, $"The line was given units from {last.EffectiveOn:yyyy-MM-dd} on, which the PSA may have by now; let it end on that day or later.")
            : null;
    }

    /// <summary>Doubts about days that the line does not cover any more are over, and nobody waits for a read of it.</summary>
    private static ServiceLineState Unwatched(ServiceLineState ended, List<Effect> effects, Turn turn)
    {
        if (ended.Hold is { } hold && hold.Night >= ended.Contract.Until)
        {
            effects.Add(new Effect.CloseHold("withdrawn"));
            effects.Add(new Effect.Forget(ReminderName.Confirm));
            ended = ended with { Hold = null };
        }

        if (ended.RefreshAskedAt is null || ended.Contract.Until > turn.Night) return ended;
        effects.Add(new Effect.FinishRuns(false, RefusalCode.LineEnded, "The line was ended while it was read."));
        return ended with { RefreshAskedAt = null };
    }

    /// <summary>The first day, and those on which the line before had changed its units since.</summary>
    private static IEnumerable<DateOnly> Dates(ServiceLineState line) => line.Counts.Select(count => count.EffectiveOn).Where(date => date > line.Contract.From).Prepend(line.Contract.From).Distinct().Order();

    private static void Give(CountWalk walk, DateOnly date, Units units, DateOnly night)
    {
        if (walk.UnitsOn(date) != units) walk.Give(date, units, night, "person");
    }
}
