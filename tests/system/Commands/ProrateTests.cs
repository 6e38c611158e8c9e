using System.Text.Json;
using UsageBilling.Tests.System.Conventions;

namespace UsageBilling.Tests.System.Commands;

public sealed class ProrateTests
{
    private static readonly string Golden = Path.Combine(Tree.Root, "tests/unit/Money/golden.json");

    [Fact]
    public async Task Every_published_case_and_list_comes_out_with_status_zero()
    {
        var (exit, output, error) = await SiloProgram.Run("prorate", Golden);

        Assert.Equal((0, "Nobody reads 'cadences' of '" + Golden + "'.\n"), (exit, error));
        var results = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(89 + 5 + 6 + 10, results.Count);
        Assert.All(results, result => Assert.True(result.GetProperty("matches").GetBoolean(), result.ToString()));
        Assert.Contains("\"total\":\"323\"", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", 0, "", "")]
    [InlineData("{\"ratio_golden\": [{\"id\": \"r\", \"from\": \"2026-06-01\", \"to\": \"2026-06-16\", \"period_start\": \"2026-06-01\", \"period_end\": \"2026-07-01\", \"expected_fraction\": \"1/2\"}]}", 0, "{\"id\":\"r\",\"fraction\":\"1/2\",\"ratio\":\"0.5\",\"matches\":true}\n", "")]
    [InlineData("{\"ratio_golden\": [{\"id\": \"r\", \"from\": \"2026-06-01\", \"to\": \"2026-06-16\", \"period_start\": \"2026-06-01\", \"period_end\": \"2026-07-01\", \"expected_fraction\": \"1/3\"}]}", 1, "{\"id\":\"r\",\"fraction\":\"1/2\",\"ratio\":\"0.5\",\"matches\":false}\n", "")]
    [InlineData("{\"rounding_golden\": [{\"id\": \"k\", \"rule\": \"largest_remainder\", \"currency\": \"KWD\", \"amount\": \"0.005\", \"weights\": [1, 1, 1], \"keys\": [\"c\", \"a\", \"b\"]}]}", 0, "{\"id\":\"k\",\"amounts\":[\"0.001\",\"0.002\",\"0.002\"],\"matches\":null}\n", "")]
    [InlineData("{\"cases\": [{\"id\": \"x\"}]}", 1, "{\"id\":\"x\",\"matches\":false,\"problems\":[{\"code\":\"field_missing\",", "")]
    [InlineData("{\"cases\": [", 1, "", "' is no file of cases: it is not JSON: ")]
    [InlineData("", 1, "", "' is no file of cases: it is not JSON: ")]
    public async Task A_file_is_answered_case_by_case_or_refused_in_a_sentence(string json, int exit, string output, string error)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, json);
        var answer = await SiloProgram.Run("prorate", file);
        File.Delete(file);

        Assert.Equal(exit, answer.Exit);
        Assert.StartsWith(output, answer.Output, StringComparison.Ordinal);
        Assert.Equal(output.Length == 0, answer.Output.Length == 0);
        Assert.Contains(error, answer.Error, StringComparison.Ordinal);
        Assert.True(answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length <= 1, answer.Error);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_one_sentence() =>
        Assert.Equal((1, "", "There is no file '/nowhere/cases.json'.\n"), await SiloProgram.Run("prorate", "/nowhere/cases.json"));

    [Theory]
    [InlineData("prorate reads the file it is given, and was given none.", "prorate")]
    [InlineData("prorate reads a file, not standard input: save it first.", "prorate", "-")]
    [InlineData("prorate takes one file and no options, not 'a b'.", "prorate", "a", "b")]
    public async Task Without_one_file_it_says_so_and_ends_with_two(string sentence, params string[] arguments)
    {
        var (exit, output, error) = await SiloProgram.Run(arguments);
        Assert.Equal((2, "", sentence), (exit, output, error.Split('\n')[0]));
    }
}
