-- $1 run. Parts whose plan a person has applied meanwhile are posted; then how many there are, by what became of them, the items posted, and why the first failed.
with applied as (
    update job_run_part w
    set state = 'posted', posting_id = p.posting_id
    from plan p
    where w.run_id = $1 and w.state = 'waiting' and p.id = w.plan_id and p.posting_id is not null
    returning w.part_no, w.items
), part as (
    select w.part_no, case when a.part_no is null then w.state else 'posted' end as state, w.items, w.code
    from job_run_part w
    left join applied a on a.part_no = w.part_no
    where w.run_id = $1
)
select count(*) filter (where state = 'posted'), coalesce(sum(items) filter (where state = 'posted'), 0), count(*) filter (where state = 'empty'),
    count(*) filter (where state = 'waiting'), count(*) filter (where state = 'failed'), min(code) filter (where state = 'failed')
from part;
