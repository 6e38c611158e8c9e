namespace UsageBilling.Tests.Unit.Prorating;

/// <summary>Stories a billing clerk can read, each with the whole ledger it leads to.</summary>
public sealed class ScenarioTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Money", "Scenarios");

    public static TheoryData<string> Stories => [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Stories))]
    public void The_whole_ledger_of_a_story_is_as_written(string story)
    {
        var text = File.ReadAllText(Path.Combine(Folder, story + ".txt"));
        var (expected, told) = (Scenario.Expected(text), Scenario.Told(text));
        Assert.True(expected.SequenceEqual(told), $"{story}: - is written, + came out\n{Scenario.Difference(expected, told)}");
    }

    [Fact]
    public void No_story_was_lost() => Assert.Equal(12, Stories.Count);

    [Fact]
    public void A_ledger_that_differs_is_shown_row_by_row() => Assert.Equal(
        "  a\n- b\n+ x\n  c\n+ d",
        Scenario.Difference(["a", "b", "c"], ["a", "x", "c", "d"]));
}
