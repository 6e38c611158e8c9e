using UsageBilling.Interfaces.Grains;
using UsageBilling.Silo;
using UsageBilling.Tests.System.Hosting;
using UsageBilling.Tests.System.Nights;

namespace UsageBilling.Tests.System.Intents;

/// <summary>Whatever happens to a change on its way to the PSA or to the reads around it: one adjustment, and the hub knows it.</summary>
public sealed class LostAnswerTests
{
    private const string Post = "\"match\": \"Contracts/29684001/ServiceAdjustments\", \"method\": \"POST\"";

    [Theory]
    [InlineData("timeout_after", "", 1)]
    [InlineData("reset_after", "", 1)]
    [InlineData("server_error_after_apply", "", 1)]
    [InlineData("slow", "\"delay_milliseconds\": 50", 1)]
    [InlineData("timeout_before", "", 2)]
    [InlineData("server_error", "", 2)]
    [InlineData("rate_limited", "", 2)]
    [InlineData("rate_limited", "\"retry_after_seconds\": 1", 2)]
    [InlineData("forbidden", "", 2)]
    [InlineData("ok_with_error", "", 2)]
    [InlineData("server_error", "\"times\": 3", 4)]
    public async Task A_send_that_meets_a_fault_ends_confirmed_with_one_adjustment(string fault, string rest, int sends)
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("autotask", fault, Post + (rest.Length > 0 ? ", " + rest : ""));
        await demo.RequestNight();

        await demo.ReadNight($"the night with {fault} on a send");

        Assert.Equal(AllConfirmed(sends), await demo.Table(Tables.Intents));
        await FirstNightStands(demo);
    }

    [Theory]
    [InlineData("timeout_before", 1)]
    [InlineData("server_error", 3)]
    [InlineData("rate_limited", 3)]
    [InlineData("forbidden", 2)]
    [InlineData("ok_with_error", 2)]
    [InlineData("stale_reads", 3)]
    [InlineData("empty_list", 1)]
    [InlineData("truncated_page", 2)]
    [InlineData("looping_next", 2)]
    [InlineData("null_counts", 1)]
    [InlineData("zero_counts", 1)]
    [InlineData("halved_counts", 1)]
    public async Task A_bad_read_of_the_psa_never_becomes_a_wrong_adjustment(string fault, int times)
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("autotask", fault, $"\"match\": \"ContractServiceUnits\", \"times\": {times}");
        await demo.RequestNight();

        // longer than the bad reads last on a machine that is busy
        var options = demo.Hub.SiloOptions();
        await using (await SiloServer.Start(options with { Intents = options.Intents with { UnchangedFor = TimeSpan.FromSeconds(30) } }, default))
            await demo.UntilQuiet($"the night with {fault} on reads of units");

        Assert.Equal(AllConfirmed(1), await demo.Table(Tables.Intents));
        await FirstNightStands(demo);
    }

    [Theory]
    [InlineData("ServiceAdjustments", 1)]
    [InlineData("ContractServiceUnits", 0)]
    public async Task Refused_credentials_park_the_psa_and_its_intents_wait_for_new_ones(string route, int sends)
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Fault("autotask", "unauthorized", $"\"match\": \"{route}\", \"times\": 1000");
        await demo.RequestNight();

        await using (await demo.StartSilo())
        {
            await demo.Hub.Until("the parked psa", "select credentials = 3 from integration where id = 1");
            await demo.Hub.Until("nothing in flight", "select count(*) = 5 and bool_and(state = 'pending') and max(attempt) = " + sends + " from intent");
            Assert.Equal("", await demo.Psa.Journal());

            await demo.NoFaults();
            await demo.Integrations.Ask(DemoMsp.Msp, DemoMsp.Autotask.Value, new IntegrationMessage.CredentialsChanged(), "clerk", default);
            await demo.Hub.Sql("update intent set due_at = now()");
            await demo.UntilQuiet("the intents after new credentials");
        }

        await FirstNightStands(demo);
    }

    [Fact]
    public async Task A_psa_that_understands_and_refuses_ends_the_intent_with_its_words()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Hub.Sql("update contract set remote_id = '29684099' where remote_id = '29684001'");
        await demo.RequestNight();

        await demo.ReadNight("the night with a contract the psa does not have");

        Assert.Equal("8001 | rejected | vendor_refused | 1", await demo.Table("select service_remote_id, state, code, attempt from intent where state <> 'confirmed'"));
        Assert.Equal(FirstNight.Journal.Replace("8001 N 3 25->28\n", "", StringComparison.Ordinal), await demo.Psa.Journal());
    }

    private static string AllConfirmed(int sends) => $"""
        8001 | N | N | 28 | confirmed | applied | {sends} | 3
        8003 | N | N | 159 | confirmed | applied | 1 | -3
        8004 | N | N | 11 | confirmed | applied | 1 | 2
        8006 | N | N | 38 | confirmed | applied | 1 | 4
        8007 | N | N | 148 | confirmed | applied | 1 | 2
        """;

    private static async Task FirstNightStands(DemoMsp demo)
    {
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
        Assert.Equal(FirstNight.Units.Replace(" | ", " "), await demo.Psa.UnitsOn(DemoSeed.FirstNight));
        Assert.Equal("", await demo.Breaches());
    }
}
