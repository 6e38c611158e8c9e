using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace UsageBilling.Runtime.Migrations;

/// <summary>One numbered step of the schema: a <c>NNNN_words.sql</c> file.</summary>
/// <param name="Version">The number, from 1 upward; steps run in this order.</param>
/// <param name="Name">The words of the file name.</param>
/// <param name="Sql">Any number of statements; they run in one transaction.</param>
public sealed record Migration(int Version, string Name, string Sql)
{
    private const string Root = "UsageBilling.Runtime.Migrations.";
    private const string Ending = ".sql";

    /// <summary>SHA-256 of the text in hexadecimal, the same for Windows and Unix line ends.</summary>
    public string Checksum => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(Sql.Replace("\r\n", "\n", StringComparison.Ordinal))));

    /// <summary>The steps this program was built with, in order.</summary>
    public static IReadOnlyList<Migration> BuiltIn { get; } = ReadAll();

    private static List<Migration> ReadAll()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Root, StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal))
                .Select(name => Read(assembly, name))
                .OrderBy(migration => migration.Version),
        ];
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        var file = resource[Root.Length..^Ending.Length];
        var parts = file.Split('_', 2);
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            throw new InvalidOperationException($"runtime/Migrations/{file}.sql must be named NNNN_words.sql.");
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new Migration(version, parts[1], reader.ReadToEnd());
    }
}
