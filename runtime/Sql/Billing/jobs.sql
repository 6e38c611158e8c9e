-- $1 msp, $2 this one only or null, $3 after, $4 how many.
select j.id, j.name, j.contract_id, j.action, j.month_day, j.week_day, j.dated_on, j.run_at, k.name, j.next_on, j.due_at, j.created_at, j.created_by
from job j
left join contract k on k.id = j.contract_id
where j.msp_id = $1 and ($2::bigint is null or j.id = $2) and j.id > $3 and j.deleted_at is null
order by j.id
limit $4;
