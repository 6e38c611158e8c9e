using System.Diagnostics;
using System.Globalization;

namespace UsageBilling.Tests.System.Hosting;

/// <summary>A program of the hub in a process of its own, to be killed.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private readonly Process process;

    private HubProcess(Process process) => this.process = process;

    public bool HasExited => process.HasExited;

    /// <summary>What it said when it was up.</summary>
    public string Up { get; private set; } = "";

    /// <summary>Starts a program beside the tests, and returns when it is up.</summary>
    /// <param name="upWords">How the line begins that says so.</param>
    public static async Task<HubProcess> Start(string[] arguments, string upWords, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, arguments[0]), .. arguments[1..], "--parent-stdin"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var started = new HubProcess(Process.Start(start)!);
        await started.UntilUp(upWords);
        return started;
    }

    /// <summary>As a power cut would: no last word to anybody.</summary>
    public async Task Kill()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>As a service manager asks: finish what is in hand and go.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Stop()
    {
        await Signal("-TERM");
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60), Hub.Clock);
        return process.ExitCode;
    }

    /// <summary>The process stands still, its sockets open, as on a host that is paused.</summary>
    public Task Pause() => Signal("-STOP");

    public Task Resume() => Signal("-CONT");

    public async ValueTask DisposeAsync()
    {
        await Kill();
        process.Dispose();
    }

    /// <summary>Listens until the process ends, so that it never waits for somebody to read what it says.</summary>
    private async Task UntilUp(string words)
    {
        var up = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, said) =>
        {
            if (said.Data is null) up.TrySetException(new InvalidOperationException("The program ended before it was up."));
            else if (said.Data.StartsWith(words, StringComparison.Ordinal)) up.TrySetResult(said.Data);
        };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            Up = await up.Task.WaitAsync(TimeSpan.FromSeconds(60), Hub.Clock);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
