using UsageBilling.Tests.System.Api;

namespace UsageBilling.Tests.System.Portal;

/// <summary>Mappings by the hundred: each is taken or refused by itself.</summary>
public sealed class BulkMappingTests(HubFixture hub) : IClassFixture<HubFixture>
{
    private const string Mapped = "select count(*) from tenant_mapping where tenant_id = $1 and organization_id = $2 and retired_in is null";

    [Fact]
    public async Task Each_mapping_is_taken_or_refused_by_itself_in_their_order()
    {
        var (tenant, organization, account, psa) = await Some();
        var answer = await hub.Operator.Post("/v1/mappings/bulk", new
        {
            items = new object[]
            {
                new { tenant_id = tenant, organization_id = organization }, new { tenant_id = tenant, organization_id = 987654321 }, new { tenant_id = 987654321, organization_id = organization },
                new { organization_id = organization, account_id = account }, new { organization_id = organization, account_id = psa + 987654321 },
            },
        });

        Assert.Equal(
            """200 {"dry_run":false,"mapped":2,"refused":3,"items":[{"item":0,"state":"mapped","code":null,"sentence":null},{"item":1,"state":"refused","code":"organization_unknown","sentence":"There is no such organization."},"""
            + """{"item":2,"state":"refused","code":"not_found","sentence":"There is no such resource."},{"item":3,"state":"mapped","code":null,"sentence":null},"""
            + """{"item":4,"state":"refused","code":"account_unknown","sentence":"There is no such account."}]}""",
            answer.Stable);
        Assert.Equal(1, await hub.Sql(Mapped, tenant, organization));
    }

    [Fact]
    public async Task A_dry_run_says_the_same_and_changes_nothing_not_even_the_audit()
    {
        var (tenant, organization, account, _) = await Some();
        var before = await hub.Sql("select count(*) from audit");
        var body = new { dry_run = true, items = new object[] { new { tenant_id = tenant, organization_id = organization }, new { tenant_id = tenant, organization_id = organization }, new { organization_id = organization, account_id = account } } };

        var answer = await hub.Operator.Post("/v1/mappings/bulk", body);

        Assert.Equal(["mapped ", "refused nothing_changed", "mapped "], answer.Json["items"]!.AsArray().Select(item => $"{item!["state"]} {item["code"]}"));
        Assert.Equal(0, await hub.Sql(Mapped, tenant, organization));
        Assert.Equal(before, await hub.Sql("select count(*) from audit"));
    }

    [Fact]
    public async Task Another_msps_tenants_organizations_and_accounts_are_not_there()
    {
        var (tenant, organization, account, _) = await Some();
        var answer = await hub.Stranger.Post("/v1/mappings/bulk", new { items = new object[] { new { tenant_id = tenant, organization_id = organization }, new { organization_id = organization, account_id = account } } });

        Assert.Equal(["organization_unknown", "account_unknown"], answer.Json["items"]!.AsArray().Select(item => (string?)item!["code"]));
    }

    [Fact]
    public async Task What_is_out_of_shape_is_named_and_nothing_of_the_request_is_taken()
    {
        var (tenant, organization, account, _) = await Some();

        Assert.Equal("400 validation_failed items", (await hub.Operator.Post("/v1/mappings/bulk", new { items = Array.Empty<object>() })).Problem);
        Assert.Equal("400 validation_failed items", (await hub.Operator.Post("/v1/mappings/bulk", new { items = Enumerable.Repeat(new { tenant_id = 1 }, 1001) })).Problem);
        Assert.Equal(
            "400 validation_failed items[1].tenant_id items[2].account_id",
            (await hub.Operator.Post("/v1/mappings/bulk", new { items = new object[] { new { tenant_id = tenant, organization_id = organization }, new { }, new { tenant_id = tenant, account_id = account } } })).Problem);
        Assert.Equal(0, await hub.Sql(Mapped, tenant, organization));
        Assert.Equal("403 scope_insufficient", (await hub.Viewer.Post("/v1/mappings/bulk", new { items = new object[] { new { tenant_id = tenant } } })).Problem);
    }

    private async Task<(long Tenant, long Organization, long Account, long Psa)> Some()
    {
        var psa = await hub.Integration("autotask");
        return (await hub.Tenant(await hub.Integration("uniview")), await hub.Organization(), await hub.Account(psa), psa);
    }
}
