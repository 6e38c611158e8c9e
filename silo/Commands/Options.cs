using System.Globalization;
using Npgsql;

namespace UsageBilling.Silo.Commands;

/// <summary>The options that a command was given.</summary>
internal sealed class Options
{
    public const string Connection = "--connection";

    private const int TextMax = 200;

    private readonly Dictionary<string, string> given = [];

    private Options()
    {
    }

    /// <param name="known">The command's options, and whether each takes a value.</param>
    public static (Options? Given, string? Objection) Read(IEnumerable<string> arguments, IReadOnlyDictionary<string, bool> known)
    {
        var options = new Options();
        var words = new Queue<string>(arguments);
        while (words.TryDequeue(out var word))
        {
            if (!known.TryGetValue(word, out var takesValue)) return (null, $"'{word}' is not an option.\n{CommandLine.Usage}");
            if (takesValue && words.Count == 0) return (null, $"{word} needs a value.\n{CommandLine.Usage}");
            options.given[word] = takesValue ? words.Dequeue() : "";
        }

        return options.Maybe(Connection) is { } connection && !IsConnection(connection)
            ? (null, $"{Connection} takes an Npgsql connection string, for example \"Host=db;Database=usagebilling;Username=hub;Password=…\".")
            : (options, null);
    }

    public static string? Setting(string name) => Environment.GetEnvironmentVariable($"UsageBilling__{name}");

    public bool Has(string option) => given.ContainsKey(option);

    public string? Maybe(string option) => given.GetValueOrDefault(option);

    /// <summary>A name: 1 to 200 characters without control characters.</summary>
    public (string Text, string? Objection) Name(string option)
    {
        var text = Maybe(option)?.Trim() ?? "";
        return text.Length is > 0 and <= TextMax && !text.Any(char.IsControl) ? (text, null) : ("", $"{option} must be there: a text of 1 to {TextMax} characters without control characters.");
    }

    public (int? Number, string? Objection) Port(string option)
    {
        if (Maybe(option) is not { } text) return (null, null);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 65535
            ? (number, null)
            : (null, $"{option} takes a number from 0 to 65535, not '{text}'.");
    }

    /// <summary>The database: the option, else the setting.</summary>
    /// <param name="who">Who needs it, for the sentence when neither is there.</param>
    public (string Text, string? Objection) Database(string who)
    {
        var text = Maybe(Connection) ?? Setting("Connection");
        if (string.IsNullOrWhiteSpace(text))
            return ("", $"{who} needs a PostgreSQL: give {Connection} \"Host=…\" or set UsageBilling__Connection. ./run starts one of its own.");
        return IsConnection(text) ? (text, null) : ("", "UsageBilling__Connection is not an Npgsql connection string.");
    }

    private static bool IsConnection(string text)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
