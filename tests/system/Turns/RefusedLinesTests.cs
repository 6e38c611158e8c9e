using UsageBilling.Api.Hosting;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Hosting;
using UsageBilling.Tests.System.Nights;

namespace UsageBilling.Tests.System.Turns;

/// <summary>Lines of one batch that fail in different ways: each is undone and parked by itself, seen and released by people, and then done once.</summary>
public sealed class RefusedLinesTests
{
    /// <summary>Cannot be loaded; refused by a constraint after its count was written; not written under the version that was read; refused by the last statement.</summary>
    private const string Poison = """
        alter table service_line drop constraint service_line_price_range;
        update service_line set unit_price = -1 where remote_id = '8001';
        alter table ledger_entry add constraint forbidden check (line_id <> 3);
        create function keep_old() returns trigger language plpgsql as $$ begin return null; end $$;
        create trigger forbidden before update on service_line for each row when (old.remote_id = '8004' and new.ver <> old.ver) execute function keep_old();
        alter table intent add constraint forbidden check (line_id <> 6);
        """;

    private const string Antidote = """
        update service_line set unit_price = 3.5 where remote_id = '8001';
        alter table ledger_entry drop constraint forbidden;
        drop trigger forbidden on service_line;
        alter table intent drop constraint forbidden;
        """;

    private const string Written = """
        select l.remote_id, l.ver - b.ver as versions,
            (select count(*) from count_record c where c.line_id = l.id and c.source <> 'opening') as counts,
            (select count(*) from ledger_entry e where e.line_id = l.id) as entries,
            (select count(*) from intent i where i.line_id = l.id) as intents
        from service_line l join before b using (id) where l.remote_id in ('8001', '8003', '8004', '8006', '8007') order by 1
        """;

    [Fact]
    public async Task Lines_that_fail_in_different_ways_are_parked_each_with_its_reason_and_released_are_done_once()
    {
        await using var demo = await DemoMsp.Mapped();
        await demo.Hub.Sql(Poison + "create table before as select id, ver from service_line");
        await demo.RequestNight();
        await using var api = await ApiServer.Start(new ApiOptions { ConnectionString = demo.Hub.ConnectionString }, default);
        using var person = new Door(api.BaseUrl, await new ApiKeys(demo.Hub.Database).Create(DemoMsp.Msp, "superuser", ApiScope.Superuser, default));
        await using var silo = await demo.StartSilo();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            await demo.Hub.Until($"failed attempt {attempt}", $"select count(*) = 4 from message where attempt = {attempt} and (parked_reason is not null) = ({attempt} = 5)");
            if (attempt < 5) await demo.Hub.Sql("update message set due_at = now() where attempt > 0");
        }

        await demo.UntilQuiet("the other line");
        Assert.Equal(
            """
            8001 | 0 | 0 | 0 | 0
            8003 | 0 | 0 | 0 | 0
            8004 | 0 | 0 | 0 | 0
            8006 | 0 | 0 | 0 | 0
            8007 | 1 | 1 | 1 | 1
            """,
            await demo.Table(Written));
        Assert.Equal("8007 N 2 146->148", await demo.Psa.Journal());
        Assert.Equal(
            """
            1 service_line inputs_changed 5 ArgumentOutOfRangeException
            3 service_line inputs_changed 5 PostgresException: 23514
            4 service_line inputs_changed 5 InvalidOperationException: 1 ServiceLine grains changed but 0 were written
            6 service_line inputs_changed 5 PostgresException: 23514
            """,
            await Parked(person));

        await demo.Hub.Sql(Antidote);
        Assert.Equal("""200 {"released":4}""", (await person.Post("/v1/parked/release")).Stable);
        await demo.UntilQuiet("the released lines");

        Assert.Equal("", await Parked(person));
        await FirstNight.Stands(demo);
    }

    private static async Task<string> Parked(Door person) => string.Join("\n", (await person.Get("/v1/parked")).Json["items"]!.AsArray()
        .OrderBy(item => (long)item!["grain_id"]!)
        .Select(item => $"{item!["grain_id"]} {item["grain"]} {item["what"]} {item["attempts"]} {Beginning((string)item["reason"]!)}"));

    /// <summary>The kind of exception, and the sentence of one of ours or the database's code.</summary>
    private static string Beginning(string reason) => reason.StartsWith("ArgumentOutOfRange", StringComparison.Ordinal) ? reason.Split(':')[0] : string.Join(':', reason.Split(':')[..2]);
}
