using System.Diagnostics;
using UsageBilling.Sandbox;

namespace UsageBilling.Tests.System.Sandbox;

/// <summary>The program as a supervisor sees it: its arguments, its first line, its exit code.</summary>
public sealed class ProgramTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_says_where_it_listens_and_ends_when_its_parent_does()
    {
        using var program = Run("--port", "0", "--parent-stdin");
        var line = await program.StandardOutput.ReadLineAsync().WaitAsync(Longest);
        Assert.StartsWith("sandbox listening on http://127.0.0.1:", line, StringComparison.Ordinal);
        using var http = new HttpClient();
        Assert.Contains("demo-client", await http.GetStringAsync(new Uri(line!["sandbox listening on ".Length..])), StringComparison.Ordinal);
        program.StandardInput.Close();
        await program.WaitForExitAsync().WaitAsync(Longest);
        Assert.Equal(0, program.ExitCode);
    }

    [Fact]
    public async Task A_port_in_use_is_one_sentence_and_exit_1()
    {
        await using var holder = await SandboxServer.Start(new SandboxOptions(), CancellationToken.None);
        using var program = Run("--port", holder.BaseUrl.Port.ToString());
        var error = await program.StandardError.ReadToEndAsync().WaitAsync(Longest);
        await program.WaitForExitAsync().WaitAsync(Longest);
        Assert.Equal((1, $"Port {holder.BaseUrl.Port} on 127.0.0.1 is in use.{Environment.NewLine}"), (program.ExitCode, error));
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--port", "70000")]
    [InlineData("--colour", "red")]
    [InlineData("--seed", "/no/such/folder")]
    public async Task Bad_options_are_one_sentence_and_exit_2(params string[] arguments)
    {
        using var program = Run(arguments);
        var error = await program.StandardError.ReadToEndAsync().WaitAsync(Longest);
        await program.WaitForExitAsync().WaitAsync(Longest);
        Assert.Equal(2, program.ExitCode);
        Assert.StartsWith($"'{string.Join(' ', arguments)}' is not", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static Process Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(SandboxServer).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
