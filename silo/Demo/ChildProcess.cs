using System.Diagnostics;
using System.Text;

namespace UsageBilling.Silo.Demo;

/// <summary>Another of our programs, started as a child that ends when this process does: it watches the other end of its standard input.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLongest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLongest = TimeSpan.FromSeconds(20);

    private readonly Process process;
    private readonly StringBuilder errors = new();

    private ChildProcess(Process process) => this.process = process;

    /// <summary>Starts a program and waits for the line by which it says that it is up.</summary>
    /// <param name="up">How that line begins.</param>
    /// <exception cref="DemoException">It ended before, or said nothing in time; the message is what it said on standard error.</exception>
    public static async Task<ChildProcess> Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string up, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", [PathOf(program), .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var child = new ChildProcess(Process.Start(start) ?? throw new DemoException($"{program} could not be started."));
        child.process.ErrorDataReceived += (_, line) => child.Remember(line.Data);
        child.process.BeginErrorReadLine();
        try
        {
            await child.Up(up, cancellation);
            return child;
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(StopLongest);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        process.Dispose();
    }

    private async Task Up(string up, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLongest);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (!line.StartsWith(up, StringComparison.Ordinal)) continue;
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DemoException($"{Path.GetFileName(process.StartInfo.ArgumentList[0])} did not say '{up}' within {StartLongest.TotalSeconds} s.");
        }

        await process.WaitForExitAsync(cancellation);
        lock (errors) throw new DemoException(errors.Length > 0 ? errors.ToString().Trim() : $"{Path.GetFileName(process.StartInfo.ArgumentList[0])} ended with status {process.ExitCode}.");
    }

    private void Remember(string? line)
    {
        lock (errors)
        {
            if (line is not null && errors.Length < 4_000) errors.AppendLine(line);
        }
    }

    /// <summary>The programs lie beside each other: <c>silo/bin/Release/net10.0/…</c> and <c>api/bin/Release/net10.0/…</c>.</summary>
    private static string PathOf(string program)
    {
        var (folder, file) = program == "api" ? ("api", "UsageBilling.Api.dll") : ("sandbox", "UsageBilling.Sandbox.dll");
        var root = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.Parent!.FullName;
        var path = Path.Combine(root, folder, Path.GetRelativePath(Path.Combine(root, "silo"), AppContext.BaseDirectory), file);
        return File.Exists(path) ? path : throw new DemoException($"{path} is missing: build it first, or use ./run.");
    }
}
