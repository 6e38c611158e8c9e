-- $1 run. If it can go on and nobody is at it: it was asked for, has parts left, or a plan of it was applied.
select r.id, j.id, j.msp_id, m.zone, r.through_on, r.attempt, j.name, j.contract_id, j.action, j.month_day, j.week_day, j.dated_on, j.run_at,
    p.id, p.posting_id, exists (select 1 from job_run_part w where w.run_id = r.id)
from job_run r
join job j on j.id = r.job_id
join msp m on m.id = j.msp_id
left join plan p on p.id = r.plan_id
where r.id = $1 and r.due_at <= now() and (
    r.state in ('asked', 'running')
    or (r.state = 'waits_for_approval' and (p.posting_id is not null or exists (
        select 1 from job_run_part w join plan o on o.id = w.plan_id where w.run_id = r.id and w.state = 'waiting' and o.posting_id is not null))))
for no key update of r skip locked;
