-- $1 how many, $2 instant (null for now). Nothing is counted or posted in a night that has not come; a period is charged once it has begun, in arrears once it has ended;
-- and a reading's count holds from its night at the earliest that was read. Allowed: units that a person dates ahead.
select b.what, b.how, count(*) over ()
from (
    select 'line ' || e.line_id as what, 'posted in the night of ' || e.night || ' for the period from ' || e.period_from as how
    from ledger_entry e
    join service_line l on l.id = e.line_id
    join msp m on m.id = e.msp_id
    where e.night > (coalesce($2::timestamptz, now()) at time zone m.zone)::date
        or (e.kind = 'charge' and e.night < case when coalesce((
            select t.in_advance from line_terms t where t.line_id = l.id and t.from_on <= e.period_from order by t.from_on desc, t.seq desc limit 1), l.in_advance)
            then e.period_from else e.period_until end)
    union all
    select 'line ' || c.line_id, 'counted in the night of ' || c.night || ' from ' || c.effective_on || ' on'
    from count_record c
    join msp m on m.id = c.msp_id
    where c.night > (coalesce($2::timestamptz, now()) at time zone m.zone)::date or (c.effective_on > c.night and c.source not in ('opening', 'person', 'taken_over'))
) b
order by 1, 2
limit $1;
