using System.Reflection;

namespace UsageBilling.Tests.System.Conventions;

/// <summary>The source tree and the assemblies built from it, as the conventions look at them.</summary>
internal static class Tree
{
    private const string Solution = "UsageBilling.sln";

    private static readonly string[] NotSource = [".git", ".vs", ".idea", "bin", "obj", "data", "node_modules", "TestResults"];

    /// <summary>The folders that hold our programs and libraries; tests are not among them.</summary>
    public static readonly string[] Projects = ["api", "connectors", "grains", "interfaces", "runtime", "sandbox", "silo"];

    /// <summary>Where the solution file lies.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file of the tree, relative to the root, with slashes; build output and run-time data are left out.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. FilesBelow(Root).Select(Relative).Order(StringComparer.Ordinal)];

    /// <summary>The assemblies of <see cref="Projects"/>.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        Assembly.Load("UsageBilling.Api"), Assembly.Load("UsageBilling.Connectors"), Assembly.Load("UsageBilling.Grains"), Assembly.Load("UsageBilling.Interfaces"),
        Assembly.Load("UsageBilling.Runtime"), Assembly.Load("UsageBilling.Sandbox"), Assembly.Load("usagebilling"),
    ];

    /// <summary>What people wrote: no closures, no generated types.</summary>
    public static IEnumerable<Type> TypesOf(Assembly assembly) => assembly.GetTypes().Where(type => IsOurs(type) && !type.Name.Contains('<', StringComparison.Ordinal));

    public static IEnumerable<Type> Types { get; } = [.. Assemblies.Append(typeof(Tree).Assembly).SelectMany(TypesOf)];

    public static bool IsOurs(Type type) => type.Namespace?.StartsWith("UsageBilling", StringComparison.Ordinal) == true
        && !type.IsDefined(typeof(global::System.Runtime.CompilerServices.CompilerGeneratedAttribute))
        && !type.IsDefined(typeof(global::System.CodeDom.Compiler.GeneratedCodeAttribute));

    /// <summary>Files with an ending, of the given folders or of the whole tree.</summary>
    public static IEnumerable<string> With(string ending, params string[] folders) =>
        Files.Where(file => file.EndsWith(ending, StringComparison.Ordinal) && (folders.Length == 0 || folders.Any(folder => file.StartsWith(folder + "/", StringComparison.Ordinal))));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static bool Exists(string path) => File.Exists(Path.Combine(Root, path)) || Directory.Exists(Path.Combine(Root, path));

    /// <summary>Fails with one line per breach, so that all of them are seen at once.</summary>
    public static void Clean(IEnumerable<string> breaches) => Assert.True(!breaches.Any(), string.Join("\n", breaches.Prepend("").Order(StringComparer.Ordinal)));

    private static IEnumerable<string> FilesBelow(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(below => !NotSource.Contains(Path.GetFileName(below))).SelectMany(FilesBelow));

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)))
            if (File.Exists(Path.Combine(folder, Solution)))
                return folder.TrimEnd(Path.DirectorySeparatorChar);
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has {Solution}.");
    }
}
