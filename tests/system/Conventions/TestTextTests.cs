using System.Text.RegularExpressions;

namespace UsageBilling.Tests.System.Conventions;

/// <summary>Tests wait for signals and never skip.</summary>
public sealed partial class TestTextTests
{
    [Fact]
    public void No_test_sleeps() => Tree.Clean(
        from file in Tree.With(".cs", "tests")
        from Match wait in Wait().Matches(CSharpText.Of(Tree.Text(file)).Code)
        where wait.Groups["sleep"].Success || !Clock().IsMatch(wait.Groups["arguments"].Value)
        select $"{file}: {wait.Value.Trim()}");

    [Fact]
    public void No_test_is_skipped() => Tree.Clean(
        Tree.With(".cs", "tests").Where(file => Skipped().IsMatch(CSharpText.Of(Tree.Text(file)).Code)).Select(file => $"{file} skips a test"));

    [Fact]
    public void Facts_are_sentences() => Tree.Clean(
        from type in Tree.TypesOf(typeof(Tree).Assembly)
        from method in type.GetMethods()
        where method.IsDefined(typeof(FactAttribute), inherit: true) && !Sentence().IsMatch(method.Name)
        select $"{type.Name}.{method.Name} is not a sentence with underscores");

    [GeneratedRegex(@"(?<sleep>\bThread\s*\.\s*Sleep\s*\()|\bTask\s*\.\s*Delay\s*\((?<arguments>[^;]*)")]
    private static partial Regex Wait();

    [GeneratedRegex("clock|time(?!span)", RegexOptions.IgnoreCase)]
    private static partial Regex Clock();

    [GeneratedRegex(@"\bSkip(Unless|When)?\s*=(?!=)")]
    private static partial Regex Skipped();

    [GeneratedRegex(@"^[A-Z0-9]\w*(_\w+)+$")]
    private static partial Regex Sentence();
}
