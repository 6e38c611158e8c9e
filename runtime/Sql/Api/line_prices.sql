-- $1 msp, $2 line. Every price but the first.
select line_id, effective_on, seq, unit_price
from line_price
where msp_id = $1 and line_id = $2
order by effective_on, seq;
