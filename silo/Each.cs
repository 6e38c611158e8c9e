using Microsoft.Extensions.Logging;

namespace UsageBilling.Silo;

/// <summary>Works on several integrations side by side: one that is slow or broken keeps none of the others waiting.</summary>
internal static class Each
{
    /// <summary>Integrations worked on at the same time; each holds a connection for its locks.</summary>
    private const int AtOnceMax = 4;

    /// <summary>Side by side, but where the caller's tasks run: on the pool of threads in a silo, on one thread where every step is to be repeatable.</summary>
    public static ParallelOptions AtOnce(int most, CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = most, TaskScheduler = TaskScheduler.Current, CancellationToken = cancellation };

    /// <summary>True when anything moved. A fault of one integration is logged, and leaves its work due for the next poke.</summary>
    public static async Task<bool> Integration<T>(
        IReadOnlyList<T> due, Func<T, long> id, Func<T, CancellationToken, Task<bool>> work, ILogger log, CancellationToken cancellation)
    {
        var moved = 0;
        await Parallel.ForEachAsync(due, AtOnce(AtOnceMax, cancellation), async (one, stop) =>
        {
            try
            {
                if (await work(one, stop)) Interlocked.Increment(ref moved);
            }
            catch (Exception fault) when (!stop.IsCancellationRequested)
            {
                log.IntegrationBroke(id(one), $"{fault.GetType().Name}: {fault.Message}");
            }
        });
        return moved > 0;
    }
}
