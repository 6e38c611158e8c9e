-- $1 how many. Jobs whose date has come; runs that were asked for; runs whose plan a person has applied. The oldest first.
select d.work, d.id
from (
    select 1 as work, id, due_at from job where due_at <= now()
    union all
    select 2, id, due_at from job_run where state = 'asked' and due_at <= now()
    union all
    select 3, r.id, r.due_at from job_run r join plan p on p.id = r.plan_id
    where r.state = 'waits_for_approval' and r.due_at <= now() and p.posting_id is not null
) d
order by d.due_at, d.id
limit $1;
