-- $1 lines, $2 from dates, $3 numbers, $4 msps, $5 minimum, $6 maximum, $7 included, $8 kinds of tiers, $9 modes, $10 change days, $11 day counts, $12 line
-- styles, $13 rounding of lines and $14 of unit prices, $15 increases, $16 decreases, $17 closed periods back, $18 line versions, $19 commitments, $20 whether in advance,
-- $21 rounding of units.
insert into line_terms (line_id, from_on, seq, msp_id, minimum, maximum, included, tier_kind, mode, change_day, day_count, line_style, line_rounding,
    unit_price_rounding, increases, decreases, closed_periods_back_max, line_ver, commitment, in_advance, unit_rounding)
select * from unnest($1::bigint[], $2::date[], $3::int[], $4::bigint[], $5::numeric[], $6::numeric[], $7::numeric[], $8::smallint[], $9::smallint[], $10::smallint[],
    $11::smallint[], $12::smallint[], $13::smallint[], $14::smallint[], $15::smallint[], $16::smallint[], $17::int[], $18::int[], $19::numeric[], $20::boolean[], $21::smallint[]);
