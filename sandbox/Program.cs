using System.Runtime.InteropServices;

namespace UsageBilling.Sandbox;

internal static class Program
{
    private const int CannotStart = 1;
    private const int BadOptions = 2;

    private static async Task<int> Main(string[] arguments)
    {
        var (line, objection) = CommandLine.Read(arguments);
        if (line is null)
        {
            await Console.Error.WriteLineAsync(objection);
            return BadOptions;
        }

        try
        {
            await Run(line);
            return 0;
        }
        catch (SandboxCannotStartException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return CannotStart;
        }
    }

    private static async Task Run(CommandLine line)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await using var server = await SandboxServer.Start(line.Options, CancellationToken.None);
        Console.WriteLine($"sandbox listening on {server.BaseUrl.GetLeftPart(UriPartial.Authority)}");
        var parentGone = line.ParentStdin ? Task.Run(ReadToEnd) : stop.Task;
        await Task.WhenAny(stop.Task, parentGone);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }

    /// <summary>The supervisor holds the other end; when it dies, this ends.</summary>
    private static void ReadToEnd()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        while (input.Read(ignored) > 0)
        {
            // whatever a supervisor says is not for us
        }
    }
}
