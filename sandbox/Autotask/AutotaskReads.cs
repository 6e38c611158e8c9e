using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;
using UsageBilling.Sandbox.Autotask.Queries;
using UsageBilling.Sandbox.Autotask.Routes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.Autotask;

/// <summary>Everything that changes nothing.</summary>
internal sealed class AutotaskReads(CallMeter meter)
{
    private const int DatabaseId = 910001;

    public Answer Answer(Ask ask, VendorRoute route, AutotaskState state, Fault? fault) => route.Kind switch
    {
        RouteKind.Version => Wire.Answer.Json(200, new JsonObject { ["apiVersions"] = new JsonArray("V1.0") }),
        RouteKind.Zone => Zone(ask),
        RouteKind.Threshold => Threshold(),
        RouteKind.EntityInformation => Metadata.Entity(route.Entity!, AutotaskUsers.IsBlind(ask.Headers["UserName"])),
        RouteKind.Fields => Metadata.Fields(route.Entity!, state.Picklists),
        RouteKind.UserDefinedFields => Metadata.UserDefinedFields(route.Entity!, state.UserDefinedFields),
        RouteKind.Item or RouteKind.ChildItem => Item(route, state),
        RouteKind.ChildCollection => Children(ask, route, state, fault),
        _ => Queried(ask, route, state, fault),
    };

    private static Answer Zone(Ask ask)
    {
        var user = ask.Query["user"];
        if (!AutotaskUsers.Knows(user))
            return AutotaskAnswers.Errors(500, "Zone information could not be determined");
        return Wire.Answer.Json(200, new JsonObject
        {
            ["zoneName"] = AutotaskUsers.IsStray(user) ? "Elsewhere" : "Sandbox",
            ["url"] = AutotaskUsers.IsStray(user) ? $"{ask.Origin}/autotask/{AutotaskVendor.OtherZone}/ATServicesRest/" : Base(ask),
            ["webUrl"] = ask.Origin + "/",
            ["ci"] = DatabaseId,
        });
    }

    private Answer Threshold() => Wire.Answer.Json(200, new JsonObject
    {
        ["externalRequestThreshold"] = meter.CallsMax,
        ["requestThresholdTimeframe"] = CallMeter.WindowMinutes,
        ["currentTimeframeRequestCount"] = meter.Used,
    });

    private static Answer Item(VendorRoute route, AutotaskState state)
    {
        var row = state.Of(route.Entity!).Find(route.Id);
        if (row is not null && route.ParentId is not null && Row.Long(row, route.Entity!.Child!.Field) != route.ParentId)
            row = null;
        return Wire.Answer.Json(200, new JsonObject { ["item"] = row is null ? null : Row.Shown(state, route.Entity!, row, null) });
    }

    private static Answer Children(Ask ask, VendorRoute route, AutotaskState state, Fault? fault)
    {
        var child = route.Entity!.Child!;
        var token = ask.Query.ContainsKey("paging") ? PageToken.Parse(ask.Query["paging"]!) : PageToken.First(QueryRequest.RecordsMax);
        if (token is null)
            return AutotaskAnswers.Errors(500, "The paging token is not valid.");
        var ofParent = new Condition.Comparison("eq", row => Row.Long(row, child.Field), [route.ParentId!.Value]);
        var list = $"{Base(ask)}V1.0/{child.Parent}/{route.ParentId}/{child.Segment}";
        return new Page(route.Entity, ofParent, null, token, other => $"{list}?paging={other.Escaped()}").Answer(state, fault);
    }

    private static Answer Queried(Ask ask, VendorRoute route, AutotaskState state, Fault? fault)
    {
        var entity = route.Entity!;
        var search = ask.Query["search"].ToString();
        var (request, errors) = QueryRequest.Read(entity, state.UserDefinedFields, WireJson.ObjectFrom(ask.Method == "GET" ? search : ask.Body));
        if (request is null)
            return AutotaskAnswers.Errors(500, errors);
        if (route.Kind == RouteKind.Count)
            return Wire.Answer.Json(200, new JsonObject { ["queryCount"] = state.Of(entity).Rows.Count(request.Filter.Holds) });
        var token = route.Kind == RouteKind.NextPage ? PageToken.Parse(ask.Query["paging"].ToString()) : PageToken.First(request.MaxRecords);
        if (token is null)
            return AutotaskAnswers.Errors(500, "The paging token is not valid.");
        var suffix = ask.Method == "GET" ? "&search=" + Uri.EscapeDataString(search) : "";
        var list = $"{Base(ask)}V1.0/{entity.Plural}/query/next";
        return new Page(entity, request.Filter, request.Include, token, other => $"{list}?paging={other.Escaped()}{suffix}").Answer(state, fault);
    }

    private static string Base(Ask ask) => ask.Origin + "/autotask/ATServicesRest/";
}
