using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;

namespace UsageBilling.Api.Resources;

/// <summary>A night's progress as it happens.</summary>
internal static class NightEvents
{
    private const string Progress = "progress";
    private const string Finished = "finished";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>A caller who watches for longer asks again: what was missed is in the first event of the next answer.</summary>
    private static readonly TimeSpan WatchLongest = TimeSpan.FromMinutes(10);

    /// <summary>An event when something has changed, the first at once; the last one is <c>finished</c>, when nothing of the night is left to do.</summary>
    public static async Task<Results<ServerSentEventsResult<NightResource>, ProblemResult>> Watch(
        DateOnly night, MspDatabase database, TimeProvider clock, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        var now = await database.Night(cancellation);
        if (await Nights.ReadOne(database, night, now, cancellation) is not { } first) return ProblemResult.Of(ProblemCode.NotFound);
        return TypedResults.ServerSentEvents(Events(first, stop => Nights.ReadOne(database, night, now, stop), clock, lifetime.ApplicationStopping, cancellation));
    }

    private static async IAsyncEnumerable<SseItem<NightResource>> Events(
        NightResource first, Func<CancellationToken, Task<NightResource?>> read, TimeProvider clock, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation);
        var (began, told) = (clock.GetTimestamp(), (NightResource?)null);
        for (var night = first; night is not null && clock.GetElapsedTime(began) < WatchLongest; night = await read(cancellation))
        {
            var over = night.State != NightResource.Running;
            if (told is null || (night.State, night.Progress) != (told.State, told.Progress)) yield return new(night, over ? Finished : Progress);
            if (over) yield break;
            told = night;
            await Task.Delay(LookEvery, clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (either.IsCancellationRequested) yield break;
        }
    }
}
