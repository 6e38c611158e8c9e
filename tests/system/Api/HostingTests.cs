using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using UsageBilling.Api.Hosting;
using UsageBilling.Runtime.Turns;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Api;

public sealed class HostingTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Two_apis_and_their_migrations_start_together_on_an_empty_database()
    {
        var options = new ApiOptions { ConnectionString = await PostgresFixture.BareDatabase() };

        await using var first = await ApiServer.Start(options, default);
        await using var second = await ApiServer.Start(options, default);

        using var door = new Door(second.BaseUrl, null);
        Assert.Equal(200, (await door.Get("/health/ready")).Status);
    }

    [Fact]
    public async Task An_api_that_cannot_start_says_why_in_one_sentence()
    {
        Assert.StartsWith("There is no database: set UsageBilling__Connection", await Objection(""), StringComparison.Ordinal);
        Assert.StartsWith("UsageBilling__Connection is not a PostgreSQL connection string", await Objection("Colour=red"), StringComparison.Ordinal);
        Assert.StartsWith("The database of UsageBilling__Connection cannot be used", await Objection("Host=127.0.0.1;Port=1;Username=u;Password=hunter2;Database=d"), StringComparison.Ordinal);
        Assert.StartsWith($"Port {hub.BaseUrl.Port} cannot be used", await Objection(hub.ConnectionString, hub.BaseUrl.Port), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_listens_and_ends_with_its_parent()
    {
        using var program = Start(hub.ConnectionString, "--port", "0", "--parent-stdin");
        var listening = await program.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        using (var door = new Door(new Uri(listening![("api listening on ".Length)..]), null))
            Assert.Equal(200, (await door.Get("/health/ready")).Status);

        program.StandardInput.Close();
        await program.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal(0, program.ExitCode);
    }

    [Fact]
    public async Task The_program_without_a_database_exits_with_one_and_a_sentence()
    {
        using var program = Start("Host=127.0.0.1;Port=1;Username=u;Password=hunter2;Database=d", "--port", "0");
        var said = await program.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await program.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal(1, program.ExitCode);
        Assert.StartsWith("The database of UsageBilling__Connection cannot be used", said, StringComparison.Ordinal);
        Assert.Single(said.Trim().Split('\n'));
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_on_a_taken_port_exits_with_one_and_a_sentence()
    {
        using var program = Start(hub.ConnectionString, "--port", hub.BaseUrl.Port.ToString(CultureInfo.InvariantCulture));
        var said = await program.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await program.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal(1, program.ExitCode);
        Assert.Single(said.Trim().Split('\n'));
        Assert.StartsWith($"Port {hub.BaseUrl.Port} cannot be used", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grain_that_somebody_holds_is_busy()
    {
        var line = (await hub.FedLine()).Line;
        await using var connection = await hub.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("select 1 from service_line where id = $1 for update", connection) { Parameters = { new() { Value = line } } };
        await hold.ExecuteNonQueryAsync();

        var basis = await hub.Operator.Put($"/v1/lines/{line}/basis", new { kind = "manual" });
        var refresh = await hub.Operator.Post($"/v1/lines/{line}/refresh");

        Assert.Equal(("503 busy", "1"), (basis.Problem, basis.RetryAfter));
        Assert.Equal(("503 busy", "1"), (refresh.Problem, refresh.RetryAfter));
    }

    [Fact]
    public async Task A_database_that_is_gone_is_a_problem_without_the_drivers_text()
    {
        var connection = await PostgresFixture.FreshDatabase();
        await using var server = await ApiServer.Start(new ApiOptions { ConnectionString = connection }, default);
        using var door = new Door(server.BaseUrl, "ub_0123_4567");
        var name = new NpgsqlConnectionStringBuilder(connection).Database;
        await hub.Sql($"drop database {name} with (force)");

        foreach (var path in (string[])["/v1/lines", "/health/ready"])
        {
            var answer = await door.Get(path);
            Assert.Equal(("503 database_unavailable", "1"), (answer.Problem, answer.RetryAfter));
            Assert.DoesNotContain(name!, answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_change_through_the_api_is_told_to_other_processes()
    {
        var heard = Channel.CreateUnbounded<WorkKinds>();
        var integration = await hub.Integration("uniview");
#pragma warning disable RS0030 // the listener waits on a real server
        await using var listener = WorkListener.Start(hub.Source, kinds => heard.Writer.TryWrite(kinds), TimeProvider.System, NullLogger.Instance);
#pragma warning restore RS0030
        await listener.Listening.WaitAsync(Patience);

        await hub.Operator.Post($"/v1/integrations/{integration}/test");

        while (!(await heard.Reader.ReadAsync().AsTask().WaitAsync(Patience)).HasFlag(WorkKinds.Runs))
        {
            // other tests of this class leave work too
        }
    }

    private static async Task<string> Objection(string connection, int port = 0) => (await Assert.ThrowsAsync<ApiCannotStartException>(
        () => ApiServer.Start(new ApiOptions { ConnectionString = connection, Port = port, DatabaseWait = TimeSpan.Zero }, default))).Message;

    private static Process Start(string connection, params string[] arguments) => Start(connection, [], arguments);

    /// <summary>The api's program, with settings of the environment.</summary>
    internal static Process Start(string connection, Dictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ApiServer).Assembly.Location, .. arguments])
        {
            Environment = { ["UsageBilling__Connection"] = connection, ["UsageBilling__DatabaseWaitSeconds"] = "0" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
