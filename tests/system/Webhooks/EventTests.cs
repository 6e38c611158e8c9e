using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Api.Hosting;
using UsageBilling.Connectors;
using UsageBilling.Runtime.Keys;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Webhooks;
using UsageBilling.Silo;
using UsageBilling.Silo.Webhooks;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Billing;
using UsageBilling.Tests.System.Desk;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Webhooks;

/// <summary>Each event comes from the thing itself happening, once, by way of a silo.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task A_night_tells_of_changed_units_of_holds_and_of_its_end_and_only_those_who_want_it()
    {
        await using var receiver = await Receiver.Start();
        await using var reader = await Receiver.Start();
        await using var demo = await DemoMsp.Mapped();
        await using var way = await WayIn.To(demo.Hub.ConnectionString, demo.Hub.Database, DemoMsp.Msp);
        var hook = await way.Hook(receiver.Url, "units.changed", "line.held", "night.finished");
        await way.Hook(reader.Url, "night.finished");
        await way.Hook("https://nobody.customer.example/", "plan.ready");
        await demo.RequestNight();

        await using (await SiloServer.Start(demo.Hub.SiloOptions() with { Webhooks = new() { LookEvery = TimeSpan.Zero } }, default))
        {
            await demo.UntilQuiet("the first night");
            await receiver.Came(9);
            await reader.Came(1);
            await demo.Hub.Until("everything delivered", "select not exists (select 1 from webhook_delivery where state <> 'delivered')");
        }

        Assert.All(receiver.All, told => Assert.Equal(1, told.SignedBy(hook.Secret)));
        Assert.Equal(9, receiver.All.Select(told => told.Id).Distinct().Count());
        Assert.Equal(
            """
            line.held Hazel Hotels Limited 40 -> 19 moved_too_far
            line.held Ironwood Engineering GmbH 22 -> - count_missing
            line.held Juniper Community Clinic 16 -> 0 dropped_to_zero
            night.finished N read 13 changed 13, lines changed 5, held 3
            """,
            string.Join("\n", receiver.All.Where(told => told.Type != "units.changed").Select(Said).Order(StringComparer.Ordinal)));
        Assert.Equal(await demo.Table(Changed), string.Join("\n", receiver.All.Where(told => told.Type == "units.changed").Select(Said).Order(StringComparer.Ordinal)));
        Assert.Equal("night.finished N read 13 changed 13, lines changed 5, held 3", Said(Assert.Single(reader.All)));
        Assert.Equal(receiver.All.Single(told => told.Type == "night.finished").Id, reader.All[0].Id);
        Assert.Equal("", await demo.Table("select webhook_id from webhook_delivery d where not exists (select 1 from webhook w where w.id = d.webhook_id and d.event = any(w.events))"));
        await AgainNothing(demo, receiver);
    }

    [Fact]
    public async Task A_plan_a_posting_and_its_reversal_are_told_as_they_are_committed()
    {
        await using var receiver = await Receiver.Start();
        var billing = new BillingFixture();
        await billing.InitializeAsync();
        await using var way = await WayIn.To(billing.Hub.ConnectionString, billing.Hub.Source, billing.Hub.Msp);
        var hook = await way.Hook(receiver.Url, "plan.ready", "posting.applied");
        var customer = await billing.Customer();
        await billing.Give(customer, 10);

        var plan = await billing.Plan(customer);
        var posting = (await billing.Apply(plan)).Json;
        Assert.Equal("409 plan_hash_mismatch", (await billing.Hub.Operator.Post($"/v1/plans/{plan["id"]}/apply", new { hash = new string('0', 64) })).Problem);
        await billing.Apply(plan);
        var reversal = (await billing.Hub.Operator.Post($"/v1/postings/{posting["id"]}/reverse")).Json;
        await using (await SiloServer.Start(Silo(billing.Hub.ConnectionString), default)) await receiver.Came(3);

        Assert.All(receiver.All, told => Assert.Equal(1, told.SignedBy(hook.Secret)));
        Assert.Equal(
            $"""
            plan.ready {plan["id"]} {plan["hash"]} 1 items 42.00 USD
            posting.applied posting {posting["id"]} of plan {plan["id"]} 1 items 42.00 USD
            posting.applied reversal {reversal["id"]} of posting {posting["id"]} 1 items -42.00 USD
            """,
            string.Join("\n", receiver.All.Select(Said).Order(StringComparer.Ordinal)));
        await billing.DisposeAsync();
    }

    [Fact]
    public async Task A_ticket_is_told_when_the_psa_shows_it()
    {
        await using var receiver = await Receiver.Start();
        var desks = new DeskHub();
        await desks.InitializeAsync();
        await using var way = await WayIn.To(desks.Hub.ConnectionString, desks.Hub.Source, desks.Hub.Msp);
        var hook = await way.Hook(receiver.Url, "ticket.created");
        var integration = await desks.BmsWithLists();
        Assert.Equal(200, (await desks.Door.Put($"/v1/integrations/{integration}/settings", new { settings = new { account = "1", queue = "5", close_status = "9", priority_high = "1" } })).Status);
        var organization = await desks.Organization(integration, "2");

        var raised = await desks.Door.Post("/v1/alerts", new { identity = "disk", state = "raised", severity = "high", title = "Disk is full", organization_id = organization });
        Assert.Equal(0, await desks.Hub.Sql("select count(*) from webhook_delivery"));
        await using (await SiloServer.Start(Silo(desks.Hub.ConnectionString) with { Desks = [new PretendDesk()] }, default)) await receiver.Came(1);

        var told = Assert.Single(receiver.All);
        Assert.Equal(1, told.SignedBy(hook.Secret));
        Assert.Equal((long)raised.Json["ticket"]!["id"]!, (long)told.Content["ticket_id"]!);
        Assert.Equal("ticket.created T0001 https://bms.test/tickets/1 Disk is full Account 2", $"{told.Type} {told.Content["number"]} {told.Content["link"]} {told.Content["title"]} {told.Content["account"]!["name"]}");
        await desks.DisposeAsync();
    }

    [Fact]
    public async Task A_person_who_gives_units_tells_of_them_and_another_msp_hears_nothing()
    {
        await using var receiver = await Receiver.Start();
        var billing = new BillingFixture();
        await billing.InitializeAsync();
        await using var way = await WayIn.To(billing.Hub.ConnectionString, billing.Hub.Source, billing.Hub.OtherMsp);
        await way.Hook(receiver.Url);
        var customer = await billing.Customer();
        await billing.Give(customer, 10);
        Assert.Equal(0, await billing.Hub.Sql("select count(*) from webhook_delivery"));

        await using var own = await WayIn.To(billing.Hub.ConnectionString, billing.Hub.Source, billing.Hub.Msp);
        await own.Hook(receiver.Url, "units.changed");
        await billing.Give(customer, 12);
        Assert.Equal("409 nothing_changed", (await billing.Hub.Operator.Put($"/v1/lines/{customer.Line}/units", new { units = "12", effective_on = BillingFixture.Iso(billing.First) })).Problem);
        await using (await SiloServer.Start(Silo(billing.Hub.ConnectionString), default)) await receiver.Came(1);

        var told = Assert.Single(receiver.All).Content;
        Assert.Equal(
            $"{customer.Line} {customer.Contract} {customer.Account} 10 -> 12 {BillingFixture.Iso(billing.First)} person",
            $"{told["line"]!["id"]} {told["contract"]!["id"]} {told["account"]!["id"]} {told["units_before"]} -> {told["units"]} {told["effective_on"]} {told["source"]}");
        Assert.Equal(1, await billing.Hub.Sql("select count(*) from webhook_delivery"));
        await billing.DisposeAsync();
    }

    private const string Changed = """
        select 'units.changed ' || a.name || ' ' || b.units || ' -> ' || r.units || ' ' || r.effective_on
        from count_record r
        join service_line l on l.id = r.line_id
        join contract k on k.id = l.contract_id
        join psa_account a on a.id = k.account_id
        join count_record b on b.line_id = r.line_id and b.source = 'opening'
        where r.source <> 'opening'
        order by 1
        """;

    /// <summary>The same night read and held again is no other event.</summary>
    private static async Task AgainNothing(DemoMsp demo, Receiver receiver)
    {
        var before = receiver.All.Count;
        await demo.Hub.Sql("update reminder set due_at = now(), night = (select max(night) from night) where name = 'read'");
        await using (await SiloServer.Start(demo.Hub.SiloOptions() with { Webhooks = new() { LookEvery = TimeSpan.Zero } }, default)) await demo.UntilQuiet("the night again");
        await new DeliveryStore(demo.Hub.Database).FindNights(default);
        Assert.Equal("3 | 3", await demo.Table("select count(*), count(*) filter (where agreeing > 0 or resolved_at is null) from hold"));
        Assert.Equal(before, receiver.All.Count);
        Assert.Equal("0", await demo.Table("select count(*) from webhook_delivery where state <> 'delivered'"));
    }

    private static string Said(Told told)
    {
        var content = told.Content;
        return DemoMsp.Named($"{told.Type} " + told.Type switch
        {
            "units.changed" => $"{content["account"]!["name"]} {content["units_before"]} -> {content["units"]} {content["effective_on"]}",
            "line.held" => $"{content["account"]!["name"]} {content["units"]} -> {content["proposed_units"]?.ToString() ?? "-"} {content["reason"]}",
            "night.finished" => $"{content["night"]} read {content["read"]} changed {content["changed"]}, lines changed {content["lines_changed"]}, held {content["lines_held"]}",
            "plan.ready" => $"{content["plan_id"]} {content["hash"]} {content["items"]} items {Totals(content)}",
            _ => $"{content["kind"]} {content["posting_id"]} of {(content["reverses"] is { } reversed ? $"posting {reversed}" : $"plan {content["plan_id"]}")} {content["items"]} items {Totals(content)}",
        });
    }

    private static string Totals(JsonNode content) => string.Join(", ", content["totals"]!.AsArray().Select(total => $"{total!["amount"]} {total["currency"]}"));

    private static SiloOptions Silo(string connection) => new()
    {
        ConnectionString = connection, Clock = Hub.Clock, PokeEvery = TimeSpan.FromSeconds(1), Hands = WorkKinds.Webhooks | WorkKinds.Tickets,
        Connectors = new ConnectorOptions { AllowLoopback = true },
        Intents = new() { CheckAfter = [TimeSpan.FromMilliseconds(50)], UnchangedFor = TimeSpan.FromMilliseconds(200) },
    };

    /// <summary>An api that lets webhooks be on this machine.</summary>
    private sealed class WayIn(ApiServer api, Door door) : IAsyncDisposable
    {
        private int hooks;

        public static async Task<WayIn> To(string connection, Npgsql.NpgsqlDataSource source, Interfaces.Keys.MspId msp)
        {
            var api = await ApiServer.Start(new ApiOptions { ConnectionString = connection, Receivers = new(AllowLoopback: true, []) }, default);
            return new(api, new Door(api.BaseUrl, await new ApiKeys(source).Create(msp, "webhooks", ApiScope.Superuser, default)));
        }

        public async Task<Hook> Hook(string url, params string[] events)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"webhook {++hooks}");
            var made = await door.Post("/v1/webhooks", new { name, url, events = events.Length > 0 ? events : [.. Interfaces.Webhooks.WebhookEvent.All] });
            Assert.True(made.Status == 201, made.Text);
            return new(door, (long)made.Json["webhook"]!["id"]!, (string)made.Json["secret"]!);
        }

        public async ValueTask DisposeAsync()
        {
            door.Dispose();
            await api.DisposeAsync();
        }
    }
}
