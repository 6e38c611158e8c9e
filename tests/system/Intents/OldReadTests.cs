using Microsoft.Extensions.Logging.Abstractions;
using UsageBilling.Runtime.Intents;
using UsageBilling.Silo.Intents;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Intents;

/// <summary>A PSA may show what was true a minute ago, which may be what is wished by chance.</summary>
public sealed class OldReadTests
{
    private const string Wish = """
        insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, night)
        select msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on + $day$, effective_on + $day$, $units$, night
        from intent where id = (select min(id) from intent where service_remote_id = '8001');
        """;

    [Fact]
    public async Task Units_expected_on_a_date_move_along_with_a_change_that_was_dated_back_before_it()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        var intents = new IntentStore(demo.Hub.Database);
        await demo.Hub.Sql(Wished(day: -1, units: 30) + Wished(day: 0, units: 28));

        var back = await Head(intents);
        await intents.MarkSending(back, 25, 5, default);
        await intents.Acknowledge(back, 1, TimeSpan.Zero, default);
        await intents.Confirm(await Head(intents), "applied", default);

        Assert.Equal(25, back.Expected);
        var next = await Head(intents);
        Assert.Equal((DemoSeed.FirstNight, 33), (next.EffectiveOn, next.Expected));
    }

    [Fact]
    public async Task A_lost_answer_is_confirmed_by_read_backs_that_agree_for_a_while_and_not_by_one_that_may_be_from_before_the_send()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.NightWithoutPsa();
        var intents = new IntentStore(demo.Hub.Database);
        var sender = new IntentSender(intents, new IntentTimes(), Hub.Clock, NullLogger<IntentSender>.Instance);
        var sent = await Head(intents);
        await intents.MarkSending(sent, 25, 3, default);
        await intents.Doubt(sent, 1, "timed_out", "No answer.", TimeSpan.Zero, default);

        var began = await intents.Now(default);

        Assert.Equal("in_doubt | timed_out | 1", await Look(minutes: 0, shown: sent.Desired));
        Assert.Equal("in_doubt | timed_out | 2", await Look(minutes: 30, shown: 25));
        Assert.Equal("in_doubt | timed_out | 3", await Look(minutes: 30, shown: sent.Desired));
        Assert.Equal("in_doubt | timed_out | 4", await Look(minutes: 1, shown: sent.Desired));
        Assert.Equal("confirmed | applied | 4", await Look(minutes: 3, shown: sent.Desired));

        // the store dates each look by its own clock, at the beginning; the sender is told another time
        async Task<string> Look(int minutes, decimal shown)
        {
            await sender.Step(null!, null!, await Head(intents), shown, began.AddMinutes(minutes), default);
            await demo.Hub.Sql("update intent set due_at = now()");
            return await demo.Table("select state, code, checks from intent where service_remote_id = '8001'");
        }
    }

    private static string Wished(int day, int units) =>
        Wish.Replace("$day$", $"({day})", StringComparison.Ordinal).Replace("$units$", $"{units}", StringComparison.Ordinal);

    private static async Task<Intent> Head(IntentStore intents) =>
        (await intents.Heads(DemoMsp.Autotask.Value, default)).Single(head => head.ServiceRemoteId == "8001");
}
