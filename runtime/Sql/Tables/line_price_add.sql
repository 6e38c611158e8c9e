-- $1 lines, $2 effective on, $3 numbers, $4 msps, $5 prices, $6 line versions.
insert into line_price (line_id, effective_on, seq, msp_id, unit_price, line_ver)
select * from unnest($1::bigint[], $2::date[], $3::int[], $4::bigint[], $5::numeric[], $6::int[]);
