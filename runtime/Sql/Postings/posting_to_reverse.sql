-- $1 msp, $2 posting. Read under the msp's lock.
select p.kind, p.through_on, p.items, r.id
from posting p
left join posting r on r.reverses = p.id
where p.msp_id = $1 and p.id = $2;
