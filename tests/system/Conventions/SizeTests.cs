using System.Reflection;
using System.Reflection.Metadata;

namespace UsageBilling.Tests.System.Conventions;

/// <summary>Size as guidance with a memory: what is too large to take in at once stands in SizeList.txt with its reason, and leaves it when it shrinks.</summary>
/// <remarks>Lines of a method are those between its first and last statement, as the compiler recorded them for the debugger.</remarks>
public sealed class SizeTests
{
    private const string List = "tests/system/Conventions/SizeList.txt";
    private const int MethodLines = 70;
    private const int SourceLines = 400;
    private const int TestLines = 600;
    private const int FolderFiles = 20;
    private const int ReasonLetters = 20;

    [Fact]
    public void Whatever_is_too_large_is_listed_with_a_reason_and_nothing_else_is()
    {
        var listed = Tree.Text(List).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('|', 2, StringSplitOptions.TrimEntries)).ToList();
        var large = Folders().Concat(SourceFiles()).Concat(Methods()).ToDictionary(found => found.What, found => found.Said);
        Tree.Clean(
        [
            .. listed.Where(entry => entry.Length < 2 || entry[1].Length < ReasonLetters).Select(entry => $"{entry[0]} is listed without a reason"),
            .. large.Where(found => listed.TrueForAll(entry => entry[0] != found.Key)).Select(found => $"{found.Key} {found.Value}: make it smaller, or list it with a reason"),
            .. listed.Where(entry => !large.ContainsKey(entry[0])).Select(entry => $"{entry[0]} is listed but not too large (any more): take it off the list"),
        ]);
    }

    private static IEnumerable<(string What, string Said)> Folders() =>
        from file in Tree.Files
        group file by Path.GetDirectoryName(file)!.Replace('\\', '/') into folder
        where folder.Key.Length > 0 && folder.Count() > FolderFiles
        select (folder.Key, $"has {folder.Count()} files");

    private static IEnumerable<(string What, string Said)> SourceFiles() =>
        from file in Tree.With(".cs").Concat(Tree.With(".sql", "runtime/Sql"))
        let lines = Tree.Text(file).AsSpan().Count('\n')
        where lines > (file.StartsWith("tests/", StringComparison.Ordinal) ? TestLines : SourceLines)
        select (file, $"has {lines} lines");

    private static IEnumerable<(string What, string Said)> Methods() => Tree.Assemblies.Append(typeof(SizeTests).Assembly).SelectMany(Methods)
        .GroupBy(method => method.What).Select(overloads => (overloads.Key, $"has {overloads.Max(method => method.Lines)} lines"));

    private static List<(string What, int Lines)> Methods(Assembly assembly)
    {
        var symbols = Path.ChangeExtension(assembly.Location, ".pdb");
        Assert.True(File.Exists(symbols), $"{symbols} is missing: the size of methods is read from it.");
        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols));
        var reader = provider.GetMetadataReader();
        return [.. reader.MethodDebugInformation
            .Select(handle => (Handle: handle.ToDefinitionHandle(), Points: Points(reader, handle)))
            .Where(method => method.Points.Count > 0)
            .Select(method => (Method: assembly.ManifestModule.ResolveMethod(0x06000000 | global::System.Reflection.Metadata.Ecma335.MetadataTokens.GetRowNumber(method.Handle))!, method.Points))
            .Select(method => (What: NameOf(method.Method), Lines: Lines(method.Method, method.Points)))
            .Where(method => method.Lines > MethodLines)];
    }

    private static List<SequencePoint> Points(MetadataReader reader, MethodDebugInformationHandle handle)
    {
        var method = reader.GetMethodDebugInformation(handle);
        if (method.Document.IsNil || reader.GetString(reader.GetDocument(method.Document).Name).Replace('\\', '/') is var path && (path.Contains("/obj/", StringComparison.Ordinal) || path.EndsWith(".g.cs", StringComparison.Ordinal)))
            return [];
        return [.. method.GetSequencePoints().Where(point => !point.IsHidden)];
    }

    // A constructor also runs the initial values of fields, which stand elsewhere: only the lines it covers are counted
    private static int Lines(MethodBase method, List<SequencePoint> points) => method.IsConstructor
        ? points.SelectMany(point => Enumerable.Range(point.StartLine, point.EndLine - point.StartLine + 1)).Distinct().Count()
        : points.Max(point => point.EndLine) - points.Min(point => point.StartLine) + 1;

    /// <summary>Asynchronous methods and iterators live in a type of their own, named after them.</summary>
    private static string NameOf(MethodBase method)
    {
        var type = method.DeclaringType!;
        return type.Name.StartsWith('<') && type.DeclaringType is { } owner && type.Name.IndexOf('>', StringComparison.Ordinal) is > 1 and var end
            ? $"{owner.FullName}.{type.Name[1..end]}"
            : $"{type.FullName}.{method.Name}";
    }
}
