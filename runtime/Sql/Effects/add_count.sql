-- $1 lines, $2 effective on, $3 sequences, $4 msps, $5 units, $6 nights, $7 sources, $8 line versions.
insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver)
select * from unnest($1::bigint[], $2::date[], $3::int[], $4::bigint[], $5::numeric[], $6::date[], $7::text[], $8::int[]);
