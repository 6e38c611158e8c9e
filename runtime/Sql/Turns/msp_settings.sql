-- The database's instant of the turn, and what every msp of this hub has set. A handful of rows.
select now(), id, zone, night_at, hold_units, hold_percent, product_drop_percent, missed_nights_max
from msp
order by id;
