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

    private readonly PostgresFixture postgres = new();
    private SandboxServer? sandbox;
    private HttpClient? client;

    public NpgsqlDataSource Database => postgres.Source;

    public string ConnectionString => postgres.ConnectionString;

    public SandboxServer Sandbox => sandbox ?? throw new InvalidOperationException("The hub has not been started.");

    /// <summary>Speaks to the sandbox's control endpoints.</summary>
    public HttpClient Vendors => client ?? throw new InvalidOperationException("The hub has not been started.");

    public async Task InitializeAsync()
    {
        await postgres.InitializeAsync();
        await Sql(Announcements);
        sandbox = await SandboxServer.Start(new SandboxOptions { Port = 0 }, default);
        client = new HttpClient { BaseAddress = sandbox.BaseUrl };
    }

    public async Task DisposeAsync()
    {
        client?.Dispose();
        if (sandbox is not null) await sandbox.DisposeAsync();
        await postgres.DisposeAsync();
    }

    /// <summary>Starts a silo with waits that suit a test: what takes minutes at a vendor takes a moment here.</summary>
    public Task<SiloServer> StartSilo() => SiloServer.Start(SiloOptions(), default);

    public SiloOptions SiloOptions() => new()
    {
        ConnectionString = ConnectionString,
        Clock = Clock,
        PokeEvery = TimeSpan.FromSeconds(1),
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

    private static string Text(object value) => value switch
    {
        decimal number => number.ToString("0.######", global::System.Globalization.CultureInfo.InvariantCulture),
        DateTime date => date.ToString("yyyy-MM-dd", global::System.Globalization.CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", global::System.Globalization.CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, global::System.Globalization.CultureInfo.InvariantCulture)!,
    };

    private const string Announcements = """
        create function announce() returns trigger language plpgsql as $$ begin perform pg_notify('changed', ''); return null; end $$;
        create trigger a after insert or update or delete on night for each statement execute function announce();
        create trigger a after insert or update or delete on intent for each statement execute function announce();
        create trigger a after insert or update or delete on hold for each statement execute function announce();
        create trigger a after insert or update or delete on run for each statement execute function announce();
        create trigger a after insert or update or delete on message for each statement execute function announce();
        create trigger a after insert or update or delete on reminder for each statement execute function announce();
        create trigger b after insert on count_record for each statement execute function announce();
        """;
}
