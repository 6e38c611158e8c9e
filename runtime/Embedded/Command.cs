using System.Diagnostics;

namespace UsageBilling.Runtime.Embedded;

/// <summary>What a finished command said.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Complaint)
{
    public bool Ok => ExitCode == 0;

    /// <summary>The last line that says something, preferring complaints.</summary>
    public string LastLine => Last(Complaint) ?? Last(Output) ?? $"it said nothing (exit code {ExitCode})";

    private static string? Last(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
}

/// <summary>Runs one program to its end, within a limit, in a clean environment.</summary>
internal static class Command
{
    private const int NotFound = 127;

    public static async Task<CommandResult> Run(
        IReadOnlyList<string> words, string? input, TimeSpan limit, TimeProvider clock, CancellationToken cancel)
    {
        using var process = Begin(words);
        if (process is null) return new CommandResult(NotFound, "", $"{words[0]} cannot be started");
        using var limited = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, cancel);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var complaint = process.StandardError.ReadToEndAsync(either.Token);
            await Feed(process, input);
            await process.WaitForExitAsync(either.Token);
            return new CommandResult(process.ExitCode, await output, await complaint);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            process.Kill();
            throw new EmbeddedPostgresException(EmbeddedPostgresProblem.TimedOut,
                $"`{string.Join(' ', words)}` did not end within {limit.TotalSeconds:0} s.");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Starts a program with all three streams piped; null when there is no such program.</summary>
    public static Process? Begin(IReadOnlyList<string> words)
    {
        var start = new ProcessStartInfo(words[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/", // the server's account may not be able to enter ours
        };
        foreach (var word in words.Skip(1)) start.ArgumentList.Add(word);
        // PGDATA, PGPORT and their kin of the caller's shell must not steer a private server
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static async Task Feed(Process process, string? input)
    {
        try
        {
            if (input is not null) await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading; its exit code and complaint tell the story
        }
    }
}
