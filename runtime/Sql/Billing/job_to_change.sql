-- $1 msp, $2 job. As it is, and the last date it ran on. Whoever runs it is waited for: its next date is about to move.
select j.name, j.contract_id, j.action, j.month_day, j.week_day, j.dated_on, j.run_at, j.next_on,
    (select max(r.scheduled_on) from job_run r where r.job_id = j.id)
from job j
where j.msp_id = $1 and j.id = $2 and j.deleted_at is null
for no key update of j;
