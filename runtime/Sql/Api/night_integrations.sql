-- $1 msp, $2 nights, $3 the last night. What each integration read; for the last night also integrations that have not begun. A feed has its night once that is over: nobody
-- waits for it.
-- Remaining are the tenants that are still due for the night; nobody is asked about for a night that is finished.
select d.night, i.id, i.name, n.state, n.due, n.read, n.unread, n.changed, n.discovered, n.failure_code, n.failure_sentence,
    n.started_at, n.finished_at, r.remaining
from unnest($2::date[]) as d(night)
join integration i on i.msp_id = $1 and i.reads_products
left join night n on n.integration_id = i.id and n.night = d.night
left join lateral (
    select count(*)::int as remaining
    from reminder m
    join product_tenant t on t.id = m.grain_id
    where n.state is distinct from 'finished' and m.msp_id = $1 and m.grain_kind = 1 and m.name = 'read'
        and t.integration_id = i.id and m.night <= d.night
) r on true
where n.night is not null or (d.night = $3::date and i.kind <> 'feed')
order by d.night desc, i.id;
