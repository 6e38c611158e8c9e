-- $1 kinds whose units can be read. Every PSA that can be compared, with its msp's calendar and the night it was last compared for.
select i.id, i.msp_id, m.zone, m.night_at, i.reconciled_night, now()
from integration i
join msp m on m.id = i.msp_id
where not i.reads_products and i.kind = any($1) and i.credentials <> 3
order by i.id;
