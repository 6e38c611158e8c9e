using System.Diagnostics;
using Npgsql;
using UsageBilling.Runtime.Embedded;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Embedded;

public sealed class EmbeddedPostgresTests
{
    [Fact]
    public async Task A_fresh_start_makes_a_cluster_that_answers_over_a_private_socket()
    {
        await using var place = await Place.Make();
        await using var server = await place.Start();

        Assert.False(server.ReusedExistingCluster);
        Assert.False(server.ReusedRunningServer);
        Assert.Equal(place.DataFolder, server.DataFolder);
        Assert.StartsWith(server.Version, (string)(await Place.Ask(server.ConnectionString, "SHOW server_version"))!, StringComparison.Ordinal);
        Assert.Equal("usagebilling", await Place.Ask(server.ConnectionString, "SELECT current_database()"));
        Assert.Equal("", await Place.Ask(server.ConnectionString, "SHOW listen_addresses"));
        Assert.Equal("UTF8", await Place.Ask(server.ConnectionString, "SHOW server_encoding"));
        Assert.Equal("on", await Place.Ask(server.ConnectionString, "SHOW fsync"));
        var socketFolder = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(socketFolder));
    }

    [Fact]
    public async Task A_restart_finds_the_same_data_at_the_same_address()
    {
        await using var place = await Place.Make();
        string address;
        await using (var first = await place.Start())
        {
            address = first.ConnectionString;
            await Place.Ask(address, "CREATE TABLE proof AS SELECT 42 AS answer");
        }

        await using var second = await place.Start();

        Assert.True(second.ReusedExistingCluster);
        Assert.False(second.ReusedRunningServer);
        Assert.Equal(address, second.ConnectionString);
        Assert.Equal(42, await Place.Ask(second.ConnectionString, "SELECT answer FROM proof"));
    }

    [Fact]
    public async Task A_server_whose_starter_vanished_is_used_again_and_left_running()
    {
        await using var place = await Place.Make();
        var vanished = await place.Start();
        var process = vanished.ProcessId;

        await using (var second = await place.Start())
        {
            Assert.True(second.ReusedRunningServer);
            Assert.Equal(process, second.ProcessId);
            Assert.Equal(1, await Place.Ask(second.ConnectionString, "SELECT 1"));
        }

        Assert.Equal(process, vanished.ProcessId);
    }

    [Fact]
    public async Task A_server_that_was_killed_is_started_again_and_keeps_what_was_committed()
    {
        await using var place = await Place.Make();
        await using var first = await place.Start();
        await Place.Ask(first.ConnectionString, "CREATE TABLE proof AS SELECT 42 AS answer");
        Kill(first.ProcessId!.Value);

        await using var second = await place.Start();

        Assert.False(second.ReusedRunningServer);
        Assert.Equal(42, await Place.Ask(second.ConnectionString, "SELECT answer FROM proof"));
    }

    [Fact]
    public async Task A_pid_file_whose_number_belongs_to_another_process_does_not_stop_the_start()
    {
        await using var place = await Place.Make();
        await using (var first = await place.Start()) Assert.NotNull(first.ProcessId);
        using var bystander = Process.Start("sleep", "60");
        var file = Path.Combine(place.DataFolder, "pg", "postmaster.pid");
        await File.WriteAllTextAsync(file, $"{bystander.Id}\n{place.DataFolder}/pg\n1700000000\n5432\n{place.DataFolder}/run\n\n  1 1\nready   \n");

        await using (var second = await place.Start()) Assert.False(second.ReusedRunningServer);

        Assert.False(bystander.HasExited);
        bystander.Kill();
    }

    [Fact]
    public async Task Two_programs_starting_at_once_share_one_server()
    {
        await using var place = await Place.Make();

        var both = await Task.WhenAll(place.Start(), place.Start());

        Assert.Single(both, server => server.ReusedRunningServer);
        Assert.Equal(both[0].ProcessId, both[1].ProcessId);
        Assert.Equal(both[0].ConnectionString, both[1].ConnectionString);
    }

    [Fact]
    public async Task Loopback_asks_for_the_password()
    {
        await using var place = await Place.Make();
        await using var server = await EmbeddedPostgres.Start(place.Options with { Loopback = true }, default);

        Assert.Equal("127.0.0.1", new NpgsqlConnectionStringBuilder(server.ConnectionString).Host);
        Assert.Equal(1, await Place.Ask(server.ConnectionString, "SELECT 1"));
        var guess = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "guess" }.ConnectionString;
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Place.Ask(guess, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_gets_a_short_private_folder_for_it()
    {
        await using var place = await Place.Make();
        var options = place.Options with { DataFolder = Path.Combine(place.Root, new string('d', 120), "pg") };
        await using (var server = await EmbeddedPostgres.Start(options, default))
        {
            var folder = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
            Assert.StartsWith("/tmp/usagebilling-", folder, StringComparison.Ordinal);
            Assert.Equal(1, await Place.Ask(server.ConnectionString, "SELECT 1"));
        }
        await EmbeddedPostgres.Reset(options, default);
    }

    [Fact]
    public async Task Stop_and_restart_keep_committed_work_even_when_immediate()
    {
        await using var server = await PostgresFixture.OwnServer();
        await Place.Ask(server.ConnectionString, "CREATE TABLE proof AS SELECT 42 AS answer");

        await server.Stop(immediate: true, default);
        Assert.Null(server.ProcessId);
        await server.Restart(default);

        Assert.Equal(42, await Place.Ask(server.ConnectionString, "SELECT answer FROM proof"));
    }

    [Fact]
    public async Task A_throw_away_server_leaves_nothing_behind()
    {
        var server = await PostgresFixture.OwnServer();
        Assert.Equal("off", await Place.Ask(server.ConnectionString, "SHOW fsync"));
        var folder = server.DataFolder;

        await server.DisposeAsync();

        Assert.False(Path.Exists(folder));
        Assert.False(Path.Exists(folder + ".owner"));
    }

    [Fact]
    public async Task What_a_dead_process_left_is_cleared_by_the_next_throw_away_server()
    {
        var root = Path.GetDirectoryName((await PostgresFixture.Server()).DataFolder)!;
        var left = Path.Combine(root, $"{int.MaxValue}-1");
        Directory.CreateDirectory(Path.Combine(left, "pg"));
        await File.WriteAllTextAsync(left + ".owner", "");

        await using var server = await PostgresFixture.OwnServer();

        Assert.False(Path.Exists(left));
        Assert.False(Path.Exists(left + ".owner"));
        Assert.True(Path.Exists((await PostgresFixture.Server()).DataFolder));
    }

    [Fact]
    public async Task A_missing_database_is_created_once_however_many_ask()
    {
        var server = await PostgresFixture.Server();
        var wanted = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "asked \"twice\"" }.ConnectionString;

        var created = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Databases.CreateIfMissing(wanted, default)));

        Assert.Single(created, made => made);
        Assert.Equal(1, await Place.Ask(wanted, "SELECT 1"));
    }

    private static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
        process.WaitForExit();
    }
}
