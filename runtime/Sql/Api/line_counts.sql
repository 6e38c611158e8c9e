-- $1 msp, $2 line, $3 after this effective date, as days since the year 1, and $4 sequence, $5 how many.
select effective_on, seq, units, night, source, recorded_at, line_ver
from count_record
where msp_id = $1 and line_id = $2 and ((effective_on - date '0001-01-01')::bigint, seq::bigint) > ($3::bigint, $4::bigint)
order by effective_on, seq
limit $5;
