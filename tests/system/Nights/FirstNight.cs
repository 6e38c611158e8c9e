using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Nights;

/// <summary>What the first night leaves in the PSA: where every later story begins.</summary>
internal static class FirstNight
{
    public const string Journal = """
        8001 N 3 25->28
        8003 N -3 162->159
        8004 N 2 9->11
        8006 N 4 34->38
        8007 N 2 146->148
        """;

    /// <summary>Line and units, in the hub and in the PSA alike.</summary>
    public const string Units = """
        8001 | 28
        8002 | 4
        8003 | 159
        8004 | 11
        8005 | 18
        8006 | 38
        8007 | 148
        8008 | 6
        8009 | 85
        8010 | 14
        8011 | 3
        8012 | 210
        8013 | 12
        8014 | 40
        8015 | 2
        8016 | 22
        8017 | 5
        8018 | 16
        8019 | 1
        """;

    /// <summary>All of it is there, once: readings, counts, money, and what the PSA applied.</summary>
    public static async Task Stands(DemoMsp demo)
    {
        Assert.Equal("N | finished | 13 | 13 | 0 | 13", await demo.Table("select night, state, due, read, unread, changed from night"));
        Assert.Equal("", await demo.Table(Tables.ReadTwice));
        Assert.Equal("26", await demo.Table("select count(*) from reading"));
        Assert.Equal("5 | 5", await demo.Table("select count(*), count(distinct line_id) from count_record where source <> 'opening'"));
        Assert.Equal("5 | 5", await demo.Table("select count(*), count(distinct line_id) from ledger_entry"));
        Assert.Equal(Units, await demo.Table(Tables.UnitsNow));
        Assert.Equal(Journal, await demo.Psa.Journal());
        Assert.Equal("", await demo.Breaches());
        Assert.Equal("", await demo.Table("select grain_kind, grain_id, parked_reason from reminder where parked_reason is not null"));
    }
}
