-- $1 how many, $2 instant (null for now). A finished night has a reading of every tenant known before it, and the night that an integration is read through is finished; and a line that is not held, and that no
-- message waits for, counts what its mapped tenants add up to. Allowed: parked tenants, units given by a person, a hold released by a
-- person since the last count, tenants never read.
with night_of as (
    select m.id as msp_id, (coalesce($2::timestamptz, now()) at time zone m.zone)::date - ((coalesce($2, now()) at time zone m.zone)::time < m.night_at)::int as night
    from msp m
), known as (
    select t.id as tenant_id, t.integration_id, min(r.night) as since
    from product_tenant t
    join reading r on r.tenant_id = t.id
    where not exists (select 1 from reminder p where p.grain_kind = 1 and p.grain_id = t.id and p.parked_reason is not null)
    group by t.id, t.integration_id
), summed as (
    select l.id as line_id, w.night, sum(c.units) as units, bool_or(c.units is null) as unknown
    from service_line l
    join night_of w on w.msp_id = l.msp_id
    join contract k on k.id = l.contract_id and greatest(k.from_on, l.from_on) <= w.night and least(k.until_on, l.until_on) > w.night
    join organization_mapping om on om.account_id = k.account_id and om.retired_in is null and om.from_on <= w.night and (om.until_on is null or om.until_on > w.night)
    join tenant_mapping tm on tm.organization_id = om.organization_id and tm.retired_in is null and tm.from_on <= w.night and (tm.until_on is null or tm.until_on > w.night)
    join product_tenant t on t.id = tm.tenant_id
    join line_basis b on b.line_id = l.id and b.product = t.product
    left join tenant_count c on c.tenant_id = t.id and c.metric = b.metric
    where l.basis = 2
        and not exists (select 1 from hold h where h.line_id = l.id and h.resolved_at is null)
        and not exists (select 1 from message m where m.grain_kind = 3 and m.grain_id = l.id)
        and not exists (
            select 1 from hold h where h.line_id = l.id and h.resolution = 'released' and h.resolved_at >= (select max(r.recorded_at) from count_record r where r.line_id = l.id))
    group by l.id, w.night
    having bool_and(c.tenant_id is not null)
), counted as (
    select distinct on (s.line_id) s.line_id, s.units as summed, s.unknown, r.units, r.source
    from summed s
    left join count_record r on r.line_id = s.line_id and r.effective_on <= s.night
    order by s.line_id, r.effective_on desc, r.seq desc
)
select b.what, b.how, count(*) over ()
from (
    select 'tenant ' || k.tenant_id as what, 'has no reading of ' || n.night || ', which is finished' as how
    from night n
    join integration i on i.id = n.integration_id and n.night > i.night_cursor - 31
    join known k on k.integration_id = n.integration_id and k.since < n.night
    left join (select distinct r.tenant_id, r.night from reading r) r on r.tenant_id = k.tenant_id and r.night = n.night
    where n.state = 'finished' and r.tenant_id is null
    union all
    select 'integration ' || i.id, 'is read through ' || n.night || ', which is ' || n.state
    from night n
    join integration i on i.id = n.integration_id and i.night_cursor = n.night and i.kind <> 'feed'
    where n.state <> 'finished'
    union all
    select 'line ' || c.line_id, 'counts ' || coalesce(trim_scale(c.units)::text, 'nothing') || ' where its tenants add up to ' || case when c.unknown then 'no number' else trim_scale(c.summed)::text end
    from counted c
    where c.source is distinct from 'person' and (c.unknown or coalesce(c.units, 0) <> c.summed)
) b
order by 1, 2
limit $1;
