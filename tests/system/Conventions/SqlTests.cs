using System.Text.RegularExpressions;

namespace UsageBilling.Tests.System.Conventions;

/// <summary>SQL is read as SQL: whole statements in files, parameters instead of pieces of text.</summary>
public sealed partial class SqlTests
{
    /// <summary>The two commands whose text is not the name of a file, each with a reason next to it in the code.</summary>
    private static readonly string[] OtherCommands = ["runtime/Embedded/Databases.cs", "runtime/Migrations/MigrationRunner.cs"];

    [Fact]
    public void No_statement_is_written_in_code() => Tree.Clean(
        from file in Tree.With(".cs", Tree.Projects)
        from text in CSharpText.Of(Tree.Text(file)).Texts
        where Statement().IsMatch(text)
        select $"{file}: {text}");

    [Fact]
    public void Commands_are_made_from_files_only() => Tree.Clean(
        from file in Tree.With(".cs", Tree.Projects).Except(OtherCommands)
        from Match made in Command().Matches(CSharpText.Of(Tree.Text(file)).Code)
        where !made.Groups["text"].Value.StartsWith("SqlText.Load(", StringComparison.Ordinal)
        select $"{file}: {made.Value.Trim()}");

    [Fact]
    public void Every_statement_is_used_by_some_code_or_by_a_person_at_night() => Tree.Clean(Statements
        .Where(name => !Names.Any(used => used.IsMatch(name)) && !Tree.Text("docs/OPERATING.md").Contains($"runtime/Sql/{name}.sql", StringComparison.Ordinal))
        .Select(name => $"runtime/Sql/{name}.sql is loaded by nobody"));

    [Fact]
    public void Every_name_of_a_statement_is_a_file() => Tree.Clean(
        Tree.With(".cs", Tree.Projects)
            .SelectMany(file => CSharpText.Of(Tree.Text(file)).Texts.Where(text => FileName().IsMatch(text) && Folders.Contains(text.Split('/')[0])), (file, name) => (file, name))
            .Where(used => !Statements.Contains(used.name))
            .Select(used => $"{used.file} loads {used.name}, which is not there"));

    [Fact]
    public void Statements_have_parameters_and_no_holes() => Tree.Clean(
        Tree.With(".sql", "runtime/Sql").Where(file => Tree.Text(file).AsSpan().ContainsAny('{', '}')).Select(file => $"{file} has a hole to be filled by code; use $1"));

    [Fact]
    public void No_statement_selects_everything_of_a_table() => Tree.Clean(
        Tree.With(".sql", "runtime/Sql").Where(file => Everything().IsMatch(Tree.Text(file))).Select(file => $"{file} does not name its columns"));

    private static HashSet<string> Statements { get; } = [.. Tree.With(".sql", "runtime/Sql").Select(file => file["runtime/Sql/".Length..^".sql".Length])];

    private static HashSet<string> Folders { get; } = [.. Statements.Select(name => name.Split('/')[0])];

    /// <summary>The names in the code; a hole stands for one word or more of the file's name.</summary>
    private static List<Regex> Names { get; } =
    [
        .. Tree.With(".cs", Tree.Projects).SelectMany(file => CSharpText.Of(Tree.Text(file)).Texts).Distinct()
            .Where(text => text.Contains('/', StringComparison.Ordinal) && Folders.Contains(text.Split('/')[0]))
            .Select(text => new Regex("^" + Hole().Replace(text, "[a-z_]+") + "$", RegexOptions.NonBacktracking)),
    ];

    [GeneratedRegex(@"\b(select\s+.+\s+from\s|select\s+\S+\(|insert\s+into\s|update\s+\w+(\s+\w+)?\s+set\s|delete\s+from\s|truncate\s+\w+|create\s+(table|index|function|trigger)\s|alter\s+table\s|lock\s+table\s)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Statement();

    [GeneratedRegex(@"(new\s+(Npgsql\s*\.\s*)?Npgsql(Batch)?Command\s*\(|Npgsql(Batch)?Command\s+\w+\s*=\s*new\s*\(|\.CreateCommand\s*\(|CommandText\s*=(?!=))(?<text>[^;\n]*)")]
    private static partial Regex Command();

    [GeneratedRegex("^[A-Z][A-Za-z]+/[a-z_]+$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();

    // select * from unnest(…) takes its columns from the parameters just above, and a sub-select whose outer select names them is fine
    [GeneratedRegex(@"^\s*select\s+(\w+\.)?\*\s+from\s+(?!unnest)\w+\s*(where|order|;|$)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Everything();
}
