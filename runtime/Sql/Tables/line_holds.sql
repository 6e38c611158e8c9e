select line_id, reason, night, previous_units, proposed_units, agreeing, read_at
from hold
where line_id = any($1) and resolved_at is null
order by line_id;
