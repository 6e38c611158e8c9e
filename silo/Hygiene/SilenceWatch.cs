using Microsoft.Extensions.Logging;
using UsageBilling.Runtime.Hygiene;

namespace UsageBilling.Silo.Hygiene;

/// <summary>Ends sessions of the hub that hold rows and have said nothing for too long. Every silo looks: the one that stands still cannot.</summary>
/// <remarks>How long a session has been silent is measured from the look that first found it so: a statement that took long is no silence. The turns of
/// an ended session are rolled back and done again; were it only slow, that is all that happens.</remarks>
internal sealed class SilenceWatch(SilentSessions sessions, HygieneOptions options, TimeProvider clock, ILogger<SilenceWatch> log)
{
    private Dictionary<(int Process, DateTimeOffset LastWordAt), long> silent = [];
    private bool blind;

    public async Task Look(CancellationToken cancellation)
    {
        try
        {
            await EndTooLong(await sessions.Look(cancellation), cancellation);
            blind = false;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            if (!blind) log.WatchBlind(fault.Message);
            blind = true;
        }
    }

    private async Task EndTooLong(IReadOnlyList<SilentSession> seen, CancellationToken cancellation)
    {
        var now = clock.GetTimestamp();
        silent = seen.ToDictionary(session => (session.Process, session.LastWordAt), session => silent.GetValueOrDefault((session.Process, session.LastWordAt), now));
        foreach (var session in seen)
        {
            var silence = clock.GetElapsedTime(silent[(session.Process, session.LastWordAt)], now);
            if (silence < (session.Awaited ? options.AwaitedSilence : options.LongestSilence)) continue;
            if (await sessions.End(session, cancellation)) log.SilenceEnded(session.Application, Math.Round(silence.TotalSeconds, 1), session.Awaited);
        }
    }
}
