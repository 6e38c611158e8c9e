-- $1 msp, $2 line, $3 turn. The prices (1) and terms (2) that this turn wrote, or one after it. They have the version that their turn gave the line, entries the
-- one before it.
select 1, effective_on, seq, line_ver - 1 from line_price where msp_id = $1 and line_id = $2 and line_ver - 1 >= $3
union all
select 2, from_on, seq, line_ver - 1 from line_terms where msp_id = $1 and line_id = $2 and line_ver - 1 >= $3
order by 1, 2, 3;
