-- $1 lines, $2 from dates, $3 numbers, $4 steps, $5 msps, $6 last units or null, $7 prices, $8 flat fees.
insert into line_tier (line_id, from_on, seq, step, msp_id, up_to, unit_price, flat_fee)
select * from unnest($1::bigint[], $2::date[], $3::int[], $4::smallint[], $5::bigint[], $6::numeric[], $7::numeric[], $8::numeric[]);
