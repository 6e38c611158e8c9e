-- $1 kinds whose units can be read. Every PSA that can be compared, with its msp's calendar and the night it was last compared for: none while the msp's night is
-- being read or counted, which comes first.
select i.id, i.msp_id, m.zone, m.night_at, i.reconciled_night, now()
from integration i
join msp m on m.id = i.msp_id
where not i.reads_products and i.kind = any($1) and i.credentials <> 3
    and not exists (select 1 from night n where n.msp_id = i.msp_id and n.state = 'running' and n.started_at > now() - interval '1 day')
    and not exists (select 1 from message g where g.msp_id = i.msp_id and g.parked_reason is null)
order by i.id;
