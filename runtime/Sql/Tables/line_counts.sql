-- $1 lines, $2 first day of interest per line: the records since then, and the last one before them.
select c.line_id, c.effective_on, c.seq, c.units, c.night, c.source
from unnest($1::bigint[], $2::date[]) as w(line_id, since)
join lateral (
    select r.line_id, r.effective_on, r.seq, r.units, r.night, r.source
    from count_record r
    where r.line_id = w.line_id and r.effective_on >= coalesce(
        (select max(b.effective_on) from count_record b where b.line_id = w.line_id and b.effective_on < w.since), w.since)
) c on true
order by c.line_id, c.effective_on, c.seq;
