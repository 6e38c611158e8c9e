-- $1 how many. Jobs whose date has come, unless a run of them is under way; runs that were asked for; runs of which a person has applied a plan; runs with parts
-- left. The oldest first.
select d.work, d.id
from (
    select 1 as work, j.id, j.due_at from job j
    where j.due_at <= now() and not exists (select 1 from job_run r where r.job_id = j.id and r.state = 'running')
    union all
    select 2, id, due_at from job_run where state = 'asked' and due_at <= now()
    union all
    select 3, r.id, r.due_at from job_run r
    where r.state = 'waits_for_approval' and r.due_at <= now() and (
        exists (select 1 from plan p where p.id = r.plan_id and p.posting_id is not null)
        or exists (select 1 from job_run_part w join plan o on o.id = w.plan_id where w.run_id = r.id and w.state = 'waiting' and o.posting_id is not null))
    union all
    select 4, id, due_at from job_run where state = 'running' and due_at <= now()
) d
order by d.due_at, d.id
limit $1;
