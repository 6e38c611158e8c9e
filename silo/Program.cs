using Npgsql;
using UsageBilling.Runtime.Migrations;

namespace UsageBilling.Silo;

internal static class Program
{
    private const int CannotStart = 1;
    private const int BadOptions = 2;

    private static async Task<int> Main(string[] arguments)
    {
        var (line, objection) = CommandLine.Read(arguments);
        if (line is null) return await Say(objection!, BadOptions);
        try
        {
            return line.Demo is { } demo ? await Demo.DemoHub.Run(demo) : await RunSilo(line);
        }
        catch (Exception failure) when (CannotStartSentence(failure) is not null)
        {
            return await Say(CannotStartSentence(failure)!, CannotStart);
        }
    }

    private static async Task<int> RunSilo(CommandLine line)
    {
        await using var silo = await SiloServer.Start(line.Silo!, CancellationToken.None);
        Console.WriteLine($"silo up{(silo.HealthUrl is { } health ? $", health on {health}" : "")}");
        using var parent = new CancellationTokenSource();
        if (line.ParentStdin) _ = Task.Run(() => { WaitForEnd(); parent.Cancel(); });
        await silo.Stopped(parent.Token);
        return 0;
    }

    /// <summary>The supervisor holds the other end of standard input; when it dies, this ends.</summary>
    private static void WaitForEnd()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        while (input.Read(ignored) > 0)
        {
            // whatever a supervisor says is not for us
        }
    }

    private static string? CannotStartSentence(Exception failure) => failure switch
    {
        MigrationException or Runtime.Embedded.EmbeddedPostgresException or Demo.DemoException => failure.Message,
        PostgresException refused => $"PostgreSQL refused the connection: {refused.MessageText}.",
        NpgsqlException => $"PostgreSQL cannot be reached: {(failure.InnerException ?? failure).Message}",
        IOException taken => taken.Message,
        _ => null,
    };

    private static async Task<int> Say(string sentence, int code)
    {
        await Console.Error.WriteLineAsync(sentence);
        return code;
    }
}
