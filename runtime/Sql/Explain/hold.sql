-- $1 msp, $2 line, $3 the instant of a turn: the hold that it closed.
select h.id, h.reason, h.night, h.previous_units, h.proposed_units, h.agreeing, h.opened_at, h.resolved_at, h.resolution, h.resolved_by
from hold h
where h.msp_id = $1 and h.line_id = $2 and h.resolved_at = $3
limit 1;
