namespace UsageBilling.Tests.Simulator.Store;

/// <summary>A connection that may die with its process, or by itself. Its locks die with it.</summary>
internal sealed class Session(Database database)
{
    private readonly List<string> names = [];

    public bool Lost { get; private set; }

    public Transaction? Open { get; set; }

    public bool TryTake(string name)
    {
        if (Lost) throw new IOException("The session is gone.");
        if (database.Advisory.TryGetValue(name, out var holder)) return holder == this;
        database.Advisory[name] = this;
        names.Add(name);
        return true;
    }

    public void End()
    {
        Lost = true;
        foreach (var name in names) database.Advisory.Remove(name);
        names.Clear();
        Open?.RollBack();
    }
}

/// <summary>What one transaction has locked and will write. Others see nothing of it before the commit; rolled back it never was.</summary>
internal sealed class Transaction
{
    private readonly Database database;
    private readonly Session session;
    private readonly HashSet<RowKey> held = [];
    private readonly List<Action> writes = [];
    private bool over;

    public Transaction(Database database, Session session)
    {
        (this.database, this.session) = (database, session);
        Now = database.Clock.Now;
        session.Open = this;
    }

    /// <summary>now() of the transaction: its beginning.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Mappings this transaction writes, by kind and owner, which its own later statements see.</summary>
    public Dictionary<(bool OfTenant, long Owner), List<MappingRow>> Mappings { get; } = [];

    public void MustLive()
    {
        if (over || session.Lost) throw new IOException("The connection was lost in the transaction.");
    }

    /// <summary>Takes a row's lock; false when somebody else has it.</summary>
    public bool TryLock(RowKey key)
    {
        MustLive();
        if (database.Locks.TryGetValue(key, out var holder) && holder != this) return false;
        database.Locks[key] = this;
        held.Add(key);
        return true;
    }

    public void Write(Action write) => writes.Add(write);

    public void Commit()
    {
        MustLive();
        foreach (var write in writes) write();
        End();
    }

    public void RollBack() => End();

    private void End()
    {
        over = true;
        foreach (var key in held) database.Locks.Remove(key);
        held.Clear();
        session.Open = null;
    }
}
