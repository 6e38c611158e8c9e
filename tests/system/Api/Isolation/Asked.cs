using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace UsageBilling.Tests.System.Api.Isolation;

/// <summary>One thing that the api can be asked, as its own OpenAPI document says it.</summary>
/// <param name="Name">Method and template, for example <c>GET /v1/lines/{id}</c>.</param>
/// <param name="Path">The parameters of the template.</param>
/// <param name="Query">What a list is narrowed by.</param>
/// <param name="Body">The schema of the body; null when there is none.</param>
/// <param name="MediaType">Of the body: JSON wherever that is taken.</param>
/// <param name="TakesIfMatch">Whether it changes one resource, if that is what the caller saw.</param>
public sealed record Route(
    string Name, HttpMethod Method, string Template, IReadOnlyList<RouteParameter> Path, IReadOnlyList<RouteParameter> Query, JsonNode? Body, string MediaType, bool TakesIfMatch)
{
    private const string Json = "application/json";

    public bool Changes => Method != HttpMethod.Get;

    /// <summary>Everything below /v1.</summary>
    public static async Task<IReadOnlyList<Route>> All(Door door)
    {
        ArgumentNullException.ThrowIfNull(door);
        var document = (await door.Get("/openapi/v1.json")).Json;
        return
        [
            .. from path in document["paths"]!.AsObject()
               where path.Key.StartsWith("/v1/", StringComparison.Ordinal)
               from way in path.Value!.AsObject()
               where way.Key is "get" or "post" or "put" or "delete" or "patch"
               select Of(document, path.Key, way.Key, way.Value!),
        ];
    }

    private static Route Of(JsonNode document, string template, string method, JsonNode way)
    {
        var content = way["requestBody"]?["content"];
        var taken = content?[Json] ?? content?.AsObject().First().Value;
        var parameters = (way["parameters"]?.AsArray() ?? []).Select(parameter => RouteParameter.Of(parameter!)).ToList();
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{method.ToUpperInvariant()} {template}"), new(method.ToUpperInvariant()), template,
            [.. parameters.Where(parameter => parameter.In == "path")], [.. parameters.Where(parameter => parameter.In == "query")],
            taken?["schema"] is { } schema ? Whole(document, schema, 0) : null,
            content is null || content[Json] is not null ? Json : content.AsObject().First().Key,
            parameters.Exists(parameter => parameter is { In: "header", Name: "If-Match" }));
    }

    /// <summary>The schema without references.</summary>
    private static JsonNode Whole(JsonNode document, JsonNode schema, int depth)
    {
        if (depth > 6) return new JsonObject();
        if (schema["oneOf"] is JsonArray either) return Whole(document, either.First(one => (string?)one!["type"] != "null")!, depth + 1);
        if ((string?)schema["$ref"] is { } reference) return Whole(document, document["components"]!["schemas"]![reference.Split('/')[^1]]!, depth + 1);
        var whole = (JsonObject)schema.DeepClone();
        if (whole["properties"] is JsonObject properties)
            foreach (var (name, value) in properties.ToList()) properties[name] = Whole(document, value!, depth + 1);
        if (whole["items"] is { } items) whole["items"] = Whole(document, items, depth + 1);
        return whole;
    }
}

/// <summary>A parameter of a route.</summary>
/// <param name="In"><c>path</c> or <c>query</c>.</param>
public sealed record RouteParameter(string Name, string In, bool Required, JsonNode Schema)
{
    public bool IsId => (string?)Schema["format"] == "int64";

    public static RouteParameter Of(JsonNode parameter) =>
        new((string)parameter["name"]!, (string)parameter["in"]!, (bool?)parameter["required"] ?? false, parameter["schema"]!);
}

/// <summary>Makes requests of a route in the name of an msp, whoever sends them.</summary>
/// <param name="Night">A night that both msps know.</param>
/// <param name="KeyOf">The public id of a key of each.</param>
public sealed record Asked(DateOnly Night, Func<MspNumbers, string> KeyOf)
{
    /// <summary>In bodies stands for what whoever makes it would call things, so that an answer does not merely repeat what was asked.</summary>
    private const string Neutral = "Walnut";

    /// <summary>Bodies that say something sensible, where a schema alone does not lead to one. MSP is the number of the msp that is named, THIRD that of its line by hand, OWN that of the one whose keys are used.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["PUT /v1/msp"] = """{"name":"Walnut and sons","zone":"UTC","night_at":"00:00","hold_units":"6","hold_percent":"30","product_drop_percent":"10","missed_nights_max":3,"apply_percent":null,"apply_amount":null,"four_eyes":false}""",
        ["PUT /v1/msp/proration"] = """{"settings":{"day_count":"fixed30"}}""",
        ["POST /v1/integrations"] = """{"kind":"uniview","name":"Walnut","user":"u","secret":"s","base_url":"https://walnut.spanning.com/"}""",
        ["PUT /v1/integrations/{id}"] = """{"name":"Walnut"}""",
        ["PUT /v1/integrations/{id}/settings"] = """{"settings":{"account":"MSP"}}""",
        ["PUT /v1/integrations/{id}/organizations/{organization}/settings"] = """{"settings":{"account":"MSP"}}""",
        ["POST /v1/integrations/{id}/settings/reset"] = """{"hash":"0000000000000000000000000000000000000000000000000000000000000000"}""",
        ["PUT /v1/integrations/{id}/unit-timing"] = """{"timing":"next_month"}""",
        ["POST /v1/nights"] = """{"night":"NIGHT"}""",
        ["PUT /v1/lines/{id}/basis"] = """{"kind":"metrics","metrics":[{"product":"spanning-m365","metric":"standard_licences"}]}""",
        ["PUT /v1/lines/{id}/units"] = """{"units":"9","effective_on":"NIGHT"}""",
        ["PUT /v1/lines/{id}/price"] = """{"unit_price":"5","from":"NIGHT"}""",
        ["PUT /v1/lines/{id}/terms"] = """{"minimum_units":"2"}""",
        ["POST /v1/holds/{id}/release"] = """{"units":"8"}""",
        ["PUT /v1/contracts/{id}/notices"] = """{"enabled":true,"addresses":["walnut@customer.test"]}""",
        ["POST /v1/plans"] = """{"through":"NIGHT","account":MSP}""",
        ["POST /v1/plans/{id}/apply"] = """{"hash":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""",
        ["POST /v1/invoices"] = """{"account":MSP}""",
        ["POST /v1/jobs"] = """{"name":"Walnut","contract":MSP,"action":"post","schedule":{"kind":"monthly","day":"last","at":"18:00"}}""",
        ["PUT /v1/jobs/{id}"] = """{"name":"Walnut","contract":MSP,"action":"post","schedule":{"kind":"monthly","day":"last","at":"18:00"}}""",
        ["POST /v1/alerts"] = """{"identity":"walnut","state":"raised","severity":"high","title":"Walnut","organization_id":MSP}""",
        ["POST /v1/parked/release"] = """{"grain":"service_line","grain_id":MSP}""",
        ["POST /v1/keys"] = """{"name":"Walnut","scope":"viewer"}""",
        ["POST /v1/keys/{id}/rotate"] = """{"overlap_minutes":5}""",
        ["POST /v1/webhooks"] = """{"name":"Walnut","url":"https://walnut.example/hooks","events":["units.changed"]}""",
        ["PUT /v1/webhooks/{id}"] = """{"name":"Walnut","url":"https://walnut.example/hooks","events":["units.changed"],"enabled":true}""",
        ["POST /v1/webhooks/{id}/rotate"] = """{"overlap_minutes":5}""",
        ["POST /v1/feeds"] = """{"name":"Walnut feed","product":"graphus"}""",
        ["PUT /v1/feeds/{id}/metrics"] = """{"metrics":[{"key":"active_licences"}]}""",
        ["POST /v1/feeds/{id}/snapshots"] = """{"counts":[{"external_id":"Walnut","account_name":"Walnut","metric":"active_licences","quantity":5}]}""",
        ["POST /v1/contracts/{id}/lines"] = """{"service":"MSP","units":"5","from":"NIGHT","price":"3","cost":"2"}""",
        ["POST /v1/lines/{id}/end"] = """{"on":"NIGHT","start":{"basis":{"kind":"manual"}}}""",
        ["POST /v1/mappings/bulk"] = """{"items":[{"tenant_id":MSP,"organization_id":MSP},{"organization_id":MSP,"account_id":MSP},{"tenant_id":OWN,"organization_id":MSP},{"organization_id":OWN,"account_id":MSP}]}""",
        ["POST /v1/mappings/import"] = "tenant_id,organization_id,account_id\nMSP,MSP,\n,MSP,MSP\nOWN,MSP,\n,OWN,MSP\n",
        ["POST /v1/lines/import"] = "line_id,units\nTHIRD,9\n",
        ["POST /v1/proration/preview"] = """{"currency":"JPY","periods":[{"from":"2026-06-01","to":"2026-07-01"}],"unit_price":31,"initial_units":"2"}""",
    };

    /// <summary>What a list needs to be told, and what else it may be narrowed by besides ids.</summary>
    private static readonly Dictionary<string, string[]> Words = new() { ["of"] = ["tenants", "organizations"] };

    /// <summary>Whether the body of a route names things by their ids.</summary>
    public bool BodyNames(Route route) => route.Body is not null && Body(route, TwoMsps.Other)!.Contains(Text(TwoMsps.Other.Id), StringComparison.Ordinal);

    /// <summary>Every way of naming things of the msps in the address, each id by itself.</summary>
    /// <param name="whose">Whose ids take the places; one for each parameter that is an id.</param>
    public IEnumerable<string> Paths(Route route, params MspNumbers[] whose)
    {
        var (addresses, place) = (new List<string> { route.Template }, 0);
        foreach (var parameter in route.Path)
        {
            var values = parameter.IsId ? Ids(whose[Math.Min(place++, whose.Length - 1)]) : [Plain(parameter, whose[0])];
            addresses = [.. addresses.SelectMany(address => values.Select(value => address.Replace($"{{{parameter.Name}}}", value, StringComparison.Ordinal)))];
        }

        return addresses.Select(address => address + Needed(route));
    }

    /// <summary>Every filter and cursor of a list that leads to what the msp has.</summary>
    public IEnumerable<string> Queries(Route route, MspNumbers whose)
    {
        foreach (var parameter in route.Query)
        {
            string[] values = parameter switch
            {
                { IsId: true } => Ids(whose),
                { Name: "cursor" } => [.. new[] { whose.Id - 1, whose.Id + 1 }.Select(id => Cursor(id))],
                { Name: "q" } => [whose.Word],
                _ when Words.TryGetValue(parameter.Name, out var known) => known,
                _ => [],
            };
            foreach (var value in values) yield return $"{parameter.Name}={value}";
        }
    }

    /// <summary>A body that names what the msp has; null for none.</summary>
    public string? Body(Route route, MspNumbers whose)
    {
        if (route.Body is null) return null;
        var body = Bodies.TryGetValue(route.Name, out var written) ? written : Sample(route.Body, whose)?.ToJsonString() ?? "{}";
        return body.Replace("THIRD", Text(whose.Id + 2), StringComparison.Ordinal).Replace("MSP", Text(whose.Id), StringComparison.Ordinal).Replace("OWN", Text(TwoMsps.Own.Id), StringComparison.Ordinal).Replace("NIGHT", Iso(Night), StringComparison.Ordinal);
    }

    public static string[] Ids(MspNumbers whose) => [Text(whose.Id), Text(whose.Id + 1), Text(whose.Id + 2)];

    private static string Needed(Route route) =>
        string.Concat(route.Query.Where(parameter => parameter.Required && Words.ContainsKey(parameter.Name)).Select((parameter, place) => $"{(place == 0 ? '?' : '&')}{parameter.Name}={Words[parameter.Name][0]}"));

    private string Plain(RouteParameter parameter, MspNumbers whose) => parameter switch
    {
        { Name: "entry" } => "2.1",
        { Name: "id" } => KeyOf(whose),
        _ when (string?)parameter.Schema["format"] == "int32" => "1",
        _ => Iso(Night),
    };

    private JsonNode? Sample(JsonNode schema, MspNumbers whose)
    {
        var type = schema["type"] is JsonArray several ? (string?)several.First(one => (string?)one != "null") : (string?)schema["type"];
        return type switch
        {
            "object" => new JsonObject((schema["properties"]?.AsObject() ?? []).Select(property => KeyValuePair.Create(property.Key, Sample(property.Value!, whose)))),
            "array" => new JsonArray(Sample(schema["items"] ?? new JsonObject(), whose)),
            "boolean" => true,
            "integer" or "number" => (string?)schema["format"] == "int64" ? whose.Id : 1,
            _ => (string?)schema["format"] switch { "date" => Iso(Night), "int64" => whose.Id, _ => Neutral },
        };
    }

    private static string Cursor(long id) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Text(id)}.0.0")).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
