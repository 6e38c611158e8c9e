using UsageBilling.Runtime.Intents;
using UsageBilling.Tests.Simulator.Store;
using UsageBilling.Tests.Simulator.Time;

namespace UsageBilling.Tests.Simulator.Hub;

/// <summary>Session locks: they die with the process, or with the connection while the process does not notice.</summary>
internal sealed class LockSessionsModel(Host host, Process process) : ILockSessions
{
    public async Task<ILockSession> Open(CancellationToken cancellation)
    {
        await host.Pace.Database(process);
        return new Held(host, process, process.Connect(host.Database));
    }

    private sealed class Held(Host host, Process process, Session session) : ILockSession
    {
        public async Task<bool> TryTake(string name, CancellationToken cancellation)
        {
            await host.Pace.Database(process);
            return session.TryTake(name);
        }

        public ValueTask DisposeAsync()
        {
            session.End();
            return ValueTask.CompletedTask;
        }
    }
}
