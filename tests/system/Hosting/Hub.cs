using Npgsql;
using UsageBilling.Connectors;
using UsageBilling.Sandbox;
using UsageBilling.Silo;
using UsageBilling.Silo.Intents;

namespace UsageBilling.Tests.System.Hosting;

/// <summary>A whole hub on real sockets: a fresh database, the sandbox vendors and a silo. Tests wait for commits, which the database announces.</summary>
public sealed class Hub : IAsyncLifetime
{
#pragma warning disable RS0030 // a test host is a composition root
    public static readonly TimeProvider Clock = TimeProvider.System;
#pragma warning restore RS0030

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HubOrigin origin;
    private NpgsqlDataSource? database;
    private SandboxServer? sandbox;
    private HttpClient? client;

    public Hub()
        : this(new HubOrigin(PostgresFixture.FreshDatabase, Announce: true))
    {
    }

    internal Hub(HubOrigin origin) => this.origin = origin;

    public NpgsqlDataSource Database => database ?? throw new InvalidOperationException("The hub has not been started.");

    public string ConnectionString { get; private set; } = "";

    public SandboxServer Sandbox => sandbox ?? throw new InvalidOperationException("The hub has not been started.");

    /// <summary>Speaks to the sandbox's control endpoints.</summary>
    public HttpClient Vendors => client ?? throw new InvalidOperationException("The hub has not been started.");

    public async Task InitializeAsync()
    {
        ConnectionString = await origin.Database();
        database = NpgsqlDataSource.Create(ConnectionString);
        if (origin.Announce) await Sql(Announcements);
        sandbox = await SandboxServer.Start(new SandboxOptions { Port = 0, Seed = origin.Seed, State = origin.State }, default);
        client = new HttpClient { BaseAddress = sandbox.BaseUrl };
    }

    public async Task DisposeAsync()
    {
        client?.Dispose();
        if (sandbox is not null) await sandbox.DisposeAsync();
        if (database is null) return;
        await database.DisposeAsync();
        if (!origin.Keep) await PostgresFixture.Drop(ConnectionString);
    }

    /// <summary>Starts a silo with waits that suit a test: what takes minutes at a vendor takes a moment here.</summary>
    public Task<SiloServer> StartSilo() => SiloServer.Start(SiloOptions(), default);

    public SiloOptions SiloOptions() => new()
    {
        ConnectionString = ConnectionString,
        Clock = Clock,
        PokeEvery = TimeSpan.FromSeconds(1),
        ReconcileAfter = null,
        Connectors = new ConnectorOptions
        {
            AllowLoopback = true, RetryDelay = TimeSpan.FromMilliseconds(10), RetryDelayMax = TimeSpan.FromMilliseconds(50),
            CallTimeLimit = TimeSpan.FromSeconds(3), BreakerPause = TimeSpan.FromMilliseconds(500),
        },
        Intents = new IntentTimes
        {
            CheckAfter = [TimeSpan.FromMilliseconds(100)], UnchangedFor = TimeSpan.FromMilliseconds(300), RetryAfter = TimeSpan.FromMilliseconds(50), RetryAfterMax = TimeSpan.FromMilliseconds(500),
        },
    };

    public async Task Sql(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Scalar<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Rows of two keys.</summary>
    public async Task<IReadOnlyList<(long, long)>> Pairs(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var pairs = new List<(long, long)>();
        while (await reader.ReadAsync()) pairs.Add((reader.GetInt64(0), reader.GetInt64(1)));
        return pairs;
    }

    /// <summary>Every row as one line of text, for comparing whole results.</summary>
    public async Task<string> Table(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "-" : Text(reader.GetValue(column)))));
        return string.Join("\n", lines);
    }

    /// <summary>Waits until a condition over the database holds, looking again after each commit.</summary>
    /// <param name="what">What is awaited, for the message when it does not come.</param>
    /// <param name="condition">A select of one boolean.</param>
    public async Task Until(string what, string condition)
    {
        using var timeout = new CancellationTokenSource(Patience);
        await using var listener = await Database.OpenConnectionAsync(timeout.Token);
        await using (var listen = new NpgsqlCommand("listen changed", listener)) await listen.ExecuteNonQueryAsync(timeout.Token);
        try
        {
            while (!await Scalar<bool>(condition)) await listener.WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"This did not arrive in {Patience.TotalSeconds} s: {what}.");
        }
    }

    /// <summary>Triggers that announce every commit which a test may wait for.</summary>
    internal const string Announcements = """
        create function announce() returns trigger language plpgsql as $$ begin perform pg_notify('changed', ''); return null; end $$;
        create trigger a after insert or update or delete on integration for each statement execute function announce();
        create trigger a after insert or update or delete on night for each statement execute function announce();
        create trigger a after insert or update or delete on intent for each statement execute function announce();
        create trigger a after insert or update or delete on hold for each statement execute function announce();
        create trigger a after insert or update or delete on run for each statement execute function announce();
        create trigger a after insert or update or delete on ticket_write for each statement execute function announce();
        create trigger a after insert or update or delete on message for each statement execute function announce();
        create trigger a after insert or update or delete on reminder for each statement execute function announce();
        create trigger a after insert or update or delete on webhook_delivery for each statement execute function announce();
        create trigger b after insert on count_record for each statement execute function announce();
        """;

    private static string Text(object value) => value switch
    {
        decimal number => number.ToString("0.######", global::System.Globalization.CultureInfo.InvariantCulture),
        DateTime date => date.ToString("yyyy-MM-dd", global::System.Globalization.CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", global::System.Globalization.CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, global::System.Globalization.CultureInfo.InvariantCulture)!,
    };
}

/// <summary>Where a hub begins.</summary>
/// <param name="Database">Makes its database.</param>
/// <param name="Announce">Whether the database still needs the triggers that tests wait for.</param>
/// <param name="Keep">Whether the database outlives the hub.</param>
/// <param name="Seed">The sandbox's seed folder; null for the demo's.</param>
/// <param name="State">The sandbox's state file; null for none.</param>
internal sealed record HubOrigin(Func<Task<string>> Database, bool Announce, bool Keep = false, string? Seed = null, string? State = null);
