-- $1 msp. How its lines are prorated, by the date from which periods begin so.
select from_on, mode, change_day, day_count, line_style, line_rounding, unit_price_rounding, increases, decreases, closed_periods_back_max
from msp_proration
where msp_id = $1
order by from_on;
