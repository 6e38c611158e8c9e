using System.Collections.Concurrent;
using System.Reflection;

namespace UsageBilling.Runtime;

/// <summary>The statements under <c>runtime/Sql</c>, carried inside this assembly and read once.</summary>
public static class SqlText
{
    private const string Root = "UsageBilling.Runtime.Sql.";
    private static readonly ConcurrentDictionary<string, string> Loaded = new();

    /// <summary>The text of <c>runtime/Sql/{name}.sql</c>.</summary>
    /// <param name="name">Folder and file without ending, for example <c>Turns/claim_messages</c>.</param>
    /// <exception cref="InvalidOperationException">There is no such file: our own mistake, named in the message.</exception>
    public static string Load(string name) => Loaded.GetOrAdd(name, Read);

    private static string Read(string name)
    {
        var resource = Root + name.Replace('/', '.') + ".sql";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"There is no SQL text {name}: runtime/Sql/{name}.sql is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
