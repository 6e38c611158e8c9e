using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Turns;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Nights;

/// <summary>A source that lies, fails or is cut short never lowers a posted unit; the next good read ends the doubt by itself.</summary>
public sealed class BadReadTests
{
    private const string HeldSinceTheFirstNight = """
        8014 | moved_too_far | N | 40 | 19
        8016 | count_missing | N | 22 | -
        8018 | dropped_to_zero | N | 16 | 0
        """;

    public static TheoryData<string, string, string, string> Faults => new()
    {
        { "null_counts", "", "count_missing", "finished | 13 | 0 | -" },
        { "zero_counts", "", "product_total_drop", "finished | 13 | 0 | -" },
        { "halved_counts", "", "product_total_drop", "finished | 13 | 0 | -" },
        { "empty_list", "", "tenant_missing", "finished | 13 | 0 | -" },
        { "server_error", "\"times\": 3", "read_failed", "incomplete | 0 | 13 | server_error" },
        { "rate_limited", "\"times\": 3", "read_failed", "incomplete | 0 | 13 | rate_limited" },
        { "ok_with_error", "\"times\": 3", "read_failed", "incomplete | 0 | 13 | answer_not_list" },
        { "reset_after", "\"times\": 3", "read_failed", "incomplete | 0 | 13 | connection_lost" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Every_line_keeps_its_units_and_is_held_until_a_good_read(string fault, string rest, string reason, string night)
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.SecondNight();
        await demo.Fault("uniview", fault, "\"match\": \"domains\"" + (rest.Length > 0 ? ", " + rest : ""));

        await demo.ReadNight($"the second night with {fault}");

        Assert.Equal($"N+1 | {night}", await demo.Table("select night, state, read, unread, failure_code from night where night > (select min(night) from night)"));
        Assert.Equal(FirstNight.Units, await demo.Table(Tables.UnitsNow));
        Assert.Equal($"{reason} | N+1 | 16", await demo.Table("select reason, night, count(*) from hold where resolved_at is null and night > (select min(night) from night) group by 1, 2"));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());

        await ReadAgain(demo);

        Assert.Equal(HeldSinceTheFirstNight, await demo.Table(OpenHolds));
        Assert.Equal("withdrawn | 16", await demo.Table("select resolution, count(*) from hold where resolved_at is not null group by 1"));
        Assert.Equal(FirstNight.Units, await demo.Table(Tables.UnitsNow));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_list_cut_short_holds_only_the_lines_of_tenants_it_did_not_show()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.SecondNight();
        await demo.Fault("uniview", "truncated_page", "\"match\": \"domains\"");

        await demo.ReadNight("the night of the truncated list");

        Assert.Equal("N+1 | incomplete | 6 | 7 | list_truncated", await demo.Table("select night, state, read, unread, failure_code from night order by night desc limit 1"));
        Assert.Equal(
            "8009, 8010, 8011, 8012, 8013, 8015, 8016, 8017, 8019",
            await demo.Table("select string_agg(l.remote_id, ', ' order by l.remote_id) from hold h join service_line l on l.id = h.line_id where h.reason = 'read_failed' and h.proposed_units is null"));
        Assert.Equal(
            """
            N+1 | 7
            N+2 | 6
            """,
            await demo.Table("select night, count(*) from reminder where grain_kind = 1 group by 1 order by 1"));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());

        await ReadAgain(demo);

        Assert.Equal(HeldSinceTheFirstNight, await demo.Table(OpenHolds));
        Assert.Equal("N+1 | finished | 13 | 0", await demo.Table("select night, state, read, unread from night order by night desc limit 1"));
        Assert.Equal("", await demo.Breaches());
    }

    [Fact]
    public async Task A_second_page_that_repeats_the_first_leaves_the_night_open_for_tenants_nobody_has_seen_yet()
    {
        await using var demo = await DemoMsp.Mapped(DemoSeed.WideFolder());
        await demo.Fault("uniview", "repeated_page", "\"match\": \"domains\"");
        await demo.RequestNight();

        await demo.ReadNight("the night of the repeated page");

        Assert.Equal("N | incomplete | 500 | 487 | page_repeated", await demo.Table("select night, state, read, discovered, failure_code from night"));
        Assert.Equal(HeldSinceTheFirstNight, await demo.Table(OpenHolds));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());

        await demo.Hub.Sql("update reminder set due_at = now() where name = 'read' and grain_kind = 4");
        await demo.ReadNight("the whole list");

        Assert.Equal("N | finished | 503 | 490 | -", await demo.Table("select night, state, read, discovered, failure_code from night"));
        Assert.Equal(FirstNight.Journal, await demo.Psa.Journal());
    }

    [Fact]
    public async Task Refused_credentials_park_the_integration_and_nothing_else()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.SecondNight();
        await demo.Fault("uniview", "unauthorized", "\"times\": 1000");

        await using (await demo.StartSilo())
        {
            await demo.Hub.Until("the parked integration", "select credentials = 3 from integration where id = 2");
            Assert.Equal("N+1 | incomplete | wrong_secret", await demo.Table("select night, state, failure_code from night order by night desc limit 1"));
            Assert.Equal(HeldSinceTheFirstNight, await demo.Table(OpenHolds));
            Assert.Equal(FirstNight.Units, await demo.Table(Tables.UnitsNow));
            Assert.Equal("N+1 | 13", await demo.Table("select night, count(*) from reminder where grain_kind = 1 group by 1"));

            await demo.NoFaults();
            await demo.Domain("d-301", """{"numberOfProtectedStandardUsers": 30}""");
            await demo.Integrations.Ask(DemoMsp.Msp, DemoMsp.UniView.Value, new IntegrationMessage.CredentialsChanged(), "clerk", default);
            await demo.UntilQuiet("the night with new credentials");
        }

        Assert.Equal("N+1 | finished | 13", await demo.Table("select night, state, read from night order by night desc limit 1"));
        Assert.Equal("8001 | 30 | N+1 | N+1 | reading", await demo.Table(Tables.Counts.Replace("<> 'opening'", "<> 'opening' and c.night > (select min(night) from night)", StringComparison.Ordinal)));
        Assert.Equal(FirstNight.Journal.Replace("8003 N", "8001 N+1 2 28->30\n8003 N", StringComparison.Ordinal), await demo.Psa.Journal());
    }

    [Fact]
    public async Task A_release_posts_the_units_from_the_night_the_doubt_began()
    {
        await using var demo = await DemoMsp.AfterFirstNight();
        await demo.SecondNight();
        await demo.ReadNight("the second night");

        Assert.Equal(new TurnResult.Taken(Verdict.Ok), await demo.Release(14));
        Assert.Equal("hold_without_count", Assert.IsType<Verdict.Refused>(Assert.IsType<TurnResult.Taken>(await demo.Release(16)).Verdict).Code);
        Assert.Equal(new TurnResult.Taken(Verdict.Ok), await demo.Release(16, 25));
        Assert.Equal(new TurnResult.Taken(Verdict.Ok), await demo.Release(18));
        Assert.Equal("hold_none", Assert.IsType<Verdict.Refused>(Assert.IsType<TurnResult.Taken>(await demo.Release(18)).Verdict).Code);
        await demo.ReadNight("the released units");

        Assert.Equal(
            """
            8014 | moved_too_far | N | 40 | 19 | 0 | released
            8016 | count_missing | N | 22 | - | 0 | released
            8018 | dropped_to_zero | N | 16 | 0 | 0 | released
            """,
            await demo.Table(Tables.Holds));
        Assert.Equal(
            FirstNight.Journal + "\n" + """
            8014 N -21 40->19
            8016 N 3 22->25
            8018 N -16 16->0
            """,
            await demo.Psa.Journal());
        Assert.Equal(
            """
            8014 | adjustment | P..Q | N..Q | -21 | 3.5 | N+1 | by days
            8016 | adjustment | P..Q | N..Q | 3 | 3.5 | N+1 | by days
            8018 | adjustment | P..Q | N..Q | -16 | 3.5 | N+1 | by days
            """,
            await demo.Table(Tables.Ledger.Replace("order by", "where e.night > (select min(night) from night) order by", StringComparison.Ordinal)));
        Assert.Equal("", await demo.Breaches());
    }

    private const string OpenHolds = """
        select l.remote_id, h.reason, h.night, h.previous_units, h.proposed_units
        from hold h join service_line l on l.id = h.line_id where h.resolved_at is null
        order by 1
        """;

    /// <summary>The source is well again, and every tenant is read once more: those still due for the night, and those a person asks for.</summary>
    private static async Task ReadAgain(DemoMsp demo)
    {
        await demo.NoFaults();
        foreach (var (line, _) in await demo.Hub.Pairs("select line_id, id from hold where resolved_at is null order by 1"))
            await demo.Lines.Ask(DemoMsp.Msp, line, new ServiceLineMessage.RefreshRequested(), "clerk", default);
        await demo.Hub.Sql("update reminder set due_at = now() where name = 'read' and night <= (select max(night) from night)");
        await demo.ReadNight("the good read");
    }
}
