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
    public async Task A_lost_answer_is_not_confirmed_by_a_read_that_may_be_from_before_the_send()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.NightWithoutPsa();
        var intents = new IntentStore(demo.Hub.Database);
        var sender = new IntentSender(intents, new IntentTimes(), Hub.Clock, NullLogger<IntentSender>.Instance);
        var sent = await Head(intents);
        await intents.MarkSending(sent, 25, 3, default);
        await intents.Doubt(sent, 1, "timed_out", "No answer.", TimeSpan.Zero, default);

        var lost = await Head(intents);
        await sender.Step(null!, null!, lost, lost.Desired, lost.MarkedAt!.Value.AddSeconds(30), default);
        Assert.Equal("in_doubt | 1", await demo.Table("select state, checks from intent where service_remote_id = '8001'"));

        await demo.Hub.Sql("update intent set due_at = now()");
        await sender.Step(null!, null!, await Head(intents), lost.Desired, lost.MarkedAt.Value.AddMinutes(2), default);
        Assert.Equal("confirmed | applied", await demo.Table("select state, code from intent where service_remote_id = '8001'"));
    }

    private static string Wished(int day, int units) =>
        Wish.Replace("$day$", $"({day})", StringComparison.Ordinal).Replace("$units$", $"{units}", StringComparison.Ordinal);

    private static async Task<Intent> Head(IntentStore intents) =>
        (await intents.Heads(DemoMsp.Autotask.Value, default)).Single(head => head.ServiceRemoteId == "8001");
}
