using Npgsql;
using UsageBilling.Runtime.Embedded;

namespace UsageBilling.Benchmarks;

/// <summary>Where a benchmark runs: a private PostgreSQL with the settings that the embedded default has, or one that is given.</summary>
/// <remarks>Each measured database is new and dropped at the end. The private instance keeps fsync and full pages, as a hub's does.</remarks>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private readonly EmbeddedPostgres? own;
    private readonly string connection;
    private int databases;

    private BenchDatabase(EmbeddedPostgres? own, string connection, string version) => (this.own, this.connection, Version) = (own, connection, version);

    public string Version { get; }

    /// <summary>Processor time of the private server until now; null for one that was given.</summary>
    public TimeSpan? Processor => Machine.ServerProcessor(own?.ProcessId);

    public static async Task<BenchDatabase> Open(string? connection, CancellationToken cancellation)
    {
        if (connection is not null && !IsConnection(connection)) throw new BenchException("--connection wants an Npgsql connection string, for example \"Host=db;Username=hub;Password=…\".");
        try
        {
            return await Connect(connection, cancellation);
        }
        catch (EmbeddedPostgresException cannot)
        {
            throw new BenchException(cannot.Message);
        }
        catch (NpgsqlException fault)
        {
            throw new BenchException($"PostgreSQL cannot be used: {fault.GetBaseException().Message}");
        }
    }

    /// <summary>Processor time of one session of the private server, the benchmark's own for example.</summary>
    public TimeSpan ProcessorOf(NpgsqlConnection session) => own is null ? TimeSpan.Zero : Machine.ProcessorOf(session.ProcessID) ?? TimeSpan.Zero;

    /// <summary>A new database, empty or as another one stands.</summary>
    public async Task<string> Create(string? like, CancellationToken cancellation)
    {
        var name = $"bench_{Environment.ProcessId}_{++databases}";
        await Execute(like is null ? $"create database {name}" : $"create database {name} template {new NpgsqlConnectionStringBuilder(like).Database} strategy file_copy", cancellation);
        return new NpgsqlConnectionStringBuilder(connection) { Database = name }.ConnectionString;
    }

    /// <summary>With the roles that its migration made, which belong to the server.</summary>
    public async Task Drop(string database)
    {
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        await Execute($"drop database if exists {name} with (force)", CancellationToken.None);
        await Execute($"drop role if exists {name}_api, {name}_silo", CancellationToken.None);
    }

    /// <summary>The private server stops as if its machine had lost power, and starts again.</summary>
    public async Task Crash(CancellationToken cancellation)
    {
        if (own is null) throw new BenchException("Only a private PostgreSQL is crashed.");
        await own.Stop(immediate: true, cancellation);
        await own.Restart(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (own is null) return;
        await own.Stop(immediate: false, CancellationToken.None);
        await own.DisposeAsync();
    }

    private static async Task<BenchDatabase> Connect(string? connection, CancellationToken cancellation)
    {
        var own = connection is null
            ? await EmbeddedPostgres.Start(new EmbeddedPostgresOptions { Clock = Machine.Clock, DataFolder = Path.Combine("data", "bench") }, cancellation)
            : null;
        var opened = connection ?? own!.ConnectionString;
        await using var source = NpgsqlDataSource.Create(opened);
        return new(own, opened, await Statement.Scalar<string>(source, "version", cancellation));
    }

    private static bool IsConnection(string text)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private async Task Execute(string text, CancellationToken cancellation)
    {
        await using var once = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
#pragma warning disable CA2100 // names made here
        await using var command = once.CreateCommand(text);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
