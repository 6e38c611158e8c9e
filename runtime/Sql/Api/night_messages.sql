-- $1 msp, $2 nights. Lines that have not yet heard, told alone or with their contract, and those parked.
select m.night, coalesce(sum(t.lines) filter (where m.parked_reason is null), 0)::int, coalesce(sum(t.lines) filter (where m.parked_reason is not null), 0)::int
from message m
cross join lateral (
    select 1 as lines where m.grain_kind = 3
    union all
    select count(*) from service_line l
    where m.grain_kind = 5 and l.contract_id = m.grain_id and l.basis <> 0 and (m.about = '' or exists (
        select 1 from line_basis b where b.line_id = l.id and starts_with(b.product || '/' || b.metric || '/', m.about)))
) t
where m.msp_id = $1 and m.night = any($2) and m.grain_kind in (3, 5)
group by m.night;
