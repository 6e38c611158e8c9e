using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Imports;

/// <summary>Accounts and contracts are imported from the PSA again and again: what is known changes, what is gone is flagged, nothing is deleted.</summary>
public sealed class ImportTests
{
    private const string Accounts = "select remote_id, name, active from psa_account order by remote_id::bigint";
    private const string Run = "select state, code from run where kind = 'import' order by id desc limit 1";

    [Fact]
    public async Task An_account_that_is_renamed_deactivated_or_gone_says_so_and_keeps_its_mappings()
    {
        await using var demo = await DemoMsp.Mapped(DemoSeed.WithAutotask(book =>
        {
            var companies = book["companies"]!.AsArray();
            companies.Single(company => (long)company!["id"]! == 212)!["companyName"] = "Hazel Group";
            companies.Single(company => (long)company!["id"]! == 213)!["isActive"] = false;
            companies.Remove(companies.Single(company => (long)company!["id"]! == 214));
            var contracts = book["contracts"]!.AsArray();
            contracts.Remove(contracts.Single(contract => (long)contract!["companyID"]! == 214));
        }));
        var before = (await demo.Table(Accounts)).Split('\n');
        var mapped = await demo.Table("select count(*) from organization_mapping where retired_in is null");
        await Import(demo);

        var after = (await demo.Table(Accounts)).Split('\n');
        Assert.Equal(before[..^3], after[..^3]);
        Assert.Equal(["212 | Hazel Group | True", "213 | Ironwood Engineering GmbH | False", "214 | Juniper Community Clinic | False"], after[^3..]);
        Assert.Equal(mapped, await demo.Table("select count(*) from organization_mapping where retired_in is null"));
    }

    [Fact]
    public async Task An_import_that_breaks_off_keeps_what_it_has_and_the_next_one_brings_the_rest()
    {
        await using var demo = await DemoMsp.Mapped();
        var whole = await demo.Table(Accounts);
        var lines = await demo.Table("select count(*) from service_line");
        await demo.Hub.Sql("update psa_account set name = 'old' where remote_id = '205'; update contract set name = 'old' where remote_id = '29684001'");
        await demo.Fault("autotask", "server_error", "\"match\": \"Contracts/query\", \"times\": 1000000");
        await Import(demo);
        Assert.StartsWith("failed | ", await demo.Table(Run), StringComparison.Ordinal);
        Assert.Equal(whole, await demo.Table(Accounts));
        Assert.Equal("old", await demo.Table("select name from contract where remote_id = '29684001'"));

        await demo.NoFaults();
        await Import(demo);
        Assert.Equal("done | imported", await demo.Table(Run));
        Assert.Equal("Alder Dental Ltd – Managed services", await demo.Table("select name from contract where remote_id = '29684001'"));
        Assert.Equal(lines, await demo.Table("select count(*) from service_line"));
    }

    private static async Task Import(DemoMsp demo)
    {
        await using var silo = await demo.StartSilo();
        await demo.Hub.Sql("delete from vendor_circuit");
        var run = await demo.Hub.Scalar<long>("insert into run (msp_id, kind, grain_kind, grain_id) values (1, 'import', 4, 1) returning id");
        await demo.Hub.Until("the import", $"select state <> 'running' from run where id = {run}");
    }
}
