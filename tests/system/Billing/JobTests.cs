using System.Globalization;
using System.Text.Json.Nodes;
using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Billing;

/// <summary>Jobs at the door: what is kept, and what is refused. No silo runs them here.</summary>
public sealed class JobTests(HubFixture hub) : IClassFixture<HubFixture>
{
    [Theory]
    [InlineData("""{"kind":"monthly","at":"06:00","day":31}""", "31st")]
    [InlineData("""{"kind":"monthly","at":"06:00","day":"last"}""", "last")]
    [InlineData("""{"kind":"weekly","at":"23:59","weekday":"sunday"}""", "sunday")]
    [InlineData("""{"kind":"dated","at":"00:00","on":"2031-05-06"}""", "dated")]
    public async Task A_job_is_kept_as_it_was_asked_for_and_knows_its_next_date(string schedule, string name)
    {
        var (_, _, contract) = await hub.Customer();

        var made = await hub.Operator.PostText("/v1/jobs", $$"""{"name":"{{name}}","contract":{{contract}},"action":"post_and_bill","schedule":{{schedule}}}""");

        var (id, on) = ((long)made.Json["id"]!, (string)made.Json["next_on"]!);
        var at = (string)JsonNode.Parse(schedule)!["at"]!;
        Assert.Equal((201, $"/v1/jobs/{id}"), (made.Status, made.Location));
        Assert.Equal(Next(schedule), on);
        Assert.Equal($"{on}T{at}:00+00:00", (string?)made.Json["next_at"]);
        var shown = JsonNode.Parse(schedule)!;
        foreach (var (field, value) in shown.AsObject()) Assert.Equal(value!.ToJsonString(), made.Json["schedule"]![field]!.ToJsonString());
        Assert.Equal(made.Text, (await hub.Viewer.Get($"/v1/jobs/{id}")).Text);
        Assert.Equal("""200 {"items":[],"next_cursor":null}""", (await hub.Viewer.Get($"/v1/jobs/{id}/history")).Stable);
    }

    [Fact]
    public async Task A_change_with_another_schedule_moves_the_next_date_and_with_the_same_one_it_stays()
    {
        var id = (long)(await hub.Operator.Post("/v1/jobs", Weekly("Weekly"))).Json["id"]!;
        await hub.Sql("update job set next_on = '2026-01-01', due_at = '2026-01-01T06:00Z' where id = $1", id);

        Assert.Equal("2026-01-01", (string?)(await hub.Operator.Put($"/v1/jobs/{id}", Weekly("Renamed"))).Json["next_on"]);
        var moved = await hub.Operator.Put($"/v1/jobs/{id}", new { name = "Monthly", all = true, action = "post", schedule = new { kind = "monthly", day = 1, at = "06:00" } });

        Assert.Equal(Next("""{"kind":"monthly","at":"06:00","day":1}"""), (string?)moved.Json["next_on"]);
        Assert.Equal(
            "job.created, job.changed, job.changed",
            string.Join(", ", (await hub.Superuser.Get("/v1/audit?limit=200")).Json["items"]!.AsArray().Where(entry => (long)entry!["grain_id"]! == id && ((string)entry["action"]!).StartsWith("job.", StringComparison.Ordinal))
                .Select(entry => (string)entry!["action"]!).Reverse()));
    }

    [Fact]
    public async Task A_date_on_which_a_job_has_run_is_not_run_again_by_changing_its_time()
    {
        var id = (long)(await hub.Operator.Post("/v1/jobs", Dated(hub.Night.AddDays(2)))).Json["id"]!;
        await hub.Sql("insert into job_run (job_id, msp_id, scheduled_on, through_on, state, started_at, finished_at) values ($1, $2, $3, $3, 'done', now(), now())", id, hub.Msp.Value, hub.Night.AddDays(2));

        Assert.Equal("422 job_date_passed", (await hub.Operator.Put($"/v1/jobs/{id}", Dated(hub.Night.AddDays(2), "12:00"))).Problem);
        Assert.Equal(Iso(hub.Night.AddDays(3)), (string?)(await hub.Operator.Put($"/v1/jobs/{id}", Dated(hub.Night.AddDays(3)))).Json["next_on"]);
    }

    [Fact]
    public async Task A_run_in_parts_is_one_entry_of_the_history_that_counts_them_and_lists_them_by_page()
    {
        var id = (long)(await hub.Operator.Post("/v1/jobs", Weekly("In parts"))).Json["id"]!;
        var (_, account, contract) = await hub.Customer();
        var plan = await hub.Sql("insert into plan (msp_id, through_on, hash, items, blocked, created_by) values ($1, $2, repeat('0', 64), 1, 0, 'job') returning id", hub.Msp.Value, hub.Night);
        var run = await hub.Sql("insert into job_run (job_id, msp_id, through_on, asked_by, state, code, started_at) values ($1, $2, $3, 'clerk', 'running', 'in_parts', now()) returning id", id, hub.Msp.Value, hub.Night);
        await hub.Sql(
            "insert into job_run_part (run_id, part_no, msp_id, account_id, contract_id, state, items, blocked, code, plan_id) values ($1, 1, $2, $3, null, 'waiting', 5, 1, null, $5), ($1, 2, $2, $3, $4, 'failed', 0, 0, 'plan_too_large', null), ($1, 3, $2, $3, null, 'due', 0, 0, null, null)",
            run, hub.Msp.Value, account, contract, plan);

        var shown = (await hub.Viewer.Get($"/v1/jobs/{id}/history")).Json["items"]!.AsArray();
        Assert.Equal("""running {"total":3,"posted":0,"empty":0,"waiting":1,"failed":1,"overtaken":0}""", $"{Assert.Single(shown)!["result"]} {shown[0]!["parts"]!.ToJsonString()}");
        var first = await hub.Viewer.Get($"/v1/jobs/{id}/history/{run}/parts?limit=2");
        Assert.Equal(["1 waiting 5 1 ", "2 failed 0 0 plan_too_large"], first.Json["items"]!.AsArray().Select(part => $"{part!["part"]} {part["state"]} {part["items"]} {part["blocked"]} {part["code"]}"));
        Assert.Equal($"{account}  {plan}, {account} {contract} ", string.Join(", ", first.Json["items"]!.AsArray().Select(part => $"{part!["account"]!["id"]} {part["contract"]?["id"]} {part["plan"]}")));
        var last = await hub.Viewer.Get($"/v1/jobs/{id}/history/{run}/parts?limit=2&cursor={first.Json["next_cursor"]}");
        Assert.Equal(3, (int)Assert.Single(last.Json["items"]!.AsArray())!["part"]!);
        foreach (var path in (string[])[$"/v1/jobs/{id}/history/{run + 1}/parts", $"/v1/jobs/{id + 1}/history/{run}/parts"]) Assert.Equal("404 not_found", (await hub.Viewer.Get(path)).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Get($"/v1/jobs/{id}/history/{run}/parts")).Problem);
    }

    [Fact]
    public async Task A_deleted_job_is_gone_and_its_history_stays()
    {
        var id = (long)(await hub.Operator.Post("/v1/jobs", Weekly("Short"))).Json["id"]!;
        var asked = await hub.Operator.Post($"/v1/jobs/{id}/run");
        Assert.Equal((202, $"/v1/jobs/{id}/history", "asked"), (asked.Status, asked.Location, (string)asked.Json["result"]!));
        Assert.Equal((long)asked.Json["id"]!, (long)(await hub.Operator.Post($"/v1/jobs/{id}/run")).Json["id"]!);

        Assert.Equal(204, (await hub.Operator.Send(HttpMethod.Delete, $"/v1/jobs/{id}", null)).Status);

        Assert.Equal("404 not_found", (await hub.Viewer.Get($"/v1/jobs/{id}")).Problem);
        Assert.Equal("404 not_found", (await hub.Operator.Put($"/v1/jobs/{id}", Weekly("Again"))).Problem);
        Assert.Equal("404 not_found", (await hub.Operator.Post($"/v1/jobs/{id}/run")).Problem);
        Assert.Equal("404 not_found", (await hub.Operator.Send(HttpMethod.Delete, $"/v1/jobs/{id}", null)).Problem);
        Assert.Equal("overtaken job_deleted", string.Join(", ", (await hub.Viewer.Get($"/v1/jobs/{id}/history")).Json["items"]!.AsArray().Select(run => $"{run!["result"]} {run["code"]}")));
    }

    [Fact]
    public async Task Nobody_else_sees_a_job_or_makes_one_of_a_foreign_contract()
    {
        var (_, _, contract) = await hub.Customer();
        var id = (long)(await hub.Operator.Post("/v1/jobs", Weekly("Ours"))).Json["id"]!;

        foreach (var path in (string[])[$"/v1/jobs/{id}", $"/v1/jobs/{id}/history"]) Assert.Equal("404 not_found", (await hub.Stranger.Get(path)).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Put($"/v1/jobs/{id}", Weekly("Theirs"))).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Post($"/v1/jobs/{id}/run")).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Send(HttpMethod.Delete, $"/v1/jobs/{id}", null)).Problem);
        Assert.Equal("""200 {"items":[],"next_cursor":null}""", (await hub.Stranger.Get("/v1/jobs")).Stable);
        Assert.Equal("404 contract_unknown", (await hub.Stranger.Post("/v1/jobs", new { name = "x", contract, action = "post", schedule = new { kind = "weekly", weekday = "monday", at = "06:00" } })).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Post("/v1/jobs", Weekly("Viewer's"))).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Post($"/v1/jobs/{id}/run")).Problem);
        Assert.Equal(0, await hub.Sql("select count(*) from job where msp_id = $1 or name = 'Viewer''s'", hub.OtherMsp.Value));
    }

    [Theory]
    [InlineData("""{"kind":"monthly","at":"06:00","day":0}""", "400 validation_failed schedule.day")]
    [InlineData("""{"kind":"monthly","at":"06:00","day":32}""", "400 validation_failed schedule.day")]
    [InlineData("""{"kind":"monthly","at":"06:00","day":1.5}""", "400 validation_failed schedule.day")]
    [InlineData("""{"kind":"monthly","at":"06:00","day":"first"}""", "400 validation_failed schedule.day")]
    [InlineData("""{"kind":"monthly","at":"06:00"}""", "400 validation_failed schedule.day")]
    [InlineData("""{"kind":"monthly","at":"06:00","day":null}""", "400 validation_failed schedule.day")]
    [InlineData("""{"kind":"monthly","at":"06:00","day":1,"weekday":"monday"}""", "400 validation_failed schedule.weekday")]
    [InlineData("""{"kind":"weekly","at":"06:00","weekday":"someday"}""", "400 validation_failed schedule.weekday")]
    [InlineData("""{"kind":"weekly","at":"06:00","weekday":"Monday"}""", "400 validation_failed schedule.weekday")]
    [InlineData("""{"kind":"weekly","at":"06:00"}""", "400 validation_failed schedule.weekday")]
    [InlineData("""{"kind":"dated","at":"06:00"}""", "400 validation_failed schedule.on")]
    [InlineData("""{"kind":"dated","at":"06:00","on":"2026-02-30"}""", "400 validation_failed schedule.on")]
    [InlineData("""{"kind":"dated","at":"06:00","on":"2020-02-01"}""", "422 job_date_passed")]
    [InlineData("""{"kind":"daily","at":"06:00"}""", "400 validation_failed schedule.kind")]
    [InlineData("""{"kind":"weekly","at":"25:00","weekday":"monday"}""", "400 validation_failed schedule.at")]
    [InlineData("""{"kind":"weekly","at":"06:00","weekday":"monday","zone":"UTC"}""", "400 field_unknown zone")]
    public async Task A_schedule_that_is_none_is_refused_by_field_and_nothing_is_kept(string schedule, string problem)
    {
        Assert.Equal(problem, (await hub.Operator.PostText("/v1/jobs", $$"""{"name":"refused","all":true,"action":"post","schedule":{{schedule}}}""")).Problem);
        Assert.Equal(0, await hub.Sql("select count(*) from job where name = 'refused'"));
    }

    [Theory]
    [InlineData("\"name\":\"refused\",\"all\":true,\"contract\":1,\"action\":\"post\"", "400 validation_failed contract")]
    [InlineData("\"name\":\"refused\",\"action\":\"post\"", "400 validation_failed contract")]
    [InlineData("\"name\":\"refused\",\"contract\":987654321,\"action\":\"post\"", "404 contract_unknown")]
    [InlineData("\"name\":\"refused\",\"all\":true,\"action\":\"email\"", "400 validation_failed action")]
    [InlineData("\"name\":\"\",\"all\":true,\"action\":\"post\"", "400 validation_failed name")]
    [InlineData("\"name\":\"refused\\u0000\",\"all\":true,\"action\":\"post\"", "400 validation_failed name")]
    [InlineData("\"all\":true,\"action\":\"post\"", "400 validation_failed name")]
    public async Task A_job_that_cannot_be_understood_is_refused_by_field_and_nothing_is_kept(string fields, string problem)
    {
        Assert.Equal(problem, (await hub.Operator.PostText("/v1/jobs", $$$"""{{{{fields}}},"schedule":{"kind":"weekly","weekday":"monday","at":"06:00"}}""")).Problem);
        Assert.Equal(0, await hub.Sql("select count(*) from job where name like 'refused%'"));
    }

    [Fact]
    public async Task A_name_has_two_hundred_characters_at_most()
    {
        Assert.Equal(201, (await hub.Operator.Post("/v1/jobs", Weekly(new string('n', 200)))).Status);
        Assert.Equal("400 validation_failed name", (await hub.Operator.Post("/v1/jobs", Weekly(new string('n', 201)))).Problem);
    }

    /// <summary>New York skips 02:00 to 03:00 on 9 March 2031 and repeats 01:00 to 02:00 on 2 November.</summary>
    [Theory]
    [InlineData("America/New_York", "2031-03-09", "02:30", "2031-03-09T07:00:00+00:00")]
    [InlineData("America/New_York", "2031-11-02", "01:30", "2031-11-02T05:30:00+00:00")]
    [InlineData("Asia/Tokyo", "2031-05-01", "06:00", "2031-04-30T21:00:00+00:00")]
    public async Task The_msps_zone_says_when_a_date_begins_and_a_change_of_zone_moves_it(string zone, string on, string at, string next)
    {
        var msp = await hub.Sql("insert into msp (name, zone, night_at) values ($1, 'UTC', '00:00') returning id", hub.Name("msp"));
        using var door = new Door(hub.BaseUrl, await hub.Key(new(msp), Runtime.Keys.ApiScope.Superuser));
        var job = await door.Post("/v1/jobs", Dated(DateOnly.Parse(on, CultureInfo.InvariantCulture), at));
        Assert.Equal($"{on}T{at}:00+00:00", (string?)job.Json["next_at"]);

        var settings = (await door.Get("/v1/msp")).Json.AsObject();
        foreach (var field in (string[])["id", "last_night", "next_night_at", "created_at"]) settings.Remove(field);
        settings["zone"] = zone;
        Assert.Equal(200, (await door.Put("/v1/msp", settings)).Status);

        var moved = (await door.Get($"/v1/jobs/{job.Json["id"]}")).Json;
        Assert.Equal((on, next), ((string?)moved["next_on"], (string?)moved["next_at"]));
    }

    private static object Weekly(string name) => new { name, all = true, action = "post", schedule = new { kind = "weekly", weekday = "monday", at = "06:00" } };

    private static object Dated(DateOnly on, string at = "23:59") => new { name = "Once", all = true, action = "post", schedule = new { kind = "dated", on = Iso(on), at } };

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Counted day by day: the first day of the schedule whose time has not passed in UTC.</summary>
    private string Next(string schedule)
    {
        var wanted = JsonNode.Parse(schedule)!;
        var at = TimeOnly.Parse((string)wanted["at"]!, CultureInfo.InvariantCulture);
        var now = Hosting.Hub.Clock.GetUtcNow().UtcDateTime;
        for (var day = hub.Night; ; day = day.AddDays(1))
            if (Is(day) && day.ToDateTime(at) > now)
                return Iso(day);

        bool Is(DateOnly day) => (string)wanted["kind"]! switch
        {
            "monthly" => wanted["day"]!.ToJsonString() is var number && day.Day == (number == "\"last\"" ? 31 : Math.Min(int.Parse(number, CultureInfo.InvariantCulture), DateTime.DaysInMonth(day.Year, day.Month)))
                || (wanted["day"]!.ToJsonString() == "\"last\"" && day.AddDays(1).Day == 1),
            "weekly" => string.Equals(day.DayOfWeek.ToString(), (string)wanted["weekday"]!, StringComparison.OrdinalIgnoreCase),
            _ => Iso(day) == (string)wanted["on"]!,
        };
    }
}
