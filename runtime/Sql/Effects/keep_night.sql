-- $1 integrations, $2 nights, $3 msps, $4 states, $5 due, $6 read, $7 unread, $8 changed, $9 discovered, $10 failure codes, $11 sentences.
-- A night in several passes adds up what was read and keeps what is left.
insert into night (integration_id, night, msp_id, state, due, read, unread, changed, discovered, failure_code, failure_sentence, started_at, finished_at)
select n.*, now(), case when n.state = 'finished' then now() end
from unnest($1::bigint[], $2::date[], $3::bigint[], $4::text[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[], $10::text[], $11::text[]) as n
    (integration_id, night, msp_id, state, due, read, unread, changed, discovered, failure_code, failure_sentence)
on conflict (integration_id, night) do update
set state = excluded.state, due = greatest(night.due, excluded.due), read = night.read + excluded.read, unread = excluded.unread,
    changed = night.changed + excluded.changed, discovered = night.discovered + excluded.discovered,
    failure_code = excluded.failure_code, failure_sentence = excluded.failure_sentence, finished_at = excluded.finished_at;
