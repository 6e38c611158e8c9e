using UsageBilling.Silo.Commands;

namespace UsageBilling.Tests.System.Commands;

/// <summary>The hub's share of an Autotask database's calls, as it is set for a silo.</summary>
public sealed class AutotaskShareTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("91")]
    [InlineData("-5")]
    [InlineData("+5")]
    [InlineData("45.5")]
    [InlineData("45 %")]
    [InlineData(" 45")]
    [InlineData("1e1")]
    [InlineData("99999999999")]
    [InlineData("half")]
    [InlineData("")]
    public void A_share_that_is_none_is_one_sentence(string text) =>
        Assert.Equal((null, $"UsageBilling__AutotaskSharePercent is a whole number from 1 to 90, not '{text}'."), StartSilo.AutotaskShare(text));

    [Theory]
    [InlineData(null, null)]
    [InlineData("1", 1)]
    [InlineData("45", 45)]
    [InlineData("90", 90)]
    public void A_share_is_a_whole_number_of_per_cent(string? text, int? percent) => Assert.Equal((percent, null), StartSilo.AutotaskShare(text));

    [Fact]
    public async Task A_silo_with_a_share_that_is_none_does_not_start()
    {
        using var silo = SiloProgram.Start(new Dictionary<string, string> { ["UsageBilling__AutotaskSharePercent"] = "100" }, "silo", "--connection", "Host=127.0.0.1;Port=1");
        silo.StandardInput.Close();
        var said = await silo.StandardError.ReadToEndAsync().WaitAsync(SiloProgram.Longest);
        await silo.WaitForExitAsync().WaitAsync(SiloProgram.Longest);

        Assert.Equal((2, "UsageBilling__AutotaskSharePercent is a whole number from 1 to 90, not '100'."), (silo.ExitCode, said.Trim()));
    }
}
