using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Keys;

namespace UsageBilling.Tests.System.Api;

/// <summary>Keys are made, shown once, rotated and revoked by superusers of their msp.</summary>
public sealed class KeyTests(HubFixture hub) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task A_key_is_shown_once_works_at_once_and_is_listed_without_its_secret()
    {
        var (msp, superuser) = await NewMsp();

        var made = await superuser.Post("/v1/keys", new { name = " portal ", scope = "operator", expires_at = "2030-01-02T03:04:05Z" });

        var key = (string)made.Json["key"]!;
        var id = key.Split('_')[1];
        Assert.Equal($"201 /v1/keys/{id}", $"{made.Status} {made.Location}");
        using var portal = new Door(hub.BaseUrl, key);
        Assert.Equal(200, (await portal.Get("/v1/msp")).Status);
        Assert.Equal("403 scope_insufficient", (await portal.Get("/v1/keys")).Problem);
        var listed = await superuser.Get("/v1/keys");
        Assert.Equal(
            $"""
            Superuser key superuser live by nobody expires never used True revoked never
            portal operator live by Superuser key expires 2030-01-02T03:04:05+00:00 used True revoked never
            """,
            string.Join("\n", listed.Json["items"]!.AsArray().Select(Row)));
        Assert.DoesNotContain(key.Split('_')[2], listed.Text, StringComparison.Ordinal);
        Assert.Equal($"key.created hub:  -> {id}: portal, operator, until 2030-01-02T03:04:05Z", await Audited(superuser));
        Assert.DoesNotContain(key.Split('_')[2], (await superuser.Get("/v1/audit")).Text, StringComparison.Ordinal);
        Assert.Equal(1, await hub.Sql("select count(*) from api_key where msp_id = $1 and length(secret_sha256) = 32 and name = 'portal'", msp.Value));
    }

    [Fact]
    public async Task A_rotated_key_ends_at_once_or_after_the_overlap_and_the_new_one_may_do_the_same()
    {
        var (_, superuser) = await NewMsp();
        var first = (string)(await superuser.Post("/v1/keys", new { name = "portal", scope = "viewer" })).Json["key"]!;

        var second = await superuser.Post($"/v1/keys/{IdOf(first)}/rotate", new { overlap_minutes = 10_080 });
        var third = await superuser.Post($"/v1/keys/{(string)second.Json["made"]!["id"]!}/rotate");

        Assert.Equal("200 | 401 key_invalid | 200", string.Join(" | ", await Knock(first), await Knock((string)second.Json["key"]!), await Knock((string)third.Json["key"]!)));
        Assert.Equal("portal viewer live", string.Join(' ', ((string[])["name", "scope", "state"]).Select(field => (string)third.Json["made"]![field]!)));
        Assert.Equal($"key.rotated hub: {(string)second.Json["made"]!["id"]!} -> {(string)third.Json["made"]!["id"]!}: portal, viewer, for ever", await Audited(superuser));
        Assert.Equal("409 key_ended", (await superuser.Post($"/v1/keys/{(string)second.Json["made"]!["id"]!}/rotate")).Problem);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_from_then_on_and_the_last_superuser_stays()
    {
        var (_, superuser) = await NewMsp();
        var own = (string)(await superuser.Get("/v1/keys")).Json["items"]!.AsArray().Single()!["id"]!;
        var other = (string)(await superuser.Post("/v1/keys", new { name = "second", scope = "superuser", expires_at = DateTimeOffset.UnixEpoch.AddYears(60) })).Json["key"]!;

        Assert.Equal("409 key_last_superuser", (await superuser.Send(HttpMethod.Delete, $"/v1/keys/{own}", null)).Problem);
        Assert.Equal(204, (await superuser.Send(HttpMethod.Delete, $"/v1/keys/{IdOf(other)}", null)).Status);

        Assert.Equal("401 key_invalid", await Knock(other));
        Assert.Equal("409 key_ended", (await superuser.Send(HttpMethod.Delete, $"/v1/keys/{IdOf(other)}", null)).Problem);
        Assert.Equal("revoked", (string?)(await superuser.Get($"/v1/keys/{IdOf(other)}")).Json["state"]);
    }

    [Fact]
    public async Task Keys_of_another_msp_do_not_exist_and_only_superusers_see_any()
    {
        var (_, superuser) = await NewMsp();
        var own = (string)(await superuser.Get("/v1/keys")).Json["items"]!.AsArray().Single()!["id"]!;

        foreach (var answer in (Answer[])[await hub.Stranger.Get($"/v1/keys/{own}"), await hub.Stranger.Send(HttpMethod.Delete, $"/v1/keys/{own}", null), await hub.Stranger.Post($"/v1/keys/{own}/rotate")])
            Assert.Equal("404 not_found", answer.Problem);
        Assert.DoesNotContain(own, (await hub.Stranger.Get("/v1/keys?limit=200")).Text, StringComparison.Ordinal);
        foreach (var door in (Door[])[hub.Viewer, hub.Operator])
            Assert.Equal("403 scope_insufficient | 403 scope_insufficient", $"{(await door.Get("/v1/keys")).Problem} | {(await door.Post("/v1/keys", new { name = "mine", scope = "viewer" })).Problem}");
        Assert.Equal(200, (await superuser.Get("/v1/msp")).Status);
    }

    [Fact]
    public async Task What_cannot_be_a_key_is_refused_and_nothing_is_made()
    {
        var (msp, superuser) = await NewMsp();

        Assert.Equal("400 validation_failed name", (await superuser.Post("/v1/keys", new { name = "", scope = "viewer" })).Problem);
        Assert.Equal("400 validation_failed scope", (await superuser.Post("/v1/keys", new { name = "x", scope = "Viewer" })).Problem);
        Assert.Equal("400 field_unknown msp", (await superuser.Post("/v1/keys", new { name = "x", scope = "viewer", msp = 2 })).Problem);
        Assert.Equal("422 key_expiry_out_of_range", (await superuser.Post("/v1/keys", new { name = "x", scope = "viewer", expires_at = "2020-01-01T00:00:00Z" })).Problem);
        Assert.Equal("422 key_expiry_out_of_range", (await superuser.Post("/v1/keys", new { name = "x", scope = "viewer", expires_at = "2999-01-01T00:00:00Z" })).Problem);
        Assert.Equal("404 not_found", (await superuser.Post("/v1/keys/nobody/rotate")).Problem);
        Assert.Equal("404 not_found", (await superuser.Send(HttpMethod.Delete, "/v1/keys/nobody", null)).Problem);
        Assert.Equal("400 validation_failed overlap_minutes", (await superuser.Post("/v1/keys/nobody/rotate", new { overlap_minutes = 10_081 })).Problem);

        Assert.Equal(1, await hub.Sql("select count(*) from api_key where msp_id = $1", msp.Value));
    }

    [Fact]
    public async Task An_expired_key_is_refused_and_counts_no_more_towards_the_limit()
    {
        var (msp, superuser) = await NewMsp();
        await hub.Sql(
            "insert into api_key (id, msp_id, name, secret_sha256, scope, expires_at) select 'bulk' || $1::bigint || '-' || n, $1, 'bulk', '', 'viewer', null from generate_series(1, $2) n returning 1",
            msp.Value, KeyStore.KeysMax - 2);
        var last = (string)(await superuser.Post("/v1/keys", new { name = "last", scope = "viewer", expires_at = "2030-01-01T00:00:00Z" })).Json["key"]!;

        Assert.Equal("409 keys_too_many", (await superuser.Post("/v1/keys", new { name = "more", scope = "viewer" })).Problem);
        await hub.Sql("update api_key set expires_at = now() where id = $1 returning 1", IdOf(last));

        Assert.Equal("401 key_invalid", await Knock(last));
        Assert.Equal(201, (await superuser.Post("/v1/keys", new { name = "more", scope = "viewer" })).Status);
        Assert.Equal("expired", (string?)(await superuser.Get($"/v1/keys/{IdOf(last)}")).Json["state"]);
    }

    private static string IdOf(string key) => key.Split('_')[1];

    private static string Row(global::System.Text.Json.Nodes.JsonNode? key) =>
        $"{key!["name"]} {key["scope"]} {key["state"]} by {(((string)key["created_by"]!).Split(" (")[0] is { Length: > 0 } by ? by : "nobody")}"
        + $" expires {key["expires_at"]?.ToString() ?? "never"} used {key["last_used_at"] is not null} revoked {key["revoked_at"]?.ToString() ?? "never"}";

    private static async Task<string> Audited(Door superuser)
    {
        var entry = (await superuser.Get("/v1/audit?limit=1")).Json["items"]!.AsArray().Single()!;
        return $"{entry["action"]} {entry["grain"]}: {entry["before"]} -> {entry["after"]}";
    }

    private async Task<string> Knock(string key)
    {
        using var door = new Door(hub.BaseUrl, key);
        var answer = await door.Get("/v1/msp");
        return answer.Status == 200 ? "200" : answer.Problem;
    }

    private async Task<(MspId Msp, Door Superuser)> NewMsp()
    {
        var msp = new MspId(await hub.Sql("insert into msp (name, zone, night_at) values ($1, 'UTC', '00:00') returning id", hub.Name("Keyed")));
        return (msp, new(hub.BaseUrl, await hub.Key(msp, ApiScope.Superuser)));
    }
}
