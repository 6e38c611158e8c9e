using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using UsageBilling.Sandbox;

namespace UsageBilling.Tests.System.Sandbox.Clients;

/// <summary>The sandbox's Autotask as judged by a client that was not written for it: npm's <c>@apigrate/autotask-restapi</c>, unchanged, pointed at it by its base url.</summary>
public sealed class ApigrateTests
{
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task A_foreign_client_finds_its_zone_reads_pages_writes_and_is_refused_as_by_the_vendor()
    {
        var client = await NodeProgram.Package("@apigrate/autotask-restapi");
        await using var sandbox = await TestSandbox.Start();

        var printed = await NodeProgram.Script("apigrate.cjs", client, $"{sandbox.Origin}/autotask/ATServicesRest/", Demo.AutotaskUser, Demo.Secret, Demo.IntegrationCode);

        var expected = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Sandbox", "Clients", "apigrate.expected.json"));
        Assert.Equal(Readable(expected.Replace("{origin}", sandbox.Origin, StringComparison.Ordinal)), Readable(printed));
        Assert.Equal(
            [
                "POST Tickets 1", "POST TicketNotes 1", "PATCH TicketNotes 1", "PATCH Tickets 1", "POST ContractServiceAdjustments ", "PATCH ContractServices 8001",
                "POST Contacts 4003", "PATCH Contacts 4003", "PUT Contacts 4003", "DELETE Contacts 4003",
            ],
            (await sandbox.Call("GET", "/_sandbox/autotask/journal")).Json.AsArray().Select(entry => $"{entry!["method"]} {entry["entity"]} {entry["item_id"]}"));
    }

    [Fact]
    public async Task A_machine_without_node_is_told_what_is_missing()
    {
        var said = await Assert.ThrowsAsync<InvalidOperationException>(() => NodeProgram.Run("no-such-node", AppContext.BaseDirectory, "--version"));

        Assert.StartsWith("no-such-node cannot be started: this test drives the sandbox with a client from npm and needs Node 20 or later", said.Message, StringComparison.Ordinal);
    }

    private static string Readable(string json) => JsonNode.Parse(json)!.ToJsonString(s_readable);
}
