-- $1 msp, $2 line. What the line began with.
select unit_price, currency, minimum, maximum, period, anchor_on, in_advance, rounding
from service_line
where msp_id = $1 and id = $2;
