-- $1 msp, $2 actor, $3 from date, $4 mode, $5 change day, $6 day count, $7 line style, $8 rounding of lines and $9 of unit prices, $10 increases, $11 decreases,
-- $12 closed periods back or null, $13 before and $14 after in words. What begins on that date or later was changed before, if at all, by the same statement:
-- no period begins so yet.
with changed as (
    insert into msp_proration (msp_id, from_on, mode, change_day, day_count, line_style, line_rounding, unit_price_rounding, increases, decreases, closed_periods_back_max)
    values ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    on conflict (msp_id, from_on) do update
    set mode = excluded.mode, change_day = excluded.change_day, day_count = excluded.day_count, line_style = excluded.line_style, line_rounding = excluded.line_rounding,
        unit_price_rounding = excluded.unit_price_rounding, increases = excluded.increases, decreases = excluded.decreases,
        closed_periods_back_max = excluded.closed_periods_back_max
    returning msp_id
)
insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
select c.msp_id, now(), $2, 'msp.proration', 0, c.msp_id, $13, $14
from changed c;
