using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>Walks the nights of a line in order and decides for each sum: believe it, or keep the last accepted count and say why.</summary>
internal sealed class CountWalk(ServiceLineState line, HoldLimits limits)
{
    private readonly List<CountRecord> counts = [.. line.Counts];

    public Hold? Hold { get; private set; }

    public Sequence<CountRecord> Counts => Sequence.From(counts);

    /// <summary>Walks from a night through another. Nothing before <paramref name="from"/> changes.</summary>
    /// <param name="byPerson">The date from which a person changed what the line counts: the first step from there is meant, however large.</param>
    public void Walk(DateOnly from, DateOnly through, DateOnly? byPerson)
    {
        var meantFrom = line.Hold is null ? byPerson : null;
        foreach (var sum in NightlySum.Of(line.Inputs, from, through))
        {
            var meant = meantFrom is { } date && sum.Night >= date;
            if (meant) meantFrom = null;
            var accepted = UnitsOn(sum.Night);
            var reason = DoubtOf(sum, accepted, meant);
            if (reason is not null) KeepBack(sum, accepted, reason);
            else Accept(sum, accepted, meant ? "mapping" : SourceOf(sum));
        }
    }

    /// <summary>Lets every doubtful sum with a number through: what a person does who releases the hold.</summary>
    public void Release(DateOnly from, DateOnly through)
    {
        foreach (var sum in NightlySum.Of(line.Inputs, from, through).Where(sum => sum.Units is not null))
            Accept(sum, UnitsOn(sum.Night), "released");
    }

    public void Give(DateOnly effectiveOn, Units units, DateOnly night, string source) => Add(effectiveOn, units, night, source);

    public Units UnitsOn(DateOnly date) => counts.LastOrDefault(count => count.EffectiveOn <= date)?.Units ?? Units.Zero;

    private string? DoubtOf(NightlySum sum, Units accepted, bool meant)
    {
        if (sum.Units is not { } units) return PersonSpokeFor(sum.Night) ? null : sum.Doubt ?? HoldReason.CountMissing;
        if (units == accepted || (meant && sum.Doubt is null)) return null;
        var reason = sum.Doubt ?? TooFar(units, accepted) ?? StillDoubted(sum, units);
        return reason is not null && Agreed(sum, units) ? null : reason;
    }

    /// <summary>A person's word about a night stands for that night as long as the source gives no number.</summary>
    private bool PersonSpokeFor(DateOnly night) => counts.LastOrDefault(count => count.EffectiveOn <= night) is { Source: "person" } word && word.Night >= night;

    private string? TooFar(Units units, Units accepted)
    {
        if (units == Units.Zero) return HoldReason.DroppedToZero;
        var moved = Math.Abs(units.Value - accepted.Value);
        return moved > Math.Max(limits.Units, accepted.Value * limits.Percent / 100m) ? HoldReason.MovedTooFar : null;
    }

    /// <summary>A count once held stays so until further reads agree, even when it would pass by itself today.</summary>
    private string? StillDoubted(NightlySum sum, Units units) => line.Hold is { } hold && hold.Night <= sum.Night && hold.Proposed == units ? hold.Reason : null;

    private bool Agreed(NightlySum sum, Units units) =>
        line.Hold is { } hold && hold.Proposed == units && Agreeing(hold, sum) >= HoldLimits.AgreeingReads;

    private static int Agreeing(Hold hold, NightlySum sum) => hold.Agreeing + (sum.ReadAt >= hold.ReadAt + HoldLimits.AgreeingReadsApart ? 1 : 0);

    private void KeepBack(NightlySum sum, Units accepted, string reason)
    {
        var open = Hold ?? line.Hold;
        if (open is null || (open.Proposed is null && sum.Units is not null))
        {
            Hold = new(reason, sum.Night, accepted, sum.Units, 0, sum.ReadAt);
            return;
        }

        if (sum.Units is null || sum.Units == open.Proposed)
        {
            var agreeing = sum.Units is null ? open.Agreeing : Agreeing(open, sum);
            Hold = open with { Agreeing = agreeing, ReadAt = agreeing > open.Agreeing ? sum.ReadAt : open.ReadAt };
            return;
        }

        Hold = open with { Reason = reason, Proposed = sum.Units, Agreeing = 0, ReadAt = sum.ReadAt };
    }

    private string SourceOf(NightlySum sum) => sum.Units is { } units && Agreed(sum, units) ? "agreed" : "reading";

    private void Accept(NightlySum sum, Units accepted, string source)
    {
        Hold = null;
        if (sum.Units is { } units && units != accepted) Add(sum.Night, units, sum.Night, source);
    }

    private void Add(DateOnly effectiveOn, Units units, DateOnly night, string source)
    {
        var from = effectiveOn < line.Contract.From ? line.Contract.From : effectiveOn;
        var sequence = counts.Where(count => count.EffectiveOn == from).Select(count => count.Sequence).DefaultIfEmpty().Max() + 1;
        var index = counts.FindIndex(count => count.EffectiveOn > from);
        counts.Insert(index < 0 ? counts.Count : index, new(from, sequence, units, night, source));
    }
}
