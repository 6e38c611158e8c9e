-- $1 msp, $2 line, $3 period from, $4 period until, $5 up to and with this version, $6 how many. Every count that holds on a day of the period before that
-- version's turn or after it: those of its days, and from the last one before them on that an earlier turn knew.
select c.effective_on, c.seq, c.units, c.night, c.source, c.line_ver, c.recorded_at
from count_record c
where c.msp_id = $1 and c.line_id = $2 and c.line_ver <= $5 and c.effective_on < $4::date
    and c.effective_on >= coalesce(
        (select max(b.effective_on) from count_record b where b.line_id = $2 and b.line_ver < $5 and b.effective_on < $3::date), date '-infinity')
order by c.effective_on, c.seq
limit $6;
