using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Resources;
using UsageBilling.Interfaces.Grains;

namespace UsageBilling.Api.Explaining;

/// <summary>A count record with what it stands on.</summary>
/// <param name="Turn">The line's version whose turn wrote it.</param>
/// <param name="Evidence">Null when it is no record of a source.</param>
/// <param name="Hold">The doubt that ended with it.</param>
internal sealed record CountWithEvidenceResource(
    DateOnly EffectiveOn, int Sequence, string Units, DateOnly Night, string Source, DateTimeOffset RecordedAt, int Turn, EvidenceResource? Evidence, ClosedHoldResource? Hold);

/// <summary>What a count record stands on, as it was known when it was written.</summary>
internal sealed record CountEvidence(EvidenceResource? Evidence, ClosedHoldResource? Hold)
{
    private const int ReadingsMax = 200;

    /// <summary>Counts that are sums of readings.</summary>
    private static readonly string[] FromReadings = ["reading", "mapping", "released", "agreed"];

    public static async Task<CountEvidence> Read(MspDatabase database, long line, CountRecord count, DateTimeOffset at, CancellationToken cancellation)
    {
        var hold = await database.One("Explain/hold", [line, at], ExplanationRows.Hold, cancellation);
        if (!FromReadings.Contains(count.Source)) return new(null, hold);
        var readings = await database.Rows("Explain/evidence", [line, count.Night, at, ReadingsMax + 1], ExplanationRows.Reading, cancellation);
        return new(Summed(count, readings), hold);
    }

    public static async Task<Results<Ok<CountWithEvidenceResource>, ProblemResult>> Get(
        long id, DateOnly on, int sequence, MspDatabase database, CancellationToken cancellation)
    {
        var known = await database.Rows("Explain/count", [id, on, sequence], ExplanationRows.Count, cancellation);
        if (known is not [var (recorded, at), ..]) return ProblemResult.Of(ProblemCode.NotFound);
        var (count, behind) = (recorded.Count, await Read(database, id, recorded.Count, at, cancellation));
        return TypedResults.Ok(new CountWithEvidenceResource(
            count.EffectiveOn, count.Sequence, count.Units.ToString(), count.Night, count.Source, at, recorded.Version, behind.Evidence, behind.Hold));
    }

    private static EvidenceResource Summed(CountRecord count, List<ReadingResource> readings)
    {
        var complete = readings.Count <= ReadingsMax;
        decimal? sum = complete && readings.TrueForAll(reading => reading.Units is not null) ? readings.Sum(reading => decimal.Parse(reading.Units!, CultureInfo.InvariantCulture)) : null;
        return new(
            new(count.EffectiveOn, count.Sequence, count.Night, count.Source), count.Units.ToString(), [.. readings.Take(ReadingsMax)], Words.MaybeNumber(sum),
            sum == count.Units.Value, complete);
    }
}
