-- $1 msp, $2 line, $3 from when on the price held and $4 the price, $5 date and $6 number of the terms, $7 turn. When they were written, and by which turn: nothing
-- for what the line began with. Prices and terms have the version that their turn gave the line, entries the one before it. One price may have been
-- given twice for one date: the last that the turn knew. A price of the terms' own list is none of the line's.
select p.seq, p.line_ver - 1, p.recorded_at, t.line_ver - 1, t.recorded_at
from (values (true)) as always(one)
left join lateral (
    select r.seq, r.line_ver, r.recorded_at from line_price r
    where r.msp_id = $1 and r.line_id = $2 and r.effective_on = $3::date and r.unit_price = $4::numeric and r.line_ver - 1 <= $7
        and not exists (select 1 from line_tier s where s.line_id = $2 and s.from_on = $5::date and s.seq = $6::int and s.unit_price = $4::numeric)
    order by r.seq desc
    limit 1
) p on true
left join line_terms t on t.msp_id = $1 and t.line_id = $2 and t.from_on = $5::date and t.seq = $6::int;
