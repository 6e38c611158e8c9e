-- $1 lines that have more than their first price.
select line_id, effective_on, seq, unit_price
from line_price
where line_id = any($1)
order by line_id, effective_on, seq;
