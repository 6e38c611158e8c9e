using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using UsageBilling.Sandbox.UniView;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Control;

/// <summary>The test's hand on the vendors, under <c>/_sandbox</c>. No vendor has anything like it.</summary>
internal sealed class ControlRoutes(
    SandboxClock clock,
    HoldingRoom room,
    SandboxState state,
    IReadOnlyDictionary<string, VendorPipeline> pipelines,
    DomainEdits domains)
{
    private const int HeldMax = 1000;
    private const int StrangersMax = 100_000;
    private static readonly TimeSpan HeldWait = TimeSpan.FromSeconds(30);

    public async Task<Answer> Serve(Ask ask, CancellationToken cancellation)
    {
        if (ask.SegmentIs(1, "clock") && ask.Segments.Count == 2)
            return Clock(ask);
        if (ask.Segments.Count < 3 || !pipelines.TryGetValue(ask.Segments[1], out var pipeline))
            return Answer.Problem(404, $"There is no {ask.Path} here; GET / lists what there is. The vendors are: {string.Join(", ", pipelines.Keys)}.");
        if (ask.SegmentIs(1, "uniview") && ask.SegmentIs(2, "domains"))
            return domains.Serve(ask);
        return (ask.Segments[2].ToLowerInvariant(), ask.Segments.Count) switch
        {
            ("faults", 3) => Faults(ask, pipeline),
            ("journal", 3) => JournalOf(ask, pipeline.Vendor),
            ("traffic", 3) => TrafficOf(ask, pipeline),
            ("allowance", 3) => AllowanceOf(ask, pipeline.Vendor),
            ("held", 3) => await Held(ask, cancellation),
            _ => Answer.Problem(404, $"There is no {ask.Path} here; GET / lists what there is."),
        };
    }

    private Answer Clock(Ask ask)
    {
        if (ask.Method == "GET")
            return ClockNow();
        if (ask.Method != "POST")
            return WrongMethod(ask, "GET, POST");
        var body = WireJson.ObjectFrom(ask.Body);
        if (body is { Count: 1 } && body["now"] is JsonValue now && now.TryGetValue(out string? text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            clock.Set(instant);
            return ClockNow();
        }

        if (body is { Count: 1 } && body["advance_seconds"] is JsonValue seconds && seconds.TryGetValue(out long by) && by is >= 0 and <= 3_155_760_000)
        {
            clock.Advance(TimeSpan.FromSeconds(by));
            return ClockNow();
        }

        return Answer.Problem(400, "Send {\"now\":\"2026-11-21T12:00:00Z\"} or {\"advance_seconds\":n} with n from 0 to 100 years.");
    }

    private Answer ClockNow() =>
        Answer.Json(200, new JsonObject { ["now"] = clock.Now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) });

    private Answer Faults(Ask ask, VendorPipeline pipeline)
    {
        switch (ask.Method)
        {
            case "GET":
                return Answer.Json(200, pipeline.Faults.ToJson());
            case "DELETE":
                pipeline.Faults.Clear();
                room.ReleaseAll();
                return new Answer(204, "text/plain", "");
            case "POST":
                return SetFault(ask, pipeline);
            default:
                return WrongMethod(ask, "GET, POST, DELETE");
        }
    }

    private static Answer SetFault(Ask ask, VendorPipeline pipeline)
    {
        FaultRequest? asked;
        try
        {
            asked = JsonSerializer.Deserialize<FaultRequest>(ask.Body, WireJson.Control);
        }
        catch (JsonException failure)
        {
            return Answer.Problem(400, $"The body is not a fault: {failure.Message} The kinds are: {FaultKinds.AllNames}.");
        }

        if (asked is null)
            return Answer.Problem(400, $"The body is not a fault. The kinds are: {FaultKinds.AllNames}.");
        if (FaultBoard.Objection(asked, out var kind) is { } objection)
            return Answer.Problem(400, objection);
        var editNow = kind == FaultKind.ForeignEdit && asked.Match is null && asked.Method is null;
        if (editNow)
        {
            return pipeline.Vendor.EditByHand(asked) is { } refused
                ? Answer.Problem(400, refused)
                : Answer.Json(201, new JsonObject { ["kind"] = FaultKinds.Name(kind), ["applied"] = true });
        }

        var fault = pipeline.Faults.Add(kind, asked, kind == FaultKind.StaleReads ? pipeline.Vendor.Snapshot() : null);
        return fault is null
            ? Answer.Problem(409, $"{FaultBoard.FaultsMax} faults are set already; DELETE them first.")
            : Answer.Json(201, fault.ToJson());
    }

    private Answer JournalOf(Ask ask, IVendor vendor)
    {
        if (ask.Method != "GET")
            return WrongMethod(ask, "GET");
        lock (state.Gate)
            return Answer.Json(200, vendor.Journal.ToJson());
    }

    private static Answer TrafficOf(Ask ask, VendorPipeline pipeline)
    {
        if (ask.Method == "GET")
            return Answer.Json(200, pipeline.Traffic.ToJson());
        if (ask.Method != "POST")
            return WrongMethod(ask, "GET, POST");
        var body = WireJson.ObjectFrom(ask.Body);
        if (body is not { Count: 1 } || body["strangers"] is not JsonValue strangers || !strangers.TryGetValue(out int calls) || calls is < 1 or > StrangersMax)
            return Answer.Problem(400, $"Send {{\"strangers\":n}} with n from 1 to {StrangersMax}.");
        return pipeline.Vendor.CallAsStranger(calls) ? Answer.Json(200, new JsonObject { ["strangers"] = calls }) : Answer.Problem(400, "This vendor counts no calls.");
    }

    private static Answer AllowanceOf(Ask ask, IVendor vendor) => ask.Method == "GET"
        ? Answer.Json(200, new JsonObject(vendor.Allowances.Select(allowance => KeyValuePair.Create(allowance.Key, (JsonNode?)allowance.Value.ToJson()))))
        : WrongMethod(ask, "GET");

    private async Task<Answer> Held(Ask ask, CancellationToken cancellation)
    {
        if (ask.Method != "GET")
            return WrongMethod(ask, "GET");
        if (!int.TryParse(ask.Query["count"], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > HeldMax)
            return Answer.Problem(400, $"Say how many held requests to wait for: ?count=0..{HeldMax}.");
        return await room.Reached(count, HeldWait, cancellation)
            ? Answer.Json(200, new JsonObject { ["held"] = count })
            : Answer.Problem(504, $"{count} requests were not held within {HeldWait.TotalSeconds} seconds.");
    }

    private static Answer WrongMethod(Ask ask, string allowed) =>
        Answer.Problem(405, $"{ask.Path} answers {allowed}.").With("Allow", allowed);
}
