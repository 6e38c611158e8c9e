-- $1 msp, $2 before, $3 how many. The newest first.
select id, at, actor, action, grain_kind, grain_id, before, after
from audit
where msp_id = $1 and id < $2
order by id desc
limit $3;
