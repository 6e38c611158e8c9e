-- $1 job. If it is due, no run of it is under way and nobody is at it; its row is locked until its next date is written. Its date is what the run is through.
select 0::bigint, j.id, j.msp_id, m.zone, j.next_on, j.attempt, j.name, j.contract_id, j.action, j.month_day, j.week_day, j.dated_on, j.run_at,
    null::bigint, null::bigint, false
from job j
join msp m on m.id = j.msp_id
where j.id = $1 and j.due_at <= now() and not exists (select 1 from job_run r where r.job_id = j.id and r.state = 'running')
for no key update of j skip locked;
