-- $1 how many, $2 instant (null for now). A tenant waits for its night; a source that is not parked for its pass; a line with a basis for its next boundary
-- until its end; a held line with a proposed count for its further reads while it runs. Allowed: parked reminders count as reminders,
-- and a line that a message waits for gets its boundary from it.
select b.what, b.how, count(*) over ()
from (
    select 'tenant ' || t.id as what, 'will not be read' as how
    from product_tenant t
    left join reminder r on r.grain_kind = 1 and r.grain_id = t.id and r.name = 'read'
    where r.grain_id is null
    union all
    select 'integration ' || i.id, 'will not be read'
    from integration i
    left join reminder r on r.grain_kind = 4 and r.grain_id = i.id and r.name = 'read'
    where i.reads_products and i.credentials = 2 and r.grain_id is null
    union all
    select 'line ' || l.id, 'will not be charged from ' || l.charged_until || ' on'
    from service_line l
    join contract k on k.id = l.contract_id
    left join reminder r on r.grain_kind = 3 and r.grain_id = l.id and r.name = 'boundary'
    where l.basis <> 0 and (l.charged_until < least(k.until_on, l.until_on) or l.running_units is not null) and r.grain_id is null
        and not exists (select 1 from message m where m.grain_kind = 3 and m.grain_id = l.id)
    union all
    select 'line ' || h.line_id, 'is held, and nobody will look again'
    from hold h
    join service_line l on l.id = h.line_id
    join contract k on k.id = l.contract_id
    join msp m on m.id = h.msp_id
    left join reminder r on r.grain_kind = 3 and r.grain_id = h.line_id and r.name = 'confirm'
    where h.resolved_at is null and h.proposed_units is not null and r.grain_id is null and least(k.until_on, l.until_on) > (coalesce($2::timestamptz, now()) at time zone m.zone)::date
        and not exists (select 1 from message p where p.grain_kind = 3 and p.grain_id = h.line_id)
) b
order by 1, 2
limit $1;
