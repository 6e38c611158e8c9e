using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Autotask.Routes;
using UsageBilling.Sandbox.Autotask.Units;
using UsageBilling.Sandbox.Autotask.Writes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask;

/// <summary>Writes, each applied wholly or not at all, then journalled and saved. Runs inside the gate.</summary>
internal sealed class AutotaskWrites(AutotaskState state, SandboxClock clock, SandboxState sandbox, Journal journal)
{
    private readonly EntityWriter writer = new(state, clock);
    private readonly Adjustments adjustments = new(state, clock);

    public Answer Answer(Ask ask, VendorRoute route)
    {
        if (WireJson.ObjectFrom(ask.Body) is not { } body)
            return AutotaskAnswers.Errors(500, "The body is not a JSON object.");
        if (journal.IsFull)
            return AutotaskAnswers.Errors(500, $"The sandbox's journal is full at {Journal.EntriesMax} writes.");
        var entity = route.Entity!;
        if (entity == EntityCatalogue.ContractServiceAdjustments)
            return Adjusted(ask, route.ParentId, body);
        var outcome = writer.Write(ask.Method, entity, route.ParentId, body);
        if (outcome.Errors.Count > 0)
            return AutotaskAnswers.Errors(500, outcome.Errors);
        Keep(new JournalEntry(ask.Method, ask.Path, entity.Plural, outcome.ItemId?.ToString(), body, Foreign: false));
        return Wire.Answer.Json(200, new JsonObject { ["itemId"] = outcome.ItemId });
    }

    /// <summary>Somebody else's adjustment. Null when done, else why not.</summary>
    public string? ByHand(JsonObject asked)
    {
        if (journal.IsFull)
            return $"The sandbox's journal is full at {Journal.EntriesMax} writes.";
        var outcome = adjustments.Apply(asked, null);
        if (outcome.Done is { } done)
            Keep(Entry("POST", "/_sandbox/autotask/faults", asked, done, foreign: true));
        return outcome.Refusal;
    }

    private Answer Adjusted(Ask ask, long? contractInUrl, JsonObject body)
    {
        var reader = new BodyReader(state, EntityCatalogue.ContractServiceAdjustments);
        var asked = reader.Read(body, listNulls: false);
        reader.RequireAll(asked);
        if (reader.Errors.Count > 0)
            return AutotaskAnswers.Errors(500, reader.Errors);
        var outcome = adjustments.Apply(asked, contractInUrl);
        if (outcome.Done is not { } done)
            return AutotaskAnswers.Errors(500, outcome.Refusal!);
        Keep(Entry(ask.Method, ask.Path, body, done, foreign: false));
        return Wire.Answer.Json(200, new JsonObject { ["itemId"] = null });
    }

    private static JournalEntry Entry(string method, string path, JsonObject body, JournalAdjustment done, bool foreign) =>
        new(method, path, EntityCatalogue.ContractServiceAdjustments.Plural, null, body, foreign) { Adjustment = done };

    private void Keep(JournalEntry entry)
    {
        journal.Add(clock.Now, entry);
        sandbox.Save();
    }
}
