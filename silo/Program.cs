using Npgsql;
using UsageBilling.Runtime.Migrations;

namespace UsageBilling.Silo;

internal static class Program
{
    private const int CannotStart = 1;
    private const int BadOptions = 2;

    private static async Task<int> Main(string[] arguments)
    {
        var (command, objection) = CommandLine.Read(arguments);
        if (command is null) return await Say(objection!, BadOptions);
        try
        {
            return await command.Run(CancellationToken.None);
        }
        catch (Exception failure) when (CannotStartSentence(failure) is not null)
        {
            return await Say(CannotStartSentence(failure)!, CannotStart);
        }
    }

    private static string? CannotStartSentence(Exception failure) => failure switch
    {
        MigrationException or DatabaseAbsentException or Runtime.Secrets.SecretKeyException or Runtime.Embedded.EmbeddedPostgresException or Demo.DemoException => failure.Message,
        PostgresException refused => $"PostgreSQL refused the connection: {refused.MessageText}.",
        NpgsqlException => $"PostgreSQL cannot be reached: {(failure.InnerException ?? failure).Message}",
        IOException taken => taken.Message,
        // what a host says that is told to stop while it starts
        OperationCanceledException => "Stopped before it was up.",
        _ => null,
    };

    private static async Task<int> Say(string sentence, int code)
    {
        await Console.Error.WriteLineAsync(sentence);
        return code;
    }
}
