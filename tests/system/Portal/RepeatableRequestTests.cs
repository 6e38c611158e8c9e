using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Portal;

/// <summary><c>Idempotency-Key</c>: what is asked under one key is done once.</summary>
public sealed class RepeatableRequestTests(HubFixture hub) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task The_same_request_under_the_same_key_is_done_once_and_answered_twice_the_same()
    {
        var name = hub.Name("Twice");
        var first = await Post(hub.Operator, "/v1/organizations", Body(name), "make-one");
        var again = await Post(hub.Operator, "/v1/organizations", Body(name), "make-one");

        Assert.Equal((201, false), (first.Status, first.Replayed));
        Assert.Equal((201, true, first.Text, first.Location), (again.Status, again.Replayed, again.Text, again.Location));
        Assert.Equal(1, await hub.Sql("select count(*) from organization where name = $1", name));
    }

    [Fact]
    public async Task Something_else_under_the_same_key_is_refused_and_changes_nothing()
    {
        var (one, other) = (hub.Name("One"), hub.Name("Other"));
        await Post(hub.Operator, "/v1/organizations", Body(one), "choose-one");

        var refused = await Post(hub.Operator, "/v1/organizations", Body(other), "choose-one");

        Assert.Equal("422 idempotency_key_reused", refused.Problem);
        Assert.Equal(0, await hub.Sql("select count(*) from organization where name = $1", other));
    }

    [Fact]
    public async Task A_refusal_is_answered_again_too_and_so_is_a_body_that_cannot_be_read()
    {
        var name = hub.Name("Taken");
        await hub.Operator.Post("/v1/organizations", new { name });
        var refused = await Post(hub.Operator, "/v1/organizations", Body(name), "taken");
        var unread = await Post(hub.Operator, "/v1/organizations", "{", "unread");

        Assert.Equal("409 name_taken", refused.Problem);
        Assert.Equal(("409 name_taken", true), await Again("taken", Body(name)));
        Assert.Equal("400 json_invalid", unread.Problem);
        Assert.Equal(("400 json_invalid", true), await Again("unread", "{"));

        async Task<(string, bool)> Again(string key, string body) => await Post(hub.Operator, "/v1/organizations", body, key) is var again ? (again.Problem, again.Replayed) : default;
    }

    [Fact]
    public async Task Two_msps_may_choose_the_same_key_for_different_things()
    {
        var (mine, theirs) = (hub.Name("Mine"), hub.Name("Theirs"));
        Assert.Equal(201, (await Post(hub.Operator, "/v1/organizations", Body(mine), "same-key")).Status);
        var other = await Post(hub.Stranger, "/v1/organizations", Body(theirs), "same-key");

        Assert.Equal((201, false), (other.Status, other.Replayed));
        Assert.DoesNotContain(mine, other.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_was_cut_off_is_not_done_again()
    {
        var name = hub.Name("Cut off");
        await Post(hub.Operator, "/v1/organizations", Body(name), "cut-off");
        await hub.Sql("update repeatable_request set status = null, answer = null where key = 'cut-off' returning 1");

        Assert.Equal("409 request_unfinished", (await Post(hub.Operator, "/v1/organizations", Body(name), "cut-off")).Problem);
        Assert.Equal(1, await hub.Sql("select count(*) from organization where name = $1", name));
    }

    [Fact]
    public async Task A_key_is_free_again_after_a_day()
    {
        var name = hub.Name("Yesterday");
        await Post(hub.Operator, "/v1/organizations", Body(name), "yesterday");
        await hub.Sql("update repeatable_request set asked_at = asked_at - interval '25 hours' where key = 'yesterday' returning 1");

        Assert.Equal("409 name_taken", (await Post(hub.Operator, "/v1/organizations", Body(name), "yesterday")).Problem);
    }

    [Fact]
    public async Task An_answer_that_holds_a_secret_is_given_once_and_kept_nowhere()
    {
        var body = """{"name": "Portal", "scope": "viewer"}""";
        var made = await Post(hub.Superuser, "/v1/keys", body, "secret");
        var again = await Post(hub.Superuser, "/v1/keys", body, "secret");

        Assert.Equal(201, made.Status);
        Assert.Equal("409 answer_not_kept", again.Problem);
        Assert.Equal(1, await hub.Sql("select count(*) from repeatable_request where key = 'secret' and answer is null and status = 201"));
        Assert.Equal(1, await hub.Sql("select count(*) from api_key where name = 'Portal'"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    public async Task A_key_that_is_none_is_refused(string key) =>
        Assert.Equal("400 idempotency_key_invalid", (await Post(hub.Operator, "/v1/organizations", Body("x"), key)).Problem);

    private static string Body(string name) => new JsonObject { ["name"] = name }.ToJsonString();

    private static async Task<Answered> Post(Door door, string path, string body, string key)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        var answer = await door.Send(HttpMethod.Post, path, content, ("Idempotency-Key", key));
        return new(answer.Status, answer.Text, answer.Location, answer.Headers.ContainsKey("Idempotent-Replayed"), answer.Status < 400 ? "" : answer.Problem);
    }

    private sealed record Answered(int Status, string Text, string? Location, bool Replayed, string Problem);
}
