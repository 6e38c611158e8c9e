using UsageBilling.Api.Database;
using UsageBilling.Api.Hosting;
using UsageBilling.Api.Resources;

namespace UsageBilling.Api.Turns;

/// <summary>Waits for a run that a silo carries out, for as long as a person may be kept waiting.</summary>
internal sealed class RunWatch(ApiOptions options, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseLongest = TimeSpan.FromMilliseconds(500);

    /// <summary>The run when it has ended, or as it is when the wait, or this process, ends.</summary>
    public Task<RunResource> Await(MspDatabase database, long id, CancellationToken cancellation) => Await(
        async stop => await Runs.Read(database, id, stop) ?? throw new InvalidOperationException($"Run {id} is gone."), run => run.Ended, cancellation);

    /// <summary>The same of anything that ends some time.</summary>
    public async Task<T> Await<T>(Func<CancellationToken, Task<T>> read, Func<T, bool> ended, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        var began = clock.GetTimestamp();
        for (var pause = PauseFirst; ; pause = pause * 1.5 < PauseLongest ? pause * 1.5 : PauseLongest)
        {
            var run = await read(cancellation);
            if (ended(run) || clock.GetElapsedTime(began) + pause > options.RunWait || lifetime.ApplicationStopping.IsCancellationRequested) return run;
            try
            {
                await Task.Delay(pause, clock, either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Stopping: answer with what is known
            }
        }
    }
}
