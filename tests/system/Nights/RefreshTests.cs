using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;
using UsageBilling.Silo;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Nights;

/// <summary>Get Units Now, asked for at the worst moment.</summary>
public sealed class RefreshTests
{
    [Fact]
    public async Task A_refresh_asked_for_while_a_pass_ends_is_served_at_once_and_not_at_the_next_night()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.SecondNight();
        await using var silo = await AskedWhile(demo, PassEnds);

        await demo.UntilQuiet("the night, and the refresh that came at its end");
        Assert.Equal("N+1 | finished", await demo.Table("select night, state from night order by night desc limit 1"));
        Assert.Equal("0", await demo.Table("select count(*) from reminder where name = 'refresh'"));
        Assert.NotEqual("", await demo.Table(Tables.ReadTwice));
        Assert.Equal("N+2", await demo.Table("select distinct night from reminder where grain_kind = 4 and name = 'read' and due_at > now()"));
    }

    [Fact]
    public async Task A_refresh_asked_for_while_a_pass_ends_incomplete_does_not_wait_for_the_retry_of_that_pass()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.SecondNight();
        await demo.Fault("uniview", "server_error", "\"match\": \"domains\", \"times\": 1000000");
        await using var silo = await AskedWhile(demo, PassEnds, demo.NoFaults);

        await demo.Hub.Until("the answer", Answered);

        Assert.Equal("0", await demo.Table("select count(*) from reminder where name = 'refresh'"));
        Assert.Equal("12", await demo.Table("select count(*) from reminder where grain_kind = 1 and night = (select max(night) from night) and due_at > now()"));
    }

    [Fact]
    public async Task A_refresh_asked_for_while_the_vendor_answers_is_answered_by_a_read_of_its_own()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.SecondNight();
        await demo.Fault("uniview", "slow", "\"match\": \"domains\"");
        await using var silo = await demo.StartSilo();
        await demo.Held(1);

        await Ask(demo);
        await demo.NoFaults();

        await demo.Hub.Until("the answer", Answered);
        await demo.UntilQuiet("the night");
        Assert.Equal("N+1 | finished", await demo.Table("select night, state from night order by night desc limit 1"));
        Assert.Equal("0", await demo.Table("select count(*) from reminder where name = 'refresh'"));
    }

    [Fact]
    public async Task A_refresh_asked_for_while_the_vendor_refuses_the_credentials_is_answered_too()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.SecondNight();
        await demo.Fault("uniview", "unauthorized", "\"times\": 1000000");
        await using var silo = await AskedWhile(demo, NightBegins);

        await demo.Hub.Until("the refusal", "select credentials = 3 from integration where id = 2");
        await demo.Hub.Until("the answer", Answered);
    }

    /// <summary>Everybody is read, or nobody can be, and the end of the pass is about to be told.</summary>
    private static readonly string PassEnds = $"select from integration where id = {DemoMsp.UniView.Value} for no key update";

    /// <summary>The pass has its instant, and is about to write that the night is under way.</summary>
    private static readonly string NightBegins =
        $"insert into night select {DemoMsp.UniView.Value}, night, 1, 'running', 0, 0, 0, 0, 0, null, null, now(), null from reminder where grain_kind = 4 and name = 'read'";

    private const string Answered = "select refresh_asked_at is null from service_line where id = 1";

    private static async Task Ask(DemoMsp demo) =>
        Assert.Equal(new TurnResult.Taken(Verdict.Ok), await demo.Lines.Ask(DemoMsp.Msp, 1, new ServiceLineMessage.RefreshRequested(), "clerk", default));

    /// <summary>Starts a silo and asks when its pass waits for a row that this holds.</summary>
    private static async Task<SiloServer> AskedWhile(DemoMsp demo, string held, Func<Task>? meanwhile = null)
    {
        await using var holder = await demo.Hub.Database.OpenConnectionAsync();
        await using var holding = await holder.BeginTransactionAsync();
#pragma warning disable CA2100 // a test's own text
        await using (var hold = new NpgsqlCommand(held, holder)) await hold.ExecuteNonQueryAsync();
#pragma warning restore CA2100
        var silo = await demo.StartSilo();
        while (!await demo.Hub.Scalar<bool>("select exists (select 1 from pg_stat_activity where datname = current_database() and application_name = 'usagebilling-silo' and wait_event_type = 'Lock')"))
        {
            // the pass is under way
        }

        if (meanwhile is not null) await meanwhile();
        await Ask(demo);
        await holding.RollbackAsync();
        return silo;
    }
}
