using System.Diagnostics;
using UsageBilling.Silo;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Commands;

/// <summary>The real program as a child process.</summary>
internal static class SiloProgram
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int Exit, string Output, string Error)> Run(params string[] arguments)
    {
        using var program = Start(new Dictionary<string, string>(), arguments);
        program.StandardInput.Close();
        var (output, error) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync().WaitAsync(Longest);
        return (program.ExitCode, await output, await error);
    }

    /// <summary>Starts it with the settings given and no others of ours; without a key file unless one is given.</summary>
    public static Process Start(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SiloServer).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("UsageBilling__", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment[Unprotected.Setting] = Unprotected.Value;
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
