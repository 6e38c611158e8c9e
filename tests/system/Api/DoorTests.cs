using System.Net.Http.Headers;
using System.Text;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Conventions;

namespace UsageBilling.Tests.System.Api;

public sealed class DoorTests(HubFixture hub) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task Health_and_the_index_need_no_key()
    {
        Assert.Equal("""200 {"status":"live"}""", (await hub.Nobody.Get("/health/live")).Stable);
        Assert.Equal("""200 {"status":"ready"}""", (await hub.Nobody.Get("/health/ready")).Stable);
        Assert.Equal("UsageBilling", (string?)(await hub.Nobody.Get("/")).Json["name"]);
    }

    [Fact]
    public async Task The_openapi_document_has_every_route_and_no_type_names_of_ours()
    {
        var answer = await hub.Nobody.Get("/openapi/v1.json");

        Assert.Equal(200, answer.Status);
        var paths = answer.Json["paths"]!.AsObject().Select(path => path.Key).ToList();
        Assert.Contains("/v1/lines/{id}/refresh", paths);
        Assert.Contains("/v1/nights/{night}/result", paths);
        Assert.Contains("/v1/integrations/{id}/reveal", paths);
        Assert.Contains("/v1/integrations/{id}/organizations/{organization}/settings", paths);
        Assert.Equal(
            ["limit", "cursor", "account", "status", "from", "to", "integration"],
            answer.Json["paths"]!["/v1/tickets"]!["get"]!["parameters"]!.AsArray().Select(parameter => (string)parameter!["name"]!));
        Assert.DoesNotContain("UsageBilling.Api", answer.Text, StringComparison.Ordinal);
        var problem = answer.Json["components"]!["schemas"]!["ProblemResource"]!["properties"]!.AsObject().Select(property => property.Key);
        Assert.Equal(["type", "title", "status", "detail", "code", "traceId", "errors", "difference"], problem);
    }

    [Fact]
    public async Task A_request_without_a_key_and_one_with_a_wrong_key_are_told_apart()
    {
        var revoked = await hub.Key(hub.Msp, ApiScope.Viewer);
        await hub.Sql("update api_key set revoked_at = now() where id = $1", revoked.Split('_')[1]);

        Assert.Equal("401 key_missing", (await hub.Nobody.Get("/v1/lines")).Problem);
        foreach (var wrong in (string[])["nonsense", "ub_0123_4567", revoked, revoked[..^1] + "!", "ub_" + new string('a', 5000)])
        {
            using var door = new Door(hub.BaseUrl, wrong);
            Assert.Equal("401 key_invalid", (await door.Get("/v1/lines")).Problem);
        }
    }

    [Fact]
    public async Task Scopes_include_the_lower_ones_and_nothing_more()
    {
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Post("/v1/organizations", new { name = "x" })).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Post("/v1/nights")).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Operator.Get("/v1/audit")).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Operator.Post("/v1/integrations", new { })).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Operator.Post("/v1/parked/release")).Problem);
        Assert.Equal(200, (await hub.Superuser.Get("/v1/lines")).Status);
        Assert.Equal(201, (await hub.Superuser.Post("/v1/organizations", new { name = hub.Name("scoped") })).Status);
    }

    [Fact]
    public async Task Addresses_and_verbs_that_are_not_there_are_problems_too()
    {
        Assert.Equal("404 route_unknown", (await hub.Viewer.Get("/v1/nothing")).Problem);
        Assert.Equal("404 route_unknown", (await hub.Viewer.Get("/v1/lines/abc")).Problem);
        Assert.Equal("405 method_not_allowed", (await hub.Viewer.Send(HttpMethod.Delete, "/v1/lines/1", null)).Problem);
        Assert.Equal("400 parameter_invalid held", (await hub.Viewer.Get("/v1/lines?held=perhaps")).Problem);
        Assert.Equal("400 parameter_invalid night", (await hub.Viewer.Get("/v1/nights/yesterday")).Problem);
        Assert.Equal("400 validation_failed basis", (await hub.Viewer.Get("/v1/lines?basis=guessed")).Problem);
        Assert.Equal("400 parameter_invalid", (await hub.Viewer.Get("/v1/accounts?q=%00")).Problem);
    }

    [Theory]
    [InlineData("""{"name":"a","colour":"red"}""", "400 field_unknown colour")]
    [InlineData("""{"name":12}""", "400 validation_failed name")]
    [InlineData("""{"name":null}""", "400 validation_failed name")]
    [InlineData("""{"remote_id":"7"}""", "400 validation_failed name")]
    [InlineData("""{"name":""}""", "400 validation_failed name")]
    [InlineData("""{"name":"a\u0000b"}""", "400 validation_failed name")]
    [InlineData("""{"name":"a","name":"b"}""", "400 validation_failed name")]
    [InlineData("""{"Name":"a"}""", "400 field_unknown Name")]
    [InlineData("""{"name":"a",}""", "400 json_invalid")]
    [InlineData("""{"name":""", "400 json_invalid")]
    [InlineData("""["a"]""", "400 json_invalid")]
    [InlineData("null", "400 body_missing")]
    [InlineData("", "400 body_missing")]
    public async Task A_body_that_is_not_as_it_should_be_is_refused_by_field(string body, string problem)
    {
        var answer = await hub.Operator.PostText("/v1/organizations", body);

        Assert.Equal(problem, answer.Problem);
        Assert.DoesNotContain("UsageBilling.", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_more_than_a_mebibyte_or_of_another_type_is_refused()
    {
        Assert.Equal("413 body_too_large", (await hub.Operator.PostText("/v1/organizations", $$"""{"name":"{{new string('a', 1024 * 1024)}}"}""")).Problem);
        using var form = new StringContent("name=a", Encoding.UTF8, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        Assert.Equal("415 media_type_unsupported", (await hub.Operator.Send(HttpMethod.Post, "/v1/organizations", form)).Problem);
    }

    [Fact]
    public void Every_refusal_of_a_grain_has_a_status() =>
        Assert.Equal(RefusalCode.All.Order(StringComparer.Ordinal), RefusalStatus.Codes.Order(StringComparer.Ordinal));

    [Fact]
    public void Problem_codes_are_listed_once_and_never_those_of_a_refusal()
    {
        var declared = typeof(ProblemCode).GetFields().Where(field => field.FieldType == typeof(ProblemKind)).Select(field => (ProblemKind)field.GetValue(null)!);

        Assert.Equal(declared.Select(kind => kind.Code).Order(StringComparer.Ordinal), ProblemCode.All.Select(kind => kind.Code).Order(StringComparer.Ordinal));
        Assert.Equal(ProblemCode.All.Count, ProblemCode.All.Select(kind => kind.Code).Except(RefusalCode.All).Count());
        Assert.Equal(
            ProblemCode.All.Select(kind => $"| `{kind.Code}` | {kind.Status} | {kind.Sentence} |").Order(StringComparer.Ordinal),
            Tree.Text("docs/API.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_catalogue_is_told_in_snake_case()
    {
        var products = (await hub.Viewer.Get("/v1/products")).Json["items"]!.AsArray();

        Assert.Equal(Interfaces.Products.Catalogue.Products.Select(product => product.Id), products.Select(product => (string?)product!["id"]));
        Assert.Equal("""{"id":"standard_licences","name":"Standard licences in use","kind":"count"}""", products.Single(product => (string?)product!["id"] == "spanning-gws")!["metrics"]![0]!.ToJsonString());
    }
}
