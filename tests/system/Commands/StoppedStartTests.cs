using System.Diagnostics;
using System.Globalization;
using Npgsql;
using UsageBilling.Silo;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Commands;

/// <summary>A service manager that changes its mind while a silo starts.</summary>
public sealed class StoppedStartTests
{
    [Fact]
    public async Task A_silo_that_is_stopped_before_it_is_up_ends_with_a_sentence()
    {
        var connectionString = await PostgresFixture.FreshDatabase();
        await using (await SiloServer.Start(new SiloOptions { ConnectionString = connectionString, Clock = Hub.Clock }, default))
        {
            // Quartz has its tables now
        }

        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var holder = await source.OpenConnectionAsync();
        await using var holding = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("lock table qrtz_locks, qrtz_triggers, qrtz_job_details", holder)) await hold.ExecuteNonQueryAsync();
        using var silo = SiloProgram.Start(new Dictionary<string, string> { ["UsageBilling__Connection"] = connectionString }, "silo");
        var said = silo.StandardError.ReadToEndAsync();
        await using (var waits = source.CreateCommand("select exists (select 1 from pg_stat_activity where datname = current_database() and application_name = 'usagebilling-quartz' and wait_event_type = 'Lock')"))
        {
            while (!(bool)(await waits.ExecuteScalarAsync())!)
            {
                Assert.False(silo.HasExited);
            }
        }

        using (var kill = Process.Start("kill", ["-TERM", silo.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await silo.WaitForExitAsync().WaitAsync(SiloProgram.Longest);

        Assert.Equal((1, "Stopped before it was up."), (silo.ExitCode, (await said).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]));
        await holding.RollbackAsync();
    }
}
