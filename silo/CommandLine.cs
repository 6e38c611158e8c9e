using UsageBilling.Silo.Commands;
using UsageBilling.Silo.Commands.Prorate;

namespace UsageBilling.Silo;

/// <summary>Finds the command that the first words name; without such words it is <c>silo</c>.</summary>
internal static class CommandLine
{
    private static readonly (string[] Words, Func<IEnumerable<string>, (ICommand? Command, string? Objection)> Read)[] Commands =
    [
        (["demo"], StartDemo.Read),
        (["msp", "create"], CreateMsp.Read),
        (["keys", "create"], CreateKey.Read),
        (["prorate"], ProrateFile.Read),
        (["silo"], StartSilo.Read),
        ([], StartSilo.Read),
    ];

    public static readonly string Usage = $"""
        Usage: {StartSilo.Usage}
               {StartDemo.Usage}
               {CreateMsp.Usage}
               {CreateKey.Usage}
               {ProrateFile.Usage}
        Settings (environment): UsageBilling__Connection, UsageBilling__SecretsKeyFile, UsageBilling__AllowLoopback, UsageBilling__AllowDevelopmentHosts
        """;

    /// <summary>What was asked for, or what is wrong with it.</summary>
    public static (ICommand? Command, string? Objection) Read(string[] arguments)
    {
        var (words, read) = Commands.First(command => arguments.Take(command.Words.Length).SequenceEqual(command.Words));
        return read(arguments.Skip(words.Length));
    }
}
