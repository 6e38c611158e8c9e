using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Products;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>Turns what a customer consumes into units from a date on, the money of the change and the wish to the PSA.</summary>
public sealed class ServiceLineGrain : IGrain<ServiceLineState, ServiceLineMessage>
{
    /// <summary>How far back a turn may look and a person may date units: two closed quarters.</summary>
    public const int DaysBackMax = 184;

    public Decision<ServiceLineState> Decide(ServiceLineState state, ServiceLineMessage message, Turn turn) => Answer(Followed(state), message, turn);

    private static Decision<ServiceLineState> Answer(ServiceLineState state, ServiceLineMessage message, Turn turn) => message switch
    {
        ServiceLineMessage.InputsChanged changed => Changed(state, changed, turn),
        ServiceLineMessage.RefreshRequested => Refresh(state, turn),
        ServiceLineMessage.ConfirmDue => Confirm(state, turn),
        ServiceLineMessage.BoundaryReached => Boundary(state, turn),
        ServiceLineMessage.ReleaseHold release => Release(state, release, turn),
        ServiceLineMessage.ChooseBasis choose => Choose(state, choose, turn),
        ServiceLineMessage.GiveUnits give => Give(state, give, turn),
        ServiceLineMessage.EndLine end => LineSuccession.End(state, end, turn),
        ServiceLineMessage.BeginLine begin => LineSuccession.Begin(state, begin, turn),
        ServiceLineMessage.ChangePrice change => TermsDecisions.ChangePrice(state, change, turn),
        ServiceLineMessage.ChangeTerms change => TermsDecisions.ChangeTerms(state, change, turn),
        ServiceLineMessage.ReverseEntries reverse => new(state, Verdict.Ok, Sequence.From(Reversal.Of(reverse.Entries, turn.Night))),
        _ => throw new InvalidOperationException($"A service line does not know {message}."),
    };

    /// <summary>A line that nothing feeds has no ledger that its contract could leave behind.</summary>
    private static ServiceLineState Followed(ServiceLineState line) => line.Basis.Kind == BasisKind.None && line.ChargedService is not null ? line with { ChargedService = null } : line;

    private static Decision<ServiceLineState> Changed(ServiceLineState before, ServiceLineMessage.InputsChanged changed, Turn turn)
    {
        if (before.Basis.Kind == BasisKind.None) return Answered(before, [], turn);
        if (changed.Cause == InputCause.LineBefore) return new(before, Verdict.Ok, Sequence.From(LineEffects.OfLineBefore(before)));
        var (line, effects) = FollowContract(before, changed.From, turn);
        if (changed.From >= line.Contract.Until) return Over(before, line, effects);
        var byPerson = changed.Cause == InputCause.Mapping;
        if (byPerson && line.ChargedUntil < line.Contract.Until) effects.Add(Reminder(line));
        // who waits for a live read waits for every tenant that feeds the line: also for one that joins it meanwhile
        if (byPerson && line.RefreshAskedAt is not null) effects.Add(new Effect.RefreshInputs());
        if (line.Basis.Kind != BasisKind.Metrics) return Answered(line, effects, turn);
        if (changed.Cause != InputCause.Refresh) effects.AddRange(Planned(line, turn));
        var walk = new CountWalk(line, turn.Limits);
        walk.Walk(WalkFrom(line, changed.From, turn), LastNight(line, turn), byPerson ? changed.From : null);
        return Settle(line, walk, effects, turn, byPerson);
    }

    /// <summary>What is told of days after the end changes no count; but nobody is left waiting for an answer.</summary>
    private static Decision<ServiceLineState> Over(ServiceLineState before, ServiceLineState line, List<Effect> effects)
    {
        var ended = Ended(line);
        if (line.RefreshAskedAt is not null && ended.Verdict is Verdict.Refused refused)
        {
            line = line with { RefreshAskedAt = null };
            effects.Add(new Effect.FinishRuns(false, refused.Code, refused.Sentence));
        }

        return line == before ? ended : new(line, Verdict.Ok, Sequence.From(effects));
    }

    /// <summary>Charged periods are charged for the days that the contract has now.</summary>
    /// <param name="from">What this turn knows reaches back to here; a contract that moved earlier days has told of them in a message of its own.</param>
    private static (ServiceLineState Line, List<Effect> Effects) FollowContract(ServiceLineState line, DateOnly from, Turn turn)
    {
        if (line.ChargedService is not { } charged) return (line, []);
        var moved = FirstMoved(charged, line.Contract);
        if (moved < from && moved < line.ChargedUntil) return (line, []);
        var followed = line with { ChargedService = null };
        return (followed, [.. LineMoney.Adjustments(line, followed, moved, turn)]);
    }

    internal static DateOnly FirstMoved(DateRange before, DateRange after)
    {
        if (before.From != after.From) return before.From < after.From ? before.From : after.From;
        return before.Until < after.Until ? before.Until : after.Until;
    }

    /// <summary>A contract that was given a later end is charged again: its last boundary had been the end.</summary>
    internal static Effect.RemindAtNight Reminder(ServiceLineState line) => new(ReminderName.Boundary, LineEffects.NextBoundary(line));

    /// <summary>
    /// Dates ahead on which a tenant joins or leaves: whoever planned one told the lines it fed at that time, of which this one need not have been.
    /// </summary>
    private static IEnumerable<Effect> Planned(ServiceLineState line, Turn turn) => line.Inputs
        .SelectMany(input => input.Until is { } until ? [input.From, until] : new[] { input.From })
        .Where(date => date > turn.Night && date < line.Contract.Until)
        .Distinct()
        .Order()
        .Select(date => new Effect.TellItself(date, InputCause.Mapping))
        .Concat(FirstNight(line, turn));

    /// <summary>A line in arrears has no boundary on the first night of its contract, and is counted on it all the same.</summary>
    internal static IEnumerable<Effect> FirstNight(ServiceLineState line, Turn turn)
    {
        if (line.Contract.From <= turn.Night || line.Basis.Kind != BasisKind.Metrics) return [];
        var first = line.Terms.Cadence.PeriodContaining(line.Contract.From).Span.From;
        return LineMoney.TimingOf(line.Terms, first) == BillingTiming.Arrears ? [new Effect.TellItself(line.Contract.From, InputCause.Reading)] : [];
    }

    private static DateOnly WalkFrom(ServiceLineState line, DateOnly from, Turn turn)
    {
        var first = line.Hold is { } hold && hold.Night < from ? hold.Night : from;
        var oldest = Earliest(line, turn);
        if (first < oldest) first = oldest;
        return first < line.Contract.From ? line.Contract.From : first;
    }

    /// <summary>How far back a change may reach: so many days, and no more closed periods than the line's settings allow.</summary>
    internal static DateOnly Earliest(ServiceLineState line, Turn turn)
    {
        var earliest = turn.Night.AddDays(-DaysBackMax);
        var running = line.Terms.Cadence.PeriodContaining(turn.Night);
        if (LineMoney.SettingsOf(line.Terms, running.Span.From, turn).ClosedPeriodsBackMax is not { } most || most > DaysBackMax) return earliest;
        var open = line.Terms.Cadence.Boundary(running.Number - most);
        return open > earliest ? open : earliest;
    }

    private static DateOnly LastNight(ServiceLineState line, Turn turn) => turn.Night < line.Contract.Until ? turn.Night : line.Contract.Until.AddDays(-1);

    private static Decision<ServiceLineState> Settle(ServiceLineState line, CountWalk walk, List<Effect> besides, Turn turn, bool byPerson)
    {
        var effects = LineEffects.OfCounts(line, walk.Counts, turn);
        effects.AddRange(LineEffects.OfHold(line, walk, turn, again: byPerson));
        effects.AddRange(besides);
        return Answered(line with { Counts = walk.Counts, Hold = walk.Hold }, effects, turn);
    }

    /// <summary>Whoever waits for a live read is answered once every input was looked at since they asked; what a feed tells nobody can look at.</summary>
    private static Decision<ServiceLineState> Answered(ServiceLineState line, List<Effect> effects, Turn turn)
    {
        var readAt = line.Inputs.Where(input => NightlySum.Feeds(input, turn.Night) && !input.Fed)
            .Select(input => input.Readings.Count == 0 ? DateTimeOffset.MinValue : input.Readings[^1].ObservedAt)
            .DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        if (line.RefreshAskedAt is not { } asked || readAt < asked) return new(line, Verdict.Ok, Sequence.From(effects));
        effects.Add(new Effect.FinishRuns(
            true,
            line.Hold?.Reason ?? "refreshed",
            line.Hold is { } hold ? $"Held: the line keeps {hold.Previous} units." : $"The line has {LineEffects.UnitsOn(line.Counts, turn.Night)} units."));
        return new(line with { RefreshAskedAt = null }, Verdict.Ok, Sequence.From(effects));
    }

    private static Decision<ServiceLineState> Refresh(ServiceLineState line, Turn turn)
    {
        if (line.Basis.Kind != BasisKind.Metrics)
            return Decision.Refuse(line, RefusalCode.BasisNone, "The line counts no metrics; there is nothing to read.");
        if (turn.Night >= line.Contract.Until) return Ended(line);
        var feeding = line.Inputs.Where(input => NightlySum.Feeds(input, turn.Night)).ToList();
        if (feeding.Count == 0) return Decision.Refuse(line, RefusalCode.InputsNone, "No product tenant with this metric is mapped to the line's account.");
        if (feeding.Exists(input => input.SourceParked))
            return Decision.Refuse(line, RefusalCode.IntegrationParked, "The vendor refuses the credentials that the line is read with; store new ones first.");
        return new(line with { RefreshAskedAt = turn.At }, Verdict.Ok, [new Effect.RefreshInputs()]);
    }

    private static Decision<ServiceLineState> Confirm(ServiceLineState line, Turn turn)
    {
        if (line.Hold?.Proposed is null || turn.Night >= line.Contract.Until) return new(line, Verdict.Ok, [new Effect.Forget(ReminderName.Confirm)]);
        return new(line, Verdict.Ok, [new Effect.RefreshInputs(), new Effect.Remind(ReminderName.Confirm, turn.At + LineEffects.ConfirmAfter)]);
    }

    /// <summary>Counts before it charges.</summary>
    private static Decision<ServiceLineState> Boundary(ServiceLineState line, Turn turn)
    {
        var walk = new CountWalk(line, turn.Limits);
        FirstCount(line, walk, turn);
        var counted = line with { Counts = walk.Counts, Hold = walk.Hold };
        var effects = LineEffects.OfCounts(line, walk.Counts, turn);
        effects.AddRange(LineEffects.OfHold(line, walk, turn, again: false));
        counted = Charge(counted, effects, turn);
        var goesOn = counted.ChargedUntil < line.Contract.Until || counted.RunningUnits is not null;
        effects.Add(goesOn ? Reminder(counted) : new Effect.Forget(ReminderName.Boundary));
        return new(counted, Verdict.Ok, Sequence.From(effects));
    }

    /// <summary>A period that was charged in advance with the last known count has its final charge once it is over; then the next ones are charged.</summary>
    private static ServiceLineState Charge(ServiceLineState line, List<Effect> effects, Turn turn)
    {
        if (line.RunningUnits is not null && line.ChargedUntil <= turn.Night)
        {
            var final = line with { RunningUnits = null };
            effects.AddRange(LineMoney.Adjustments(line, final, line.ChargedUntil.AddDays(-1), turn));
            line = final;
        }

        var charged = line with { ChargedUntil = LineEffects.ChargedThrough(line, turn.Night) };
        charged = charged with { RunningUnits = LineMoney.Running(charged, turn) };
        effects.AddRange(LineMoney.Charges(charged, line.ChargedUntil, turn));
        return charged;
    }

    /// <summary>On the first night of a contract nothing but the date has changed, so that no tenant tells a line that was never counted.</summary>
    private static void FirstCount(ServiceLineState line, CountWalk walk, Turn turn)
    {
        if (line.Basis.Kind != BasisKind.Metrics || !line.Contract.Contains(turn.Night)) return;
        var last = line.Counts.LastOrDefault(count => count.EffectiveOn <= turn.Night);
        if (last is null) walk.Walk(WalkFrom(line, line.Contract.From, turn), turn.Night, line.Contract.From);
        else if (last.Source is "opening" or CountRecord.TakenOver) walk.Walk(WalkFrom(line, turn.Night, turn), turn.Night, null);
    }

    private static Decision<ServiceLineState> Release(ServiceLineState line, ServiceLineMessage.ReleaseHold release, Turn turn)
    {
        if (line.Hold is not { } hold) return Decision.Refuse(line, RefusalCode.HoldNone, "The line is not held.");
        if (release.Units is null && hold.Proposed is null)
            return Decision.Refuse(line, RefusalCode.HoldWithoutCount, "The source gave no count to let through; say which count is right.");
        var walk = new CountWalk(line, turn.Limits);
        if (hold.Night < line.Contract.Until) LetGo(line, walk, hold, release.Units, turn);
        var effects = LineEffects.OfCounts(line, walk.Counts, turn);
        effects.Add(new Effect.CloseHold("released"));
        effects.Add(new Effect.Forget(ReminderName.Confirm));
        effects.Add(new Effect.Audit("hold.release", $"{hold.Previous} units, {hold.Reason}", $"{release.Units ?? hold.Proposed} units from {hold.Night:yyyy-MM-dd}"));
        return new(line with { Counts = walk.Counts, Hold = null }, Verdict.Ok, Sequence.From(effects));
    }

    private static void LetGo(ServiceLineState line, CountWalk walk, Hold hold, Units? units, Turn turn)
    {
        if (units is { } given) walk.Give(hold.Night, given, turn.Night, "person");
        else if (hold.Proposed is { } proposed) walk.Release(hold, proposed, WalkFrom(line, hold.Night, turn), LastNight(line, turn));
    }

    private static Decision<ServiceLineState> Choose(ServiceLineState line, ServiceLineMessage.ChooseBasis choose, Turn turn)
    {
        if (line.Basis.Kind != BasisKind.None)
            return Decision.Refuse(line, RefusalCode.BasisLocked, "The basis is locked once it is saved; end this line and start another.");
        if (Invalid(line, choose.Basis) is { } invalid) return invalid;
        var manual = choose.Basis.Kind == BasisKind.Manual;
        var audit = new Effect.Audit("line.basis", "none", Described(choose.Basis));
        var chosen = line with { Basis = choose.Basis };
        chosen = chosen with { RunningUnits = LineMoney.Running(chosen, turn) };
        return new(chosen, Verdict.Ok, manual ? [Reminder(line), audit] : [Reminder(line), new Effect.TellItself(turn.Night, InputCause.Reading), audit]);
    }

    /// <summary>The refusal of a basis that a line cannot have; null for any other.</summary>
    internal static Decision<ServiceLineState>? Invalid(ServiceLineState line, Basis basis)
    {
        var metrics = basis.Metrics;
        var fits = basis.Kind switch
        {
            BasisKind.Manual => metrics.Count == 0,
            BasisKind.Metrics => metrics.Count is > 0 and <= Basis.MetricsMax
                && metrics.Distinct().Count() == metrics.Count && metrics.All(metric => Catalogue.Find(metric.Product, metric.Metric) is not null),
            _ => false,
        };
        return fits ? null : Decision.Refuse(line, RefusalCode.BasisInvalid, $"A basis is manual without metrics, or 1 to {Basis.MetricsMax} different metrics of the catalogue.");
    }

    /// <summary>For the audit.</summary>
    internal static string Described(Basis basis) =>
        basis.Kind == BasisKind.Manual ? "manual" : string.Join(" + ", basis.Metrics.Select(metric => $"{metric.Product}/{metric.Metric}"));

    private static Decision<ServiceLineState> Give(ServiceLineState line, ServiceLineMessage.GiveUnits give, Turn turn)
    {
        if (line.Basis.Kind != BasisKind.Manual)
            return Decision.Refuse(line, RefusalCode.BasisNotManual, "The line counts its units itself.");
        if (give.EffectiveOn >= line.Contract.Until) return Ended(line);
        if (TooOld(line, give.EffectiveOn, turn) is { } tooOld) return tooOld;
        var walk = new CountWalk(line, turn.Limits);
        if (walk.UnitsOn(give.EffectiveOn) == give.Units)
            return Decision.Refuse(line, RefusalCode.NothingChanged, $"The line already has {give.Units} units on that date.");
        walk.Give(give.EffectiveOn, give.Units, turn.Night, "person");
        var effects = LineEffects.OfCounts(line, walk.Counts, turn);
        effects.Add(new Effect.Audit("line.units", $"{LineEffects.UnitsOn(line.Counts, give.EffectiveOn)} units", $"{give.Units} units from {give.EffectiveOn:yyyy-MM-dd}"));
        return new(line with { Counts = walk.Counts }, Verdict.Ok, Sequence.From(effects));
    }

    /// <summary>The refusal of a date that lies too far back; null for any other.</summary>
    internal static Decision<ServiceLineState>? TooOld(ServiceLineState line, DateOnly date, Turn turn)
    {
        var earliest = Earliest(line, turn);
        if (date >= earliest && date >= line.Contract.From) return null;
        return Decision.Refuse(
            line, RefusalCode.DateTooOld, $"The first day that may change is {(earliest > line.Contract.From ? earliest : line.Contract.From):yyyy-MM-dd}: at most {DaysBackMax} days back, within the contract and the line's limit of closed periods.");
    }

    internal static Decision<ServiceLineState> Ended(ServiceLineState line) => Decision.Refuse(
        line, RefusalCode.LineEnded, $"{(line.EndsOn is null ? "The line ended with its contract" : "A person ended the line")}; the first day it does not cover is {line.Contract.Until:yyyy-MM-dd}.");
}
