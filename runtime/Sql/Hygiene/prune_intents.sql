-- $1 after this id, $2 how many, $3 months to keep, $4 days that a new wish may be dated back. The last id looked at (null: none older is left), and how many are gone.
-- An intent that is still to be sent is compared with the units of the last confirmed one before its date. So a confirmed one goes only when a newer
-- one of its line is the last before every date that a wish may still have, and before every wish that was not confirmed.
with page as (
    select i.id, i.line_id, i.effective_on, i.created_at, i.state, i.settled_at from intent i where i.id > $1 order by i.id limit $2
), gone as (
    delete from intent d
    using page p
    where d.id = p.id and p.state = 'confirmed' and d.state = 'confirmed' and p.settled_at < now() - make_interval(months => $3) and exists (
        select 1 from intent n
        where n.line_id = p.line_id and n.id > p.id and n.state = 'confirmed' and n.effective_on >= p.effective_on and n.sent_on <= current_date - $4
            and not exists (
                select 1 from intent o
                where o.line_id = p.line_id and o.state <> 'confirmed' and least(o.effective_on, o.sent_on) < n.sent_on))
    returning d.id
)
select case when bool_or(p.created_at < now() - make_interval(months => $3)) then max(p.id) end, (select count(*) from gone)
from page p;
