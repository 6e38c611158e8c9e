-- $1 msp, $2 name, $3 zone, $4 run time, $5 currency, $6 units, $7 per cent, $8 per cent of a product, $9 missed nights, $10 per cent and
-- $11 amount that a plan may change by itself or null, $12 four eyes.
update msp
set name = $2, zone = $3, night_at = $4, currency = $5, hold_units = $6, hold_percent = $7, product_drop_percent = $8, missed_nights_max = $9,
    apply_percent = $10, apply_amount = $11, four_eyes = $12
where id = $1;
