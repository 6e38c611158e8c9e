using System.Diagnostics;
using System.Globalization;

namespace UsageBilling.Tests.System.Hosting;

/// <summary>A silo in a process of its own, to be killed.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process process;

    private SiloProcess(Process process) => this.process = process;

    public bool HasExited => process.HasExited;

    /// <summary>Starts it, with the waits of a real one, and returns when it is up.</summary>
    public static Task<SiloProcess> Start(Hub hub) => Start(hub.ConnectionString);

    /// <param name="settings">Further settings as <c>name=value</c>, without <c>UsageBilling__</c>.</param>
    public static async Task<SiloProcess> Start(string connection, params string[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "usagebilling.dll"), "silo", "--health-port", "0", "--parent-stdin"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["UsageBilling__Connection"] = connection;
        start.Environment["UsageBilling__AllowLoopback"] = "true";
        foreach (var pair in settings.Select(setting => setting.Split('=', 2))) start.Environment[$"UsageBilling__{pair[0]}"] = pair[1];
        var process = Process.Start(start)!;
        var silo = new SiloProcess(process);
        await silo.Up();
        return silo;
    }

    /// <summary>Listens until the process ends, so that it never waits for somebody to read what it says.</summary>
    private async Task Up()
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, said) =>
        {
            if (said.Data is null) up.TrySetException(new InvalidOperationException("The silo ended before it was up."));
            else if (said.Data.StartsWith("silo up", StringComparison.Ordinal)) up.TrySetResult();
        };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await up.Task.WaitAsync(TimeSpan.FromSeconds(60), Hub.Clock);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
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

    private async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
