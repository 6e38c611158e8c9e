namespace UsageBilling.Tests.System.Api;

/// <summary>When a PSA hears of changed units, and where it shows others.</summary>
public sealed class PsaUnitsTests(HubFixture hub) : IClassFixture<HubFixture>
{
    [Fact]
    public async Task The_timing_of_a_psas_units_is_chosen_and_its_contracts_follow()
    {
        var psa = await hub.Integration("autotask");
        await hub.Line(psa, await hub.Account(psa));
        var address = $"/v1/integrations/{psa}/unit-timing";

        Assert.Equal("""200 {"timing":"effective_date"}""", (await hub.Viewer.Get(address)).Stable);
        Assert.Equal("""200 {"timing":"month_peak"}""", (await hub.Operator.Put(address, new { timing = "month_peak" })).Stable);
        Assert.Equal("""200 {"timing":"month_peak"}""", (await hub.Operator.Put(address, new { timing = "month_peak" })).Stable);

        Assert.Equal("""200 {"timing":"month_peak"}""", (await hub.Viewer.Get(address)).Stable);
        Assert.Equal(1, await hub.Sql("select count(*) from contract where integration_id = $1 and unit_timing = 1", psa));
        Assert.Equal(1, await hub.Sql("select count(*) from audit where action = 'integration.unit_timing' and grain_id = $1 and before = '0' and after = 'month_peak'", psa));
        Assert.Equal("400 validation_failed timing", (await hub.Operator.Put(address, new { timing = "tomorrow" })).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Put(address, new { timing = "next_month" })).Problem);
        Assert.Equal("404 not_found", (await hub.Stranger.Put(address, new { timing = "next_month" })).Problem);
        Assert.Equal("404 not_found", (await hub.Operator.Put($"/v1/integrations/{await hub.Integration("uniview")}/unit-timing", new { timing = "next_month" })).Problem);
    }

    [Fact]
    public async Task Lines_that_differ_are_listed_by_psa_with_both_numbers()
    {
        var (psa, other) = (await hub.Integration("autotask"), await hub.Integration("autotask"));
        var account = await hub.Account(psa);
        var (line, hidden, elsewhere) = (await hub.Line(psa, account), await hub.Line(psa, account), await hub.Line(other, await hub.Account(other)));
        foreach (var (drifted, of) in new[] { (line, psa), (hidden, psa), (elsewhere, other) })
            await hub.Sql(
                "insert into drift (line_id, msp_id, integration_id, since_night, night, desired_units, observed_units, reason) values ($1, $2, $3, $4::date - 3, $4, 12, case when $1 = $5 then null else 14.0 end, case when $1 = $5 then 'no_units' else 'other_units' end)",
                drifted, hub.Msp.Value, of, hub.Night, hidden);

        var first = await hub.Viewer.Get($"/v1/drift?integration={psa}&limit=1");
        var second = await hub.Viewer.Get($"/v1/drift?integration={psa}&limit=1&cursor={first.Json["next_cursor"]}");

        Assert.Equal($"{line} 14 12 other_units", Short(first));
        Assert.Equal($"{hidden}  12 no_units", Short(second));
        Assert.Null(second.Json["next_cursor"]);
        Assert.Empty((await hub.Stranger.Get("/v1/drift")).Json["items"]!.AsArray());
        Assert.Equal("404 not_found", (await hub.Stranger.Post($"/v1/integrations/{psa}/reconcile")).Problem);
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Post($"/v1/integrations/{psa}/reconcile")).Problem);
    }

    private static string Short(Answer page)
    {
        var row = Assert.Single(page.Json["items"]!.AsArray())!;
        return $"{row["line"]!["id"]} {row["observed_units"]} {row["desired_units"]} {row["reason"]}";
    }
}
