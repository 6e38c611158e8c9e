-- $1 lines that fail. Those not parked after their fifth attempt with a reason of their own, and parked ones that should not be.
select (select count(*) from unnest($1::bigint[]) as f(line_id) where not exists (
        select 1 from message m where m.grain_kind = 3 and m.grain_id = f.line_id and m.attempt = 5 and m.parked_at is not null
            and (m.parked_reason like 'PostgresException: 23505%' or m.parked_reason like 'ArgumentOutOfRangeException: %')))
    + (select count(*) from message m where m.grain_kind <> 3 or m.grain_id <> all($1::bigint[]));
