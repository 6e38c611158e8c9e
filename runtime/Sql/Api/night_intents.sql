-- $1 msp, $2 nights.
select night, state, count(*)::int
from intent
where msp_id = $1 and night = any($2)
group by night, state;
