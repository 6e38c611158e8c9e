insert into reading (tenant_id, metric, night, read_no, msp_id, units, evidence, observed_at)
select s.tenant_id, s.metric, $1, 1, t.msp_id, s.units, 1, now()
from sight s
join product_tenant t on t.id = s.tenant_id;
update reminder set due_at = now() + interval '1 day', night = $1 + 1, attempt = 0 where grain_kind = 1 and name = 'read' and due_at <= now();
create temporary table changed_count on commit drop as
select s.tenant_id, s.metric, s.units
from sight s
join tenant_count c on c.tenant_id = s.tenant_id and c.metric = s.metric
where c.units <> s.units;
update tenant_count c set units = s.units, night = $1, observed_at = now() from changed_count s where c.tenant_id = s.tenant_id and c.metric = s.metric;
update product_tenant set ver = ver + 1 where id in (select tenant_id from changed_count);
create temporary table changed_line on commit drop as
select l.id, l.msp_id, l.ver, l.unit_price, l.currency, l.charged_until, k.integration_id, k.remote_id as contract_remote_id, l.remote_id, sum(tc.units) as units, o.units as before
from service_line l
join contract k on k.id = l.contract_id
join organization_mapping om on om.account_id = k.account_id and om.retired_in is null
join tenant_mapping tm on tm.organization_id = om.organization_id and tm.retired_in is null
join line_basis b on b.line_id = l.id
join tenant_count tc on tc.tenant_id = tm.tenant_id and tc.metric = b.metric
join count_record o on o.line_id = l.id
where l.basis = 2 and exists (
    select 1 from tenant_mapping tm2 join changed_count s on s.tenant_id = tm2.tenant_id
    where tm2.organization_id = om.organization_id and tm2.retired_in is null)
group by l.id, l.msp_id, l.ver, l.unit_price, l.currency, l.charged_until, k.integration_id, k.remote_id, l.remote_id, o.units
having sum(tc.units) <> o.units;
insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver)
select id, $1, 1, msp_id, units, $1, 'reading', ver from changed_line;
insert into ledger_entry (line_id, line_ver, entry_no, msp_id, kind, period_from, period_until, from_on, until_on, units_delta, unit_price, amount, currency, night, count_effective_on, count_seq)
select id, ver, 1, msp_id, 'adjustment', (charged_until - interval '1 month')::date, charged_until, $1, charged_until, units - before, unit_price,
    round((units - before) * unit_price * (charged_until - $1) / (charged_until - (charged_until - interval '1 month')::date), 2), currency, $1, $1, 1
from changed_line;
insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, night)
select msp_id, integration_id, id, contract_remote_id, remote_id, $1, $1, units, $1 from changed_line;
update service_line l set ver = c.ver + 1 from changed_line c where l.id = c.id;
