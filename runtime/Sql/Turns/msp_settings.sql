-- The database's instant of the turn, and what every msp of this hub has set: a handful of rows, one for each date from which its lines are prorated otherwise. With what its webhooks
-- want to hear of, so that a turn writes nothing for nobody.
select now(), m.id, m.zone, m.night_at, m.hold_units, m.hold_percent, m.product_drop_percent, m.missed_nights_max, w.events,
    p.from_on, p.mode, p.change_day, p.day_count, p.line_style, p.line_rounding, p.unit_price_rounding, p.increases, p.decreases, p.closed_periods_back_max
from msp m
left join (select msp_id, array_agg(distinct event) as events from webhook_wish group by msp_id) w on w.msp_id = m.id
left join msp_proration p on p.msp_id = m.id
order by m.id, p.from_on;
