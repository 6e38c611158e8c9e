using Microsoft.Extensions.DependencyInjection;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Tests.System.Hosting;
using Xunit.Abstractions;

namespace UsageBilling.Tests.System.Nights;

public sealed class ScratchTests(Hub hub, ITestOutputHelper output) : IClassFixture<Hub>
{
    [Fact]
    public async Task Everything_runs()
    {
        var services = new ServiceCollection();
        SecretVault.AddTo(services, hub.Database);
        await using var provider = services.BuildServiceProvider();
        var vault = provider.GetRequiredService<SecretVault>();
        await hub.Sql("insert into msp(name, zone) values ('Demo', 'America/New_York')");
        await hub.Sql($"insert into integration(msp_id, kind, name, base_url, user_name, secret_protected, integration_code, reads_products) values (1, 'autotask', 'Autotask', '{hub.Sandbox.BaseUrl}autotask', 'api@demo.example', '{vault.Protect(1, "demo-secret")}', 'DEMOINTEGRATIONCODE0000001', false), (1, 'uniview', 'UniView', '{hub.Sandbox.BaseUrl}uniview', 'demo-client', '{vault.Protect(1, "demo-secret")}', '', true)");
        await hub.Sql("insert into run(msp_id, kind, grain_kind, grain_id) values (1,'import',4,1),(1,'import',4,2)");
        await using var silo = await hub.StartSilo();
        await hub.Until("imports done", "select count(*)=2 from run where state<>'running'");
        output.WriteLine(await hub.Table("select kind, state, code, sentence from run"));
        await hub.Sql("""
            insert into organization_mapping(organization_id, version, from_on, msp_id, account_id) select o.id, 1, '2026-01-01', 1, a.id from organization o join psa_account a on split_part(a.name,' ',1)=split_part(o.name,' ',1);
            insert into tenant_mapping(tenant_id, version, from_on, msp_id, organization_id) select t.id, 1, '2026-01-01', 1, o.id from product_tenant t join organization o on o.remote_id=t.customer_remote_id;
            update organization set mapping_version=1; update product_tenant set mapping_version=1 where customer_remote_id is not null;
            insert into line_basis select id, case when name like '%Google%' then 'spanning-gws' else 'spanning-m365' end, case when name like '%Archived%' then 'archived_licences' else 'standard_licences' end, 1 from service_line;
            update service_line set basis=2;
            insert into reminder(grain_kind, grain_id, name, msp_id, shard, due_at, night) values (4, 2, 'read', 1, 2, now(), null);
            update reminder set due_at=now() where grain_kind=1;
            """);
        await hub.Until("night finished", "select exists(select 1 from night where state='finished') and not exists(select 1 from message) and not exists(select 1 from intent where state in ('pending','sending','in_doubt'))");
        output.WriteLine(await hub.Table("select * from night"));
        output.WriteLine(await hub.Table("select a.name, l.name, c.units, c.effective_on, c.source from count_record c join service_line l on l.id=c.line_id join contract k on k.id=l.contract_id join psa_account a on a.id=k.account_id where source<>'opening' order by 1,2"));
        output.WriteLine(await hub.Table("select line_id, reason, night, previous_units, proposed_units, agreeing from hold"));
        output.WriteLine(await hub.Table("select line_id, service_remote_id, sent_on, desired_units, state, code, attempt, delta from intent"));
        output.WriteLine(await hub.Table("select line_id, kind, period_from, from_on, until_on, units_delta, amount, currency from ledger_entry"));
        output.WriteLine(await hub.Table("select grain_kind, grain_id, name, due_at, night, attempt, parked_reason from reminder order by 1,2,3"));
        output.WriteLine(await hub.Table("select kind, count(*), max(parked_reason) from message group by 1"));
    }
}
