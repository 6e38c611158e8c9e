using System.Diagnostics;
using UsageBilling.Api.Hosting;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Commands;

/// <summary>Levels of the log come from the environment, for each program.</summary>
public sealed class LogLevelTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Dictionary<string, string> Talkative = new() { ["Logging__LogLevel__Default"] = "Information" };

    [Fact]
    public async Task A_silo_says_information_when_it_is_asked_to()
    {
        using var silo = SiloProgram.Start(Talkative, "silo", "--connection", postgres.ConnectionString, "--parent-stdin");

        await Says(silo, "[1002] Silo up");
        await End(silo);
    }

    [Fact]
    public async Task A_silo_keeps_to_warnings_by_itself()
    {
        using var silo = SiloProgram.Start(new Dictionary<string, string>(), "silo", "--connection", postgres.ConnectionString, "--parent-stdin");
        Assert.StartsWith("silo up", await silo.StandardOutput.ReadLineAsync().WaitAsync(SiloProgram.Longest), StringComparison.Ordinal);

        var said = silo.StandardError.ReadToEndAsync();
        await End(silo);

        Assert.DoesNotContain("information:", await said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_api_says_information_when_it_is_asked_to_and_its_first_line_stays_the_address()
    {
        using var api = Process.Start(new ProcessStartInfo("dotnet", [typeof(ApiServer).Assembly.Location, "--port", "0", "--parent-stdin"])
        {
            Environment = { ["UsageBilling__Connection"] = postgres.ConnectionString, ["Logging__LogLevel__Default"] = "Information" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

        await Says(api, "information: Microsoft.Hosting.Lifetime");
        Assert.StartsWith("api listening on http://127.0.0.1:", await api.StandardOutput.ReadLineAsync().WaitAsync(SiloProgram.Longest), StringComparison.Ordinal);
        await End(api);
    }

    private static async Task Says(Process program, string words)
    {
        string? line;
        do
        {
            line = await program.StandardError.ReadLineAsync().WaitAsync(SiloProgram.Longest);
            Assert.True(line is not null, $"The program ended without saying '{words}'.");
        }
        while (!line.Contains(words, StringComparison.Ordinal));
        _ = program.StandardError.ReadToEndAsync();
    }

    private static async Task End(Process program)
    {
        program.StandardInput.Close();
        await program.WaitForExitAsync().WaitAsync(SiloProgram.Longest);
        Assert.Equal(0, program.ExitCode);
    }
}
