-- $1 msp, $2 how many. Each night that something waits for, or is due for.
select w.night
from (
    select r.night from reminder r where r.msp_id = $1 and r.night is not null and r.parked_reason is null
    union
    select m.night from message m where m.msp_id = $1 and m.parked_reason is null
) w
order by w.night
limit $2;
