using System.Text;

namespace UsageBilling.Tests.System.Webhooks;

/// <summary>What people do with webhooks.</summary>
public sealed class WebhookTests(WebhookDesk desk) : IClassFixture<WebhookDesk>
{
    [Fact]
    public async Task A_rotated_secret_signs_beside_the_new_one_for_as_long_as_is_asked()
    {
        await using var receiver = await Receiver.Start();
        await using var couriers = desk.Couriers();
        var hook = await desk.Make(receiver.Url);

        var rotated = await desk.Door.Post($"{hook.Path}/rotate", new { overlap_minutes = 60 });
        await hook.Test();
        await couriers.Round();

        var secret = (string)rotated.Json["secret"]!;
        Assert.Equal("no-store", rotated.CacheControl);
        Assert.NotEqual(hook.Secret, secret);
        Assert.NotNull(rotated.Json["webhook"]!["old_secret_until"]);
        Assert.Equal((2, 1, 1), (receiver.All[0].Signature.Split(' ').Length, receiver.All[0].SignedBy(hook.Secret), receiver.All[0].SignedBy(secret)));

        await desk.Hub.Sql("update webhook set old_secret_until = now() - interval '1 second' where id = $1", hook.Id);
        await hook.Test();
        await couriers.Round();
        Assert.Equal((1, 0, 1), (receiver.All[1].Signature.Split(' ').Length, receiver.All[1].SignedBy(hook.Secret), receiver.All[1].SignedBy(secret)));

        var atOnce = await desk.Door.Post($"{hook.Path}/rotate", new { overlap_minutes = 0 });
        await hook.Test();
        await couriers.Round();
        Assert.Null(atOnce.Json["webhook"]!["old_secret_until"]);
        Assert.Equal((1, 1), (receiver.All[2].Signature.Split(' ').Length, receiver.All[2].SignedBy((string)atOnce.Json["secret"]!)));
    }

    [Fact]
    public async Task What_was_delivered_is_sent_again_under_the_same_id()
    {
        await using var receiver = await Receiver.Start();
        await using var couriers = desk.Couriers();
        var hook = await desk.Make(receiver.Url);
        var written = await hook.Test();
        await couriers.Round();

        var again = await desk.Operator.Post($"{hook.Path}/deliveries/{written["id"]}/resend");
        Assert.Equal("202 pending 0", $"{again.Status} {again.Json["state"]} {again.Json["attempts"]}");
        await couriers.Round();

        Assert.Equal(2, receiver.All.Count);
        Assert.Single(receiver.All.Select(call => (call.Id, Encoding.UTF8.GetString(call.Body))).Distinct());
        Assert.Equal("webhook.test | delivered | 1 | 204 | -", await hook.Log());
        Assert.Equal("404 not_found", (await desk.Operator.Post($"{hook.Path}/deliveries/{(long)written["id"]! + 1_000_000}/resend")).Problem);
    }

    [Fact]
    public async Task A_webhook_that_was_removed_gets_nothing_more_and_is_not_there()
    {
        await using var receiver = await Receiver.Start();
        await using var couriers = desk.Couriers();
        var hook = await desk.Make(receiver.Url);
        await hook.Test();

        Assert.Equal(204, (await desk.Door.Send(HttpMethod.Delete, hook.Path, null)).Status);
        await couriers.Round();

        Assert.Empty(receiver.All);
        foreach (var path in new[] { hook.Path, $"{hook.Path}/deliveries" }) Assert.Equal("404 not_found", (await desk.Door.Get(path)).Problem);
        Assert.Equal("404 not_found", (await desk.Door.Post($"{hook.Path}/test")).Problem);
        Assert.Equal("404 not_found", (await desk.Door.Post($"{hook.Path}/rotate")).Problem);
        Assert.Equal(1, await desk.Hub.Sql("select count(*) from webhook where id = $1 and secret_protected = ''", hook.Id));
    }

    [Fact]
    public async Task A_webhook_that_is_disabled_is_told_what_waited_when_it_is_enabled_again()
    {
        await using var receiver = await Receiver.Start();
        await using var couriers = desk.Couriers();
        var hook = await desk.Make(receiver.Url);
        await hook.Test();
        var entry = new { name = desk.Hub.Name("off and on"), url = receiver.Url, events = new[] { "plan.ready" }, enabled = false };
        Assert.Equal("disabled", (string?)(await desk.Door.Put(hook.Path, entry)).Json["state"]);
        await couriers.Round();
        Assert.Empty(receiver.All);
        Assert.Equal("409 webhook_disabled", (await desk.Door.Post($"{hook.Path}/test")).Problem);

        await desk.Door.Put(hook.Path, new { entry.name, entry.url, entry.events });
        await couriers.Round();

        Assert.Equal("webhook.test | delivered | 1 | 204 | -", await hook.Log());
    }

    [Fact]
    public async Task Msps_have_webhooks_of_their_own()
    {
        await using var receiver = await Receiver.Start();
        await using var couriers = desk.Couriers();
        var hook = await desk.Make(desk.Stranger, receiver.Url);
        var written = await hook.Test();

        Assert.Equal("404 not_found", (await desk.Door.Get(hook.Path)).Problem);
        Assert.Equal("404 not_found", (await desk.Door.Get($"{hook.Path}/deliveries")).Problem);
        Assert.Equal("404 not_found", (await desk.Door.Post($"{hook.Path}/deliveries/{written["id"]}/resend")).Problem);
        Assert.Equal("404 not_found", (await desk.Door.Put(hook.Path, new { name = "Mine", url = receiver.Url, events = new[] { "plan.ready" } })).Problem);
        Assert.DoesNotContain((await desk.Door.Get("/v1/webhooks?limit=200")).Json["items"]!.AsArray(), one => (long)one!["id"]! == hook.Id);
        await couriers.Round();
        Assert.Equal(1, Assert.Single(receiver.All).SignedBy(hook.Secret));
    }

    [Theory]
    [InlineData("http://hooks.customer.example/", false)]
    [InlineData("https://user:pass@hooks.customer.example/", false)]
    [InlineData("https://hooks.customer.example/#here", false)]
    [InlineData("https://8.8.8.8/", false)]
    [InlineData("https://[2001:4860:4860::8888]/", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("https://localhost/", false)]
    [InlineData("https://intranet/", false)]
    [InlineData("ftp://hooks.customer.example/", false)]
    [InlineData("hooks.customer.example", false)]
    [InlineData("", false)]
    [InlineData("https://hooks.customer.example:8443/usage?key=1", true)]
    public async Task An_address_is_https_on_the_public_internet(string url, bool allowed)
    {
        var answer = await desk.Hub.Superuser.Post("/v1/webhooks", new { name = desk.Hub.Name("address"), url, events = new[] { "plan.ready" } });

        if (allowed) Assert.Equal(201, answer.Status);
        else Assert.Equal("400 validation_failed url", answer.Problem);
    }

    [Fact]
    public async Task What_is_not_as_it_should_be_is_refused_by_name()
    {
        const string Url = "https://hooks.customer.example/";
        Assert.Equal("400 validation_failed name events", (await desk.Door.Post("/v1/webhooks", new { name = "", url = Url, events = Array.Empty<string>() })).Problem);
        Assert.Equal("400 validation_failed events", (await desk.Door.Post("/v1/webhooks", new { name = "A", url = Url, events = new[] { "plan.ready", "plan.ready" } })).Problem);
        Assert.Equal("400 validation_failed events", (await desk.Door.Post("/v1/webhooks", new { name = "A", url = Url, events = new[] { "plan.made" } })).Problem);
        Assert.Equal("400 validation_failed url", (await desk.Door.Post("/v1/webhooks", new { name = "A", url = Url + new string('a', 2_000), events = new[] { "plan.ready" } })).Problem);
        var hook = await desk.Make(Url);
        Assert.Equal("400 validation_failed overlap_minutes", (await desk.Door.Post($"{hook.Path}/rotate", new { overlap_minutes = 10_081 })).Problem);
        Assert.Equal("400 validation_failed state", (await desk.Door.Get($"{hook.Path}/deliveries?state=lost")).Problem);
        Assert.Equal("403 scope_insufficient", (await desk.Operator.Post("/v1/webhooks", new { name = "A", url = Url, events = new[] { "plan.ready" } })).Problem);
        Assert.Equal("403 scope_insufficient", (await desk.Operator.Post($"{hook.Path}/rotate")).Problem);
    }

    [Fact]
    public async Task Names_are_unique_and_there_are_twenty_at_most()
    {
        var entry = (string name) => new { name, url = "https://hooks.customer.example/", events = new[] { "plan.ready" } };
        var answers = new List<Api.Answer>();
        for (var one = 0; one <= 20; one++) answers.Add(await desk.Stranger.Post("/v1/webhooks", entry($"Webhook {one}")));

        Assert.Equal("409 webhooks_too_many", answers[^1].Problem);
        var first = (long)answers[0].Json["webhook"]!["id"]!;
        await desk.Stranger.Send(HttpMethod.Delete, $"/v1/webhooks/{first}", null);
        Assert.Equal("409 name_taken", (await desk.Stranger.Post("/v1/webhooks", entry("Webhook 1"))).Problem);
        Assert.Equal("409 name_taken", (await desk.Stranger.Put($"/v1/webhooks/{first + 1}", entry("Webhook 2"))).Problem);
        Assert.Equal(201, (await desk.Stranger.Post("/v1/webhooks", entry("Webhook 0"))).Status);
        for (var one = 1; one < 20; one++) await desk.Stranger.Send(HttpMethod.Delete, $"/v1/webhooks/{(long)answers[one].Json["webhook"]!["id"]!}", null);
    }
}
