-- $1 lines that have other terms. Tiers in order, each with its last unit, price and fee.
select t.line_id, t.from_on, t.seq, t.minimum, t.maximum, t.included, t.mode, t.change_day, t.day_count, t.line_style, t.line_rounding, t.unit_price_rounding,
    t.increases, t.decreases, t.closed_periods_back_max, t.tier_kind, s.up_to, s.unit_price, s.flat_fee, t.commitment, t.in_advance, t.unit_rounding
from line_terms t
left join lateral (
    select array_agg(r.up_to order by r.step) as up_to, array_agg(r.unit_price order by r.step) as unit_price, array_agg(r.flat_fee order by r.step) as flat_fee
    from line_tier r
    where r.line_id = t.line_id and r.from_on = t.from_on and r.seq = t.seq
) s on true
where t.line_id = any($1)
order by t.line_id, t.from_on, t.seq;
