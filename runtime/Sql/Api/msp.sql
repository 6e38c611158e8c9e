-- $1 msp. The database's instant, and what the msp has set.
select now(), zone, night_at, id, name, currency, hold_units, hold_percent, product_drop_percent, missed_nights_max, created_at,
    apply_percent, apply_amount, four_eyes
from msp
where id = $1;
