using System.Reflection;
using System.Text.RegularExpressions;
using UsageBilling.Interfaces.Billing;
using UsageBilling.Interfaces.Feeds;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Tests.System.Conventions;

/// <summary>Documents break the build when they are wrong.</summary>
public sealed partial class DocumentTests
{
    private const string Operating = "docs/OPERATING.md";
    private const int ReadmeLines = 90;
    private const int FolderReadmeLines = 40;

    public static TheoryData<string> FoldersWithBusiness { get; } =
    [
        "interfaces", "grains", "grains/ServiceLine", "grains/ProductTenant", "grains/Integration",
        "runtime", "runtime/Turns", "runtime/Reminders", "runtime/Nights", "runtime/Intents", "runtime/Notices", "runtime/Hygiene", "runtime/Postings", "runtime/Billing", "runtime/Isolation", "runtime/Webhooks", "silo",
    ];

    [Fact]
    public void Every_refusal_and_hold_reason_is_explained()
    {
        Assert.Equal(Constants(typeof(RefusalCode)), RefusalCode.All.Order(StringComparer.Ordinal));
        Assert.Equal(Constants(typeof(FeedRowCode)), FeedRowCode.All.Order(StringComparer.Ordinal));
        Assert.Equal(Constants(typeof(HoldReason)), HoldReason.All.Order(StringComparer.Ordinal));
        Assert.Equal(Constants(typeof(BlockReason)), BlockReason.All.Order(StringComparer.Ordinal));
        Assert.Equal(Constants(typeof(AttentionCode)), AttentionCode.All.Order(StringComparer.Ordinal));
        Tree.Clean(RefusalCode.All.Concat(FeedRowCode.All).Concat(HoldReason.All).Concat(BlockReason.All).Concat(AttentionCode.All).Where(code => !IsRow(code)).Select(code => $"{code} has no row in {Operating}"));
    }

    [Fact]
    public void Every_code_an_intent_can_end_with_is_explained() => Tree.Clean(
        Tree.With(".cs", "silo/Intents").SelectMany(file => CSharpText.Of(Tree.Text(file)).Texts).Where(text => Code().IsMatch(text) && !Explained(text))
            .Select(code => $"{code} is not explained in {Operating}"));

    [Fact]
    public void Every_log_id_is_used_once_and_explained()
    {
        var ids = Tree.With(".cs", Tree.Projects).SelectMany(file => LogId().Matches(Tree.Text(file)), (file, match) => (Id: match.Groups[1].Value, file)).ToList();
        Assert.NotEmpty(ids);
        Tree.Clean(
        [
            .. ids.GroupBy(log => log.Id).Where(same => same.Count() > 1).Select(same => $"log id {same.Key} is used {same.Count()} times: {string.Join(", ", same.Select(log => log.file))}"),
            .. ids.Where(log => !Tree.Text(Operating).Contains($"| {log.Id} |", StringComparison.Ordinal)).Select(log => $"log id {log.Id} of {log.file} has no row in {Operating}"),
        ]);
    }

    [Fact]
    public void Every_metric_is_explained() => Tree.Clean(
        Tree.With(".cs", Tree.Projects).SelectMany(file => CSharpText.Of(Tree.Text(file)).Texts).Where(text => Metric().IsMatch(text) && !IsRow(text)).Select(name => $"{name} has no row in {Operating}"));

    [Fact]
    public void Every_setting_of_the_environment_is_explained() => Tree.Clean(
        Tree.With(".cs", Tree.Projects).SelectMany(file => Setting().Matches(Tree.Text(file)).Select(match => match.Value)).Distinct()
            .Where(name => !Tree.Text(Operating).Contains(name, StringComparison.Ordinal)).Select(name => $"{name} is not explained in {Operating}"));

    [Fact]
    public void The_readme_is_a_screen_and_a_half_and_begins_with_the_two_commands()
    {
        var readme = Tree.Text("README.md");
        Assert.InRange(readme.Split('\n').Length, 20, ReadmeLines + 1);
        Assert.Equal(["./run", "./test"], Command().Matches(readme).Select(match => match.Value).Distinct().Take(2));
    }

    [Theory]
    [MemberData(nameof(FoldersWithBusiness))]
    public void A_folder_says_what_it_owns_and_what_happens_when_it_fails(string folder)
    {
        var file = $"{folder}/README.md";
        Assert.True(Tree.Exists(file), $"{file} is missing.");
        var text = Tree.Text(file);
        var lines = text.Split('\n');
        Assert.True(lines.Length <= FolderReadmeLines + 1, $"{file} has {lines.Length - 1} lines; {FolderReadmeLines} are enough.");
        Assert.Matches(Sentence(), lines.First(line => line.Length > 0 && line[0] != '#'));
        Assert.All(["Owns", "Does not own", "Life of", "Invariants", "When it fails", "Limits we accept"], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Links_lead_somewhere() => Tree.Clean(
        from file in Tree.With(".md")
        from Match link in Link().Matches(Fence().Replace(Tree.Text(file), ""))
        let target = link.Groups["target"].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
        where !Tree.Exists(Path.Combine(Path.GetDirectoryName(file)!, target))
        select $"{file} links to {target}, which is not there");

    [Fact]
    public void Headings_that_are_linked_to_exist() => Tree.Clean(
        from file in Tree.With(".md")
        from Match link in Link().Matches(Fence().Replace(Tree.Text(file), ""))
        let parts = link.Groups["target"].Value.Split('#')
        where parts.Length == 2 && !parts[0].Contains("://", StringComparison.Ordinal)
        let target = parts[0].Length == 0 ? file : Path.Combine(Path.GetDirectoryName(file)!, parts[0])
        where target.EndsWith(".md", StringComparison.Ordinal) && Tree.Exists(target) && !Anchors(Tree.Text(target)).Contains(parts[1])
        select $"{file} links to {link.Groups["target"].Value}, which has no such heading");

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal);

    private static bool IsRow(string code) => Tree.Text(Operating).Contains($"| `{code}` |", StringComparison.Ordinal);

    private static bool Explained(string code) => Tree.Text(Operating).Contains($"`{code}`", StringComparison.Ordinal);

    private static HashSet<string> Anchors(string text) => [.. Heading().Matches(text).Select(match => NotInAnchor().Replace(match.Groups[1].Value.Trim(), "").Replace(' ', '-')).Select(Lower)];

#pragma warning disable CA1308 // anchors of headings are in lower case
    private static string Lower(string text) => text.ToLowerInvariant();
#pragma warning restore CA1308

    [GeneratedRegex(@"LoggerMessage\s*\(\s*(?:EventId\s*=\s*)?(\d+)")]
    private static partial Regex LogId();

    [GeneratedRegex("^[a-z]+(_[a-z]+)+$")]
    private static partial Regex Code();

    [GeneratedRegex(@"^usagebilling\.[a-z_]+(\.[a-z_]+)+$")]
    private static partial Regex Metric();

    [GeneratedRegex("UsageBilling__[A-Za-z]+")]
    private static partial Regex Setting();

    [GeneratedRegex(@"(?<![\w/])\./[a-z]+")]
    private static partial Regex Command();

    [GeneratedRegex(@"^[^.!?]*(\.[a-z]\w*[^.!?]*)*[.:]$")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
