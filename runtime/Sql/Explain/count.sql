-- $1 msp, $2 line, $3 effective date, $4 sequence.
select effective_on, seq, units, night, source, line_ver, recorded_at
from count_record
where msp_id = $1 and line_id = $2 and effective_on = $3 and seq = $4;
