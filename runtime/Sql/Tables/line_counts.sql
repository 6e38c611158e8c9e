-- $1 lines, $2 first day of interest per line (null for now): the records since a year before it, because a change is prorated over
-- its whole billing period, and the last one before those.
select c.line_id, c.effective_on, c.seq, c.units, c.night, c.source
from (
    select u.line_id, least(coalesce(u.since, current_date), h.night, l.charged_until) - 366 as since
    from unnest($1::bigint[], $2::date[]) as u(line_id, since)
    join service_line l on l.id = u.line_id
    left join hold h on h.line_id = u.line_id and h.resolved_at is null
) w
join lateral (
    select r.line_id, r.effective_on, r.seq, r.units, r.night, r.source
    from count_record r
    where r.line_id = w.line_id and r.effective_on >= coalesce(
        (select max(b.effective_on) from count_record b where b.line_id = w.line_id and b.effective_on < w.since), w.since)
) c on true
order by c.line_id, c.effective_on, c.seq;
