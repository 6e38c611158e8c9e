using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Keys;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Tests.System.Api;

public sealed class MspTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Whoever_reads_sees_the_settings_and_the_nights_of_their_own_msp()
    {
        var own = await hub.Viewer.Get("/v1/msp");

        Assert.Equal(
            $$"""200 {"id":{{hub.Msp.Value}},"name":"Northwind","zone":"UTC","night_at":"*","currency":"USD","hold_units":"5","hold_percent":"30","product_drop_percent":"10","missed_nights_max":3,"apply_percent":null,"apply_amount":null,"four_eyes":false,"last_night":"{{hub.Night:yyyy-MM-dd}}","next_night_at":"*","created_at":"*"}""",
            own.Stable);
        Assert.Equal("00:00", (string?)own.Json["night_at"]);
        Assert.Equal($"{hub.Night.AddDays(1):yyyy-MM-dd}T00:00:00+00:00", (string?)own.Json["next_night_at"]);
        Assert.Equal("Southwind", (string?)(await hub.Stranger.Get("/v1/msp")).Json["name"]);
    }

    [Fact]
    public async Task Only_a_superuser_changes_an_msp()
    {
        Assert.Equal("401 key_missing", (await hub.Nobody.Get("/v1/msp")).Problem);
        Assert.Equal("401 key_missing", (await hub.Nobody.Put("/v1/msp", Wanted())).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Put("/v1/msp", Wanted())).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Operator.Put("/v1/msp", Wanted())).Problem);
    }

    [Fact]
    public async Task A_change_is_written_whole_is_audited_by_what_differs_and_leaves_other_msps_alone()
    {
        using var msp = await NewMsp("UTC", "00:00");
        var others = await Rows("select name, zone, night_at::text, currency, hold_units::text from msp where id <> $1 order by id", msp.Id.Value);

        var changed = await msp.Door.Put("/v1/msp", new
        {
            name = msp.Name + "!", zone = "Pacific/Auckland", night_at = "01:15", currency = "NZD", hold_units = "2.5", hold_percent = "0", product_drop_percent = "100", missed_nights_max = 31,
            apply_percent = "7.5", apply_amount = "250", four_eyes = true,
        });

        var night = (string)changed.Json["last_night"]!;
        Assert.Equal(
            $$"""200 {"id":{{msp.Id.Value}},"name":"{{msp.Name}}!","zone":"Pacific/Auckland","night_at":"*","currency":"NZD","hold_units":"2.5","hold_percent":"0","product_drop_percent":"100","missed_nights_max":31,"apply_percent":"7.5","apply_amount":"250","four_eyes":true,"last_night":"{{night}}","next_night_at":"*","created_at":"*"}""",
            changed.Stable);
        Assert.Equal(changed.Text, (await msp.Door.Get("/v1/msp")).Text);
        var entry = (await msp.Door.Get("/v1/audit")).Json["items"]!.AsArray().Single()!;
        Assert.Equal(
            $"msp.settings hub {msp.Id.Value}: name {msp.Name}, zone UTC, night at 00:00, currency USD, hold units 5, hold percent 30, product drop percent 10, missed nights 3, no apply percent, no apply amount, two eyes"
            + $" -> name {msp.Name}!, zone Pacific/Auckland, night at 01:15, currency NZD, hold units 2.5, hold percent 0, product drop percent 100, missed nights 31, apply percent 7.5, apply amount 250, four eyes",
            $"{entry["action"]} {entry["grain"]} {entry["grain_id"]}: {entry["before"]} -> {entry["after"]}");
        Assert.Equal(others, await Rows("select name, zone, night_at::text, currency, hold_units::text from msp where id <> $1 order by id", msp.Id.Value));
    }

    [Fact]
    public async Task The_same_again_changes_nothing_and_is_not_audited()
    {
        using var msp = await NewMsp("UTC", "00:30");

        Assert.Equal(200, (await msp.Door.Put("/v1/msp", Wanted(msp.Name))).Status);

        Assert.Empty((await msp.Door.Get("/v1/audit")).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task What_waits_for_a_night_moves_with_the_zone()
    {
        using var msp = await NewMsp("America/New_York", "00:30");
        await Remind(msp, "read", "2031-01-15", "2031-01-15T05:30Z");
        await Remind(msp, "boundary", "2031-07-01", "2031-07-01T04:30Z");
        await Remind(msp, "confirm", null, "2031-02-02T02:02Z");
        await Tell(msp, "2031-07-01", "2031-07-01T04:30Z");
        using var other = await NewMsp("America/New_York", "00:30");
        await Remind(other, "read", "2031-01-15", "2031-01-15T05:30Z");

        await msp.Door.Put("/v1/msp", Wanted(msp.Name, "Europe/London"));
        Assert.Equal(
            """
            boundary 2031-07-01 2031-06-30T23:30Z
            confirm - 2031-02-02T02:02Z
            message 2031-07-01 2031-06-30T23:30Z
            read 2031-01-15 2031-01-15T00:30Z
            """,
            await Waiting(msp));

        await msp.Door.Put("/v1/msp", Wanted(msp.Name, "Australia/Sydney", "23:00"));
        Assert.Equal(
            """
            boundary 2031-07-01 2031-07-01T13:00Z
            confirm - 2031-02-02T02:02Z
            message 2031-07-01 2031-07-01T13:00Z
            read 2031-01-15 2031-01-15T12:00Z
            """,
            await Waiting(msp));
        Assert.Equal("read 2031-01-15 2031-01-15T05:30Z", await Waiting(other));
    }

    /// <summary>New York skips 02:00 to 03:00 on 9 March 2031 and repeats 01:00 to 02:00 on 2 November; Sydney repeats 02:00 to 03:00 on 6 April.</summary>
    [Theory]
    [InlineData("America/New_York", "02:30", "2031-03-09", "2031-03-09T07:00Z")]
    [InlineData("America/New_York", "01:30", "2031-11-02", "2031-11-02T05:30Z")]
    [InlineData("Australia/Sydney", "02:30", "2031-04-06", "2031-04-05T15:30Z")]
    [InlineData("Australia/Sydney", "02:30", "2031-04-07", "2031-04-06T16:30Z")]
    public async Task A_night_on_which_clocks_change_waits_for_the_end_of_the_gap_or_the_first_pass(string zone, string nightAt, string night, string due)
    {
        using var msp = await NewMsp("UTC", "00:00");
        await Remind(msp, "read", night, night + "T00:00Z");

        await msp.Door.Put("/v1/msp", Wanted(msp.Name, zone, nightAt));

        Assert.Equal($"read {night} {due}", await Waiting(msp));
    }

    [Fact]
    public async Task A_night_that_has_begun_in_the_new_zone_is_due_now_and_a_retry_keeps_its_time()
    {
        var west = NightCalendar.Of("Etc/GMT+12", new(0, 0));
        using var msp = await NewMsp("Etc/GMT+12", "00:00");
        var last = west.NightAt(await Now());
        await Remind(msp, "read", Text(last.AddDays(1)), Instant(west.RunAt(last.AddDays(1))));
        await Remind(msp, "boundary", Text(last.AddDays(9)), Instant(west.RunAt(last.AddDays(9))));
        await Remind(msp, "retried", Text(last), "2031-01-01T00:00Z");

        await msp.Door.Put("/v1/msp", Wanted(msp.Name, "Pacific/Kiritimati", "00:00"));

        Assert.Equal(
            $"""
            boundary {Text(last.AddDays(9))} {Instant(NightCalendar.Of("Pacific/Kiritimati", new(0, 0)).RunAt(last.AddDays(9)))}
            read {Text(last.AddDays(1))} due
            retried {Text(last)} 2031-01-01T00:00Z
            """,
            await Waiting(msp));
    }

    [Fact]
    public async Task A_night_that_has_not_begun_in_the_new_zone_is_waited_for_also_by_what_was_due()
    {
        var (east, west) = (NightCalendar.Of("Pacific/Kiritimati", new(0, 0)), NightCalendar.Of("Etc/GMT+12", new(0, 0)));
        using var msp = await NewMsp("Pacific/Kiritimati", "00:00");
        var last = east.NightAt(await Now());
        foreach (var name in (string[])["read", "refresh"]) await Remind(msp, name, Text(last), "2026-01-01T00:00Z");
        await Remind(msp, "retried", Text(last), "2031-01-01T00:00Z");
        await Tell(msp, Text(last), "2026-01-01T00:00Z");

        await msp.Door.Put("/v1/msp", Wanted(msp.Name, "Etc/GMT+12", "00:00"));

        var run = Instant(west.RunAt(last));
        Assert.Equal(
            $"""
            message {Text(last)} {run}
            read {Text(last)} {run}
            refresh {Text(last)} due
            retried {Text(last)} {run}
            """,
            await Waiting(msp));
    }

    [Fact]
    public async Task Silos_hear_of_a_change_of_the_nights()
    {
        using var msp = await NewMsp("UTC", "00:00");
        var heard = Channel.CreateUnbounded<WorkKinds>();
#pragma warning disable RS0030 // the listener waits on a real server
        await using var listener = WorkListener.Start(hub.Source, kinds => heard.Writer.TryWrite(kinds), TimeProvider.System, NullLogger.Instance);
#pragma warning restore RS0030
        await listener.Listening.WaitAsync(Patience);

        await msp.Door.Put("/v1/msp", Wanted(msp.Name, nightAt: "04:00"));

        while (!(await heard.Reader.ReadAsync().AsTask().WaitAsync(Patience)).HasFlag(WorkKinds.Reads | WorkKinds.Turns))
        {
            // a listener may hear of older work first
        }
    }

    [Fact]
    public async Task A_turn_that_has_read_the_old_calendar_is_waited_for_and_limits_are_changed_beside_it()
    {
        using var msp = await NewMsp("UTC", "00:30");
        await using var connection = await hub.Source.OpenConnectionAsync();
        await using var turn = await connection.BeginTransactionAsync();
        await using (var read = new NpgsqlCommand("select zone from msp", connection)) await read.ExecuteNonQueryAsync();

        var moved = await msp.Door.Put("/v1/msp", Wanted(msp.Name, "Europe/London"));
        var limited = await msp.Door.Put("/v1/msp", Wanted(msp.Name, missedNights: 4));

        Assert.Equal(("503 busy", "1"), (moved.Problem, moved.RetryAfter));
        Assert.Equal("UTC 4", $"{limited.Json["zone"]} {limited.Json["missed_nights_max"]}");
    }

    [Theory]
    [InlineData("Mars/Olympus")]
    [InlineData("america/new_york")]
    [InlineData("EST5EDT4")]
    [InlineData("UTC+2")]
    public async Task A_zone_that_nobody_knows_is_refused_by_name_with_an_example(string zone)
    {
        using var msp = await NewMsp("UTC", "00:30");

        var refused = await msp.Door.Put("/v1/msp", Wanted(msp.Name, zone));

        Assert.Equal("422 zone_unknown", refused.Problem);
        Assert.Equal($"'{zone}' is not a time zone of the IANA database; for example America/New_York is one.", (string?)refused.Json["detail"]);
        Assert.Equal("UTC", (string?)(await msp.Door.Get("/v1/msp")).Json["zone"]);
    }

    [Theory]
    [InlineData("name", "\"\"", "400 validation_failed name")]
    [InlineData("zone", "\"\"", "400 validation_failed zone")]
    [InlineData("zone", "null", "400 validation_failed zone")]
    [InlineData("night_at", "\"24:00\"", "400 validation_failed night_at")]
    [InlineData("night_at", "\"00:30:15\"", "400 validation_failed night_at")]
    [InlineData("night_at", "\"noon\"", "400 validation_failed night_at")]
    [InlineData("hold_units", "\"-1\"", "400 validation_failed hold_units")]
    [InlineData("hold_units", "\"1000000001\"", "400 validation_failed hold_units")]
    [InlineData("hold_units", "5", "400 validation_failed hold_units")]
    [InlineData("hold_percent", "\"1000.000001\"", "400 validation_failed hold_percent")]
    [InlineData("hold_percent", "\"1.0000001\"", "400 validation_failed hold_percent")]
    [InlineData("product_drop_percent", "\"100.5\"", "400 validation_failed product_drop_percent")]
    [InlineData("missed_nights_max", "32", "400 validation_failed missed_nights_max")]
    [InlineData("missed_nights_max", "-1", "400 validation_failed missed_nights_max")]
    [InlineData("missed_nights_max", "1.5", "400 validation_failed missed_nights_max")]
    [InlineData("apply_percent", "\"1000.5\"", "400 validation_failed apply_percent")]
    [InlineData("apply_percent", "5", "400 validation_failed apply_percent")]
    [InlineData("apply_amount", "\"-1\"", "400 validation_failed apply_amount")]
    [InlineData("four_eyes", "null", "400 validation_failed four_eyes")]
    [InlineData("currency", "\"usd\"", "400 validation_failed currency")]
    [InlineData("currency", "\"XXX\"", "400 validation_failed currency")]
    [InlineData("last_night", "\"2026-01-01\"", "400 field_unknown last_night")]
    [InlineData("colour", "\"red\"", "400 field_unknown colour")]
    public async Task What_is_out_of_range_or_not_known_is_said_by_field(string field, string value, string problem)
    {
        var body = global::System.Text.Json.JsonSerializer.SerializeToNode(Wanted("Northwind"))!.AsObject();
        body[field] = global::System.Text.Json.Nodes.JsonNode.Parse(value);
        var before = (await hub.Viewer.Get("/v1/msp")).Text;

        Assert.Equal(problem, (await hub.Superuser.Put("/v1/msp", body)).Problem);
        Assert.Equal(before, (await hub.Viewer.Get("/v1/msp")).Text);
    }

    [Fact]
    public async Task Every_field_that_is_wrong_is_named_at_once() => Assert.Equal(
        "400 validation_failed apply_amount hold_percent hold_units missed_nights_max night_at",
        Sorted((await hub.Superuser.Put("/v1/msp", new
        {
            name = "Northwind", zone = "UTC", night_at = "", hold_units = "", hold_percent = "many", product_drop_percent = "1", missed_nights_max = 99,
            apply_percent = (string?)null, apply_amount = "-1", four_eyes = false,
        })).Problem));

    [Fact]
    public async Task The_name_of_another_msp_is_taken()
    {
        using var msp = await NewMsp("UTC", "00:30");

        Assert.Equal("409 name_taken", (await msp.Door.Put("/v1/msp", Wanted("Southwind"))).Problem);
    }

    [Fact]
    public async Task The_currency_changes_until_lines_bill_in_it()
    {
        await hub.FedLine();

        var refused = await hub.Superuser.Put("/v1/msp", Wanted("Northwind", nightAt: "00:00", currency: "EUR"));
        Assert.Equal("409 currency_fixed", refused.Problem);
        Assert.Equal("There are service lines that bill in USD: the currency stays.", (string?)refused.Json["detail"]);
        Assert.Equal("USD", (string?)(await hub.Superuser.Put("/v1/msp", Wanted("Northwind", nightAt: "00:00", currency: "USD"))).Json["currency"]);
        using var msp = await NewMsp("UTC", "00:30");
        Assert.Equal("KWD", (string?)(await msp.Door.Put("/v1/msp", Wanted(msp.Name, currency: "KWD"))).Json["currency"]);
        Assert.Equal("KWD", (string?)(await msp.Door.Put("/v1/msp", Wanted(msp.Name, nightAt: "00:45"))).Json["currency"]);
    }

    private static object Wanted(string name = "Northwind", string zone = "UTC", string nightAt = "00:30", string? currency = null, int missedNights = 3) => new
    {
        name, zone, night_at = nightAt, currency, hold_units = "5", hold_percent = "30", product_drop_percent = "10", missed_nights_max = missedNights, apply_percent = (string?)null, apply_amount = (string?)null, four_eyes = false,
    };

    private static string Sorted(string problem) => string.Join(' ', problem.Split(' ').Take(2).Concat(problem.Split(' ').Skip(2).Order(StringComparer.Ordinal)));

    private static string Text(DateOnly night) => night.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    private async Task<OwnMsp> NewMsp(string zone, string nightAt)
    {
        var name = hub.Name("msp");
        var id = new MspId(await hub.Sql($"insert into msp (name, zone, night_at) values ($1, $2, '{nightAt}') returning id", name, zone));
        return new(id, name, new Door(hub.BaseUrl, await hub.Key(id, ApiScope.Superuser)));
    }

    private Task Remind(OwnMsp msp, string name, string? night, string due) => hub.Sql(
        $"insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night) values (1, $1, $2, $3, 0, '{due}', {(night is null ? "null" : $"'{night}'")})",
        msp.Id.Value, name, msp.Id.Value);

    private Task Tell(OwnMsp msp, string night, string due) => hub.Sql(
        $"insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, due_at) values (3, $1, $1, 0, 'inputs_changed', '{night}', 2, '{due}')", msp.Id.Value);

    /// <summary>What waits for an msp: name, night, and the instant it waits for, or that it is due.</summary>
    private Task<string> Waiting(OwnMsp msp) => Rows(
        """
        select w.name, coalesce(w.night::text, '-'), case when w.due_at <= now() then 'due' else to_char(w.due_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI"Z"') end
        from (select name, night, due_at from reminder where msp_id = $1 union all select 'message', night, due_at from message where msp_id = $1) w
        order by 1
        """,
        msp.Id.Value);

    private async Task<DateTimeOffset> Now() => DateTimeOffset.FromUnixTimeMilliseconds(await hub.Sql("select (extract(epoch from now()) * 1000)::bigint"));

    private async Task<string> Rows(string statement, long value)
    {
#pragma warning disable CA2100 // a test's own text
        await using var command = hub.Source.CreateCommand(statement);
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)));
        return string.Join('\n', lines);
    }

    private sealed record OwnMsp(MspId Id, string Name, Door Door) : IDisposable
    {
        public void Dispose() => Door.Dispose();
    }
}
