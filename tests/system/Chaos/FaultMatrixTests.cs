using System.Diagnostics;
using System.Text.Json.Nodes;
using Npgsql;
using UsageBilling.Tests.System.Conventions;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Chaos;

/// <summary>Every fault of every PSA, all of them in one run at low rates, while a silo is killed twice; <c>./bench faults</c> is the long form, with each of them alone.</summary>
public sealed class FaultMatrixTests(FaultMatrixTests.MixedRun run) : IClassFixture<FaultMatrixTests.MixedRun>
{
    private const int Changes = 60;
    private const int Tickets = 20;

    [Theory]
    [InlineData("autotask", Changes)]
    [InlineData("bms", 0)]
    [InlineData("vorex", 0)]
    public void Whatever_goes_wrong_at_a_psa_nothing_is_applied_twice_and_everything_ends(string psa, int changes)
    {
        var result = run.Of(psa);
        Assert.True((int)result["met"]! > 0, "No fault was met.");
        Assert.Equal((2, changes), ((int)result["kills"]!, Sum(result["units"]!)));
        Assert.True(Sum(result["tickets"]!) >= Tickets, $"{result["tickets"]}");
        Assert.Empty(result["wrong"]!.AsArray().Select(sentence => (string)sentence!));
        Assert.Equal(
            "settled units_applied_once tickets_applied_once codes_known invariants within_quota",
            string.Join(' ', result["checks"]!.AsObject().Where(check => (bool)check.Value!).Select(check => check.Key)));
    }

    private static int Sum(JsonNode ends) => ends.AsObject().Sum(end => (int)end.Value!);

    /// <summary>One run of the matrix, with all PSAs at once.</summary>
    public sealed class MixedRun : IAsyncLifetime
    {
        private const int ConnectionsMax = 30;
        private static readonly TimeSpan Longest = TimeSpan.FromMinutes(8);

        private JsonNode found = new JsonObject();

        public JsonNode Of(string psa) => found["results"]!.AsArray().Single(result => (string?)result!["psa"] == psa)!;

        public async Task InitializeAsync()
        {
            var connection = new NpgsqlConnectionStringBuilder((await PostgresFixture.Server()).ConnectionString) { MaxPoolSize = ConnectionsMax }.ConnectionString;
            var program = Path.Combine(AppContext.BaseDirectory, "usagebilling-bench.dll");
            var start = new ProcessStartInfo("dotnet", [program, "faults", "--fault", "mixed", "--changes", $"{Changes}", "--tickets", $"{Tickets}", "--speed", "60", "--connection", connection])
            {
                RedirectStandardOutput = true, WorkingDirectory = Tree.Root,
            };
            using var bench = Process.Start(start)!;
            var said = bench.StandardOutput.ReadToEndAsync();
            try
            {
                await bench.WaitForExitAsync().WaitAsync(Longest, Hub.Clock);
            }
            catch (TimeoutException)
            {
                bench.Kill(entireProcessTree: true);
                throw new TimeoutException($"The run did not end in {Longest.TotalMinutes} minutes: {await said}");
            }

            var last = (await said).TrimEnd().Split('\n')[^1];
            found = last.StartsWith('{') ? JsonNode.Parse(last)! : throw new InvalidOperationException($"The run said: {await said}");
        }

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
