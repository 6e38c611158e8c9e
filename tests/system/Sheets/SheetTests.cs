using System.Text;
using System.Text.Json.Nodes;
using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Sheets;

/// <summary>Mappings and lines go out as a table, are edited, and come in again.</summary>
public sealed class SheetTests(HubFixture hub) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task Mappings_that_were_exported_come_back_unchanged_and_an_edited_one_is_taken()
    {
        var (_, tenant, account, uniview) = await hub.FedLine();
        var free = await hub.Tenant(uniview);
        await hub.Sql("update product_tenant set name = $2 where id = $1", free, "=cmd|' /C calc'!A0, \"quoted\"");
        var organization = await hub.Sql("select organization_id from tenant_mapping where tenant_id = $1", tenant);
        await hub.Sql("update tenant_mapping set until_on = $2 where tenant_id = $1", tenant, hub.Night.AddDays(20));

        var file = await hub.Viewer.Get("/v1/mappings/export");
        var lines = file.Text.Split("\r\n");
        Assert.Equal(("text/csv", "tenant_id,tenant,organization_id,organization,account_id,account,from,until"), (file.MediaType, lines[0]));
        var (from, until) = (Iso(hub.Night.AddDays(-30)), Iso(hub.Night.AddDays(20)));
        Assert.Contains($"""{free},"'=cmd|' /C calc'!A0, ""quoted""\",,,,,,""".Replace("\\", "", StringComparison.Ordinal), lines);
        Assert.Contains(lines, line => line.StartsWith($"{tenant},", StringComparison.Ordinal) && line.EndsWith($",,,{from},{until}", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith($"{tenant},", StringComparison.Ordinal) && line.EndsWith($",,,,,{until},", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith($",,{organization},", StringComparison.Ordinal) && line.Contains($",{account},", StringComparison.Ordinal));

        var again = (await Import("mappings", "\uFEFF" + file.Text, dry: false)).Json;
        Assert.Equal((0, lines.Length - 2, 0), Counts(again));

        var edited = file.Text.Replace($"{free},\"'=cmd|' /C calc'!A0, \"\"quoted\"\"\",,,,,,", $"{free},,{organization},,,,,", StringComparison.Ordinal);
        Assert.Equal((1, lines.Length - 2 - 1, 0), Counts((await Import("mappings", edited, dry: true)).Json));
        Assert.Equal(0, await hub.Sql("select count(*) from tenant_mapping where tenant_id = $1", free));
        Assert.Equal((1, lines.Length - 2 - 1, 0), Counts((await Import("mappings", edited, dry: false)).Json));
        Assert.Equal(1, await hub.Sql("select count(*) from tenant_mapping where tenant_id = $1 and organization_id = $2", free, organization));
        Assert.Equal((0, lines.Length - 2, 0), Counts((await Import("mappings", edited, dry: false)).Json));
    }

    [Fact]
    public async Task Each_row_of_mappings_is_taken_or_refused_by_itself_with_its_number_and_code()
    {
        var tenant = await hub.Tenant(await hub.Integration("uniview"));
        var organization = await hub.Organization();
        var answer = await Import("mappings", $"from,organization_id,tenant_id,account_id\n,{organization},{tenant},\n,{organization},abc,\n2026-13-01,{organization},{tenant},\n,987654321,{tenant},\n,,,\n,{organization},{tenant},\n1999-01-01,,{tenant},\n,{organization},{tenant},7\n", dry: false);

        Assert.Equal(
            ["1 changed mapping ", "2 refused  validation_failed tenant_id", "3 refused  validation_failed from", "4 refused  organization_unknown", "5 refused  validation_failed tenant_id", "6 unchanged  ", "7 refused  date_too_old", "8 refused  validation_failed account_id"],
            Told(answer));
    }

    [Fact]
    public async Task Lines_that_were_exported_come_back_unchanged_and_edited_cells_are_changes()
    {
        var (line, _, account, _) = await hub.FedLine();
        var byHand = await hub.Line(await hub.Integration("autotask"), account);
        Assert.Equal(200, (await hub.Operator.Put($"/v1/lines/{byHand}/basis", new { kind = "manual" })).Status);
        Assert.Equal(200, (await hub.Operator.Put($"/v1/lines/{byHand}/units", new { units = "7.5", effective_on = hub.Night })).Status);
        Assert.Equal(200, (await hub.Operator.Put($"/v1/lines/{byHand}/terms", new { minimum_units = "2", settings = new { mode = "month_end_max" }, tiers = new { kind = "volume", steps = new[] { new { up_to = (string?)"10", unit_price = "4" }, new { up_to = (string?)null, unit_price = "3" } } } })).Status);

        var file = await hub.Viewer.Get($"/v1/lines/export?account={account}");
        Assert.Equal(
            $"""
            line_id,account,contract,name,basis,metrics,units,price,currency,minimum_units,maximum_units,included_units,commitment,timing,unit_rounding,mode,change_day,day_count,line_style,rounding,unit_price_rounding,increases,decreases,closed_periods_back_max,from
            {line},{Name(file, line)},Backup 2026,Spanning Backup,none,,,4.20,USD,,,,,advance,up,,,,,,,,,,
            {byHand},{Name(file, byHand)},Backup 2026,Spanning Backup,manual,,7.5,4.20,USD,2,,,,advance,up,month_end_max,,,,,,,,,
            """,
            file.Text.TrimEnd().ReplaceLineEndings("\n"));
        Assert.Equal(["1 unchanged  ", "2 unchanged  "], Told(await Import("lines", file.Text, dry: false)));

        var edited = file.Text
            .Replace("none,,,4.20,USD,", "metrics,spanning-m365/standard_licences,,4.5,USD,1", StringComparison.Ordinal)
            .Replace("manual,,7.5,4.20,USD,2,", "manual,,9,4.2,USD,,12", StringComparison.Ordinal);
        var audit = await hub.Sql("select count(*) from audit");
        string[] expected = ["1 changed basis,price,terms ", "2 changed units,terms "];
        Assert.Equal(expected, Told(await Import("lines", edited, dry: true)));
        Assert.Equal(audit, await hub.Sql("select count(*) from audit"));
        Assert.Equal(expected, Told(await Import("lines", edited, dry: false)));

        var now = await hub.Viewer.Get($"/v1/lines/export?account={account}");
        Assert.Contains($",metrics,spanning-m365/standard_licences,,4.50,USD,1,,,,", now.Text, StringComparison.Ordinal);
        Assert.Contains($",manual,,9,4.20,USD,,12,,,advance,up,month_end_max,", now.Text, StringComparison.Ordinal);
        var tiers = (await hub.Viewer.Get($"/v1/lines/{byHand}/terms")).Json["terms"]!.AsArray()[^1]!["tiers"];
        Assert.Equal("volume", (string?)tiers?["kind"]);
        Assert.Equal(["1 unchanged  ", "2 unchanged  "], Told(await Import("lines", now.Text, dry: false)));
    }

    [Fact]
    public async Task A_row_is_one_change_or_none_and_what_a_line_refuses_is_said_as_by_the_other_routes()
    {
        var (line, _, account, _) = await hub.FedLine();
        var other = await hub.Line(await hub.Integration("autotask"), account);
        var file = $"line_id,basis,metrics,price,minimum_units,maximum_units,closed_periods_back_max,from\n{line},manual,,5,9,3,,\n{other},guessed,a/b/c,-1,x,,many,soon\n{line},,,5,,,,\n987654321,,,5,,,,\nabc,,,5,,,,\n";

        Assert.Equal(
            ["1 refused  limits_inverted", "2 refused  validation_failed from,metrics,basis,price,minimum_units,closed_periods_back_max", "3 refused  validation_failed line_id", "4 refused  not_found", "5 refused  validation_failed line_id"],
            Told(await Import("lines", file, dry: false)));
        Assert.Equal("none", (string?)(await hub.Viewer.Get($"/v1/lines/{line}")).Json["basis"]!["kind"]);
        Assert.Equal(["1 changed price "], Told(await Import("lines", $"line_id,price,from\n{line},5,{Iso(hub.Night.AddDays(-3))}\n", dry: false)));
        Assert.Equal(["1 unchanged  "], Told(await Import("lines", $"line_id,price,from\n{line},5,{Iso(hub.Night.AddDays(-3))}\n", dry: false)));
        Assert.Equal(["1 refused  date_too_old"], Told(await Import("lines", $"line_id,price,from\n{line},6,2001-01-01\n", dry: false)));
    }

    [Fact]
    public async Task A_file_that_is_none_is_refused_as_a_whole_and_says_why()
    {
        Assert.Equal("400 csv_invalid", (await Import("lines", "line_id,colour\n1,red\n", dry: false)).Problem);
        Assert.Equal("400 csv_invalid", (await Import("lines", "price\n1\n", dry: false)).Problem);
        Assert.Equal("400 csv_invalid", (await Import("mappings", "tenant_id,organization_id\n1\n", dry: false)).Problem);
        Assert.Equal("422 import_too_large", (await Import("lines", "line_id\n" + string.Concat(Enumerable.Repeat("1\n", 20_001)), dry: true)).Problem);
        Assert.Equal("422 import_too_large", (await Import("mappings", "tenant_id,organization_id\n" + string.Concat(Enumerable.Range(1, 1_001).Select(id => $"{id},{id}\n")), dry: true)).Problem);
        Assert.Equal("413 body_too_large", (await Import("lines", new string('x', (4 * 1024 * 1024) + 1), dry: true)).Problem);
        Assert.Equal("415 media_type_unsupported", (await hub.Operator.PostText("/v1/lines/import", "{}")).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Send(HttpMethod.Post, "/v1/lines/import", new StringContent("line_id\n", Encoding.UTF8, "text/csv"))).Problem);
    }

    [Fact]
    public async Task Exports_of_more_than_a_page_have_every_row_once()
    {
        var integration = await hub.Integration("uniview");
        await hub.Sql(
            "insert into product_tenant (msp_id, integration_id, product, remote_id, name) select $1, $2, 'spanning-m365', 'many ' || n, 'Many ' || n from generate_series(1, 1203) as s(n)", hub.OtherMsp.Value, integration);

        var rows = (await hub.Stranger.Get("/v1/mappings/export")).Text.TrimEnd().Split("\r\n")[1..];

        Assert.Equal(1203, rows.Select(row => row.Split(',')[0]).Distinct().Count());
        Assert.Equal(1203, rows.Length);
    }

    private Task<Answer> Import(string what, string file, bool dry) =>
        hub.Operator.Send(HttpMethod.Post, $"/v1/{what}/import{(dry ? "" : "?dry_run=false")}", new StringContent(file, Encoding.UTF8, "text/csv"));

    private static (int Changed, int Unchanged, int Refused) Counts(JsonNode answer) => ((int)answer["changed"]!, (int)answer["unchanged"]!, (int)answer["refused"]!);

    /// <summary>Of each row: its number, its state, what changed, and of a refusal the code and the fields.</summary>
    private static IEnumerable<string> Told(Answer answer) => answer.Json["items"]!.AsArray().Select(row => string.Join(' ',
        new[] { row!["row"]!.ToString(), row["state"]!.ToString(), string.Join(',', row["changes"]!.AsArray()), row["code"]?.ToString() ?? "" }
            .Concat(row["errors"]!.AsArray().Count == 0 ? [] : [string.Join(',', row["errors"]!.AsArray().Select(error => error!["field"]))])));

    private static string Name(Answer file, long line) => file.Text.Split("\r\n").Single(row => row.StartsWith($"{line},", StringComparison.Ordinal)).Split(',')[1];

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", global::System.Globalization.CultureInfo.InvariantCulture);
}
