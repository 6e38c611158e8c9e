-- $1 msp, $2 job, $3 through, $4 who. A run that was asked for and has not begun is the same run.
with asked as (
    insert into job_run (job_id, msp_id, through_on, asked_by, state)
    select j.id, j.msp_id, $3, $4, 'asked' from job j where j.msp_id = $1 and j.id = $2 and j.deleted_at is null
    on conflict (job_id) where state = 'asked' do nothing
    returning id, job_id, msp_id
), written_down as (
    insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
    select msp_id, now(), $4, 'job.asked', 0, job_id, '', 'run ' || id || ' through ' || $3::date from asked
)
select id from asked
union all
select r.id from job_run r where r.msp_id = $1 and r.job_id = $2 and r.state = 'asked'
limit 1;
