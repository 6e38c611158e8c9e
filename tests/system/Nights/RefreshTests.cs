using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;
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
        await using var holder = await demo.Hub.Database.OpenConnectionAsync();
        await using var ending = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"select from integration where id = {DemoMsp.UniView.Value} for no key update", holder)) await hold.ExecuteNonQueryAsync();
        await using var silo = await demo.StartSilo();
        while (!await demo.Hub.Scalar<bool>("select exists (select 1 from pg_stat_activity where datname = current_database() and application_name = 'usagebilling-silo' and wait_event_type = 'Lock')"))
        {
            // everybody is read, and the pass is about to end
        }

        Assert.Equal(new TurnResult.Taken(Verdict.Ok), await demo.Lines.Ask(DemoMsp.Msp, 1, new ServiceLineMessage.RefreshRequested(), "clerk", default));
        await ending.RollbackAsync();

        await demo.UntilQuiet("the night, and the refresh that came at its end");
        Assert.Equal("N+1 | finished", await demo.Table("select night, state from night order by night desc limit 1"));
        Assert.Equal("0", await demo.Table("select count(*) from reminder where name = 'refresh'"));
        Assert.NotEqual("", await demo.Table(Tables.ReadTwice));
        Assert.Equal("N+2", await demo.Table("select distinct night from reminder where grain_kind = 4 and name = 'read' and due_at > now()"));
    }
}
