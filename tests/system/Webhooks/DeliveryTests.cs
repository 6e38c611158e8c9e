using System.Text;
using UsageBilling.Silo.Webhooks;

namespace UsageBilling.Tests.System.Webhooks;

/// <summary>How an event gets to its receiver, whatever the receiver does.</summary>
public sealed class DeliveryTests(WebhookDesk desk) : IClassFixture<WebhookDesk>
{
    [Fact]
    public async Task A_receiver_verifies_what_it_is_told_by_the_rule_of_the_standard()
    {
        await using var receiver = await Receiver.Start();
        await using var couriers = desk.Couriers();
        var hook = await desk.Make(receiver.Url, "plan.ready");
        var written = await hook.Test();

        await couriers.Round();

        var told = Assert.Single(receiver.All);
        Assert.Equal("POST /hooks?of=northwind application/json", told.Request);
        Assert.Equal((string)written["message_id"]!, told.Id);
        Assert.Equal(1, told.SignedBy(hook.Secret));
        Assert.Equal("webhook.test", told.Type);
        Assert.Equal(hook.Id, (long)told.Content["webhook"]!["id"]!);
        var delivery = Assert.Single(await hook.Deliveries());
        Assert.Equal((string)delivery["body"]!, Encoding.UTF8.GetString(told.Body));
        Assert.InRange(told.At, DateTimeOffset.Parse((string)delivery["created_at"]!, null).AddSeconds(-1), DateTimeOffset.Parse((string)delivery["settled_at"]!, null));
        Assert.Equal("webhook.test | delivered | 1 | 204 | -", await hook.Log());
        Assert.Equal("delivered 204", await Last(hook));
        Assert.Equal(0, await desk.Hub.Sql("select count(*) from webhook where secret_protected like '%' || $1 || '%'", hook.Secret["whsec_".Length..]));
        Assert.DoesNotContain(hook.Secret, (await desk.Door.Get(hook.Path)).Text + (await desk.Door.Get("/v1/audit")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_is_tried_again_under_the_same_id_and_needs_a_person_after_the_last_attempt()
    {
        await using var receiver = await Receiver.Start();
        await using var couriers = desk.Couriers();
        var hook = await desk.Make(receiver.Url);
        await hook.Test();
        receiver.Status = 500;
        var waits = new WebhookTimes().Retries;

        foreach (var wait in waits)
        {
            await couriers.Round();
            var longer = (wait / 2).TotalSeconds;
            Assert.Equal(1, await desk.Hub.Sql(
                "select count(*) from webhook_delivery where webhook_id = $1 and state = 'failed' and due_at > now() + make_interval(secs => $2) and due_at <= now() + make_interval(secs => 2 * $2)", hook.Id, longer));
            await couriers.Round();
            await desk.DueNow(hook);
        }

        await couriers.Round();

        Assert.Equal([5, 300, 1800, 7200, 18000, 36000, 50400, 72000], waits.Select(wait => (int)wait.TotalSeconds));
        Assert.Equal("webhook.test | parked | 9 | 500 | receiver_refused", await hook.Log());
        Assert.Equal(9, receiver.All.Count);
        Assert.Single(receiver.All.Select(call => (call.Id, Encoding.UTF8.GetString(call.Body))).Distinct());
        Assert.All(receiver.All, call => Assert.Equal(1, call.SignedBy(hook.Secret)));
    }

    [Theory]
    [InlineData("3600", 3600)]
    [InlineData("1", 5)]
    [InlineData("Fri, 31 Dec 2100 23:59:59 GMT", 86400)]
    [InlineData("99999999999999999999", 5)]
    [InlineData("soon", 5)]
    public async Task A_receiver_that_asks_for_a_wait_is_left_alone_as_long_but_no_longer_than_a_day(string asked, int seconds)
    {
        await using var receiver = await Receiver.Start();
        await using var couriers = desk.Couriers(new WebhookTimes());
        var hook = await desk.Make(receiver.Url);
        (receiver.Status, receiver.Later) = (429, asked);
        await hook.Test();

        await couriers.Round();

        Assert.Equal("webhook.test | failed | 1 | 429 | receiver_refused", await hook.Log());
        Assert.Equal(1, await desk.Hub.Sql("""
            select count(*) from webhook w join webhook_delivery d on d.webhook_id = w.id
            where w.id = $1 and d.due_at = w.resting_until and d.due_at > now() + make_interval(secs => $2) and d.due_at <= now() + make_interval(secs => 2 * $2)
            """, hook.Id, seconds / 2d));
        // an msp has twenty at most
        Assert.Equal(204, (await desk.Door.Send(HttpMethod.Delete, hook.Path, null, ("If-Match", "*"))).Status);
    }

    [Fact]
    public async Task What_is_not_answered_in_time_is_tried_again()
    {
        await using var receiver = await Receiver.Start();
        await using var couriers = desk.Couriers(bounds: options => options with { ReceiverTimeLimit = TimeSpan.FromMilliseconds(200) });
        var hook = await desk.Make(receiver.Url);
        await hook.Test();
        receiver.Status = 0;
        await couriers.Round();
        Assert.Equal("webhook.test | failed | 1 | - | no_answer_in_time", await hook.Log());

        receiver.Status = 200;
        await desk.DueNow(hook);
        await couriers.Round();

        Assert.Equal("webhook.test | delivered | 2 | 200 | -", await hook.Log());
        Assert.Single(receiver.All.Select(call => call.Id).Distinct());
    }

    [Fact]
    public async Task A_receiver_that_is_slow_keeps_no_other_one_waiting()
    {
        await using var slow = await Receiver.Start();
        await using var quick = await Receiver.Start();
        await using var couriers = desk.Couriers();
        slow.Status = 0;
        var (waiting, other) = (await desk.Make(slow.Url), await desk.Make(quick.Url));
        for (var event_ = 0; event_ < 10; event_++) await waiting.Test();
        await couriers.Go();
        await slow.Came(WebhookTimes.TogetherMax);

        await other.Test();
        await couriers.Go();
        await quick.Came(1);

        Assert.Equal(WebhookTimes.TogetherMax, slow.All.Count);
        slow.Release();
        await couriers.AllBack();
        Assert.Equal(10, slow.All.Count);
        Assert.Equal("webhook.test | delivered | 1 | 204 | -", await other.Log());
    }

    [Fact]
    public async Task A_receiver_that_failed_rests_and_a_person_who_asks_does_not_wait_for_that()
    {
        await using var receiver = await Receiver.Start();
        await using var couriers = desk.Couriers(new WebhookTimes { Rest = TimeSpan.FromHours(1) });
        var hook = await desk.Make(receiver.Url);
        receiver.Status = 503;
        await hook.Test();
        await couriers.Round();
        await desk.DueNow(hook);
        await couriers.Round();
        Assert.Single(receiver.All);

        receiver.Status = 200;
        await hook.Test();
        await couriers.Round();

        Assert.Equal("webhook.test | delivered | 2 | 200 | -\nwebhook.test | delivered | 1 | 200 | -", await hook.Log());
    }

    [Fact]
    public async Task What_a_silo_had_in_its_hands_when_it_died_is_taken_by_another_and_its_own_word_comes_too_late()
    {
        await using var receiver = await Receiver.Start();
        await using var dying = desk.Couriers();
        await using var couriers = desk.Couriers();
        receiver.Status = 0;
        var hook = await desk.Make(receiver.Url);
        await hook.Test();
        await dying.Go();
        await receiver.Came(1);
        await couriers.Round();
        Assert.Single(receiver.All);

        receiver.Status = 200;
        await desk.DueNow(hook);
        await couriers.Round();
        await desk.Hub.Sql("update webhook_delivery set code = 'as_it_was' where webhook_id = $1", hook.Id);
        receiver.Release();
        await dying.AllBack();

        Assert.Equal("webhook.test | delivered | 2 | 200 | as_it_was", await hook.Log());
        Assert.Single(receiver.All.Select(call => call.Id).Distinct());
    }

    [Fact]
    public async Task A_silo_that_is_stopped_leaves_what_it_had_in_its_hands_to_the_next()
    {
        await using var receiver = await Receiver.Start();
        await using var couriers = desk.Couriers();
        using var stop = new CancellationTokenSource();
        receiver.Status = 0;
        var hook = await desk.Make(receiver.Url);
        await hook.Test();
        await couriers.Go(stop.Token);
        await receiver.Came(1);
        await stop.CancelAsync();
        await couriers.AllBack();
        Assert.Equal("webhook.test | failed | 1 | - | silo_stopped", await hook.Log());

        receiver.Status = 200;
        await couriers.Round();

        Assert.Equal("webhook.test | delivered | 2 | 200 | -", await hook.Log());
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var receiver = await Receiver.Start();
        await using var elsewhere = await Receiver.Start();
        await using var couriers = desk.Couriers();
        (receiver.Status, receiver.Elsewhere) = (307, elsewhere.Url);
        var hook = await desk.Make(receiver.Url);
        await hook.Test();

        await couriers.Round();

        Assert.Equal("webhook.test | failed | 1 | 307 | receiver_refused", await hook.Log());
        Assert.Empty(elsewhere.All);
    }

    [Fact]
    public async Task A_receiver_that_has_gone_gets_nothing_more_until_a_person_says_so()
    {
        await using var receiver = await Receiver.Start();
        await using var couriers = desk.Couriers();
        receiver.Status = 410;
        var hook = await desk.Make(receiver.Url, "line.held");
        await hook.Test();
        await couriers.Round();

        Assert.Equal("webhook.test | parked | 1 | 410 | receiver_gone", await hook.Log());
        Assert.Equal("gone", (string?)(await desk.Door.Get(hook.Path)).Json["state"]);
        Assert.Equal("409 webhook_disabled", (await desk.Door.Post($"{hook.Path}/test")).Problem);
        Assert.Contains("webhook.gone", (await desk.Door.Get("/v1/audit")).Text, StringComparison.Ordinal);
        receiver.Status = 200;
        var enabled = await desk.Door.Put(hook.Path, new { name = desk.Hub.Name("back"), url = receiver.Url, events = new[] { "line.held" } });
        Assert.Equal("enabled", (string?)enabled.Json["state"]);
        var parked = Assert.Single(await hook.Deliveries());
        await desk.Operator.Post($"{hook.Path}/deliveries/{parked["id"]}/resend");
        await couriers.Round();
        Assert.Equal("webhook.test | delivered | 1 | 200 | -", await hook.Log());
    }

    [Theory]
    [InlineData("10.0.0.8")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    [InlineData("fd00::8")]
    public async Task A_name_that_leads_into_a_private_network_is_not_called(string address)
    {
        await using var couriers = desk.Couriers(bounds: options => options with { Resolve = WebhookDesk.LeadsTo(address) });
        var hook = await desk.Make("https://hooks.customer.example/");
        await hook.Test();

        await couriers.Round();

        Assert.Equal("webhook.test | parked | 1 | - | address_refused", await hook.Log());
    }

    [Fact]
    public async Task A_silo_asks_by_itself_which_addresses_may_be_called()
    {
        await using var receiver = await Receiver.Start();
        await using var couriers = desk.Couriers(bounds: options => options with { AllowLoopback = false });
        var hook = await desk.Make(receiver.Url);
        await hook.Test();

        await couriers.Round();

        Assert.Equal("webhook.test | parked | 1 | - | address_refused", await hook.Log());
        Assert.Empty(receiver.All);
    }

    private async Task<string> Last(Hook hook)
    {
        var last = (await desk.Door.Get(hook.Path)).Json["last"]!;
        return $"{last["state"]} {last["last_status"]}";
    }
}
