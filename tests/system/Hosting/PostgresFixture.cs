using System.Globalization;
using Npgsql;
using UsageBilling.Runtime.Embedded;
using UsageBilling.Runtime.Migrations;

namespace UsageBilling.Tests.System.Hosting;

/// <summary>One throw-away PostgreSQL server for the whole test run, and a fresh migrated database for each class that asks
/// (<c>IClassFixture&lt;PostgresFixture&gt;</c>). The server's watchdog stops it when this process ends, however it ends.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private const string Template = "usagebilling_template";
    private const int PoolSizeMax = 20; // test classes run side by side on 200 connections
    private const int ConnectSecondsMax = 60; // a machine that has just started may read its programs slowly
    private const int CommandSecondsMax = 120;

#pragma warning disable RS0030 // Tests are a composition root: waits for a real server take real time
    private static readonly TimeProvider Clock = TimeProvider.System;
#pragma warning restore RS0030

    private static readonly Lazy<Task<EmbeddedPostgres>> Running = new(StartWithTemplate);
    private static int databases;
    private NpgsqlDataSource? source;

    /// <summary>This class's own database, migrated and empty.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>A pool on <see cref="ConnectionString"/>.</summary>
    public NpgsqlDataSource Source => source ?? throw new InvalidOperationException("The fixture has not been initialised.");

    /// <summary>The run's server. Whoever stops or restarts it disturbs every class: chaos tests start their own.</summary>
    public static Task<EmbeddedPostgres> Server() => Running.Value;

    /// <summary>A server of one's own to kill and restart, with a migrated database. Dispose it.</summary>
    public static async Task<EmbeddedPostgres> OwnServer()
    {
        var server = await EmbeddedPostgres.Start(new EmbeddedPostgresOptions { Clock = Clock, Throwaway = true }, default);
        await Migrate(server.ConnectionString);
        return server;
    }

    /// <summary>Creates an empty, migrated database that nobody else uses.</summary>
    /// <returns>Its connection string.</returns>
    public static Task<string> FreshDatabase() => Create(Template);

    /// <summary>Creates a database that begins as another one stands. Nobody may use the other one meanwhile.</summary>
    /// <returns>Its connection string.</returns>
    public static Task<string> CopyOf(string connectionString) => Create(new NpgsqlConnectionStringBuilder(connectionString).Database!);

    /// <summary>Lets nobody into a database any more, so that it can be copied; whoever is in it is put out.</summary>
    public static async Task Freeze(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await Execute(await Server(), $"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false");
        await Execute(await Server(), $"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'");
    }

    /// <summary>Creates a database without any schema.</summary>
    /// <returns>Its connection string.</returns>
    public static Task<string> BareDatabase() => Create("template0");

    public async Task InitializeAsync()
    {
        ConnectionString = await FreshDatabase();
        source = NpgsqlDataSource.Create(ConnectionString);
    }

    public async Task DisposeAsync()
    {
        if (source is null) return;
        await source.DisposeAsync();
        await Drop(ConnectionString);
    }

    /// <summary>Drops a database, whoever is still in it.</summary>
    public static async Task Drop(string connectionString) =>
        await Execute(await Server(), $"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    private static async Task<string> Create(string template)
    {
        var server = await Server();
        var name = string.Create(CultureInfo.InvariantCulture,
            $"test_{Environment.ProcessId}_{Interlocked.Increment(ref databases)}");
        await Execute(server, $"CREATE DATABASE {name} TEMPLATE {template}");
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, MaxPoolSize = PoolSizeMax }.ConnectionString;
    }

    private static async Task<EmbeddedPostgres> StartWithTemplate()
    {
        var server = await EmbeddedPostgres.Start(new EmbeddedPostgresOptions { Clock = Clock, Throwaway = true }, default);
        await Migrate(await server.CreateDatabaseIfMissing(Template, default));
        return server;
    }

    /// <summary>Without a pool: PostgreSQL copies a template only while nobody is connected to it.</summary>
    private static async Task Migrate(string connectionString)
    {
        await using var once = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await MigrationRunner.Run(once, default);
    }

    private static async Task Execute(EmbeddedPostgres server, string statement)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false, Timeout = ConnectSecondsMax, CommandTimeout = CommandSecondsMax }.ConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Names made here, from a counter
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
