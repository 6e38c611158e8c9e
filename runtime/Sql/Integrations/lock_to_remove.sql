-- $1 msp, $2 integration. For update: whoever adds something that hangs on it waits, and finds it gone.
select kind, name
from integration
where msp_id = $1 and id = $2
for update;
