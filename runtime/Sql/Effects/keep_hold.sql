-- $1 lines, $2 msps, $3 reasons, $4 nights, $5 previous, $6 proposed, $7 agreeing, $8 read at.
insert into hold (line_id, msp_id, reason, night, previous_units, proposed_units, agreeing, read_at, opened_at)
select h.*, now() from unnest($1::bigint[], $2::bigint[], $3::text[], $4::date[], $5::numeric[], $6::numeric[], $7::int[], $8::timestamptz[]) as h
on conflict (line_id) where resolved_at is null do update
set reason = excluded.reason, night = excluded.night, previous_units = excluded.previous_units, proposed_units = excluded.proposed_units,
    agreeing = excluded.agreeing, read_at = excluded.read_at;
