using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UsageBilling.Tests.System.Conventions;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Portal;

/// <summary>The demo that <c>./run</c> starts, and what docs/GETTING_STARTED.md says of it, typed as it stands there.</summary>
public sealed partial class GettingStartedTests
{
    private const string Page = "docs/GETTING_STARTED.md";

    /// <summary>Says what curl was answered, and fails on any refusal.</summary>
    private const string Shell = """
        set -euo pipefail
        curl() {
          local answer
          answer=$(command curl -sS --fail-with-body "$@") || { printf 'REFUSED %s\n' "$answer" >&2; return 1; }
          printf 'ANSWER %s\n' "$answer" >&2
          printf '%s\n' "$answer"
        }

        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Ten_requests_lead_from_a_tenant_that_nobody_bills_to_a_posted_plan()
    {
        var folder = Directory.CreateTempSubdirectory("demo-").FullName;
        var port = FreePort();
        var demo = Path.Combine(Tree.Root, "silo", Path.GetRelativePath(Path.Combine(Tree.Root, "tests", "system"), AppContext.BaseDirectory), "usagebilling.dll");
        using var hub = Start(folder, "dotnet", demo, "demo", "--port", $"{port}", "--connection", await PostgresFixture.BareDatabase());
        try
        {
            await Until(hub, "Ctrl-C ends it");
            var key = File.ReadAllText(Directory.GetFiles(Path.Combine(folder, "data"), "demo-key*").Single());
            var commands = string.Join('\n', Blocks().Matches(Tree.Text(Page)).Select(block => block.Groups[1].Value)).Split('\n')
                .Select(line => line.StartsWith("URL=", StringComparison.Ordinal) ? $"URL=http://127.0.0.1:{port}" : line.StartsWith("KEY=", StringComparison.Ordinal) ? $"KEY={key}" : line).ToList();
            using var shell = Start(folder, "bash", "-c", Shell + string.Join('\n', commands));
            shell.StandardInput.Close();
            var ignored = shell.StandardOutput.ReadToEndAsync();
            var said = await shell.StandardError.ReadToEndAsync().WaitAsync(Patience, Hub.Clock);
            await shell.WaitForExitAsync().WaitAsync(Patience, Hub.Clock);

            Assert.True(shell.ExitCode == 0, said);
            Assert.Equal(10, commands.Count(line => line.Contains("curl ", StringComparison.Ordinal)));
            var answers = Answers().Matches(said).Select(line => JsonNode.Parse(line.Groups[1].Value)!).ToList();
            Assert.Equal(10, answers.Count);
            Assert.Equal(
                "trial-kestrel.example | Kestrel Physiotherapy | 11 | 2 | The line has 35 units. | +7 | 6 | 6 | posting of 6 | 0",
                string.Join(" | ", [
                    (string?)answers[0]["items"]!.AsArray().Single()!["name"], (string?)answers[1]["name"], $"{answers[2]["organization"]!["id"]}", $"{answers[3]["account"]!["id"]}",
                    (string?)answers[4]["run"]!["sentence"], ((string)answers[5]["entry"]!["text"]!)[..2], $"{answers[6]["items"]}", $"{answers[7]["items"]}",
                    $"{answers[8]["kind"]} of {answers[8]["items"]}", $"{answers[9]["items"]}",
                ]));
        }
        finally
        {
            hub.Kill(entireProcessTree: true);
            await hub.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process Start(string folder, string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    })!;

    private static async Task Until(Process program, string words)
    {
        var said = new List<string>();
        while (await program.StandardOutput.ReadLineAsync().WaitAsync(Patience, Hub.Clock) is { } line)
        {
            said.Add(line);
            if (line.Contains(words, StringComparison.Ordinal)) return;
        }

        Assert.Fail($"The demo ended: {string.Join('\n', said)}\n{await program.StandardError.ReadToEndAsync()}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("^```bash\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("^ANSWER (.*)$", RegexOptions.Multiline)]
    private static partial Regex Answers();
}
