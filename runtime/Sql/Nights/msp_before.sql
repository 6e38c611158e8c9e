-- $1 msp, $2 wanted name. What is set, whether another msp has the name, and whether lines bill in the currency.
select now(), m.name, m.zone, m.night_at, m.currency, m.hold_units, m.hold_percent, m.product_drop_percent, m.missed_nights_max,
    m.apply_percent, m.apply_amount, m.four_eyes,
    msp_name_taken($2, m.id),
    exists (select 1 from service_line l where l.msp_id = m.id)
from msp m
where m.id = $1;
