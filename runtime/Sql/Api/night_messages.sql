-- $1 msp, $2 nights. Lines that have not yet heard, and those parked.
select night, (count(*) filter (where parked_reason is null))::int, (count(*) filter (where parked_reason is not null))::int
from message
where msp_id = $1 and night = any($2) and grain_kind = 3
group by night;
