-- $1 msp, $2 job, $3 this run only or null, $4 before, $5 how many, $6 invoices shown of each. The last first. Parts are counted by what became of them.
select r.id, r.scheduled_on, r.through_on, r.asked_by, r.state, r.code, r.sentence, r.plan_id, r.posting_id, r.started_at, r.finished_at,
    (select count(*) from invoice i where i.job_run_id = r.id),
    array(select i.id from invoice i where i.job_run_id = r.id order by i.number limit $6),
    w.parts, w.posted, w.empty, w.waiting, w.failed, w.overtaken
from job_run r
cross join lateral (
    select count(*) as parts, count(*) filter (where p.state = 'posted') as posted, count(*) filter (where p.state = 'empty') as empty,
        count(*) filter (where p.state = 'waiting') as waiting, count(*) filter (where p.state = 'failed') as failed, count(*) filter (where p.state = 'overtaken') as overtaken
    from job_run_part p where p.run_id = r.id
) w
where r.msp_id = $1 and r.job_id = $2 and ($3::bigint is null or r.id = $3) and r.id < $4
order by r.id desc
limit $5;
