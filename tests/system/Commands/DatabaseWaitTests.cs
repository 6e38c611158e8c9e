using System.Diagnostics;
using Npgsql;
using UsageBilling.Api.Hosting;
using UsageBilling.Runtime.Migrations;
using UsageBilling.Silo;
using UsageBilling.Tests.System.Connectors;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Commands;

/// <summary>A machine that starts everything at once: silo and api wait for PostgreSQL, say so once, and give up with a sentence.</summary>
public sealed class DatabaseWaitTests
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=u;Password=hunter2;Database=d";

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_silo_and_an_api_that_come_before_their_database_start_when_it_does()
    {
        await using var server = await PostgresFixture.OwnServer();
        await server.Stop(immediate: true, default);
        using var silo = Start(typeof(SiloServer), server.ConnectionString, "120", "--parent-stdin");
        using var api = Start(typeof(ApiServer), server.ConnectionString, "120", "--port", "0", "--parent-stdin");
        Assert.StartsWith("warning: UsageBilling.Silo.SiloServer[1004] PostgreSQL takes no connections yet and is waited for, 120 s at most: ", await silo.StandardError.ReadLineAsync().WaitAsync(SiloProgram.Longest), StringComparison.Ordinal);
        Assert.StartsWith("warning: UsageBilling.Api.Hosting.ApiServer[5003] PostgreSQL takes no connections yet", await api.StandardError.ReadLineAsync().WaitAsync(SiloProgram.Longest), StringComparison.Ordinal);

        await server.Restart(default);

        Assert.StartsWith("silo up", await silo.StandardOutput.ReadLineAsync().WaitAsync(SiloProgram.Longest), StringComparison.Ordinal);
        Assert.StartsWith("api listening on", await api.StandardOutput.ReadLineAsync().WaitAsync(SiloProgram.Longest), StringComparison.Ordinal);
        await EndWell(silo);
        await EndWell(api);
    }

    [Fact]
    public async Task A_silo_and_an_api_that_wait_in_vain_end_with_one_sentence()
    {
        foreach (var (program, arguments) in new[] { (typeof(SiloServer), Array.Empty<string>()), (typeof(ApiServer), ["--port", "0"]) })
        {
            using var waiting = Start(program, Nowhere, "1", arguments);
            var said = (await waiting.StandardError.ReadToEndAsync().WaitAsync(SiloProgram.Longest)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await waiting.WaitForExitAsync().WaitAsync(SiloProgram.Longest);

            Assert.Equal(1, waiting.ExitCode);
            Assert.Equal(2, said.Length);
            Assert.Contains("is waited for, 1 s at most", said[0], StringComparison.Ordinal);
            Assert.StartsWith("PostgreSQL took no connection for 1 s: ", said[1], StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", string.Concat(said), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("3601")]
    [InlineData("soon")]
    [InlineData("")]
    public async Task A_wait_that_is_none_is_refused_by_both(string seconds)
    {
        foreach (var program in new[] { typeof(SiloServer), typeof(ApiServer) })
        {
            using var refused = Start(program, Nowhere, seconds);
            var said = await refused.StandardError.ReadToEndAsync().WaitAsync(SiloProgram.Longest);
            await refused.WaitForExitAsync().WaitAsync(SiloProgram.Longest);

            Assert.Equal((2, $"UsageBilling__DatabaseWaitSeconds is a whole number from 0 to 3600, not '{seconds}'."), (refused.ExitCode, said.Trim()));
        }
    }

    [Theory]
    [InlineData("57P03", true)] // starts, stops or recovers
    [InlineData("57P01", true)] // is being stopped
    [InlineData("53300", true)] // has too many connections
    [InlineData("25P02", true)] // lost a race for a row of Quartz
    [InlineData("28P01", false)] // wrong password
    [InlineData("3D000", false)] // no such database
    public async Task What_passes_is_waited_for_and_what_does_not_is_said_at_once(string state, bool passes)
    {
        var clock = new HandClock();
        var waits = new List<string>();
        var tries = 0;
        var refused = new PostgresException("the reason", "FATAL", "FATAL", state);

        var starting = DatabaseWait.Start(Try, Wait, clock, waits.Add, default);

        if (!passes)
        {
            Assert.Same(refused, await Assert.ThrowsAsync<PostgresException>(() => starting));
            Assert.Equal((1, 0), (tries, waits.Count));
            return;
        }

        await clock.SomebodyWaits(TimeSpan.FromMilliseconds(250));
        clock.Advance(TimeSpan.FromMilliseconds(250));
        await clock.SomebodyWaits(TimeSpan.FromMilliseconds(500));
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal("up", await starting);
        Assert.Equal((3, "the reason"), (tries, Assert.Single(waits)));

        Task<string> Try() => ++tries < 3 ? Task.FromException<string>(refused) : Task.FromResult("up");
    }

    [Fact]
    public async Task The_wait_ends_when_its_time_is_over_also_for_what_another_library_met()
    {
        var clock = new HandClock();
        var met = new InvalidOperationException("Quartz cannot start.", new NpgsqlException("Failed to connect", new IOException("Connection refused")));

        var starting = DatabaseWait.Start(() => Task.FromException<int>(met), Wait, clock, _ => { }, default);
        foreach (var pause in new[] { 250, 500, 1000, 2000, 4000, 2250 })
        {
            await clock.SomebodyWaits(TimeSpan.FromMilliseconds(pause));
            clock.Advance(TimeSpan.FromMilliseconds(pause));
        }

        Assert.Equal("PostgreSQL took no connection for 10 s: Connection refused", (await Assert.ThrowsAsync<DatabaseAbsentException>(() => starting)).Message);
        Assert.Same(met, await Assert.ThrowsAsync<InvalidOperationException>(() => DatabaseWait.Start(() => Task.FromException<int>(met), TimeSpan.Zero, clock, _ => { }, default)));
    }

    private static Process Start(Type program, string connection, string waitSeconds, params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [program.Assembly.Location, .. arguments])
    {
        Environment = { ["UsageBilling__Connection"] = connection, ["UsageBilling__DatabaseWaitSeconds"] = waitSeconds },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task EndWell(Process program)
    {
        _ = program.StandardError.ReadToEndAsync();
        program.StandardInput.Close();
        await program.WaitForExitAsync().WaitAsync(SiloProgram.Longest);
        Assert.Equal(0, program.ExitCode);
    }
}
