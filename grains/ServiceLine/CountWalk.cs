using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Grains.ServiceLine;

/// <summary>Walks the nights of a line in order and decides for each sum: believe it, or keep the last accepted count and say why.</summary>
/// <remarks>
/// Nights in doubt one after the other are one spell, and one hold. It is weighed where the walk ends, by its latest number: walking the
/// same nights again leaves the hold as it is, however often the number changed in between.
/// </remarks>
internal sealed class CountWalk(ServiceLineState line, HoldLimits limits)
{
    private readonly List<CountRecord> counts = [.. line.Counts];
    private readonly List<Doubted> spell = [];
    private Hold? open;

    public Hold? Hold { get; private set; } = line.Hold;

    public Sequence<CountRecord> Counts => Sequence.From(counts);

    /// <summary>Walks from a night through another. Nothing before <paramref name="from"/> changes.</summary>
    /// <param name="byPerson">The date from which a person changed what the line counts: the first step from there is meant, however large.</param>
    public void Walk(DateOnly from, DateOnly through, DateOnly? byPerson)
    {
        var entered = false;
        decimal? shift = null;
        foreach (var sum in Sums(from, through, byPerson is not null))
        {
            if (!entered && line.Hold is { } hold && hold.Night <= sum.Night) (open, entered) = (hold, true);
            var accepted = UnitsOn(sum.Night);
            var personal = byPerson <= sum.Night && WasKnown(sum.Night);
            var meant = personal && shift is null && open is null && spell.Count == 0;
            var reason = DoubtOf(sum, accepted, meant, shift);
            if (personal) shift = reason is null && sum.Units is { } units ? units.Value - accepted.Value : shift ?? 0m;
            if (reason is not null) spell.Add(new(sum, accepted, reason));
            else Believe(sum, personal || !sum.Mapped ? "mapping" : "reading");
        }

        if (spell.Count > 0) Hold = Weigh();
        else if (entered) Hold = null;
    }

    /// <summary>Lets the doubtful sums of the hold through: what a person does who releases it.</summary>
    public void Release(Hold hold, Units proposed, DateOnly from, DateOnly through)
    {
        if (!LetThrough(Sums(from, through, byPerson: false), proposed, "released")) Add(hold.Night, proposed, hold.Night, "released");
        Hold = null;
    }

    public void Give(DateOnly effectiveOn, Units units, DateOnly night, string source) => Add(effectiveOn, units, night, source);

    public Units UnitsOn(DateOnly date) => LineEffects.UnitsOn(counts, date);

    /// <summary>A night without a tenant is a zero only where tenants were counted before; otherwise nobody knows yet.</summary>
    /// <remarks>Dates that have a count from tenants are summed again, although no reading and no mapping may be left that fell on them.</remarks>
    private IEnumerable<NightlySum> Sums(DateOnly from, DateOnly through, bool byPerson) =>
        NightlySum.Of(line.Inputs, from, through, counts.Where(count => byPerson || IsFromTenants(count)).Select(count => count.EffectiveOn)).Where(sum => sum.Mapped || WasCounted(sum.Night));

    private bool WasCounted(DateOnly night) =>
        line.Inputs.Any(input => input.Until <= night)
        || (counts.LastOrDefault(count => count.EffectiveOn <= night) is { } last && IsFromTenants(last));

    private static bool IsFromTenants(CountRecord count) => count.Source is "reading" or "mapping" or "released" or "agreed";

    /// <param name="shift">By how much a person's change has moved the line so far in this walk; null when nobody changed anything.</param>
    private string? DoubtOf(NightlySum sum, Units accepted, bool meant, decimal? shift)
    {
        if (sum.Units is not { } units) return PersonSpokeFor(sum.Night) ? null : sum.Doubt ?? HoldReason.CountMissing;
        if (!sum.Mapped) return null;
        if (units == Units.Zero) return accepted == units ? null : sum.Doubt ?? HoldReason.DroppedToZero;
        var expected = accepted.Value + RemappedInDoubt(sum.Night);
        if (units.Value == expected || (meant && sum.Doubt is null)) return null;
        return sum.Doubt ?? TooFar(sum.Night, units, expected, shift) ?? StillDoubted(units);
    }

    /// <summary>
    /// A person means what could be seen. A tenant that was first read after the mapping was not known to anybody, whichever of the two the line
    /// hears of first; only a line without a count of its own has nothing to compare it with.
    /// </summary>
    private bool WasKnown(DateOnly night)
    {
        if (counts.TrueForAll(count => count.Source == CountRecord.TakenOver)) return true;
        var changedAt = line.Inputs.Select(input => input.MappedAt).DefaultIfEmpty().Max();
        return !line.Inputs.Any(input => NightlySum.Feeds(input, night) && input.Readings is [var first, ..] && first.ObservedAt > changedAt && first.Night >= input.From);
    }

    /// <summary>
    /// What tenants brought and took along that were mapped or unmapped while the line was in doubt: the accepted count is from before them,
    /// and without it a tenant that joins could make up for a number that fell. The first tenants of a line that was taken over bring nothing: its opening
    /// count is of what they have.
    /// </summary>
    private decimal RemappedInDoubt(DateOnly night)
    {
        if ((spell.Count > 0 ? spell[0].Sum.Night : open?.Night) is not { } since) return 0m;
        var accepted = counts.LastOrDefault(count => count.EffectiveOn <= night)?.EffectiveOn ?? line.Contract.From;
        if (counts.TrueForAll(count => count.Source is "opening" or CountRecord.TakenOver) && line.Inputs.All(input => input.From > accepted)) return 0m;
        var joined = line.Inputs.Where(input => input.From > accepted && NightlySum.Feeds(input, night)).Sum(input => UnitsOf(input, night));
        var left = line.Inputs.Where(input => input.From <= accepted && input.Until > accepted && input.Until <= night).Sum(input => UnitsOf(input, since.AddDays(-1)));
        return joined - left;
    }

    private static decimal UnitsOf(LineInput input, DateOnly night) => input.Readings.LastOrDefault(reading => reading.Night <= night)?.Units?.Value ?? 0m;

    /// <summary>A person's word about a night stands for that night as long as the source gives no number.</summary>
    private bool PersonSpokeFor(DateOnly night) => counts.LastOrDefault(count => count.EffectiveOn <= night) is { Source: "person" } word && word.Night >= night;

    /// <summary>After a person's change the nights that were accepted before it have moved along, or follow the night before.</summary>
    private string? TooFar(DateOnly night, Units units, decimal accepted, decimal? shift)
    {
        if (shift is not { } moved) return TooFar(units, accepted);
        return spell.Count == 0 && TooFar(units, UnitsOn(night.AddDays(-1)).Value) is null ? null : TooFar(units, accepted + moved);
    }

    private string? TooFar(Units units, decimal accepted)
    {
        if (units.Value == accepted) return null;
        if (units == Units.Zero) return HoldReason.DroppedToZero;
        return Math.Abs(units.Value - accepted) > Math.Max(limits.Units, accepted * limits.Percent / 100m) ? HoldReason.MovedTooFar : null;
    }

    /// <summary>A count once held stays so until further reads agree, even when it would pass by itself today.</summary>
    private string? StillDoubted(Units units)
    {
        var (proposed, reason) = spell.LastOrDefault(doubted => doubted.Sum.Units is not null) is { } last ? (last.Sum.Units, last.Reason) : (open?.Proposed, open?.Reason);
        return proposed == units ? reason : null;
    }

    private void Believe(NightlySum sum, string source)
    {
        spell.Clear();
        open = null;
        if (sum.Units is { } units && units != UnitsOn(sum.Night)) Add(sum.Night, units, sum.Night, source);
    }

    /// <summary>The hold that the spell is; null when further reads agreed, so that its counts went through.</summary>
    private Hold? Weigh()
    {
        var numbers = spell.Where(doubted => doubted.Sum.Units is not null).ToList();
        if (numbers.Count == 0) return WithoutNumber();
        var proposed = numbers[^1].Sum.Units!.Value;
        var alike = numbers.AsEnumerable().Reverse().TakeWhile(doubted => doubted.Sum.Units == proposed).Reverse().ToList();
        var first = numbers[0];
        var hold = open?.Proposed == proposed ? open with { Previous = first.Accepted }
            : new(alike[0].Reason, first.Sum.Night, first.Accepted, proposed, 0, alike[0].Sum.ReadAt);
        if (open is { Proposed: not null } && open.Night < hold.Night) hold = hold with { Night = open.Night };
        foreach (var (sum, _, _) in alike)
            if (sum.ReadSince >= hold.ReadAt + HoldLimits.AgreeingReadsApart) hold = hold with { Agreeing = hold.Agreeing + 1, ReadAt = sum.ReadAt };
        if (hold.Agreeing < HoldLimits.AgreeingReads) return hold;
        LetThrough(numbers.Select(doubted => doubted.Sum), proposed, "agreed");
        return Silent(spell.FindLastIndex(doubted => doubted.Sum.Units is not null) + 1);
    }

    /// <summary>What agreed is over; nights after it that have no number are in doubt still, as a hold without a count.</summary>
    private Hold? Silent(int since)
    {
        if (since >= spell.Count) return null;
        var first = spell[since];
        return new(spell[^1].Reason, first.Sum.Night, UnitsOn(first.Sum.Night), null, 0, first.Sum.ReadAt);
    }

    private Hold WithoutNumber()
    {
        var (first, last) = (spell[0], spell[^1]);
        if (open is null) return new(last.Reason, first.Sum.Night, first.Accepted, null, 0, first.Sum.ReadAt);
        return open.Proposed is null ? open with { Reason = last.Reason, Previous = first.Accepted } : open;
    }

    /// <summary>
    /// Every night of a released doubt has the units it was read with, if they were part of the same move: on the way from the accepted
    /// count to the released one, or within limits of it. Any other number was a bad read, and that night keeps the count it has.
    /// </summary>
    private bool LetThrough(IEnumerable<NightlySum> sums, Units released, string source)
    {
        var any = false;
        foreach (var sum in sums.Where(sum => sum.Units is { } units && IsPartOf(units, UnitsOn(sum.Night), released)))
        {
            any = true;
            if (sum.Units!.Value != UnitsOn(sum.Night)) Add(sum.Night, sum.Units.Value, sum.Night, source);
        }

        return any;
    }

    private bool IsPartOf(Units units, Units accepted, Units released) =>
        TooFar(units, released.Value) is null || (units > accepted && units < released) || (units < accepted && units > released);

    private void Add(DateOnly effectiveOn, Units units, DateOnly night, string source)
    {
        var from = effectiveOn < line.Contract.From ? line.Contract.From : effectiveOn;
        var sequence = counts.Where(count => count.EffectiveOn == from).Select(count => count.Sequence).DefaultIfEmpty().Max() + 1;
        var index = counts.FindIndex(count => count.EffectiveOn > from);
        counts.Insert(index < 0 ? counts.Count : index, new(from, sequence, units, night, source));
    }

    private sealed record Doubted(NightlySum Sum, Units Accepted, string Reason);
}
