using Npgsql;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Reminders;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Turns;

/// <summary>Batches whose lines are written each behind a savepoint, on connections that hardly keep a prepared statement: what a refusal skips is missing later.</summary>
public sealed class ApartTests
{
    private const string Heard = """
        select l.remote_id, l.ver,
            (select count(*) from count_record c where c.line_id = l.id and c.source <> 'opening') as counts,
            (select count(*) from ledger_entry e where e.line_id = l.id) as entries,
            (select count(*) from intent i where i.line_id = l.id) as intents,
            (select max(m.attempt) from message m where m.grain_id = l.id and grain_kind = 3) as attempt
        from service_line l where l.basis <> 0 order by 1
        """;

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(20)]
    public async Task Lines_that_are_refused_among_others_take_no_other_with_them(int statementsKept)
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.RequestNight();
        await using (var holder = await demo.Hub.Database.OpenConnectionAsync())
        {
            await using var transaction = await holder.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("select 1 from service_line for update", holder);
            await hold.ExecuteScalarAsync();
            await using var silo = await demo.StartSilo();
            await demo.Hub.Until("a night that no line has heard of", "select exists (select 1 from night where state = 'finished')");
        }

        await demo.Hub.Sql("""
            update message set shard = 7, attempt = 1, due_at = now();
            alter table ledger_entry add constraint forbidden check (line_id not in (3, 6)) not valid;
            """);
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(demo.Hub.ConnectionString)
        {
            MaxAutoPrepare = statementsKept,
            AutoPrepareMinUsages = 2,
            IncludeFailedBatchedCommand = true,
        });
        using var meter = new EngineMeter();
        var drain = new ShardDrain<ServiceLineState, ServiceLineMessage>(
            database, new(database, new ServiceLineGrain(), new ServiceLineTable(), demo.Signal), message => new ServiceLineMessage.InputsChanged(message.Night, message.Cause),
            new Dictionary<string, ServiceLineMessage>(), demo.Signal, meter, demo.Hub.SiloOptions().Clock);

        await drain.Drain(7, default);

        Assert.Equal(
            """
            8001 | 3 | 1 | 1 | 1 | -
            8002 | 2 | 0 | 0 | 0 | -
            8003 | 2 | 0 | 0 | 0 | 2
            8004 | 3 | 1 | 1 | 1 | -
            8005 | 2 | 0 | 0 | 0 | -
            8006 | 2 | 0 | 0 | 0 | 2
            8007 | 3 | 1 | 1 | 1 | -
            8008 | 2 | 0 | 0 | 0 | -
            8009 | 2 | 0 | 0 | 0 | -
            8010 | 2 | 0 | 0 | 0 | -
            8011 | 2 | 0 | 0 | 0 | -
            8012 | 2 | 0 | 0 | 0 | -
            8013 | 2 | 0 | 0 | 0 | -
            8014 | 3 | 0 | 0 | 0 | -
            8015 | 2 | 0 | 0 | 0 | -
            8016 | 3 | 0 | 0 | 0 | -
            8017 | 2 | 0 | 0 | 0 | -
            8018 | 3 | 0 | 0 | 0 | -
            8019 | 2 | 0 | 0 | 0 | -
            """,
            await demo.Table(Heard));
    }
}
