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

    public Answer Answer(Ask ask, VendorRoute route)
    {
        if (journal.IsFull)
            return AutotaskAnswers.Errors(500, $"The sandbox's journal is full at {Journal.EntriesMax} writes.");
        var entity = route.Entity!;
        if (ask.Method == "DELETE")
            return Written(ask, entity, writer.Delete(entity, route.ParentId, route.Id), null);
        if (WireJson.ObjectFrom(ask.Body) is not { } body)
            return AutotaskAnswers.Errors(500, "The body is not a JSON object.");
        return LineKind.Of(entity) is { } kind && kind.Adjustments == entity
            ? Adjusted(ask, kind, route.ParentId, body)
            : Written(ask, entity, writer.Write(ask.Method, entity, route.ParentId, body), body);
    }

    /// <summary>Somebody else's adjustment. Null when done, else why not.</summary>
    public string? ByHand(JsonObject asked)
    {
        if (journal.IsFull)
            return $"The sandbox's journal is full at {Journal.EntriesMax} writes.";
        var outcome = new Adjustments(state, clock, LineKind.Service).Apply(asked, null);
        if (outcome.Done is { } done)
            Keep(Entry("POST", "/_sandbox/autotask/faults", LineKind.Service, asked, done, foreign: true));
        return outcome.Refusal;
    }

    private Answer Written(Ask ask, EntityDescription entity, WriteOutcome outcome, JsonObject? body)
    {
        if (outcome.Errors.Count > 0)
            return AutotaskAnswers.Errors(500, outcome.Errors);
        Keep(new JournalEntry(ask.Method, ask.Path, entity.Plural, outcome.ItemId?.ToString(), body, Foreign: false));
        return Wire.Answer.Json(200, new JsonObject { ["itemId"] = outcome.ItemId });
    }

    private Answer Adjusted(Ask ask, LineKind kind, long? contractInUrl, JsonObject body)
    {
        var reader = new BodyReader(state, kind.Adjustments);
        var asked = reader.Read(body, listNulls: false);
        reader.RequireAll(asked);
        if (reader.Errors.Count > 0)
            return AutotaskAnswers.Errors(500, reader.Errors);
        var outcome = new Adjustments(state, clock, kind).Apply(asked, contractInUrl);
        if (outcome.Done is not { } done)
            return AutotaskAnswers.Errors(500, outcome.Refusal!);
        Keep(Entry(ask.Method, ask.Path, kind, body, done, foreign: false));
        return Wire.Answer.Json(200, new JsonObject { ["itemId"] = null });
    }

    private static JournalEntry Entry(string method, string path, LineKind kind, JsonObject body, JournalAdjustment done, bool foreign) =>
        new(method, path, kind.Adjustments.Plural, null, body, foreign) { Adjustment = done };

    private void Keep(JournalEntry entry)
    {
        journal.Add(clock.Now, entry);
        sandbox.Save();
    }
}
