using UsageBilling.Tests.Simulator.Store;

namespace UsageBilling.Tests.Simulator.Time;

/// <summary>A process of the hub: a silo or an api. It may die, or stand still and wake later.</summary>
internal sealed class Process(string name)
{
    private readonly List<Session> sessions = [];

    public string Name { get; } = name;

    public bool Dead { get; private set; }

    public DateTimeOffset FrozenUntil { get; set; }

    public Session Connect(Database database)
    {
        var session = new Session(database);
        sessions.RemoveAll(known => known.Lost);
        sessions.Add(session);
        return session;
    }

    public void Die()
    {
        Dead = true;
        LoseConnections();
    }

    /// <summary>Transactions end when their process stands still; sessions without one live on.</summary>
    public void LoseTransactions()
    {
        foreach (var session in sessions.FindAll(session => session.Open is not null)) session.End();
    }

    public void LoseConnections()
    {
        foreach (var session in sessions) session.End();
        sessions.Clear();
    }
}
