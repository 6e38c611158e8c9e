using Microsoft.Extensions.Logging;
using UsageBilling.Tests.Simulator.Store;
using UsageBilling.Tests.Simulator.Time;

namespace UsageBilling.Tests.Simulator.Hub;

/// <summary>What every process of the simulated hub shares: the database, time, and what was found wrong.</summary>
internal sealed class Host(Database database, Pace pace)
{
    private readonly List<string> mistakes = [];

    public Database Database { get; } = database;

    public Pace Pace { get; } = pace;

    /// <summary>Raised by a process whose commit left work behind.</summary>
    public Action<Process>? Worked { get; set; }

    public IReadOnlyList<string> Mistakes => mistakes;

    public void Mistake(string what) => mistakes.Add(what);

    /// <summary>Faults of the database that pass, as Transient of the runtime sees them.</summary>
    public static bool IsTransient(Exception fault) => fault is IOException or TimeoutException;
}

/// <summary>Hears what the silo logs: an integration that broke by anything but a lost connection is a mistake of ours.</summary>
internal sealed class Journal<T>(Host host) : ILogger<T>
{
    private const int IntegrationBroke = 2004;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id != IntegrationBroke) return;
        var said = formatter(state, exception);
        if (!said.Contains(nameof(IOException), StringComparison.Ordinal) && !said.Contains(nameof(TimeoutException), StringComparison.Ordinal)) host.Mistake(said);
    }
}
