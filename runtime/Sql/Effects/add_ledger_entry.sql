-- $1 lines, $2 line versions, $3 entry numbers, $4 msps, $5 kinds, $6 period from, $7 period until, $8 from, $9 until, $10 units,
-- $11 price, $12 amount, $13 currency, $14 night, $15 count effective on, $16 count sequence, $17 version and $18 number of the entry that is corrected, $19 from when on the price held,
-- $20 what for, if not units of days, $21 date and $22 number of the terms. The key makes a turn post once.
insert into ledger_entry (line_id, line_ver, entry_no, msp_id, kind, period_from, period_until, from_on, until_on, units_delta,
    unit_price, amount, currency, night, count_effective_on, count_seq, corrects_line_ver, corrects_entry_no, price_from, charged_for, terms_from, terms_seq)
select * from unnest($1::bigint[], $2::int[], $3::smallint[], $4::bigint[], $5::text[], $6::date[], $7::date[], $8::date[], $9::date[], $10::numeric[],
    $11::numeric[], $12::numeric[], $13::text[], $14::date[], $15::date[], $16::int[], $17::int[], $18::smallint[],
    $19::date[], $20::text[], $21::date[], $22::int[]);
